"""An index that is missing, damaged or of another version is made anew from the log; nothing else is lost or said."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import dataclass

import pytest

from jianbao_contracts.topics import STATUS
from jianbao_search.adapters import schema
from jianbao_search.adapters.folder import DamagedIndexError, check
from jianbao_search.domain import fields
from jianbao_search.domain.card import Card
from jianbao_search.domain.head import Head
from jianbao_search.domain.passages import Passage
from jianbao_streaming.outcomes import TransientError

TITLES = [("深化文明创建", None)]


@pytest.fixture
def filled(bench, make):
    """A bench whose log and index hold a bulletin with two revisions and a withdrawn one."""
    events = [
        make("深化文明创建\n街巷长巡查。", titles=TITLES),
        make("深化文明创建\n楼道长巡查。", titles=TITLES, revision=2),
        make("撤回的\n不该再见", document="w.txt", titles=[("撤回的", None)]),
        make("", document="w.txt", revision=2, operation="retract"),
    ]
    bench.publish(*events)
    bench.index(*events)
    bench.owned.close()
    return bench


def answers(bench) -> tuple:
    return bench.titles("楼道长"), bench.titles("街巷长"), bench.search()["total"]


EXPECTED = (["深化文明创建"], [], 1)


def test_a_missing_index_is_rebuilt(filled, caplog):
    shutil.rmtree(filled.data / "index")
    assert filled.client.get("/v1/search").status_code == 503
    with caplog.at_level(logging.INFO):
        filled.owned.prepare()
    assert answers(filled) == EXPECTED
    assert "4 records" in caplog.text


def test_a_rebuild_says_nothing_again(filled):
    shutil.rmtree(filled.data / "index")
    filled.owned.prepare()
    assert filled.engine.log.end(STATUS) == 0


def test_a_rebuilt_index_answers_a_replay_as_before(filled, make, said):
    second = make("深化文明创建\n楼道长巡查。", titles=TITLES, revision=2)
    once = said(filled.index(second))
    filled.owned.close()
    shutil.rmtree(filled.data / "index")
    assert said(filled.index(second)) == once
    assert len(once) == 2


@pytest.mark.parametrize("damage", ["meta", "segment", "shortened", "gone", "empty", "mapping", "mapping unreadable"])
def test_damage_of_any_file_is_seen_and_mended(filled, damage):
    folder = filled.data / "index"
    segment = max((one for one in folder.iterdir() if one.suffix == ".store"), key=lambda one: one.stat().st_size)
    content = bytearray(segment.read_bytes())
    match damage:
        case "meta":
            (folder / "meta.json").write_bytes(b"{ nothing")
        case "segment":
            content[len(content) // 3] ^= 0xFF
            segment.write_bytes(content)
        case "shortened":
            segment.write_bytes(content[: len(content) // 2])
        case "gone":
            segment.unlink()
        case "empty":
            segment.write_bytes(b"")
        case "mapping":
            (folder / "jianbao.json").write_text(json.dumps({"mapping": "of long ago"}))
        case "mapping unreadable":
            (folder / "jianbao.json").write_bytes(b"\xff[")
    with pytest.raises(DamagedIndexError):
        check(folder)
    filled.owned.prepare()
    check(folder)
    assert answers(filled) == EXPECTED


def test_what_a_killed_writer_left_unfinished_is_no_damage(filled, caplog):
    folder = filled.data / "index"
    segment = next(one for one in folder.iterdir() if one.suffix == ".store")
    (folder / f"{'0' * 32}.store").write_bytes(segment.read_bytes()[:-9])
    (folder / f"{'0' * 32}.idx").write_bytes(b"")
    (folder / f"{segment.stem}.99.del").write_bytes(b"half")
    with caplog.at_level(logging.INFO):
        filled.owned.prepare()
    assert "rebuilt" not in caplog.text
    assert answers(filled) == EXPECTED


def test_what_an_interrupted_rebuild_left_behind_does_no_harm(filled):
    index = filled.data / "index"
    shutil.copytree(index, filled.data / "index.old")
    shutil.move(index, filled.data / "index.new")
    filled.owned.prepare()
    assert answers(filled) == EXPECTED
    assert not (filled.data / "index.new").exists()
    assert not (filled.data / "index.old").exists()


def test_an_index_deleted_under_its_writer_is_rebuilt_with_the_next_batch(filled, make):
    late = make("后来的\n志愿者", document="l.txt", titles=[("后来的", None)])
    filled.index(make("先前的\n文明", document="e.txt", titles=[("先前的", None)]))
    shutil.rmtree(filled.data / "index")
    filled.publish(late)
    for _ in range(3):
        try:
            filled.index(late)
            break
        except TransientError:
            continue
    assert filled.titles("志愿者") == ["后来的"]
    assert filled.titles("楼道长") == ["深化文明创建"]


def test_an_index_in_use_is_left_to_its_writer(filled, make):
    filled.index(make("先前的\n文明", document="e.txt", titles=[("先前的", None)]))
    other = filled.opened()
    other.prepare()
    with pytest.raises(TransientError, match="another process"):
        other.heads([])
    filled.owned.close()
    assert other.heads([]) == {}
    other.close()


def test_readers_follow_to_the_new_folder(filled):
    assert answers(filled) == EXPECTED
    (filled.data / "index" / "jianbao.json").write_text(json.dumps({"mapping": "0"}))
    filled.owned.prepare()
    assert answers(filled) == EXPECTED


def test_an_index_cut_with_other_words_is_made_anew(filled, caplog, monkeypatch):
    monkeypatch.setattr("jianbao_search.adapters.schema.words_version", lambda: "other")
    with caplog.at_level(logging.INFO):
        filled.owned.prepare()
    assert "rebuilt" in caplog.text
    assert answers(filled) == EXPECTED


@dataclass(frozen=True, slots=True)
class CardOfTomorrow(Card):
    grade: str | None = None


FORGETTABLE = {
    "another field of what is stored": ("STORED", (Head, CardOfTomorrow, Passage)),
    "another field": ("fields.EXACT", (*fields.EXACT, "grade")),
    "a field of another kind": ("SIGNED", schema.SIGNED - {fields.YEAR}),
    "another analysis": ("MAPPING", "other"),
}


@pytest.mark.parametrize(("name", "value"), FORGETTABLE.values(), ids=FORGETTABLE)
def test_an_index_of_other_fields_is_made_anew_though_nobody_raised_a_number(filled, caplog, monkeypatch, name, value):
    before = schema.mapping()
    monkeypatch.setattr(f"jianbao_search.adapters.schema.{name}", value)
    assert schema.mapping() != before
    with caplog.at_level(logging.INFO):
        filled.owned.prepare()
    assert "rebuilt" in caplog.text
    assert answers(filled) == EXPECTED


def test_while_there_is_no_index_readers_are_told_to_come_back(bench):
    answer = bench.client.get("/v1/search?q=a")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert bench.client.get("/health/ready").json()["ready"] is False
    assert bench.client.get("/health/live").status_code == 200
    assert bench.client.get("/").status_code == 503
