"""Whether a whole line or phrase names a public body or a place that acts as one (by the noun it ends in)."""

from __future__ import annotations

import re

_OFFICE_NOUNS = (
    "委员会|办公室|办公厅|文明办|文明委|党委|政府|人大|政协|纪委|监委|宣传部|组织部|统战部|政法委|编办|党组|党支部|总支|支部|常委会|管委会|居委会|村委会|"
    "研究会|协会|学会|联合会|基金会|促进会|商会|总工会|工会|妇联|团委|共青团|残联|文联|科协|侨联|工商联|红十字会|"
    "领导小组|指挥部|工作组|专班|联席会议|办|局|厅|部|委|法院|检察院|海关|中心|事务所|"
    "支队|大队|总队|中队|管理处|管理站|服务站|管理所|实践站|实践所|实践中心"
)
_OFFICE = re.compile(rf"[㐀-䶿一-鿿（）()A-Za-z、·]{{1,40}}(?:{_OFFICE_NOUNS})")
_UNIT_NOUNS = (
    rf"{_OFFICE_NOUNS}|省|市|县|区|自治州|地区|旗|镇|乡|街道|社区|村|片区|开发区|高新区|度假区|新区|林场|农场|"
    "学校|学院|大学|中学|小学|幼儿园|医院|公司|集团|银行|信用社|供电所|派出所|车站|电视台|报社|日报社|图书馆|文化馆|博物馆|纪念馆|景区|物业|合作社"
)
_UNIT = re.compile(
    rf"[㐀-䶿一-鿿（）()A-Za-z0-9·、“”]{{1,24}}(?:{_UNIT_NOUNS})(?:[\s　]+[㐀-䶿一-鿿（）()·]{{2,20}}(?:{_UNIT_NOUNS}))*"
)
_POST = re.compile(
    r"(?:书记|主任|部长|局长|厅长|处长|科长|县长|市长|区长|镇长|乡长|省长|主席|院长|校长|会长|站长|所长|队长|社长|总编辑?|经理|董事长|"
    r"委员|教授|研究员|调研员|主编|编辑|干部|秘书长|组长|村长|主席|政委|司令员?|巡视员|专员|专家|讲师|记者|通讯员|老师)$"
)
_WRITING = re.compile(
    r"\s*(?:供稿|提供|报送|推荐|整理|供|稿)$|^\s*(?:供稿|来源|稿源|选送|推荐|报送)(?:单位)?\s*[：:]\s*"
)


def is_office(text: str) -> bool:
    """Tell whether a phrase names a public office (杭州市精神文明建设研究会), not a firm, a medium or a place."""
    return _OFFICE.fullmatch(text) is not None


def is_unit(text: str) -> bool:
    """Tell whether a phrase names a body, a firm or a place that can sign or speak (紫港街道柚苑社区)."""
    return _UNIT.fullmatch(text) is not None


def is_post(text: str) -> bool:
    """Tell whether a phrase ends in the title of an office (中共丰顺县委宣传部常务副部长)."""
    return _POST.search(text) is not None


def without_writing_words(text: str) -> str:
    """Return a supplying body without 供稿 and its like (建德市文明办供稿)."""
    return _WRITING.sub("", text).strip()
