from __future__ import annotations

import pytest

from jianbao_text.alignment import Edited
from jianbao_text.markup import INVISIBLE, entity_edits, markdown_edits, tag_edits


@pytest.mark.parametrize(
    ("printed", "edited"),
    [
        ("**三是吸引参与**，以社区居民为主。**四是", "三是吸引参与，以社区居民为主。**四是"),
        ("**推动建立任务清单。**发挥作用", "推动建立任务清单。发挥作用"),
        ("二是**宣传", "二是**宣传"),
        ("**宣传阵地", "宣传阵地"),
        ("宣传阵地**", "宣传阵地"),
        ("# 简报\n## 标题\n###第一", "简报\n标题\n第一"),
        ("#创文#话题", "#创文#话题"),
        ("> 引文", "引文"),
        ("上文\n---\n* * *\n下文", "上文\n\n\n下文"),
        ("见[简报](http://a.cn/1)和![图](b.png)", "见简报和"),
        ("这是*重点*内容", "这是*重点*内容"),
        ("是 *重点* 内容", "是 重点 内容"),
        ("3*4*5", "3*4*5"),
        ("__一是__抓落实", "一是抓落实"),
        ("snake_case_name", "snake_case_name"),
        ("2-3个——好", "2-3个——好"),
    ],
)
def test_marks_of_markdown_go_and_text_stays(printed: str, edited: str) -> None:
    assert Edited.of(printed).edit(markdown_edits(printed)).text == edited


@pytest.mark.parametrize(
    ("printed", "edited"),
    [
        ("&ldquo;双月攻坚&rdquo;&nbsp;行动", "“双月攻坚”\xa0行动"),
        ("&amp;nbsp;&amp;amp;ldquo;", "\xa0“"),
        ("&#20013;&#x6587;", "中文"),
        ("A&B;C&D &unknownname; &", "A&B;C&D &unknownname; &"),
        ("R&amp;D", "R&D"),
    ],
)
def test_entities_become_their_characters(printed: str, edited: str) -> None:
    assert Edited.of(printed).edit(entity_edits(printed)).text == edited


def test_tags_left_in_a_text_go_and_blocks_end_lines() -> None:
    text = "<p>第一段<b>重点</b></p><p style='x'>第二<br/>行</p><!-- 注 -->a<b>c 5<6 <王某>"
    assert Edited.of(text).edit(tag_edits(text)).text == "\n第一段重点\n\n第二\n行\nac 5<6 <王某>"


def test_invisible_characters_are_known() -> None:
    assert INVISIBLE.sub("", "文\u200b明\xad创\ufeff建\x00\u202e\ufe0f\ud800\n") == "文明创建\n"
