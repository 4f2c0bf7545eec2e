"""Search: an idempotent indexer behind `bulletins.extracted`, and the API and page that answer from its index."""

VERSION = "0.1.0"
"""Version of the service, as it goes into dead letters and health answers."""
