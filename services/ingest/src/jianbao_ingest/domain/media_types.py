"""What a Content-Type header says, and what is assumed where it says nothing. Nothing is judged here."""

from __future__ import annotations

UNDECLARED = frozenset({"", "application/x-www-form-urlencoded"})
"""The second is what curl sends for --data-binary unless told otherwise; nobody means a form by it."""

BY_SUFFIX = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".wps": "application/vnd.ms-works",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
"""Own table: the system's one differs between machines, and the media type is part of a push's identity."""

LONGEST = 255


def declared_type(content_type: str | None, source: str) -> tuple[str, str | None]:
    """Return media type and charset, lower case, as declared.

    Where none is declared: the type that the file name's suffix stands for, else text/plain.
    """
    media_type, *parameters = (content_type or "").split(";")
    media_type = media_type.strip().lower()[:LONGEST]
    if media_type in UNDECLARED:
        media_type = by_suffix(source)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media_type, value.strip().strip("\"'").strip().lower()[:LONGEST] or None
    return media_type, None


def by_suffix(source: str) -> str:
    """Return the media type that the suffix of a file name or URL stands for; text/plain for an unknown one."""
    path = source.partition("?")[0].partition("#")[0]
    dot = path.rfind(".")
    return BY_SUFFIX.get(path[dot:].lower(), "text/plain") if dot >= 0 else "text/plain"
