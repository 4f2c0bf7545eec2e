"""The search API: filters, facets, clusters, pages, and answers to what cannot be meant."""

from __future__ import annotations

import json

import pytest


def test_filters_by_region_include_what_lies_below(seeded):
    assert len(seeded.titles(region="320000")) == 1
    assert seeded.search(region="江苏省")["total"] == 1
    assert seeded.titles(region="张家港市") == ["张家港市：以“绣花功夫” 建设高水平文明城市"]
    assert seeded.search(region="浙江省")["total"] == 2


def test_an_abolished_region_leads_to_todays(bench, make):
    bench.index(make("龙海创建\n正文", titles=[("龙海创建", "350604")]))
    assert bench.search(region="龙海市")["total"] == 1
    assert bench.search(region="350681")["total"] == 1


def test_a_region_named_by_its_old_code_is_found_under_todays(bench, make):
    bench.index(make("龙海创建\n正文", titles=[("龙海创建", "350681")]))
    assert bench.search(region="龙海区")["total"] == 1
    assert [one["adcode"] for one in bench.search()["hits"][0]["regions"]] == ["350604"]


def test_filters_narrow_together(seeded):
    assert seeded.search("文明", office="jiangsu-wmb", year="2022", issue="16")["total"] == 1
    assert seeded.search("文明", office="jiangsu-wmb", year="2019")["total"] == 0
    assert seeded.search("文明", **{"from": "2017", "to": "2019-04"})["total"] == 2
    assert seeded.search("文明", **{"from": "2017-04-15", "to": "2019-04-07"})["total"] == 0
    assert seeded.search("文明", issue="总第316期")["total"] == 1
    assert seeded.search("文明", script="traditional")["hits"][0]["office"] == "hubei-wmb"
    assert seeded.search("文明", series="江蘇精神文明建設簡報")["total"] == 1
    assert seeded.search("文明", kind="newspaper")["total"] == 0


@pytest.mark.parametrize("typed", ["文明", "绣花功夫"])
def test_facet_counts_are_what_the_filter_then_leaves(seeded, typed):
    facets = seeded.search(typed)["facets"]
    assert set(facets) == {"region", "office", "series", "year"}
    for name, values in facets.items():
        for value in values:
            assert seeded.search(typed, **{name: value["value"]})["total"] == value["count"], (name, value)
    assert {value["name"] for value in facets["region"]} >= {"江苏省", "江苏省苏州市张家港市"}


def test_one_hit_a_bulletin_however_many_of_its_articles_match(seeded):
    answer = seeded.search("文明", office="jiangsu-wmb")
    assert answer["total"] == 1
    assert len(answer["hits"]) == 1


def test_one_hit_a_cluster_led_by_who_came_first_with_the_others_under_it(bench, make):
    titles = [("创建经验", None)]
    original = make("创建经验\n街巷长巡查。", titles=titles, sequence=3)
    copy = make(
        "创建经验\n街巷长巡查。\n转发",
        document="c.txt",
        office="a-wmb",
        titles=titles,
        sequence=7,
        cluster_of=original,
        relation="near",
    )
    bench.index(copy, original)
    answer = bench.search("街巷长")
    assert answer["total"] == 1
    hit = answer["hits"][0]
    assert hit["bulletin_id"] == original.bulletin_id
    assert hit["cluster"]["size"] == 2
    assert hit["cluster"]["others"] == [
        {"bulletin_id": copy.bulletin_id, "office": "a-wmb", "office_name": None, "relation": "near"}
    ]
    assert {one["value"]: one["count"] for one in answer["facets"]["office"]} == {"a-wmb": 1, "hubei-wmb": 1}
    bench.index(make("", revision=2, operation="retract"))
    after = bench.search("街巷长")["hits"]
    assert [one["bulletin_id"] for one in after] == [copy.bulletin_id]
    assert after[0]["cluster"]["others"] == []


