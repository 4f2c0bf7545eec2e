"""The HTTP surface of ingest."""
