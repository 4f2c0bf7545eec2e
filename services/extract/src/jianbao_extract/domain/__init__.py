"""The pure part of extract: one text in, articles and facts out. No I/O, no clock."""