def test_a_filter_that_only_a_copy_meets_shows_the_copy(bench, make):
    original = make("创建经验\n正文", titles=[("创建经验", None)])
    copy = make(
        "创建经验\n正文", document="c", office="a-wmb", titles=[("创建经验", None)], sequence=2, cluster_of=original
    )
    bench.index(original, copy)
    assert [hit["office"] for hit in bench.search(office="a-wmb")["hits"]] == ["a-wmb"]


def many(make, count: int, start: int = 0) -> list:
    return [
        make(
            f"第{number}号文明创建\n网格员" + "巡查" * (number % 7 + 1),
            document=f"{number}.txt",
            titles=[(f"第{number}号文明创建", None)],
            sequence=number + 1,
            published_on=f"2020-01-{number % 28 + 1:02}",
        )
        for number in range(start, start + count)
    ]


def walk(bench, between=lambda: None, **parameters) -> list[str]:
    found, cursor = [], ""
    while True:
        answer = bench.search("网格员", size="7", cursor=cursor, **parameters)
        found += [hit["bulletin_id"] for hit in answer["hits"]]
        if answer["cursor"] is None:
            return found
        cursor = answer["cursor"]
        between()


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_pages_show_every_hit_once(bench, make, sort):
    events = many(make, 60)
    bench.index(*events)
    found = walk(bench, sort=sort)
    assert sorted(found) == sorted(event.bulletin_id for event in events)
    assert found == walk(bench, sort=sort)


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_pages_stay_stable_while_more_is_indexed(bench, make, sort):
    events = many(make, 40)
    bench.index(*events)
    arrivals = iter(many(make, 20, start=100))
    found = walk(bench, between=lambda: bench.index(next(arrivals)), sort=sort)
    assert sorted(found) == sorted(event.bulletin_id for event in events)


def test_a_page_of_an_older_state_does_not_show_what_was_withdrawn_meanwhile(bench, make):
    events = many(make, 14)
    bench.index(*events)
    first = bench.search("网格员", size="7")
    shown = {hit["bulletin_id"] for hit in first["hits"]}
    gone = next(event for event in events if event.bulletin_id not in shown)
    bench.index(make("", document=gone.source, revision=2, operation="retract"))
    second = bench.search("网格员", size="7", cursor=first["cursor"])
    assert gone.bulletin_id not in {hit["bulletin_id"] for hit in second["hits"]}
    assert len(second["hits"]) == 6


def test_a_cursor_still_leads_on_after_a_restart(bench, make):
    bench.index(*many(make, 20))
    first = bench.search("网格员", size="8")
    bench.answers._kept.clear()
    second = bench.search("网格员", size="12", cursor=first["cursor"])
    assert len({hit["bulletin_id"] for hit in (*first["hits"], *second["hits"])}) == 20


def test_sorted_by_date_the_latest_comes_first(seeded):
    days = [hit["published_on"] for hit in seeded.search("文明", sort="date")["hits"]]
    assert days == ["2022-05-07", "2019-04-08", "2017-04-14", None, None]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("region", "不存在的县"),
        ("region", "999999"),
        ("year", "去年"),
        ("issue", "十六"),
        ("from", "2022-02-30"),
        ("to", "昨天"),
        ("from", "0000-13"),
        ("kind", "book"),
        ("script", "latin"),
        ("sort", "random"),
        ("size", "0"),
        ("size", "101"),
        ("size", "9" * 5000),
        ("size", "²"),
        ("cursor", "nonsense"),
        ("cursor", "W10"),
        ("cursor", "é"),
        ("q", "长" * 1001),
    ],
)
def test_what_cannot_be_meant_is_answered_in_words(seeded, parameter, value):
    answer = seeded.client.get("/v1/search", params={"q": "文明", parameter: value})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["parameter"] == parameter
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["detail"])


