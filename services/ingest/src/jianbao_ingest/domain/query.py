"""Reading a query string strictly: what is no text in UTF-8 is refused, not replaced."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from jianbao_ingest.domain.problems import refuse


def read_query(raw: bytes, *, repeatable: Iterable[str] = ()) -> dict[str, str]:
    """Return the parameters by name. A repeatable one given more than once is joined by commas.

    Raises ProblemError for percent-encoded bytes that are no UTF-8 (lone surrogates among them), NUL, and a parameter
    given twice.
    """
    found: dict[str, str] = {}
    for pair in raw.split(b"&"):
        if not pair:
            continue
        name, _, value = (_text(part) for part in pair.partition(b"="))
        if name in found and name not in repeatable:
            raise refuse("bad_query", reason=f"参数 {name[:50]} 出现了两次")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _text(part: bytes) -> str:
    try:
        text = unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise refuse("bad_query", reason="不是有效的 UTF-8 文字") from None
    if "\0" in text:
        raise refuse("nul_character", place="网址参数")
    return text
