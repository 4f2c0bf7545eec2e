"""What was decided for every push of one bulletin: the document that makes a decision final.

It is written before the content is parsed, so a dead letter has its revision, and a record that is read again finds
what was decided the first time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from jianbao_contracts import Operation

Verdict = Literal["revision", "repeated", "superseded"]
EntryState = Literal["pending", "normalized", "rejected", "superseded"]

KEPT_REPEATS = 256
"""Repeated publications that are remembered. To forget an older one is safe: met again it is `repeated` again, for the
revision that it repeats is never forgotten. Without a limit a client in a loop would make every push dearer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One push and what became of it.

    `number` is its revision; None where it made none. `place` is the topic and partition it was read from. `state`,
    `cluster_id` and `sequence` are of a revision: pending until it was handled to its end. `declared` tells what the
    office declared of it from any other declaration; None: not known, as of decisions stored by older versions.
    """

    push_id: str
    ce_id: str
    operation: Operation
    sha256: str
    received_at: datetime
    place: str
    verdict: Verdict
    number: int | None = None
    code: str | None = None
    refers_to: str | None = None
    state: EntryState = "pending"
    cluster_id: str | None = None
    sequence: int | None = None
    declared: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """All decisions of one bulletin, in the order in which they were taken.

    `version` is that of the stored document (0: none is stored yet); a change is written only where it still holds.
    """

    bulletin_id: str
    entries: tuple[Entry, ...] = ()
    version: int = 0

    def known(self, push_id: str) -> Entry | None:
        """Return what was decided for a push, or None."""
        return next((entry for entry in reversed(self.entries) if entry.push_id == push_id), None)

    def revisions(self) -> Iterator[Entry]:
        """Yield the entries that made a revision, latest first."""
        return (entry for entry in reversed(self.entries) if entry.number is not None)

    @property
    def latest(self) -> Entry | None:
        """The entry of the highest revision, or None."""
        return next(self.revisions(), None)

    def revision(self, number: int) -> Entry:
        """Return the entry of a revision. Raises KeyError where there is none."""
        for entry in self.revisions():
            if entry.number == number:
                return entry
        raise KeyError(f"{self.bulletin_id} has no revision {number}")

    def announced_before(self, number: int) -> Entry | None:
        """Return the closest earlier revision that was announced and taken in, or None."""
        earlier = (entry for entry in self.revisions() if (entry.number or 0) < number)
        return next((e for e in earlier if e.state == "normalized" and e.sequence is not None), None)

    def with_entry(self, entry: Entry) -> Document:
        """Return the document with one more decision."""
        entries = (*self.entries, entry)
        repeats = [e for e in entries if _may_be_forgotten(e)]
        if len(repeats) > KEPT_REPEATS:
            entries = tuple(e for e in entries if e is not repeats[0])
        return replace(self, entries=entries)

    def settled(
        self,
        number: int,
        state: EntryState,
        *,
        cluster_id: str | None = None,
        sequence: int | None = None,
        refers_to: str | None = None,
    ) -> Document:
        """Return the document with a revision handled to its end; what is settled stays as it is."""
        entry = self.revision(number)
        if entry.state != "pending":
            return self
        final = replace(entry, state=state, cluster_id=cluster_id, sequence=sequence, refers_to=refers_to)
        return replace(self, entries=tuple(final if e is entry else e for e in self.entries))

    def to_json(self) -> str:
        """Return the document without its version, which the store keeps beside it."""
        entries = [{**asdict(entry), "received_at": entry.received_at.isoformat()} for entry in self.entries]
        return json.dumps({"bulletin_id": self.bulletin_id, "entries": entries}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, version: int) -> Document:
        """Return the document that `to_json` wrote."""
        stored = json.loads(text)
        entries = (
            Entry(**{**entry, "received_at": datetime.fromisoformat(entry["received_at"])})
            for entry in stored["entries"]
        )
        return cls(stored["bulletin_id"], tuple(entries), version)


def _may_be_forgotten(entry: Entry) -> bool:
    return entry.verdict == "repeated" and entry.operation == "publish"
