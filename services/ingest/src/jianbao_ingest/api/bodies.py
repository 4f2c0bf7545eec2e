"""Reading request bodies as they stream in, never further than their limit."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import Request

from jianbao_ingest.api.memory import Lease
from jianbao_ingest.domain.problems import ProblemError, refuse


class ClientGoneError(Exception):
    """The client left in the middle of its body; there is nobody to answer."""


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """Yield the body as it arrives. Raises ClientGoneError, or ProblemError where the server broke it off."""
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        more = message.get("more_body", False)
        if piece := message.get("body", b""):
            yield piece


async def read_body(request: Request, *, most: int, too_large: ProblemError, lease: Lease) -> bytes:
    """Return the whole body. Raises `too_large` as soon as the body says or shows that it is longer than `most`."""
    refuse_if_longer(request, most=most, too_large=too_large)
    body = bytearray()
    async for piece in pieces(request):
        if len(body) + len(piece) > most:
            raise too_large
        lease.hold(len(body) + len(piece))
        body += piece
    return bytes(body)


def refuse_if_longer(request: Request, *, most: int, too_large: ProblemError) -> None:
    """Look at the headers before the body: raise `too_large` for a longer one, and refuse compressed ones."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise refuse("content_encoding", encoding=encoding[:50])
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > most:
        raise too_large


async def lines(
    request: Request, *, longest: int, most: int, too_large: ProblemError, lease: Lease
) -> AsyncIterator[bytes | None]:
    """Yield the body's lines without their line feed; None for one longer than `longest`, whose bytes are let go.

    Each byte is looked at once, however long a line is. Raises `too_large` once more than `most` bytes came.
    """
    line = bytearray()
    too_long = False
    seen = 0
    async for piece in pieces(request):
        seen += len(piece)
        if seen > most:
            raise too_large
        *ended, rest = piece.split(b"\n")
        for part in ended:
            if too_long or len(line) + len(part) > longest:
                yield None
            else:
                line += part
                yield bytes(line)
            line, too_long = bytearray(), False
        if too_long or len(line) + len(rest) > longest:
            line, too_long = bytearray(), True
        else:
            line += rest
        lease.hold(len(line))
    if too_long:
        yield None
    elif line:
        yield bytes(line)
