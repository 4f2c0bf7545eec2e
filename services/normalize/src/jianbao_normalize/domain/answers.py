"""What normalize says of a push: the event of a revision, and the status of every push that deserves a word.

All times come from the record itself (when the log took it), so a record that is read again is answered byte for byte
as before, and a replayed dead letter, being a record of its own, is later than its first failure. How long normalize
took is told by the append time of its event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jianbao_contracts import NormalizedBulletin, ProducedBy, RawPush, Relation, StageStatus, State, notices
from jianbao_normalize.domain.announcements import Announcement
from jianbao_normalize.domain.cleaning import CleanText
from jianbao_normalize.domain.decisions import Entry

GENERATION = 1
"""Raised by a reprocess of old revisions only."""


def published(
    push: RawPush,
    entry: Entry,
    clean: CleanText,
    announced: Announcement,
    relations: Sequence[Relation],
    *,
    produced_by: ProducedBy,
    at: datetime,
) -> NormalizedBulletin:
    """Return the event of a published revision; `entry` is settled."""
    return NormalizedBulletin(
        bulletin_id=push.bulletin_id,
        revision=entry.number or 0,
        push_id=push.push_id,
        operation="publish",
        office=push.office,
        source=push.source,
        declared=push.declared,
        text=clean.text,
        original=clean.original,
        alignment=list(clean.alignment),
        script=clean.script,
        paragraph_scripts=list(clean.paragraph_scripts),
        removed=list(clean.removed),
        damage=list(clean.damage),
        fingerprint=announced.fingerprint(),
        relations=list(relations),
        cluster_id=_cluster(push, entry),
        duplicate_of=None if _cluster(push, entry) == push.bulletin_id else entry.cluster_id,
        copies_of_body=clean.copies_of_body,
        content_sha256=entry.sha256,
        received_at=entry.received_at,
        sequence=announced.sequence,
        generation=GENERATION,
        produced_by=produced_by,
        normalized_at=at,
    )


def retracted(push: RawPush, entry: Entry, *, produced_by: ProducedBy, at: datetime) -> NormalizedBulletin:
    """Return the event of a retraction: the next revision, without text."""
    return NormalizedBulletin(
        bulletin_id=push.bulletin_id,
        revision=entry.number or 0,
        push_id=push.push_id,
        operation="retract",
        office=push.office,
        source=push.source,
        declared=push.declared,
        text="",
        original="",
        alignment=[],
        script="simplified",
        paragraph_scripts=[],
        cluster_id=_cluster(push, entry),
        duplicate_of=None if _cluster(push, entry) == push.bulletin_id else entry.cluster_id,
        content_sha256=entry.sha256,
        received_at=entry.received_at,
        sequence=None,
        generation=GENERATION,
        produced_by=produced_by,
        normalized_at=at,
    )


def _cluster(push: RawPush, entry: Entry) -> str:
    return entry.cluster_id or push.bulletin_id


def status(
    push: RawPush,
    entry: Entry,
    state: State,
    *,
    at: datetime,
    code: str | None = None,
    relations: Sequence[Relation] = (),
) -> StageStatus:
    """Return normalize's word on a push; `code` is one of the notices that tell an office what happened."""
    return StageStatus(
        push_id=push.push_id,
        bulletin_id=push.bulletin_id,
        revision=entry.number,
        office=push.office,
        stage="normalize",
        state=state,
        generation=GENERATION,
        at=at,
        detail=notices.detail(code) if code else None,
        refers_to=entry.refers_to,
        relations=list(relations),
    )
