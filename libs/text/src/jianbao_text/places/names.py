"""Short forms of the names of regions: 张家港 for 张家港市, 恩施 and 恩施州 for 恩施土家族苗族自治州."""

from __future__ import annotations

import re
from typing import Final

PEOPLES: Final = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 "
    "仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
"""The 55 minorities whose names stand in the names of autonomous areas (GB/T 3304)."""
_PEOPLE: Final = "|".join(sorted(PEOPLES.split(), key=len, reverse=True))
_AUTONOMOUS: Final = re.compile(
    rf"^(?P<stem>.+?)(?:(?:{_PEOPLE})族|蒙古|哈萨克|柯尔克孜|维吾尔|锡伯|塔吉克|各族|多民族|满族蒙古族)*自治(?P<kind>州|县|旗)$"
)
_AUTONOMOUS_REGIONS: Final = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_SUFFIX: Final = re.compile(r"(?:特别行政区|自治县|地区|林区|特区|新区|矿区|省|市|县|区|盟|旗)$")


def short_names(name: str) -> tuple[str, ...]:
    """Forms of `name` without its suffix, the stem first; none where the stem would be a single character."""
    if name in _AUTONOMOUS_REGIONS:
        return (_AUTONOMOUS_REGIONS[name],)
    autonomous = _AUTONOMOUS.match(name)
    if autonomous:
        stem = autonomous["stem"]
        return (stem, stem + autonomous["kind"]) if len(stem) > 1 else ()
    stem = _SUFFIX.sub("", name)
    half_of_banner = name.endswith("旗") and stem.endswith(("左", "右", "前", "后", "中"))
    return (stem,) if 1 < len(stem) < len(name) and not half_of_banner else ()
