"""Records as the log knows them: bytes with a key, headers and, once stored, a place."""

from __future__ import annotations

from dataclasses import dataclass

from jianbao_contracts.headers import Headers, header


@dataclass(frozen=True, slots=True)
class Record:
    """A record to append. `value` None is a tombstone. Records of one `partition_key` keep their order."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers = ()
    partition_key: bytes = b""

    def header(self, name: str) -> str | None:
        """Return a header's last value as text, or None."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as read from the log. `timestamp` is the log's append time in milliseconds since 1970 UTC."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    value: bytes | None
    headers: Headers

    def header(self, name: str) -> str | None:
        """Return a header's last value as text, or None."""
        return header(self.headers, name)
