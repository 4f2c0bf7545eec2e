from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.width import fold, restore_punctuation


@given(st.text(alphabet=st.characters(), max_size=100))
def test_folding_and_restoring_keep_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert len(restore_punctuation(text)) == len(text)


@given(st.text(alphabet="中文，,:;?!()\"'. 12aB\n@/", max_size=40))
def test_restoring_twice_changes_nothing(text: str) -> None:
    once = restore_punctuation(text)
    assert restore_punctuation(once) == once


def test_folding_makes_full_width_half_and_capitals_small() -> None:
    assert fold("ＡＰＰ　１２３，App（Ｘ）İ") == "app 123,app(x)İ"


@pytest.mark.parametrize(
    ("printed", "edited"),
    [
        ("城区管理,全县推进;效果好!好吗?", "城区管理，全县推进；效果好！好吗？"),
        ("来源:湖北省文明办", "来源：湖北省文明办"),
        ("整改 216 个,整改率 100%,下同", "整改 216 个，整改率 100%，下同"),
        ("共1,200人,10:30开会", "共1,200人，10:30开会"),
        ("(滨江区文明办)", "（滨江区文明办）"),
        ("微信(APP)发布", "微信（APP）发布"),
        ("投稿邮箱:a.b@vip.163.com,请投", "投稿邮箱：a.b@vip.163.com，请投"),
        ("网址http://a.gov.cn/x?b=1,2:3", "网址http://a.gov.cn/x?b=1,2:3"),
        ('开展"月月测评"活动', "开展“月月测评”活动"),
        ("he said (yes), it is; ok?", "he said (yes), it is; ok?"),
        ("推动高质量发展.", "推动高质量发展。"),
        ("增长3.5个百分点", "增长3.5个百分点"),
    ],
)
def test_punctuation_among_chinese_becomes_full_width(printed: str, edited: str) -> None:
    assert restore_punctuation(printed) == edited
