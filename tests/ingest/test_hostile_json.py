"""JSON and queries as strangers send them: an object of clean text, or a refusal with a reason; never a crash."""

from __future__ import annotations

import json
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jianbao_ingest.domain.fields import BatchItem, checked
from jianbao_ingest.domain.problems import Problem, ProblemError
from jianbao_ingest.domain.query import read_query
from jianbao_ingest.domain.strict_json import read, read_object

any_text = st.text(st.characters(), max_size=12)  # NUL and lone surrogates among it
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from([*BatchItem.model_fields, "unknown"])
any_item = st.dictionaries(names, any_json, max_size=6)


def answer(read_it, *arguments):
    """What was read, or the problem that was told instead."""
    try:
        return read_it(*arguments)
    except ProblemError as error:
        return error.problem


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


@given(st.binary(max_size=80))
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'{"a": ' + b"9" * 5000 + b"}")
@example(b'{"a": "\\ud83d\\ude00 \\ud800"}')
@example(b'{"a": "\xed\xa0\x80"}')
def test_bytes_are_an_object_of_clean_text_or_refused(data):
    value = answer(read_object, data, "请求体")
    if isinstance(value, Problem):
        assert 400 <= value.status < 500
        assert value.detail.startswith("请求体")
    else:
        assert all("\0" not in text and text.encode() is not None for text in texts_in(value))


@given(any_json)
@example({"a": ["x\0"]})
@example({"\0": 1})
@example("\0")
@example(["\ud800"])
@example({"\udfff": 1})
def test_json_with_nul_or_a_lone_surrogate_is_refused_and_other_json_is_read(value):
    data = json.dumps(value).encode()
    clean = all("\0" not in text and text.encode("utf-8", "ignore").decode() == text for text in texts_in(value))
    if clean:
        assert json.dumps(read(data, "这一条")) == data.decode()
    else:
        with pytest.raises(ProblemError) as refused:
            read(data, "这一条")
        assert refused.value.problem.code in ("bad_json", "nul_character")


@given(any_item)
def test_an_item_is_checked_or_refused_with_the_fields_that_are_wrong(item):
    value = answer(checked, BatchItem, item)
    if isinstance(value, Problem):
        assert value.code == "bad_field"
        assert {wrong["field"] for wrong in value.errors} <= item.keys()
        assert all(wrong["message"] for wrong in value.errors)


@given(st.lists(st.tuples(st.binary(max_size=6), st.binary(max_size=6)), max_size=5))
def test_a_query_is_clean_text_or_refused(pairs):
    raw = "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()
    found = answer(read_query, raw)
    if isinstance(found, Problem):
        assert 400 <= found.status < 500
    else:
        assert {name.encode(): value.encode() for name, value in found.items()} == dict(pairs)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"a": "\\ud800"}', "代理码元"),
        (b'{"a": "\xff"}', "第 8 个字节起不是有效的 UTF-8"),
        (b'{"a"', "不完整"),
        (b'{"a": \n\n bad}', "第 3 行"),
        (b"[" * 1000, "嵌套"),
        (b'{"a": "\x01"}', "控制字符"),
    ],
)
def test_the_reason_says_what_is_wrong(data, told):
    with pytest.raises(ProblemError) as refused:
        read(data, "请求体")
    assert told in refused.value.problem.detail
