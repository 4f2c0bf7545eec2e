"""What stands behind the ports: tantivy and SQLite."""
