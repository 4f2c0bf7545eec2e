"""The query language as a tree.

    志愿者 网格员            both words               "绣花功夫" “…” 「…」 『…』 《…》   exactly this
    -督导                    not this                 街巷长 OR 网格员                either of the two neighbours
    title:志愿服务 标题:…     in titles only           office:hubei-wmb 单位:…         of this office, by id or name

Full-width letters, digits and operators are read as half-width. Nothing a person can type is an error: an operator or
quotation mark without its partner is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jianbao_text.script import to_simplified


@dataclass(frozen=True, slots=True)
class Words:
    """A run of characters without space: all its words must be found."""

    text: str
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Exactly:
    """A quoted run: found character by character, whatever punctuation stands between."""

    text: str
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """Only bulletins of this office. `ids`: whom the name may mean; empty: it was not looked up and is an id itself."""

    name: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be found."""

    node: Leaf


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Neighbours joined by OR."""

    nodes: tuple[Node, ...]


Leaf: TypeAlias = Words | Exactly | Office
Node: TypeAlias = Leaf | Not | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """All nodes must hold. `blank`: nothing was typed at all, which asks for everything."""

    nodes: tuple[Node, ...]
    blank: bool


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NOT_TYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200b-\u200f\u2028-\u202f\u2060-\u2064]")

_PIECE = re.compile(
    r"""
    (?P<not>-(?=\S))?
    (?:(?P<field>title|office|标题|单位|机关):\s*)?
    (?: ["“”„‟〝〞](?P<double>[^"“”„‟〝〞]*)["“”„‟〝〞]
      | 「(?P<corner>[^「」]*)」 | 『(?P<corner2>[^『』]*)』 | 《(?P<work>[^《》]*)》
      | (?P<word>[^\s"“”„‟〝〞「」『』《》]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse(typed: str) -> Query:
    """Return what was typed as a tree, in Simplified."""
    readable = _NOT_TYPED.sub(" ", typed).translate(_HALF_WIDTH)
    blank = not readable.strip()
    nodes: list[Node] = []
    joining = False
    for node in _nodes(to_simplified(readable)):
        if node is None:
            joining = bool(nodes)
        elif joining:
            before = nodes.pop()
            nodes.append(AnyOf((*(before.nodes if isinstance(before, AnyOf) else (before,)), node)))
            joining = False
        else:
            nodes.append(node)
    return Query(tuple(nodes), blank)


def _nodes(text: str) -> Iterator[Leaf | Not | None]:
    """Yield the nodes in order; None stands for OR."""
    for piece in _PIECE.finditer(text):
        plain = not (piece["not"] or piece["field"])
        if plain and piece["word"] in ("OR", "|", "||"):
            yield None
        elif plain and piece["word"] in ("AND", "&", "&&"):
            continue
        elif leaf := _leaf(piece):
            yield Not(leaf) if piece["not"] else leaf


def _leaf(piece: re.Match[str]) -> Leaf | None:
    field = (piece["field"] or "").lower()
    quoted = next((piece[name] for name in ("double", "corner", "corner2", "work") if piece[name] is not None), None)
    text = quoted if quoted is not None else piece["word"]
    if not any(character.isalnum() for character in text):
        return None
    if field in ("office", "单位", "机关"):
        return Office(text.strip().lower())
    in_title = field in ("title", "标题")
    return Words(text, in_title) if quoted is None else Exactly(text.strip(), in_title)


def with_offices(query: Query, meant_by: Callable[[str], tuple[str, ...]]) -> Query:
    """Return the query with the ids of the offices that it names."""

    def known(node: Node) -> Node:
        match node:
            case Office(name):
                return Office(name, meant_by(name))
            case Not(Office(name)):
                return Not(Office(name, meant_by(name)))
            case AnyOf(nodes):
                return AnyOf(tuple(known(inner) for inner in nodes))
            case _:
                return node

    return Query(tuple(known(node) for node in query.nodes), query.blank)


def understood_as(query: Query) -> str:
    """Return the query as it was understood, in its own language."""
    return " ".join(_written(node) for node in query.nodes)


def _written(node: Node) -> str:
    match node:
        case Words(text, title_only):
            return f"title:{text}" if title_only else text
        case Exactly(text, title_only):
            return f"title:“{text}”" if title_only else f"“{text}”"
        case Office(name):
            return f"office:{name}"
        case Not(inner):
            return f"-{_written(inner)}"
        case AnyOf(nodes):
            return f"({' OR '.join(_written(inner) for inner in nodes)})"


def wanted(query: Query) -> list[Words | Exactly]:
    """Return what a hit was looked for by, and so what is marked in it: everything that is not excluded."""
    found: list[Words | Exactly] = []
    for node in query.nodes:
        inner = node.nodes if isinstance(node, AnyOf) else (node,)
        found.extend(leaf for leaf in inner if isinstance(leaf, Words | Exactly))
    return found
