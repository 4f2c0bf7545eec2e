"""What more than one service needs to know of Chinese text; pure functions and data."""
