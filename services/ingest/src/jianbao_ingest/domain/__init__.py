"""What ingest decides: pure functions from a request to an event, and from events to a receipt."""
