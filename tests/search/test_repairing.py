"""What an audit found wrong in the index is written anew from the stored revisions, or taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jianbao_contracts.topics import retries_of
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.inventory import Shelf, inventory
from jianbao_search.domain.admission import admit
from jianbao_search.domain.documents import documents_of
from jianbao_streaming.outcomes import InvalidEvent, Skip
from jianbao_streaming.records import StoredRecord
from jianbao_streaming.repairs import remove, rewrite

TITLES = [("深化文明创建", None)]
GHOST = "nobody." + "f" * 32


@pytest.fixture
def two(bench, make):
    """Two revisions of a bulletin, in one cluster, the first of them announced first of all."""
    events = [
        make("深化文明创建\n街巷长巡查。", titles=TITLES, sequence=3),
        make("深化文明创建\n楼道长巡查。", titles=TITLES, revision=2, sequence=9),
    ]
    bench.index(*events)
    return events


def asked(bench, record):
    """Hand a repair to the indexer, as its retry topic would."""
    return bench.handler([StoredRecord(record.topic, 0, 0, 0, record.key, record.value, record.headers)])


def shelves(bench) -> list[Shelf]:
    bench.owned.close()
    return list(inventory(bench.data / INDEX_FOLDER))


def put(bench, event, *, bulletin: str | None = None, without: int = 0) -> None:
    """Put something into the index past all rules."""
    if bulletin is not None:
        event = event.model_copy(update={"bulletin_id": bulletin})
    documents = documents_of(event, admit(None, event))
    bench.owned.write({event.bulletin_id: documents[without:]})


def test_what_is_missing_is_written_with_the_place_of_its_first_revision(bench, two, said):
    before = shelves(bench)
    head = bench.reader.snapshot().head(two[0].bulletin_id)
    assert head.sequence == 3
    bench.owned.write({two[0].bulletin_id: ()})
    assert shelves(bench) == []
    outcomes = asked(bench, rewrite(bench.record(two[1]), "search"))
    assert said(outcomes) == [(two[1].push_id, "searchable"), (two[0].push_id, "superseded")]
    assert shelves(bench) == before
    assert bench.reader.snapshot().head(two[0].bulletin_id) == head


def test_an_older_revision_asked_for_again_leaves_the_latest_in_the_index(bench, two, said):
    before = shelves(bench)
    outcomes = asked(bench, rewrite(bench.record(two[0]), "search"))
    assert said(outcomes) == [(two[0].push_id, "superseded")]
    assert shelves(bench) == before


def test_an_article_that_is_gone_is_counted_and_comes_back(bench, two):
    put(bench, two[1], without=1)
    (shelf,) = shelves(bench)
    assert (shelf.articles, shelf.found) == (1, 0)
    asked(bench, rewrite(bench.record(two[1]), "search"))
    (shelf,) = shelves(bench)
    assert (shelf.articles, shelf.found) == (1, 1)


def test_articles_without_a_head_are_seen(bench, two):
    documents = documents_of(two[1], admit(None, two[1]))
    bench.owned.write({two[1].bulletin_id: documents[:-1]})
    assert shelves(bench) == [Shelf(two[1].bulletin_id, None, False, 0, 1)]


def test_a_ghost_is_taken_away_and_a_bulletin_that_is_known_meanwhile_is_not(bench, two):
    put(bench, two[0], bulletin=GHOST)
    assert len(shelves(bench)) == 2
    (gone,) = asked(bench, remove(GHOST))
    (stays,) = asked(bench, remove(two[0].bulletin_id))
    assert isinstance(gone, Skip)
    assert isinstance(stays, Skip)
    (shelf,) = shelves(bench)
    assert (shelf.bulletin_id, shelf.version >> 20) == (two[0].bulletin_id, 2)


def test_a_head_is_lowered_by_a_removal_only(bench, two):
    put(bench, two[1].model_copy(update={"revision": 7}))
    asked(bench, rewrite(bench.record(two[1]), "search"))
    assert [shelf.version >> 20 for shelf in shelves(bench)] == [7]
    asked(bench, remove(two[0].bulletin_id))
    assert [shelf.version >> 20 for shelf in shelves(bench)] == [2]


def test_repairs_and_ordinary_records_of_a_batch_are_answered_in_order(bench, make, two, said):
    other = make("另一份简报\n内容。", document="b.txt")
    broken = replace(bench.record(two[0]), value=b"{}")
    repair = rewrite(bench.record(two[1]), "search")
    again = StoredRecord(retries_of("search"), 0, 5, 0, repair.key, repair.value, repair.headers)
    first, second, third = bench.handler([again, bench.record(other), broken])
    assert said([first])[0] == (two[1].push_id, "searchable")
    assert said([second]) == [(other.push_id, "searchable")]
    assert isinstance(third, InvalidEvent)
