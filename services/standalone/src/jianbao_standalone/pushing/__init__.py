"""Pushing many bulletins and following their receipts until each is final."""
