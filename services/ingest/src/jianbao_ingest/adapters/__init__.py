"""Where ingest touches the world: the log, the topic of offices, the receipt tables, the socket."""
