"""A log line inside a batch of normalize names its own record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from jianbao_contracts import RawPush, identity
from jianbao_normalize.batch import Batch, Work
from jianbao_streaming import StoredRecord
from jianbao_streaming.events import raw_record
from jianbao_streaming.in_hand import facts


def stored(offset: int) -> StoredRecord:
    push = RawPush(
        push_id=f"{offset:032x}",
        bulletin_id=identity.bulletin_id("office", f"{offset}.txt", ""),
        operation="publish",
        office="office",
        content=b"x",
        sha256="0" * 64,
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    made = raw_record(push, event_id=str(offset))
    return StoredRecord(made.topic, 0, offset, 0, made.key, made.value, made.headers)


def test_each_step_of_each_push_is_bound_to_its_record() -> None:
    unreadable = replace(stored(1), value=b"{}")
    batch = Batch.of([stored(0), unreadable, stored(2)])
    seen = []

    def step(work: Work) -> None:
        seen.append((work.push.push_id, facts()["push_id"], facts()["offset"]))

    batch.each(step)
    assert seen == [(f"{offset:032x}", f"{offset:032x}", offset) for offset in (0, 2)]
    assert facts() == {}
