"""From the tree of a query to conditions on documents, with every weight and its reason."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Literal

from jianbao_search.domain import fields
from jianbao_search.domain.analysis import Unit, smart_words, units
from jianbao_search.domain.conditions import (
    NOTHING,
    All,
    Condition,
    Either,
    Preferring,
    Sequence,
    Term,
    Unscored,
    Without,
)
from jianbao_search.domain.query import AnyOf, Exactly, Node, Not, Office, Query, Words

TITLE_BOOST = 3.0
"""A title says what an article is about; three of its words weigh about as much as a word that fills the body."""

MASTHEAD_BOOST = 0.5
"""Series, issuers and column stand on every article of a bulletin: they find it, but tell articles apart little."""

TOGETHER_IN_TITLE = 4.0
TOGETHER_IN_BODY = 2.0
"""What was typed without a space was meant as one thing: an article that has it in one piece comes before one that has
its words scattered, above all where the piece is in the title."""

FLOOR_BOOST = 0.2
"""A word found only as characters, because the dictionary cut the text elsewhere: found, but after all others."""

SHORTEST_PASTED = 5
"""Characters and numbers of a run from which on its ends may be cut: longer than any issue label or amount."""

EVERYTHING = Unscored(Term(fields.FOUND, "yes"))
"""What is listed when nothing was typed: articles, and bulletins without any."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What must be found of a run of characters: a `word` of the dictionary, or characters `together`."""

    kind: Literal["word", "together", "single"]
    text: str


def condition(query: Query) -> Condition:
    """Return the condition of a whole query."""
    if query.blank:
        return EVERYTHING
    kept = [part for node in query.nodes if not isinstance(node, Not) and (part := _condition(node))]
    excluded = [part for node in query.nodes if isinstance(node, Not) and (part := _condition(node.node))]
    if not kept and not excluded:
        return NOTHING
    found = All(tuple(kept)) if kept else EVERYTHING
    return Without(found, Either(tuple(excluded))) if excluded else found


def _condition(node: Node) -> Condition | None:
    match node:
        case Words(text, title_only):
            return _words(text, title_only=title_only)
        case Exactly(text, title_only):
            return _exactly(text, title_only=title_only)
        case Office(name, ids):
            return Unscored(of_offices(ids or (name,)))
        case Not(inner):
            excluded = _condition(inner)
            return Without(EVERYTHING, excluded) if excluded else None
        case AnyOf(nodes):
            parts = tuple(part for inner in nodes if (part := _condition(inner)))
            return Either(parts) if parts else None


def of_offices(ids: tuple[str, ...]) -> Condition:
    """Return the condition that a document is of one of these offices."""
    terms = tuple(Term(fields.OFFICE, office) for office in ids)
    return terms[0] if len(terms) == 1 else Either(terms)


def _exactly(text: str, *, title_only: bool) -> Condition | None:
    characters = tuple(unit.text for unit in units(text))
    if not characters:
        return None
    in_title = Sequence(fields.TITLE_CHAR, characters, TITLE_BOOST)
    cut = _cut_short(characters, title_only=title_only)
    return Either((in_title, *cut) if title_only else (in_title, Sequence(fields.BODY_CHAR, characters), *cut))


def _cut_short(characters: tuple[str, ...], *, title_only: bool) -> tuple[Condition, ...]:
    """Return the conditions that find a pasted run whose first or last number or Latin word was cut."""
    if not is_pasted(characters) or not (characters[0].isascii() or characters[-1].isascii()):
        return ()
    searched = (fields.TITLE_CHAR,) if title_only else fields.CHARACTERS
    return tuple(Sequence(field, characters, FLOOR_BOOST, open_ends=True) for field in searched)


def is_pasted(characters: Sized) -> bool:
    """Return whether a run is so long that it was hardly typed as a label: “16期” must not find 第316期."""
    return len(characters) >= SHORTEST_PASTED


def _words(text: str, *, title_only: bool) -> Condition | None:
    found = [_piece(piece, title_only=title_only) for piece in pieces(text)]
    if not found:
        return None
    characters = tuple(unit.text for unit in units(text))
    better: list[Condition] = []
    if len(characters) > 1:
        better.append(Sequence(fields.TITLE_CHAR, characters, TOGETHER_IN_TITLE))
        if not title_only:
            better.append(Sequence(fields.BODY_CHAR, characters, TOGETHER_IN_BODY))
    required = found[0] if len(found) == 1 else All(tuple(found))
    if cut := _cut_short(characters, title_only=title_only):
        required = Either((required, *cut))
    return Preferring(required, tuple(better)) if better else required


def _piece(piece: Piece, *, title_only: bool) -> Condition:
    characters = tuple(unit.text for unit in units(piece.text))
    parts: list[Condition] = [Sequence(fields.TITLE_CHAR, characters, FLOOR_BOOST)]
    if not title_only:
        parts.append(Sequence(fields.BODY_CHAR, characters, FLOOR_BOOST))
    if piece.kind != "together":
        parts.append(Term(fields.TITLE, piece.text, TITLE_BOOST))
        if not title_only:
            parts += [Term(fields.BODY, piece.text), Term(fields.MASTHEAD, piece.text, MASTHEAD_BOOST)]
    return Either(tuple(parts))


def pieces(text: str) -> list[Piece]:
    """Return what must be found for a run of characters.

    Characters that the dictionary knows in no word, standing side by side, are mostly a name (计丽萍): found together,
    because each by itself is everywhere.
    """
    found: list[Piece] = []
    loose: list[Unit] = []
    for word in smart_words(text):
        if not units(word.text):
            continue
        if len(word.text) == 1 and not word.text.isascii():
            if loose and loose[-1].end != word.start:
                found.append(_loose(loose))
                loose = []
            loose.append(word)
            continue
        if loose:
            found.append(_loose(loose))
            loose = []
        found.append(Piece("word", word.text))
    if loose:
        found.append(_loose(loose))
    return found


def _loose(characters: list[Unit]) -> Piece:
    text = "".join(character.text for character in characters)
    return Piece("together" if len(text) > 1 else "single", text)
