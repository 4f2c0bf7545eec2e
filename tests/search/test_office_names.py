"""Readers see what offices are called, and may ask by it; ids stay the stable form."""

from __future__ import annotations

import pytest

from jianbao_search.domain.office_names import OfficeNames
from jianbao_streaming import LogUnavailableError

TITLES = [("创建经验", None)]


@pytest.fixture
def named(bench, make):
    bench.name_offices(hubei_wmb="湖北省文明办", a_wmb="安吉县文明办", bao="《乡村文明》报编辑部")
    first = make("创建经验\n街巷长巡查。", titles=TITLES)
    copy = make("创建经验\n街巷长巡查。", document="c", office="a-wmb", titles=TITLES, sequence=2, cluster_of=first)
    bench.index(first, copy, make("版面\n报纸的正文", document="p", office="bao", titles=[("版面", None)], sequence=3))
    bench.index(make("无名\n没有名称的单位", document="n", office="nameless", titles=[("无名", None)], sequence=4))
    bench.first = first
    return bench


def test_hits_copies_facets_and_bulletins_say_what_the_office_is_called(named):
    answer = named.search("街巷长")
    (hit,) = answer["hits"]
    assert (hit["office"], hit["office_name"]) == ("hubei-wmb", "湖北省文明办")
    assert [one["office_name"] for one in hit["cluster"]["others"]] == ["安吉县文明办"]
    assert {one["value"]: one["name"] for one in answer["facets"]["office"]} == {
        "hubei-wmb": "湖北省文明办",
        "a-wmb": "安吉县文明办",
    }
    found = named.client.get(f"/v1/bulletins/{named.first.bulletin_id}").json()
    assert found["office_name"] == "湖北省文明办"
    assert found["cluster"]["others"][0]["office_name"] == "安吉县文明办"
    assert named.client.get(f"/v1/articles/{named.first.bulletin_id}/1").json()["office_name"] == "湖北省文明办"


def test_an_office_without_a_name_is_shown_by_its_id(named):
    (hit,) = named.search("没有名称")["hits"]
    assert (hit["office"], hit["office_name"]) == ("nameless", None)
    assert "nameless" in named.client.get("/?q=没有名称").text


@pytest.mark.parametrize("written", ["hubei-wmb", "HUBEI-WMB", "湖北省文明办", "湖北省文明辦", " 湖北省 文明办 "])
def test_the_office_filter_takes_the_id_or_the_name_in_either_script(named, written):
    assert named.search(office=written)["total"] == 1
    assert named.search(f'office:"{written}"')["total"] == 1


def test_an_excluded_office_may_be_named_too(named):
    assert {hit["office"] for hit in named.search("-单位:湖北省文明办")["hits"]} == {"a-wmb", "bao", "nameless"}
    assert {hit["office"] for hit in named.search("office:安吉县文明办 OR office:bao")["hits"]} == {"a-wmb", "bao"}


def test_an_unknown_office_finds_nothing(named):
    assert named.search(office="没有这个单位")["total"] == 0
    assert named.search("office:没有这个单位")["total"] == 0


def test_the_page_shows_names_on_hits_copies_facets_and_chosen_filters(named):
    page = named.client.get("/?q=街巷长").text
    assert "湖北省文明办" in page
    assert "安吉县文明办（内容相同）" in page
    assert "office=hubei-wmb" in page
    assert "报送单位：湖北省文明办" in named.client.get("/?q=街巷长&office=hubei-wmb").text
    assert "湖北省文明办" in named.client.get(f"/bulletins/{named.first.bulletin_id}").text


def test_offices_of_one_name_are_found_together():
    names = OfficeNames.of({"a": "文明办", "b": "文明辦", "c": "c"})
    assert names.meant_by("文明办") == ("文明办", "a", "b")
    assert (names.name_of("a"), names.name_of("c"), names.name_of("x")) == ("文明办", None, None)


def test_a_log_that_is_away_costs_names_only(named, monkeypatch):
    assert named.search("街巷长")["hits"][0]["office_name"] == "湖北省文明办"
    topic = named.offices._offices.topic

    def away(*_):
        raise LogUnavailableError("away")

    monkeypatch.setattr(topic, "_read_at", float("-inf"))
    monkeypatch.setattr(topic._reader, "poll", away)
    assert named.search("街巷长")["hits"][0]["office_name"] == "湖北省文明办"


def test_of_a_large_cluster_a_few_members_are_listed_and_all_are_counted(bench, make):
    first = make("转发的通知\n街巷长巡查。", titles=[("转发的通知", None)])
    copies = [
        make("转发的通知\n街巷长巡查。", document=str(n), office=f"o{n}", titles=[("转发的通知", None)], sequence=n, cluster_of=first)
        for n in range(2, 153)
    ]  # fmt: skip
    bench.index(first, *copies)
    (hit,) = bench.search("街巷长")["hits"]
    assert hit["cluster"]["size"] == 152
    assert [one["office"] for one in hit["cluster"]["others"]] == [f"o{n}" for n in range(2, 12)]
    found = bench.client.get(f"/v1/bulletins/{first.bulletin_id}").json()["cluster"]
    assert (found["size"], len(found["others"])) == (152, 100)
    last = bench.search("街巷长", office="o152")["hits"][0]
    assert (last["office"], last["cluster"]["size"], len(last["cluster"]["others"])) == ("o152", 152, 10)
    assert last["cluster"]["others"][0]["relation"] == "exact"
    assert "另有 151 份相同或相近" in bench.client.get("/?q=街巷长").text
