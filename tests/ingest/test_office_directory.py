"""The offices in memory: ready once read to the end, and patient with a log that is away or holds nonsense."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from datetime import UTC, datetime

import pytest

from jianbao_contracts import Office, OfficeKey
from jianbao_ingest.adapters import office_directory
from jianbao_ingest.adapters.office_directory import OfficeDirectory
from jianbao_ingest.domain.keys import holder_of
from jianbao_streaming import LogUnavailableError, StoredRecord
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.events import office_record

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def office(name: str, *keys: str, revoked_at: datetime | None = None) -> Office:
    known = [
        OfficeKey(sha256=hashlib.sha256(key.encode()).hexdigest(), created_at=NOW, revoked_at=revoked_at)
        for key in keys
    ]
    return Office(office=name, name=name, keys=known, changed_at=NOW)


def stored(event: Office | None, key: str = "hubei", value: bytes | None = None) -> StoredRecord:
    value = office_record(event).value if event else value
    return StoredRecord("jianbao.offices", 0, 0, 0, key.encode(), value, ())


class ScriptedReader:
    """Gives what the script says, one entry a poll; an event in it is waited for; then nothing more."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.closed = False

    def poll(self, max_records, timeout):
        step = self.script.pop(0) if self.script else []
        if isinstance(step, threading.Event):
            assert step.wait(10)
            return []
        if isinstance(step, Exception):
            raise step
        return step

    def close(self):
        self.closed = True


@pytest.fixture
def follow(monkeypatch):
    monkeypatch.setattr(office_directory, "PAUSE_S", 0.0)
    opened: list[OfficeDirectory] = []

    def start(*script: object) -> OfficeDirectory:
        opened.append(OfficeDirectory(ScriptedReader(*script), SystemClock()))
        return opened[-1]

    yield start
    for directory in opened:
        directory.close()


def test_it_is_ready_only_once_the_topic_was_read_to_its_end(follow):
    end = threading.Event()
    directory = follow([stored(office("hubei", "k"))], end)
    assert not directory.ready
    end.set()
    assert asyncio.run(directory.caught_up())
    assert directory.ready
    assert directory.holder_of(b"k", NOW).office.office == "hubei"


def test_the_latest_event_of_an_office_holds_and_a_tombstone_removes_it(follow):
    directory = follow([stored(office("hubei", "old"))], [stored(office("hubei", "new"))])
    assert asyncio.run(directory.caught_up())
    assert directory.holder_of(b"old", NOW) is None
    assert directory.holder_of(b"new", NOW) is not None
    gone = follow([stored(office("hubei", "k"))], [stored(None)])
    assert asyncio.run(gone.caught_up())
    assert gone.holder_of(b"k", NOW) is None


def test_a_log_that_is_away_is_waited_for(follow):
    directory = follow(LogUnavailableError("away"), OSError("worse"), [stored(office("hubei", "k"))])
    assert asyncio.run(directory.caught_up())
    assert directory.holder_of(b"k", NOW) is not None


def test_an_unreadable_office_does_not_stop_the_others(follow):
    directory = follow([stored(None, "broken", b"no json"), stored(office("hubei", "k"))])
    assert asyncio.run(directory.caught_up())
    assert directory.holder_of(b"k", NOW) is not None


def test_whoever_asks_too_long_hears_that_it_is_not_known(follow, monkeypatch):
    monkeypatch.setattr(office_directory, "LONGEST_WAIT_S", 0.01)
    held = threading.Event()
    directory = follow(held)
    assert not asyncio.run(directory.caught_up())
    held.set()


def test_a_key_that_was_given_anew_is_not_revoked():
    revoked, living = office("hubei", "k", revoked_at=NOW), office("hubei-new", "k")
    assert holder_of(b"k", [revoked], NOW).revoked
    for order in ([revoked, living], [living, revoked]):
        assert holder_of(b"k", order, NOW).office.office == "hubei-new"
    assert not holder_of(b"k", [office("hubei", "k", revoked_at=NOW.replace(year=2027))], NOW).revoked
