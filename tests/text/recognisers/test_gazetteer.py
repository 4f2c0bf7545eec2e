from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from jianbao_text.places import gazetteer
from jianbao_text.places.build import CORRECTIONS


def test_codes_and_names_agree_with_a_second_source(second_source):
    assert len(second_source) > 100
    different = {
        code: name
        for code, name in second_source.items()
        if (region := gazetteer().region(code)) is None or region.name != name or not region.is_current
    }
    assert different == {}


def test_every_region_of_today_stands_under_regions_of_today_up_to_its_province():
    places = gazetteer()
    for region in places.regions:
        if region.is_current:
            line = [places.region(code) for code in places.ancestors(region.adcode)]
            assert line[0] == region
            assert line[-1] is not None
            assert line[-1].level == "province"
            assert all(above is not None and above.is_current for above in line)


def test_no_two_regions_of_today_share_a_code():
    codes = [region.adcode for region in gazetteer().regions if region.is_current]
    assert len(codes) == len(set(codes)) > 3200


def test_successors_lead_to_a_region_of_today_for_whatever_ended_since_2003():
    places = gazetteer()
    astray = [
        region.name
        for region in places.regions
        if region.valid_to and region.valid_to >= 2003 and not places.region(places.today(region.adcode)).is_current
    ]
    assert astray in ([], ["东山区"])


def test_ancestors_and_path_go_from_the_region_to_its_province():
    places = gazetteer()
    assert places.ancestors("320582") == ("320582", "320500", "320000")
    assert places.path_name("320582") == "江苏省苏州市张家港市"
    assert places.path_name("429005") == "湖北省潜江市"
    assert places.ancestors("000000") == ()
    assert places.path_name("000000") == ""
    assert places.region("000000") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("350625", "350605"), ("330103", "330105"), ("420600", "420600"), ("341400", "340181"), ("522200", "520600"), ("000000", "000000")],
)  # fmt: skip
def test_today_follows_mergers_renamings_and_new_codes(old, new):
    assert gazetteer().today(old) == new


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("张家港", {"320582"}),
        ("恩施州", {"422800"}),
        ("内蒙古", {"150000"}),
        ("襄樊市", {"420600"}),
        ("下城区", {"330103"}),
        ("不存在市", set()),
    ],
)
def test_regions_are_found_by_full_short_and_former_name(name, codes):
    assert {region.adcode for region in gazetteer().named(name)} >= codes
    assert bool(gazetteer().named(name)) == bool(codes)


def test_what_was_entered_by_hand_stands_in_the_table_as_it_was_entered():
    assert set(CORRECTIONS) <= set(gazetteer().regions)


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("呼伦贝尔市鄂温克旗组织志愿者走进牧户。", "150724"),
        ("阿左旗文明实践中心举办宣讲会。", "152921"),
        ("通辽市科左中旗和科左后旗互相学习。", "150522"),
        ("辽宁省喀左县、阜蒙县前来学习。", "210921"),
        ("前郭县查干湖镇清理垃圾。", "220721"),
        ("察布查尔县评选好婆婆。", "654022"),
        ("呼伦贝尔市，莫旗，扎兰屯市", "150722"),
        ("克州各族群众共庆佳节。", "653000"),
    ],
)
def test_a_name_in_common_use_is_found(text, adcode):
    assert adcode in {mention.adcode for mention in gazetteer().find(text).regions}


@pytest.mark.parametrize("text", ["革新左旗手", "攻克州里难题"])
def test_a_name_in_common_use_is_not_found_inside_other_words(text):
    assert gazetteer().find(text).regions == []


def test_a_name_in_common_use_means_one_region_and_is_no_other_name():
    lines = resources.files("jianbao_text.places").joinpath("common_names.tsv").read_text("utf-8").splitlines()
    names = [line.split("\t")[1] for line in lines if not line.startswith("#")]
    assert len(names) == len(set(names)) > 20
    assert {name: len(gazetteer().named(name)) for name in names} == dict.fromkeys(names, 1)


def test_the_districts_of_sansha_stand_since_2020():
    islands, guangzhou = gazetteer().region("460303"), gazetteer().region("440115")
    assert islands.name == guangzhou.name == "南沙区"
    assert [(islands.stood(date(year, 6, 1)), guangzhou.stood(date(year, 6, 1))) for year in (2015, 2021)] == [
        (False, True),
        (True, True),
    ]
    found = gazetteer().find("海南省三亚市与南沙区", on=date(2015, 5, 1)).regions
    assert [mention.adcode for mention in found] == ["460000", "460200", "440115"]


def test_a_region_stood_between_its_years_and_both_stood_in_the_year_of_change():
    county, district = (gazetteer().region(code) for code in ("350625", "350605"))
    years = [date(year, 6, 1) for year in (2018, 2021, 2023)]
    assert [county.stood(on) for on in years] == [True, True, False]
    assert [district.stood(on) for on in years] == [False, True, True]
    assert (county.stood(None), district.stood(None)) == (False, True)
