"""Multipart forms (RFC 7578), read from memory: the body's own limit bounds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from jianbao_ingest.domain.problems import refuse


@dataclass(slots=True)
class Part:
    """One part. `filename` is None for a part that is no file, `content_type` None where none is declared."""

    name: str = ""
    filename: str | None = None
    content_type: str | None = None
    data: bytes = b""


@dataclass(slots=True)
class _Form:
    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    header_name: bytes = b""
    header_value: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)

    def part_begins(self) -> None:
        self.headers, self.pieces = {}, []

    def header_name_goes_on(self, data: bytes, start: int, end: int) -> None:
        self.header_name += data[start:end]

    def header_value_goes_on(self, data: bytes, start: int, end: int) -> None:
        self.header_value += data[start:end]

    def header_ends(self) -> None:
        self.headers[self.header_name.lower()] = self.header_value
        self.header_name = self.header_value = b""

    def data_goes_on(self, data: bytes, start: int, end: int) -> None:
        self.pieces.append(data[start:end])

    def part_ends(self) -> None:
        if any(b"\0" in value for value in self.headers.values()):
            raise refuse("nul_character", place="表单中的文件名或类型")
        _, options = parse_options_header(self.headers.get(b"content-disposition"))
        filename = options.get(b"filename")
        content_type = self.headers.get(b"content-type")
        self.parts.append(
            Part(
                name=_text(options.get(b"name", b"")),
                filename=None if filename is None else _text(filename),
                content_type=None if content_type is None else content_type.decode("latin-1"),
                data=b"".join(self.pieces),
            )
        )
        self.pieces = []

    def form_ends(self) -> None:
        self.ended = True


def is_multipart(content_type: str | None) -> bool:
    """Return whether a Content-Type header announces a form."""
    return (content_type or "").partition(";")[0].strip().lower() == "multipart/form-data"


def read_form(body: bytes, content_type: str) -> list[Part]:
    """Return the parts of a form. Raises ProblemError for one that is malformed or cut short."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise refuse("bad_multipart", reason="缺少分隔标记 boundary")
    form = _Form()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.part_begins,
                "on_header_field": form.header_name_goes_on,
                "on_header_value": form.header_value_goes_on,
                "on_header_end": form.header_ends,
                "on_part_data": form.data_goes_on,
                "on_part_end": form.part_ends,
                "on_end": form.form_ends,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise refuse("bad_multipart", reason="格式不符合规范") from None
    if not form.ended:
        raise refuse("bad_multipart", reason="内容不完整，缺少结束标记")
    return form.parts


def _text(data: bytes) -> str:
    """Return a name as text: UTF-8, or GB18030 as Chinese Windows tools send it, or byte by byte."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
