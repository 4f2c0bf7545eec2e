"""Reading JSON that strangers send: all that is not plainly JSON text is refused with a reason a clerk can use."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from jianbao_ingest.domain.problems import refuse

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Windows editors write it before UTF-8; it says nothing."""


def read_object(data: bytes, place: str) -> dict[str, Any]:
    """Return the JSON object in `data`. `place` (in Chinese) says to the reader where it stood. Raises ProblemError."""
    value = read(data, place)
    if not isinstance(value, dict):
        raise refuse("not_an_object", place=place)
    return value


def read(data: bytes, place: str) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the JSON value in `data`: valid UTF-8, no lone surrogate, no NUL, not too deep. Raises ProblemError."""
    try:
        value = _ANYTHING.validate_json(data.removeprefix(BYTE_ORDER_MARK))
    except ValidationError as error:
        raise refuse("bad_json", place=place, reason=_reason(data, error)) from None
    if _has_nul(value):
        raise refuse("nul_character", place=place)
    return value


def _reason(data: bytes, error: ValidationError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        return f"第 {wrong.start + 1} 个字节起不是有效的 UTF-8"
    said = str(error.errors(include_url=False, include_input=False)[0].get("ctx", {}).get("error", ""))
    if "hex escape" in said or "surrogate" in said:
        return "含有不完整的 \\u 转义（单独的代理码元），不代表任何文字"
    if "recursion" in said:
        return "嵌套层数太多"
    if "EOF" in said:
        return "内容不完整"
    if "control character" in said:
        return "字符串中含有未转义的控制字符"
    line, _, column = said.partition(" at line ")[2].partition(" column ")
    return f"第 {line} 行第 {column} 个字符附近有误" if line else "无法解读"


def _has_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_has_nul(key) or _has_nul(inner) for key, inner in value.items())
        case list():
            return any(_has_nul(inner) for inner in value)
        case _:
            return False
