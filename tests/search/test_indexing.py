"""Batches of events into a real index: idempotent, in order, and said only once it is true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jianbao_search.handler import IndexHandler
from jianbao_streaming.outcomes import Emit, InvalidEvent, Skip, TransientError

TITLES = [("深化文明创建", None)]
TEXT = "深化文明创建\n街巷长带着网格员巡查背街小巷。"


def test_an_indexed_bulletin_is_found_by_the_very_next_query(bench, make, said):
    for number in range(1, 4):
        event = make(TEXT, document=f"{number}.txt", titles=TITLES, sequence=number)
        assert said(bench.index(event)) == [(event.push_id, "searchable")]
        assert bench.search("街巷长")["total"] == number


def test_a_new_revision_replaces_the_old_one_and_both_stay_readable(bench, make, said):
    first = make(TEXT, titles=TITLES)
    second = make("深化文明创建\n楼道长来了。", titles=TITLES, revision=2)
    bench.index(first)
    assert said(bench.index(second)) == [(second.push_id, "searchable"), (first.push_id, "superseded")]
    assert bench.titles("街巷长") == []
    assert bench.search("楼道长")["hits"][0]["revision"] == 2
    assert bench.revisions.get(first.bulletin_id, 1) == first
    assert [one.revision for one in bench.revisions.of(first.bulletin_id)] == [1, 2]


def test_a_revision_with_fewer_articles_leaves_none_of_the_old_ones(bench, make):
    bench.index(make("甲题\n红马甲\n乙题\n蓝马甲", titles=[("甲题", None), ("乙题", None)]))
    bench.index(make("甲题\n红马甲", titles=[("甲题", None)], revision=2))
    assert bench.titles("红马甲") == ["甲题"]
    assert bench.titles("蓝马甲") == []


def test_a_batch_replayed_ends_in_the_same_answers_and_the_same_last_words(bench, make, said):
    batch = [
        make(TEXT, titles=TITLES),
        make("深化文明创建\n楼道长来了。", titles=TITLES, revision=2),
        make("另一份\n内容", document="b.txt", titles=[("另一份", None)]),
        make("", document="b.txt", revision=2, operation="retract"),
    ]
    once = dict(said(bench.index(*batch)))
    answers = bench.search()["hits"]
    assert dict(said(bench.index(*batch))) == once
    assert bench.search()["hits"] == answers
    assert sorted(once.values()) == ["searchable", "superseded", "withdrawn", "withdrawn"]


def test_revisions_of_one_bulletin_in_one_batch_see_each_other(bench, make, said):
    first, second = make(TEXT, titles=TITLES), make("深化文明创建\n改过", titles=TITLES, revision=2)
    assert said(bench.index(first, second)) == [
        (first.push_id, "superseded"),
        (second.push_id, "searchable"),
        (first.push_id, "superseded"),
    ]
    assert bench.search()["total"] == 1


def test_a_late_revision_changes_nothing_and_counts_as_done(bench, make, said):
    first, second = make(TEXT, titles=TITLES), make("深化文明创建\n楼道长来了。", titles=TITLES, revision=2)
    bench.index(second)
    outcomes = bench.index(first)
    assert isinstance(outcomes[0], Skip)
    assert said(outcomes) == [(first.push_id, "superseded")]
    assert bench.titles("街巷长") == []
    assert bench.revisions.get(first.bulletin_id, 1) == first


def test_a_retracted_bulletin_is_not_found_and_an_older_record_does_not_bring_it_back(bench, make, said):
    first, gone = make(TEXT, titles=TITLES), make("", revision=2, operation="retract")
    bench.index(first)
    assert said(bench.index(gone)) == [(gone.push_id, "withdrawn"), (first.push_id, "withdrawn")]
    bench.index(first)
    assert bench.search("街巷长")["total"] == 0
    assert bench.search()["total"] == 0
    assert bench.client.get(f"/v1/bulletins/{first.bulletin_id}").status_code == 410


def test_content_published_again_after_a_retraction_is_found_again(bench, make):
    bench.index(make(TEXT, titles=TITLES), make("", revision=2, operation="retract"))
    bench.index(make(TEXT, titles=TITLES, revision=3))
    assert bench.search("街巷长")["hits"][0]["revision"] == 3


def test_a_bulletin_without_articles_is_found_by_its_text(bench, make):
    event = make("关于召开推进会的通知\n请各单位准时参加。", document="n.txt")
    bench.index(event)
    hit = bench.search("推进会")["hits"][0]
    assert (hit["bulletin_id"], hit["article_id"], hit["title"]) == (event.bulletin_id, None, "关于召开推进会的通知")
    assert bench.search()["total"] == 1


def test_text_outside_every_article_is_found_too(bench, make):
    bench.index(make("报：中央文明办\n深化文明创建\n街巷长巡查。", titles=TITLES))
    assert bench.search("中央文明办")["total"] == 1
    assert bench.search()["total"] == 1


def test_a_record_that_is_no_event_does_not_keep_its_batch_out(bench, make):
    good = bench.record(make(TEXT, titles=TITLES))
    outcomes = bench.handler([replace(good, value=b"{}"), good, replace(good, value=None)])
    assert [type(outcome) for outcome in outcomes] == [InvalidEvent, Emit, InvalidEvent]
    assert bench.titles("街巷长") == ["深化文明创建"]


def test_nothing_is_said_when_the_index_did_not_take_the_batch(bench, make):
    class Full:
        def heads(self, bulletin_ids):
            return {}

        def write(self, documents):
            raise TransientError("disk full")

        def close(self):
            pass

    with pytest.raises(TransientError):
        IndexHandler(Full(), bench.revisions, bench.handler.now)([bench.record(make(TEXT, titles=TITLES))])


def test_a_later_generation_of_a_revision_takes_its_place_in_the_store_and_an_earlier_one_does_not(bench, make):
    newer = make(TEXT, titles=TITLES, generation=2)
    bench.index(newer)
    bench.index(make("旧的", generation=1))
    assert bench.revisions.get(newer.bulletin_id, 1) == newer
