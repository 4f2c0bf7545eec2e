"""Names of persons beside their titles: enough to see that a correction changed one.

No full recogniser (extract has that): a name counts here where a title introduces or follows it, as official prose has
it (市委书记王某, 王某同志, 记者 王某). Where it ends is not known for sure, and need not be: both texts are read alike.
"""

from __future__ import annotations

import re

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest, from the yearly name reports of the Ministry of Public Security."""

_BEFORE = (
    "书记|主任|局长|部长|市长|县长|区长|镇长|乡长|村长|院长|校长|所长|处长|科长|队长|站长|会长|主席|委员|常委|代表|经理|总编"
    "|记者|通讯员|作者|编辑|居民|村民|市民|志愿者|老师|医生|教师|党员"
)
_AFTER = "同志|先生|女士|供稿|摄影|说|介绍|表示"
_NAME = re.compile(
    rf"(?:{_BEFORE})[、:：\s]?(?P<after>[{_SURNAMES}][一-鿿]{{1,2}})|(?P<before>[{_SURNAMES}][一-鿿]{{1,2}})(?=\s?(?:{_AFTER}))"
)


def find_names(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and text of the names of persons that stand beside a title."""
    spans = (match.span("after" if match["after"] else "before") for match in _NAME.finditer(text))
    return [(start, end, text[start:end]) for start, end in spans]
