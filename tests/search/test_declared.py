"""What an office declares of a bulletin stands in where its text is silent."""

from __future__ import annotations

from datetime import date

from jianbao_contracts.raw_push import Declared

TEXT = "深化文明创建\n街巷长带着网格员巡查背街小巷。"
DECLARED = Declared(title="街巷长手记", published_on=date(2021, 3, 4), region="420106")


def declared(make, **facts):
    return make(TEXT, **facts).model_copy(update={"declared": DECLARED})


def test_a_bulletin_without_a_date_is_found_by_the_declared_one(bench, make):
    bench.index(declared(make))
    found = bench.search("街巷长", **{"from": "2021-03-04", "to": "2021-03-04"})
    assert [hit["published_on"] for hit in found["hits"]] == ["2021-03-04"]
    assert bench.search("街巷长", year=2021)["total"] == 1
    assert bench.search("街巷长", year=2020)["total"] == 0


def test_a_date_in_the_text_is_not_overruled(bench, make):
    bench.index(declared(make, published_on="2020-01-02"))
    assert bench.search("街巷长", year=2020)["total"] == 1
    assert bench.search("街巷长", year=2021)["total"] == 0


def test_a_bulletin_that_names_no_place_is_found_under_the_declared_region_and_those_above(bench, make):
    bench.index(declared(make))
    for region in ("420106", "420100", "420000"):
        assert bench.search("街巷长", region=region)["total"] == 1
    assert bench.search("街巷长", region="430000")["total"] == 0


def test_a_bulletin_without_series_and_articles_is_called_what_its_office_calls_it(bench, make):
    bench.index(declared(make))
    assert bench.search("街巷长")["hits"][0]["title"] == "街巷长手记"
