"""Bulletins for the tests of extract: clean text in, event out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from jianbao_contracts import Article, ExtractedBulletin, NormalizedBulletin, ProducedBy
from jianbao_extract.processing import process

AT = datetime(2026, 11, 1, tzinfo=UTC)
BULLETIN = "hubei-wmb." + "0" * 32

Normalize = Callable[..., NormalizedBulletin]
Read = Callable[..., ExtractedBulletin]
ReadBody = Callable[..., Article]


def normalized_bulletin(text: str, **changes: Any) -> NormalizedBulletin:
    """A normalized bulletin of this text."""
    fields: dict[str, Any] = {
        "bulletin_id": BULLETIN,
        "revision": 1,
        "push_id": "1" * 32,
        "operation": "publish",
        "office": "hubei-wmb",
        "source": "a.txt",
        "text": text,
        "original": text,
        "alignment": [(0, len(text), 0, len(text))],
        "script": "simplified",
        "paragraph_scripts": [None] * (text.count("\n") + 1),
        "cluster_id": BULLETIN,
        "content_sha256": "2" * 64,
        "received_at": AT,
        "sequence": 1,
        "produced_by": ProducedBy(service="normalize", version="0", rules="0"),
        "normalized_at": AT,
    }
    return NormalizedBulletin(**(fields | changes))


@pytest.fixture(scope="session")
def normalized() -> Normalize:
    return normalized_bulletin


@pytest.fixture(scope="session")
def read() -> Read:
    """Read a clean text as a bulletin."""
    return lambda text, **changes: process(normalized_bulletin(text, **changes), at=AT)


@pytest.fixture(scope="session")
def read_body(read: Read) -> ReadBody:
    """Read paragraphs as the body of one article under a headline and a date."""

    def article(body: str, title: str = "海门区以小切口推动文明大提升") -> Article:
        event = read(f"南通文明动态\n第3期\n南通市文明办\n2021年4月2日\n{title}\n{body}")
        assert len(event.articles) == 1
        return event.articles[0]

    return article
