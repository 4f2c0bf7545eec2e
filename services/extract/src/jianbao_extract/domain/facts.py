"""Values with their evidence, as the rules of the domain hand them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from jianbao_extract.domain.lines import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, where it stands in the text, and the rule that found it."""

    value: T
    spans: tuple[Span, ...]
    rule: str


def first(*candidates: Found[T] | None) -> Found[T] | None:
    """Return the first value that was found at all."""
    return next((candidate for candidate in candidates if candidate is not None), None)


def distinct(found: Sequence[Found[str]]) -> list[Found[str]]:
    """Return values in order, each once (spans of the first place it was found)."""
    return list({item.value: item for item in reversed(found)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the text."""

    text: str
    start: int
    end: int


def names_once(names: Sequence[Name]) -> list[Name]:
    """Return names in the order of the text, each once at its first place."""
    once: dict[str, Name] = {}
    for name in sorted(names, key=lambda each: (each.start, each.end)):
        once.setdefault(name.text, name)
    return list(once.values())
