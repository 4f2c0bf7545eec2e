"""The HTTP server of both APIs: its port, connections and deadlines, and what it answers to what is no request."""
