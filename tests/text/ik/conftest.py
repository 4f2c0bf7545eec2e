"""What IK itself answered: recorded cases, and a segmenter with the same small dictionary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao_text.ik import Segmenter, default_segmenter


@dataclass(frozen=True)
class Reference:
    """A small dictionary, and texts with the tokens of both modes as ``begin-end KIND``."""

    words: list[str]
    quantifiers: list[str]
    cases: list[dict[str, object]]


@pytest.fixture(scope="session")
def reference() -> Reference:
    recorded = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
    return Reference(recorded["words"].split(), recorded["quantifiers"].split(), recorded["cases"])


@pytest.fixture(scope="session")
def small(reference: Reference) -> Segmenter:
    return Segmenter(reference.words, reference.quantifiers)


@pytest.fixture(scope="session")
def default() -> Segmenter:
    return default_segmenter()
