from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.charset import NotTextError, decode

SIMPLIFIED = "近年来，江夏区不断改革创新，推进文明城市创建管理科学化、规范化。"
TRADITIONAL = "近年來，市府推動文明城市建設，隨著民眾參與度提高，成果顯著。"


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "cp950", "big5"),
        ("本港衞生署設施啓用", "big5hkscs", "big5"),
    ],
)
def test_text_is_read_in_the_charset_it_was_written_in(text: str, codec: str, charset: str) -> None:
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.charset) == (text, charset)


@pytest.mark.parametrize("size", [10, 20, 40])
def test_a_short_line_is_enough_to_tell_gb18030_from_big5(size: int, seed_documents) -> None:
    text = "".join(next(seed_documents.glob("003*")).read_text(encoding="utf-8").split())
    pieces = [text[i : i + size] for i in range(0, 2000, size)]
    right = sum(decode(piece.encode("gb18030")).text == piece for piece in pieces)
    assert right >= 0.98 * len(pieces)


def test_big5_with_big_endian_mark_of_utf_16_is_read_as_marked() -> None:
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")).text == SIMPLIFIED


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        f"{SIMPLIFIED}\n2017年\n{SIMPLIFIED}\n",
        f"第一期\n\n{SIMPLIFIED}\n一是一户一档，二是一村一策，三是一季一评。\n",  # 一 is U+4E00: zeros on the other side
    ],
)
def test_utf_16_without_a_mark_is_told_by_its_characters(codec: str, text: str) -> None:
    assert decode(text.encode(codec)).text == text


def test_a_declared_charset_is_only_a_prior() -> None:
    assert decode(SIMPLIFIED.encode("gb18030"), "big5").text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode(), "gb2312").text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("gb18030"), "no-such-charset").text == SIMPLIFIED


def test_a_declared_charset_decides_what_the_bytes_leave_open() -> None:
    ambiguous = "成立".encode("big5")
    assert decode(ambiguous, "big5").text == "成立"
    assert decode("成立".encode("gbk"), "gbk").text == "成立"


def test_utf_8_cut_off_in_mid_character_is_still_utf_8() -> None:
    data = (SIMPLIFIED * 3).encode()[:-1]
    assert decode(data).text == (SIMPLIFIED * 3)[:-1] + "\ufffd"


def test_a_long_ascii_head_does_not_hide_the_charset() -> None:
    data = b"<meta name='x'>\n" * 10_000 + SIMPLIFIED.encode("gb18030")
    assert decode(data).text.endswith(SIMPLIFIED)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\xff\xd8\xff\xe0" + bytes(range(256)),
        b"PK\x03\x04" + bytes(100),
        b"\x1f\x8b\x08" + bytes(range(256)),
        bytes(range(256)) * 40,
        b"\x00" * 1000,
        bytes(200) + "文".encode(),
    ],
)
def test_binary_data_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(NotTextError) as caught:
        decode(data)
    assert len(caught.value.reason) > 10


def test_a_reason_names_no_negative_share() -> None:
    with pytest.raises(NotTextError, match=r"at best 0\.00 of the characters"):
        decode(b"\xff\xa0" * 50)


def test_a_few_stray_control_characters_do_not_make_a_text_binary() -> None:
    assert decode(("\x00" + SIMPLIFIED * 5).encode()).text.endswith(SIMPLIFIED)


@given(st.binary(max_size=300), st.sampled_from([None, "gbk", "big5", "utf-16", "latin-1", ""]))
def test_any_bytes_are_text_or_refused(data: bytes, declared: str | None) -> None:
    try:
        read = decode(data, declared).text
    except NotTextError as error:
        read = error.reason
    assert isinstance(read, str)


def test_binary_data_that_begins_like_a_byte_order_mark_is_no_text() -> None:
    with pytest.raises(NotTextError, match="no characters"):
        decode(b"\xff\xfe\x00" * 5000)
    assert decode("文明城市创建\u3400𠀀".encode("utf-16")).charset == "utf-16"
