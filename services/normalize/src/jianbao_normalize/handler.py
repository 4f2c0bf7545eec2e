"""The handler of raw pushes: decide, clean, announce, look, answer; each step for the whole batch before the next.

1. Every push is decided in the order of the log, and the decisions are stored before any content is read.
2. What makes a revision is read and cleaned; what cannot be read becomes a dead letter, and its revision is kept.
3. The fingerprints of the batch are announced, and visible, before its first look.
4. Each revision looks for what was announced before it and is settled: its cluster, or its rejection; stored, too.

Every step finds what it did before if the batch is handled again, so a replay says the same and changes nothing. One
bad record is answered by its exception and spoils no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jianbao_contracts import NormalizedBulletin, ProducedBy, RawPush, Relation
from jianbao_normalize.batch import Batch, Work
from jianbao_normalize.domain import answers
from jianbao_normalize.domain.announcements import Announcement, announcement
from jianbao_normalize.domain.cleaning import CleanText
from jianbao_normalize.domain.clusters import Membership, Verified, membership, verify
from jianbao_normalize.domain.decisions import Entry, EntryState
from jianbao_normalize.domain.revisions import decide, is_living
from jianbao_normalize.ports import Decisions, Drops, Fingerprints, Offices
from jianbao_streaming import Emit, Outcome, Skip, StoredRecord
from jianbao_streaming.events import derived_record, status_record

ReadContent = Callable[[RawPush], CleanText]
"""Returns the clean text of a push. Raises InvalidEvent where its content is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class Normalizer:
    """A BatchHandler of raw pushes; the module says what it does."""

    decisions: Decisions
    fingerprints: Fingerprints
    offices: Offices
    drops: Drops
    read_content: ReadContent
    produced_by: ProducedBy

    def __call__(self, records: Sequence[StoredRecord]) -> Sequence[Outcome]:
        """Return one outcome a record, in order. Raises TransientError where a store is away or was overtaken."""
        batch = Batch.of(records)
        batch.hold(self.decisions.load(batch.bulletin_ids()).values())
        batch.each(lambda work: self._decide(work, batch))
        batch.hold(self.decisions.save(batch.changed()))
        batch.each(self._clean)
        self._announce(batch)
        batch.each(lambda work: self._settle(work, batch))
        self.decisions.save(batch.changed())
        return batch.outcomes()

    def _decide(self, work: Work, batch: Batch) -> Outcome | None:
        decision = decide(batch.decisions(work), work.arrival, self.drops.dropped, batch.push_ids)
        batch.change(decision.document)
        if decision.resend:
            return Skip("resend")
        if decision.verdict == "revision":
            work.revision = decision.entry.number or 0
            return None
        code = decision.entry.code or "arrived_late"  # a dead letter that was overtaken while it waited
        told = answers.status(work.push, decision.entry, decision.verdict, at=work.at, code=code)
        return Skip(decision.verdict, [status_record(told, traceparent=work.traceparent)])

    def _clean(self, work: Work) -> None:
        if work.push.operation == "publish":
            work.clean = self.read_content(work.push)
            work.announced = announcement(work.push.bulletin_id, work.revision, work.push.source, work.clean.text)

    def _announce(self, batch: Batch) -> None:
        pairs = [(work, work.announced) for work in batch.open() if work.announced is not None]
        announced = self.fingerprints.announce([own for _, own in pairs])
        for (work, _), own in zip(pairs, announced, strict=True):
            work.announced = own

    def _settle(self, work: Work, batch: Batch) -> Outcome:
        if work.clean is None or work.announced is None:
            return self._retracted(work, batch)
        verified = verify(work.announced, self.fingerprints.look(work.announced))
        entry = batch.decisions(work).revision(work.revision)
        if entry.state == "pending":
            member = self._membership(work, work.announced, verified, batch)
            entry = self._settled(work, batch, member, work.announced.sequence)
        relations = [found.relation() for found in verified]
        if entry.state == "rejected":
            told = answers.status(
                work.push, entry, "rejected", at=work.at, code="duplicate_rejected", relations=relations
            )
            return Skip("rejected", [status_record(told, traceparent=work.traceparent)])
        event = answers.published(
            work.push, entry, work.clean, work.announced, relations, produced_by=self.produced_by, at=work.at
        )
        return _emit(work, entry, event, relations)

    def _retracted(self, work: Work, batch: Batch) -> Outcome:
        before = batch.decisions(work).announced_before(work.revision)
        cluster_id = before.cluster_id if before and before.cluster_id else work.push.bulletin_id
        entry = self._settled(work, batch, Membership(cluster_id), None)
        event = answers.retracted(work.push, entry, produced_by=self.produced_by, at=work.at)
        return _emit(work, entry, event, [])

    def _membership(self, work: Work, own: Announcement, verified: Sequence[Verified], batch: Batch) -> Membership:
        before = batch.decisions(work).announced_before(work.revision)
        return membership(
            own,
            verified,
            predecessor=self.fingerprints.find(own.bulletin_id, before.number or 0) if before else None,
            predecessor_cluster=before.cluster_id if before else None,
            policy=self.offices.policy(work.push.office),
            living=lambda other: is_living(
                batch.document(other) or self.decisions.load([other])[other], self.drops.dropped
            ),
        )

    def _settled(self, work: Work, batch: Batch, member: Membership, sequence: int | None) -> Entry:
        """Store where a revision belongs, unless that was done before; return its entry as it stands then."""
        state: EntryState = "rejected" if member.rejected else "normalized"
        document = batch.decisions(work).settled(work.revision, state, cluster_id=member.cluster_id, sequence=sequence)
        batch.change(document)
        return document.revision(work.revision)


def _emit(work: Work, entry: Entry, event: NormalizedBulletin, relations: Sequence[Relation]) -> Emit:
    told = answers.status(work.push, entry, "normalized", at=work.at, relations=relations)
    return Emit(
        [
            derived_record(event, traceparent=work.traceparent),
            status_record(told, traceparent=work.traceparent),
        ]
    )