def test_a_cursor_of_another_search_is_refused(seeded):
    cursor = seeded.search("文明", size="1")["cursor"]
    assert seeded.client.get("/v1/search", params={"q": "创建", "cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    "typed",
    ['"', '“文明', "OR OR OR", "-", "文" * 1000, "a" * 10000, "\x00文明\x00", "😀😀", "((((", "title:", "*:*", "文明~2^5", "../../etc", "%", "\\",
     "-文明 -创建", "OR 文明", "AND", "body:文明", "[a TO b]", "' OR 1=1 --", "<script>alert(1)</script>", "文 " * 500, "「『《\u201c", "\ufffd"],
)  # fmt: skip
def test_hostile_queries_are_answered(seeded, typed):
    for path in ("/v1/search", "/"):
        assert seeded.client.get(path, params={"q": typed}).status_code in (200, 400)


def test_bytes_that_are_no_text_in_an_address_are_answered(seeded):
    for raw in ("%ED%A0%80", "%FF%FE", "%00", "q=%ZZ", "&&&===", "q=a&q=b"):
        assert seeded.client.get(f"/v1/search?q={raw}").status_code in (200, 400)


def test_a_query_that_only_excludes_lists_the_rest(seeded):
    assert seeded.search("-南漳")["total"] == 5
    assert all("南漳" not in title for title in seeded.titles("-南漳"))


def test_a_bulletin_its_revisions_and_articles_are_read_by_id(seeded, seeds):
    event = seeds["001"]
    found = seeded.client.get(f"/v1/bulletins/{event.bulletin_id}").json()
    assert found["bulletin"] == json.loads(event.to_json())
    assert [one["revision"] for one in found["revisions"]] == [1]
    assert seeded.client.get(found["revisions"][0]["url"]).json() == json.loads(event.to_json())
    article = seeded.client.get(f"/v1/articles/{event.articles[0].article_id}").json()
    assert article["article"]["title"] == event.articles[0].title
    assert "南漳縣采取“八抓八促”方式" in article["original"][0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/bulletins/nobody.00000000000000000000000000000000", 404),
        ("/v1/bulletins/%00", 404),
        ("/v1/articles/nobody.0/1", 404),
        ("/v1/articles/nobody", 404),
        ("/v1/bulletins/nobody.0/revisions/1", 404),
        ("/v1/bulletins/nobody.0/revisions/x", 400),
        ("/v1/bulletins/nobody.0/revisions/0", 404),
        ("/v1/bulletins/nobody.0/revisions/99999999999999999999", 400),
        ("/v1/nothing", 404),
    ],
)
def test_what_is_not_there_is_a_problem_document(seeded, path, status):
    answer = seeded.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_of_a_withdrawn_bulletin_only_the_retraction_is_left(bench, make):
    event = make("撤回的\n正文", titles=[("撤回的", None)])
    bench.index(event, make("", revision=2, operation="retract"))
    assert bench.client.get(f"/v1/bulletins/{event.bulletin_id}").status_code == 410
    assert bench.client.get(f"/v1/articles/{event.bulletin_id}/1").status_code == 410
    assert bench.client.get(f"/bulletins/{event.bulletin_id}").status_code == 410
    assert bench.client.get(f"/v1/bulletins/{event.bulletin_id}/revisions/1").status_code == 410
    assert bench.client.get(f"/v1/bulletins/{event.bulletin_id}/revisions/2").json()["operation"] == "retract"


def test_the_api_describes_itself_and_counts(seeded):
    assert "/v1/search" in seeded.client.get("/openapi.json").json()["paths"]
    assert seeded.client.get("/docs").status_code == 200
    seeded.search("文明")
    assert 'jianbao_search_requests_total{route="/v1/search",status="200"}' in seeded.client.get("/metrics").text
    assert seeded.client.post("/v1/search").status_code == 405


def test_a_bug_is_told_in_words_for_those_who_search(seeded, monkeypatch):
    def bug(*_, **__):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(seeded.answers, "answer", bug)
    told = seeded.client.get("/v1/search?q=文明").json()
    assert told["code"] == "internal_error"
    assert "请稍候重试" in told["action"]
    assert "推送" not in told["action"]
    assert "secret" not in str(told)
