from __future__ import annotations

import pytest

from jianbao_normalize.domain.cleaning import UnreadableError, clean
from jianbao_normalize.domain.reading import LONGEST_TEXT, read

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>简报</title><style>p{color:red}</style></head><body>
<script>var a = "文明";</script><h1>责任落实&ldquo;三步走&rdquo;</h1><!-- 注释 -->
<p>　　近年来，<b>江夏区</b>创建
文明城市，<a href="x">打造品牌</a>。</p><p>第二段<br>换行，<ruby>芝罘<rp>(</rp><rt>fú</rt><rp>)</rp></ruby>区</p>
<table><tr><td>张家港市</td><td>95</td><td>如皋市</td></tr></table></body></html>"""


def test_a_page_is_read_block_by_block_in_the_charset_it_names() -> None:
    result = clean(PAGE.encode("gb18030"), media_type="text/html", charset=None)
    assert result.charset == "gb18030"
    assert result.text.split("\n") == [
        "责任落实“三步走”",
        "近年来，江夏区创建文明城市，打造品牌。",
        "第二段",
        "换行，芝罘区",
        "张家港市  95  如皋市",
    ]


def test_a_page_sent_as_plain_text_is_still_read_as_a_page() -> None:
    result = clean(PAGE.encode("gb18030"), media_type="text/plain", charset=None)
    assert "<" not in result.original


def test_the_original_of_a_page_is_its_text_before_cleaning() -> None:
    result = clean("<p>創(chuàng)建</p>".encode(), media_type="text/html; charset=utf-8", charset=None)
    assert (result.original, result.text) == ("創(chuàng)建", "创建")


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "page", ["<" * 300_000, "<!--" * 50_000, "<p " * 100_000, "&" * 300_000, "<![" * 100_000, "</" * 100_000]
)
def test_a_hostile_page_ends(page: str) -> None:
    result = clean(f"<html>文明{page}".encode(), media_type="text/html", charset=None)
    assert result.text.startswith("文明")


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "text/plain", "empty_text"),
        (b" \r\n\xe3\x80\x80\n", "text/plain", "empty_text"),
        ("——。".encode(), "text/plain", "empty_text"),
        (b"<html><body><script>1</script></body></html>", "text/html", "empty_text"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf", "unsupported_media_type"),
        (b"%PDF-1.7\n%\xe2\xe3", "text/plain", "unsupported_media_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/msword", "unsupported_media_type"),
        (b"PK\x03\x04" + bytes(20) + b"word/document.xml", "text/plain", "unsupported_media_type"),
        (b"{\\rtf1\\ansi}", "text/rtf", "unsupported_media_type"),
        ("文明城市".encode(), "application/json", "unsupported_media_type"),
        (b"PK\x03\x04" + bytes(40), "application/zip", "unsupported_media_type"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "text/plain", "not_text"),
        (bytes(range(256)) * 20, "application/octet-stream", "not_text"),
        (bytes(500), "text/plain", "not_text"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_code_and_a_reason(content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        clean(content, media_type=media_type, charset=None)
    assert caught.value.code == code
    assert len(caught.value.reason) > 10


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("近年来，江夏区不断改革创新，推进文明城市创建管理科学化。", "gb18030"),
        ("近年來，市府推動文明城市建設，隨著民眾參與度提高，成果顯著。", "big5"),
        ("本港衞生署推動社區設施建設，市民隨着參與。", "big5hkscs"),
        ("近年来，江夏区不断改革创新。", "utf-16"),
    ],
)
def test_files_in_any_of_the_charsets_give_the_same_text_as_utf_8(text: str, codec: str) -> None:
    result = clean(text.encode(codec), media_type="text/plain", charset=None)
    assert result.text == clean(text.encode(), media_type="text/plain", charset=None).text
    assert result.original == text


def test_a_text_a_thousand_times_as_long_as_a_bulletin_is_refused_at_once() -> None:
    with pytest.raises(UnreadableError) as refused:
        read("文明".encode() * (LONGEST_TEXT // 2 + 1), media_type="text/plain", charset=None)
    assert refused.value.code == "too_long"
    assert len(read("文".encode() * LONGEST_TEXT, media_type="text/plain", charset=None).text) == LONGEST_TEXT
