"""Promises for any text at all: no exception, spans that hold, nothing lost, linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PIECES = [
    "第2期", "（总第316期）", "2019年04月08日", "【文明创建】", "◆海城：贴心人", "报：省文明办", "发：各县，各区", "（共印400份）", "责任编辑：何霄", "编者按：", "编者按",
    "一、抓主体", "一是抓机制。", "（滨江区文明办）", "赵明明 摄", "图为志愿者。", "弘文 刘峰", "白石镇", "目录", "南漳县推进文明城市创建", "江夏区四线连接", "杭州精神文明建设", "信息交流",
    "本报讯（漳文）4月6日，会议召开。", "近年来，江夏区不断改革创新，创建水平持续提升，群众满意度不断提高。", "——侧记", "来源：湖北省文明办", "协办", "龙轴杯", "1573", "“", "”、", "《", "》",
    "A- A+", "首页 > 要闻", "湖政办发〔2020〕27号", "附件：1.表", "（2020年）", "。", "，", "作者：李晓东", "\ud800", "\u0000", " ", "　", "\r", "\u2028",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).flatmap(
        lambda parts: st.sampled_from(["\n", "", " ", "\n\n"]).map(lambda by: by.join(parts))
    ),
)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spans(event):
    for evidence in event.bulletin.evidence.values():
        yield from evidence.spans
    for article in event.articles:
        yield from article.segments
        for evidence in article.evidence.values():
            yield from evidence.spans


def mentions(article):
    for field in (
        "regions",
        "persons",
        "organizations",
        "works",
        "quoted_names",
        "document_numbers",
        "quantities",
        "dates",
    ):
        yield from getattr(article, field)


@given(text=texts)
@relaxed
def test_any_text_gives_an_event_whose_spans_lie_in_the_text(read, text):
    event = read(text)
    for start, end in spans(event):
        assert 0 <= start <= end <= len(text)
    for article in event.articles:
        assert article.body == "\n".join(text[start:end] for start, end in article.segments)
        for mention in mentions(article):
            assert text[mention.start : mention.end] == mention.text


@given(text=texts)
@relaxed
def test_every_character_of_any_text_has_its_place(read, text):
    event = read(text)
    placed = bytearray(len(text))
    for start, end in spans(event):
        placed[start:end] = b"\1" * (end - start)
    lost = "".join(char for char, told in zip(text, placed, strict=True) if not told and char.strip())
    assert lost == ""


@given(text=texts)
@relaxed
def test_the_same_text_gives_the_same_event(read, text):
    first, second = read(text), read(text)
    assert first == second


@pytest.mark.parametrize(
    "piece", ["县委", "滨江区开展创建活动\n", "第2期\n", "江夏区", "“创建”、", "（", "一是", "报：市委\n"]
)
def test_time_grows_with_length_only_whatever_is_repeated(read, piece):
    read(piece * 10)  # word lists are loaded once a process
    began = time.process_time()
    read(piece * (40_000 // len(piece)))
    assert time.process_time() - began < 10


def test_a_megabyte_takes_seconds_in_many_lines_as_in_one(read):
    sentence = "近年来，江夏区“小创建”推动文明城市建设，区委宣传部评选4位“身边好人”，居民张小明说很好。"
    for by in ("\n", ""):
        text = by.join([sentence] * (1_000_000 // len(sentence.encode())))
        began = time.process_time()
        read(text)
        assert time.process_time() - began < 20
