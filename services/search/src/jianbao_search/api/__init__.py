"""HTTP: the search API and the page."""
