"""Names that stand where a county or city must stand but that no county or city has: misreadings of print (淮城区)."""

from __future__ import annotations

import re
from typing import Final

from jianbao_text.places.words import is_common_word

_NAME: Final = re.compile(
    r"(?P<stem>[\u4e00-\u9fff]{2,3}?)(?P<suffix>[区县市旗])(?![域别分间位块场值价面级民容区县市])"
)
_NO_NAME: Final = re.compile(
    "[各全每几数一二两三四五六七八九十百该本这那和与及的在等为是到对把被从向以了着过个级内外委府办局党政人大省市县区镇乡村州新旧老"
    "园社厂校馆店片辖灾疫牧林矿库农景港街禁军营战警特展考赛居带]|"
    "文明|示范|开发|经开|高新|工业|产业|试点|保护|保税|旅游|功能|生态|中心|核心|主城|古城|城市|沿海|沿江|沿线|偏远|丘陵|服务|管理|自治|商圈"
)
"""Words of generic districts (工业园区, 主城区, 风景区, 各县区) and of grammar: a stem with one of them is no proper name."""
_NO_CITY: Final = tuple("超夜早晚菜集花楼股门房车黑都上入城闹")
"""Characters that make a noun with 市 (超市, 夜市, 城市)."""
_INNER_MONGOLIA: Final = "15"


def misprint(text: str, position: int, parent: str) -> str | None:
    """The suffix-carrying name at `position`, right behind the region `parent`, if it can only be a proper name."""
    match = _NAME.match(text, position)
    if not match:
        return None
    stem, suffix = match["stem"], match["suffix"]
    ordinary = _NO_NAME.search(stem) or is_common_word(stem[:2]) or is_common_word(stem[-2:])
    if (
        ordinary
        or (suffix == "市" and stem.endswith(_NO_CITY))
        or (suffix == "旗" and not parent.startswith(_INNER_MONGOLIA))
    ):
        return None
    return match[0]
