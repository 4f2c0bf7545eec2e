"""A full disk: offices are told to come again, stages wait, nothing is lost or twice, and all goes on by itself."""

from __future__ import annotations

import errno
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from log_engines import poll_until, record
from running import running, until

from faults import full_disk, parents_and_children
from jianbao_standalone.supervisor.journal import Journal
from jianbao_standalone.supervisor.space import FULL_BYTES, LOW_BYTES, MIB, Room, SpaceWatch, free_bytes
from jianbao_streaming import Emit, LogUnavailableError, Record, StoredRecord, each
from jianbao_streaming.claim_check import LARGEST_VALUE
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.isolation import MOST_DEATHS
from jianbao_streaming.loop import StageLoop
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.ports import Claim

STAGES = ("normalize", "extract", "search-indexer", "ingest-receipts")


@pytest.mark.timeout(150)
def test_the_whole_path_waits_while_the_disk_is_full_and_goes_on_when_it_is_not(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        first = jianbao.push("probe", "a.txt", "磁盘未满时的简报，志愿者清理河道。".encode())
        jianbao.final("probe", first.json()["push_id"], "searchable")
        before = {name: jianbao.told(name)["pid"] for name in (*STAGES, "ingest-api", "search-api")}
        headers = {"Authorization": f"Bearer {jianbao.key_of('probe')}", "Content-Type": "text/plain"}
        url = f"{jianbao.url('ingest-api')}/v1/bulletins"

        with full_disk([before[name] for name in STAGES], 0):
            waiting = jianbao.push("probe", "b.txt", "各环节等待磁盘时收到的简报，慰问孤寡老人。".encode())
            assert waiting.status_code == 202, "ingest has room"
            retries = f"{jianbao.url('normalize')}/metrics"
            until(lambda: _value(jianbao.http.get(retries).text, "jianbao_transient_errors_total") >= 2, "tries")

        with full_disk(parents_and_children(jianbao.process.pid), 0):
            for content in ("磁盘已满时推送的简报".encode(), "磁盘已满时推送的大文件。".encode() * 60_000):
                refused = jianbao.http.post(url, params={"document_id": "c.txt"}, content=content, headers=headers)
                assert refused.status_code == 503
                assert int(refused.headers["Retry-After"]) >= 1
                assert refused.headers["Content-Type"].startswith("application/problem+json")
                assert "暂时无法保存" in refused.json()["title"]
                assert "重新推送" in refused.json()["action"]
            assert jianbao.http.get(f"{jianbao.url('search-api')}/v1/search?q=河道").json()["total"] == 1

        assert jianbao.final("probe", waiting.json()["push_id"])["state"] == "searchable"
        after = jianbao.push("probe", "c.txt", "磁盘腾出空间之后重新推送的简报。".encode())
        assert jianbao.final("probe", after.json()["push_id"])["state"] == "searchable"
        assert {name: jianbao.told(name)["pid"] for name in before} == before, "a process died of it"
        for topic in ("bulletins.normalized", "bulletins.extracted"):
            events = Counter(stored.header("ce_id") for stored in jianbao.records(topic))
            assert (len(events), set(events.values())) == (3, {1})
        for stage in ("normalize", "extract", "search", "receipts"):
            assert jianbao.records(f"bulletins.{stage}.dlq") == []


def _value(metrics: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name))


@dataclass
class WaitingClock:
    """A clock that stands; the disk has room again at the third wait."""

    when_waited: Callable[[], None] = lambda: None
    waits: int = 0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return float(self.waits)

    def wait(self, seconds: float) -> None:
        self.waits += 1
        if self.waits % 3 == 0:
            self.when_waited()


@dataclass
class FullPayloads:
    """A payload store on a disk that is full until `room`."""

    within: FolderPayloads
    room: bool = False

    def put(self, content: bytes) -> str:
        if not self.room:
            raise LogUnavailableError("cannot store a payload: no space left on device")
        return self.within.put(content)

    def get(self, name: str) -> bytes:
        return self.within.get(name)


def loop_over(engine: Engine, clock: WaitingClock, stopping: threading.Event, size: int) -> StageLoop:
    def handle(stored: StoredRecord) -> Emit:
        return Emit([Record("target", stored.key, bytes(size), (), stored.key)])

    def no_status(_record: StoredRecord, _error: Exception) -> Sequence[Record]:
        return ()

    return StageLoop(
        name="copy",
        member=engine.log.join("copy", ["source"]),
        handler=each(handle),
        payloads=engine.payloads,
        attempts=engine.attempts,
        clock=clock,
        service_version="1",
        status_of=no_status,
        metrics=StageMetrics("copy"),
        stopping=stopping,
        poll_timeout_s=0.05,
    )


