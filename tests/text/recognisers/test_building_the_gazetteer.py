from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from jianbao_text.places.build import build, main
from jianbao_text.places.names import short_names


def unit(code: str | None, name: str | None, parent: str | None = None) -> dict[str, str | None]:
    return {"code": code and code + "000000", "name": name, "parent_code": parent and parent + "000000"}


DIVISIONS: dict[str, Any] = {
    "provinces": {
        "福建省": {
            "code": "350000000000",
            "cities": {
                "漳州市": {"code": "350600000000", "counties": {"长泰区": "350605000000"}},
                "": {"code": None, "counties": {"直辖县": "359001000000"}},
            },
        }
    }
}
CHANGES: dict[str, Any] = {
    "events": [
        {"year": 1985, "type": "同名改码", "old": unit("352525", "长泰县", "352500"), "new": unit("350626", "长泰县", "350600")},
        {"year": 2021, "type": "撤县设区", "old": unit("350626", "长泰县", "350600"), "new": unit("350605", "长泰区", "350600")},
        {"year": 1990, "type": "码位改派", "old": unit("350699", "旧县", "350600"), "new": unit("350699", "别县", "350600")},
        {"year": 1995, "type": "撤销", "old": unit("350699", "别县", "350600"), "new": unit(None, None)},
        {"year": 1996, "type": "更名", "old": unit("350600", "龙溪市", "350000"), "new": unit("350600", "漳州市", "350000")},
        {"year": 1983, "type": "新设", "old": unit(None, None), "new": unit("350601", "市辖区", "350600")},
    ]
}  # fmt: skip


@pytest.fixture
def rows() -> dict[tuple[str, str], tuple[object, ...]]:
    return {
        (r.adcode, r.name): (r.parent, r.valid_from, r.valid_to, r.successor)
        for r in build(DIVISIONS, CHANGES)
        if r.adcode.startswith("35")
    }


def test_a_region_of_today_has_no_end_and_began_with_the_change_that_made_it(rows):
    assert rows["350605", "长泰区"] == ("350600", 2021, None, None)
    assert rows["359001", "直辖县"] == ("350000", None, None, None)


def test_a_region_of_the_past_has_its_years_and_its_successor(rows):
    assert rows["352525", "长泰县"] == ("350000", None, 1985, "350626")
    assert rows["350626", "长泰县"] == ("350600", 1985, 2021, "350605")


def test_a_renamed_region_keeps_its_code(rows):
    assert rows["350600", "龙溪市"] == ("350000", None, 1996, "350600")
    assert rows["350600", "漳州市"] == ("350000", 1996, None, None)


def test_a_code_given_to_another_region_makes_no_successor(rows):
    assert rows["350699", "旧县"][3] is None


def test_lines_that_only_group_regions_are_left_out(rows):
    assert not any(name == "市辖区" for _, name in rows)


def test_the_table_has_one_region_a_line(tmp_path):
    wheel, table = tmp_path / "source.whl", tmp_path / "regions.tsv"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("data/divisions_v1.json", json.dumps(DIVISIONS))
        archive.writestr("data/historical_changes_v1.json", json.dumps(CHANGES))
    main(wheel, table)
    assert "350605\t长泰区\t350600\t2021\t\t" in table.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("张家港市", ("张家港",)),
        ("恩施土家族苗族自治州", ("恩施", "恩施州")),
        ("积石山保安族东乡族撒拉族自治县", ("积石山", "积石山县")),
        ("广西壮族自治区", ("广西",)),
        ("博尔塔拉蒙古自治州", ("博尔塔拉", "博尔塔拉州")),
        ("阿拉善左旗", ()),
        ("沛县", ()),
        ("城区", ()),
    ],
)
def test_short_names_leave_out_suffix_and_peoples(name, short):
    assert short_names(name) == short
