"""Decisions and fingerprints in the embedded engine's file: what each promises, also to two processes at once."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from jianbao_normalize.adapters import candidates_sqlite as limits
from jianbao_normalize.adapters.decisions_sqlite import SqliteDecisions
from jianbao_normalize.adapters.fingerprints_sqlite import SqliteFingerprints
from jianbao_normalize.domain.announcements import Announcement, announcement
from jianbao_normalize.domain.clusters import membership, verify
from jianbao_normalize.domain.decisions import Document
from jianbao_normalize.domain.revisions import Arrival, decide
from jianbao_normalize.ports import DecisionConflictError
from jianbao_streaming import TransientError
from jianbao_streaming.sqlite import DATABASE, connect


def fingerprints(folder: Path) -> SqliteFingerprints:
    return SqliteFingerprints(connect(folder / DATABASE))


def decisions(folder: Path) -> SqliteDecisions:
    return SqliteDecisions(connect(folder / DATABASE))


def push(number: int) -> Arrival:
    at = datetime(2026, 11, 22, 8, number, tzinfo=UTC)
    return Arrival(f"push {number}", f"event {number}", "publish", str(number), at, "bulletins.raw/0")


def test_decisions_are_found_again_by_another_process(tmp_path):
    document = decide(decisions(tmp_path).load(["a"])["a"], push(1)).document
    (saved,) = decisions(tmp_path).save([document])
    assert decisions(tmp_path).load(["a", "b"])["a"] == saved
    assert decisions(tmp_path).load(["b"])["b"].entries == ()


def test_decisions_stored_before_declared_facts_were_noted_are_read():
    document = decide(Document("a"), push(1)).document
    stored = json.loads(document.to_json())
    for entry in stored["entries"]:
        del entry["declared"]
    assert Document.from_json(json.dumps(stored), 0) == document


@pytest.mark.parametrize("earlier", [0, 1])
def test_of_two_owners_the_second_writes_nothing(tmp_path, earlier):
    for number in range(earlier):
        decisions(tmp_path).save([decide(decisions(tmp_path).load(["a"])["a"], push(number)).document])
    mine, theirs = (decisions(tmp_path).load(["a", "b"]) for _ in range(2))
    decisions(tmp_path).save([decide(mine["a"], push(10)).document])
    late = [decide(theirs["b"], push(12)).document, decide(theirs["a"], push(11)).document]
    with pytest.raises(DecisionConflictError):
        decisions(tmp_path).save(late)
    now = decisions(tmp_path).load(["a", "b"])
    assert now["a"].known("push 10") is not None
    assert now["a"].known("push 11") is None
    assert now["b"].entries == (), "all or nothing"


def test_what_is_announced_twice_keeps_its_first_sequence_and_text(tmp_path, text_of):
    store = fingerprints(tmp_path)
    first, second = store.announce([announcement("a", 1, "s", text_of(1)), announcement("b", 1, "s", text_of(2))])
    assert (first.sequence, second.sequence) == (1, 2)
    (again,) = fingerprints(tmp_path).announce([announcement("a", 1, "s", text_of(3))])
    assert again.sequence == 1
    (third,) = store.announce([announcement("c", 1, "s", text_of(4))])
    assert third.sequence == 3
    assert store.find("a", 1).text == text_of(1)
    assert store.find("a", 2) is None


def test_a_look_sees_only_what_others_announced_before(tmp_path, text_of):
    store = fingerprints(tmp_path)
    same = [
        announcement(name, revision, "s", text_of(1)) for name, revision in (("a", 1), ("b", 1), ("b", 2), ("c", 1))
    ]
    placed = store.announce(same)
    seen = [[(other.bulletin_id, other.revision) for other in store.look(own)] for own in placed]
    assert seen == [[], [("a", 1)], [("a", 1)], [("a", 1), ("b", 1), ("b", 2)]]


def test_only_what_was_announced_earlier_by_others_counts_whatever_a_store_returns(text_of):
    own, earlier, later, same = (
        announcement(name, revision, "s", text_of(1)).at(sequence)
        for name, revision, sequence in (("own", 2, 5), ("a", 1, 4), ("b", 1, 6), ("own", 1, 1))
    )
    assert [found.other for found in verify(own, [later, own, earlier, same])] == [earlier]


def test_a_near_copy_and_a_part_are_among_the_candidates(tmp_path, text_of):
    store = fingerprints(tmp_path)
    store.announce([announcement(f"other {n}", 1, "s", text_of(n)) for n in range(100, 140)])
    collection = "\n".join(text_of(n) for n in range(10))
    store.announce([announcement("near", 1, "s", text_of(5)[:150]), announcement("whole", 1, "s", collection)])
    (own,) = store.announce([announcement("own", 1, "s", text_of(5))])
    assert {found.other.bulletin_id: found.match.kinship for found in verify(own, store.look(own))} == {
        "near": "near",
        "whole": "contained_in",
    }


def test_a_text_without_a_word_has_no_candidates(tmp_path):
    store = fingerprints(tmp_path)
    one, other = store.announce([announcement("a", 1, "s", "……"), announcement("b", 1, "s", "。。")])
    assert store.look(one) == store.look(other) == []


def test_a_lone_surrogate_is_no_reason_to_fail(tmp_path):
    store = fingerprints(tmp_path)
    (own,) = store.announce([announcement("a", 1, "s", "坏\ud800字" * 30)])
    assert store.find("a", 1).text == own.text


def test_a_look_reads_no_more_rows_among_thousands_of_copies_and_still_finds_the_founder(tmp_path, text_of):
    connection = connect(tmp_path / DATABASE)
    store = SqliteFingerprints(connection)
    store.announce([announcement(f"copy {n}", 1, "s", text_of(1) + "甲" * (n % 50)) for n in range(1500)])
    (own,) = store.announce([announcement("own", 1, "s", text_of(1) + "乙")])
    found = store.look(own)
    assert len(found) <= limits.SAME + limits.BEST + limits.EARLIEST + limits.PARTS
    assert verify(own, found)[0].other.bulletin_id == "copy 0"


def test_two_near_copies_announced_at_the_same_time_have_one_founder_and_one_member(tmp_path, text_of):
    """Two processes, one round after the other, each announcing its copy and looking as fast as it can."""
    rounds = 60
    fingerprints(tmp_path)
    barrier = threading.Barrier(2)
    joined: dict[tuple[int, str], str] = {}
    failures: list[Exception] = []

    def process(name: str, ending: str) -> None:
        try:
            store = fingerprints(tmp_path)
            for number in range(rounds):
                own = announcement(f"{name} {number}", 1, "s", text_of(number) + ending)
                barrier.wait(30)
                (placed,) = store.announce([own])
                joined[number, name] = cluster(placed, store)
        except Exception as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)
            barrier.abort()

    def cluster(own: Announcement, store: SqliteFingerprints) -> str:
        verified = verify(own, store.look(own))
        return membership(
            own, verified, predecessor=None, predecessor_cluster=None, policy="mark", living=lambda _: True
        ).cluster_id

    threads = [threading.Thread(target=process, args=args) for args in (("left", "甲"), ("right", "乙"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for number in range(rounds):
        assert joined[number, "left"] == joined[number, "right"], "never both founders, never each other's member"
        assert joined[number, "left"] in (f"left {number}", f"right {number}")


class BrokenDisk:
    """A connection whose disk fails after the tables were made."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection, self.broken = connection, False

    def __getattr__(self, name: str):
        return getattr(self.connection, name)

    def execute(self, *arguments):
        if self.broken:
            raise apsw.IOError("disk I/O error")
        return self.connection.execute(*arguments)


def test_a_disk_that_cannot_be_read_now_is_no_fault_of_the_record(tmp_path, text_of):
    disk = BrokenDisk(connect(tmp_path / DATABASE))
    prints, documents = SqliteFingerprints(disk), SqliteDecisions(disk)
    (own,) = prints.announce([announcement("a", 1, "s", text_of(1))])
    disk.broken = True
    for act in (lambda: prints.look(own), lambda: prints.find("a", 1), lambda: documents.load(["a"])):
        with pytest.raises(TransientError):
            act()