def test_a_stage_waits_until_a_large_output_can_be_stored(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    engine.log.append([record("source", "k")])
    payloads = FullPayloads(FolderPayloads(tmp_path / "payloads"))
    clock = WaitingClock(lambda: setattr(payloads, "room", True))
    loop = loop_over(Engine(engine.log, payloads, engine.attempts), clock, threading.Event(), LARGEST_VALUE + 1)
    while loop.step() == 0:
        pass
    assert clock.waits >= 3
    (stored,) = poll_until(engine.log.reader(["target"]), 1)
    assert payloads.get(stored.header("dataref")) == bytes(LARGEST_VALUE + 1)


def test_a_stage_waits_until_it_can_note_what_it_begins_and_commit_it(tmp_path: Path) -> None:
    """`max_page_count` is SQLite's own way to say that a file has no more room."""
    engine = open_embedded(tmp_path)
    engine.log.append([record("source", f"k{n}") for n in range(5)])
    stopping = threading.Event()
    clock = WaitingClock()
    loop = loop_over(engine, clock, stopping, 9000)
    assert loop.member.poll(0, 0) == ()
    connections = [engine.attempts._connection, loop.member._connection]
    full = connections[0].pragma("page_count")

    def room(pages: int) -> None:
        for connection in connections:
            connection.pragma("max_page_count", pages)

    clock.when_waited = lambda: room(1_000_000)
    room(full)
    done = 0
    while done == 0:
        done = loop.step()
    assert (done, clock.waits >= 3) == (5, True)
    assert engine.log.end("target") == 5


def test_stopping_again_and_again_on_a_full_disk_never_looks_like_a_record_that_kills(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    engine.log.append([record("source", "k")])
    payloads = FullPayloads(FolderPayloads(tmp_path / "payloads"))
    for _ in range(3 * MOST_DEATHS):
        stopping = threading.Event()
        loop = loop_over(
            Engine(engine.log, payloads, engine.attempts), WaitingClock(stopping.set), stopping, LARGEST_VALUE + 1
        )
        loop.run()
        loop.member.close()
    assert engine.attempts.begin("copy", Claim("source", 0, 0, 0)).deaths == 0


def test_a_payload_that_does_not_fit_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    payloads = FolderPayloads(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(LogUnavailableError, match="No space left"):
            payloads.put(b"content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert payloads.get(payloads.put(b"content")) == b"content"


@dataclass
class Disk:
    """A disk with so much room."""

    free: int
    lines: list[str] = field(default_factory=list)

    def watch(self) -> SpaceWatch:
        return SpaceWatch(Path("/data"), lambda _: self.free)

    def look(self, watch: SpaceWatch, free: int) -> str | None:
        self.free = free
        return watch.look()[1]


def test_the_operator_is_told_once_that_room_is_low_gone_and_back(tmp_path: Path) -> None:
    disk = Disk(10 * LOW_BYTES)
    watch = disk.watch()
    assert disk.look(watch, 10 * LOW_BYTES) is None
    low = disk.look(watch, LOW_BYTES - 24 * MIB)
    assert "the disk will be full soon: 1000 MiB free on the disk of /data" in low
    assert "Free at least 24 MiB" in low
    assert disk.look(watch, LOW_BYTES - 30 * MIB) is None
    full = disk.look(watch, 4 * MIB)
    assert "the disk is full: 4 MiB free" in full
    assert "answered 503" in full
    assert "nothing is lost" in full
    assert f"Free at least {LOW_BYTES // MIB - 4} MiB" in full
    assert [disk.look(watch, free) for free in (0, 3 * MIB, FULL_BYTES + 1)] == [None, None, None], "it flutters"
    assert "there is room again" in disk.look(watch, 100 * MIB)
    assert watch.room is Room.LOW
    assert disk.look(watch, LOW_BYTES + 1) is None
    assert "room enough again" in disk.look(watch, 2 * LOW_BYTES)


def test_a_disk_without_file_names_is_as_full_as_one_without_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    real = free_bytes(Path("/"))
    assert real > 0

    class Told:
        f_files, f_favail, f_bavail, f_frsize = 1000, 0, 10**6, 4096

    monkeypatch.setattr("os.statvfs", lambda _: Told)
    assert free_bytes(Path("/")) == 0
    Told.f_files = 0  # a file system that does not count them, as btrfs
    assert free_bytes(Path("/")) == 4096 * 10**6


def test_a_log_file_that_cannot_be_written_stops_no_word_to_the_operator(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    shown: list[str] = []
    Journal(tmp_path / "logs", shown.append).tell("the disk is full")
    assert "the disk is full" in shown[0]
    assert "could not be written" in shown[0]


def test_a_payload_folder_that_is_gone_is_waited_for_and_makes_no_dead_letters(tmp_path: Path) -> None:
    payloads = FolderPayloads(tmp_path / "payloads")
    name = payloads.put(b"content")
    (tmp_path / "payloads").rename(tmp_path / "elsewhere")
    with pytest.raises(LogUnavailableError, match="is gone; bring it back"):
        payloads.get(name)
    (tmp_path / "elsewhere").rename(tmp_path / "payloads")
    assert payloads.get(name) == b"content"
