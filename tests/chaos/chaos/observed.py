"""What was seen after a run, as plain values: the verifier judges these alone, so a test can tamper with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chaos.acts import Push


@dataclass(frozen=True)
class Acknowledged:
    """A push that was answered 202, and the ids it was given."""

    push: Push
    push_id: str
    bulletin_id: str


@dataclass(frozen=True)
class RawPush:
    """A record of one of the raw topics. `declared`: the facts that the office states, as JSON."""

    lane: str
    offset: int
    event_id: str
    push_id: str
    bulletin_id: str
    office: str
    operation: str
    sha256: str
    received_at: datetime
    revert: bool
    declared: str = ""


@dataclass(frozen=True)
class Derived:
    """A record of `bulletins.normalized` or `bulletins.extracted`. Its cluster is unknown where the value was claimed."""

    offset: int
    event_id: str
    push_id: str
    bulletin_id: str
    revision: int
    cluster_id: str = ""
    duplicate_of: str = ""


@dataclass(frozen=True)
class Letter:
    """A dead letter. `untouched`: its bytes are those of the record that it came from."""

    stage: str
    push_id: str
    code: str
    untouched: bool


@dataclass(frozen=True)
class Receipt:
    """What an office is told of a push."""

    push_id: str
    bulletin_id: str
    state: str
    final: bool
    code: str = ""
    revision: int | None = None
    refers_to: str = ""


@dataclass(frozen=True)
class Hit:
    """One hit of a search: the bulletin shown, and those listed under it."""

    bulletin_id: str
    revision: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Find:
    """The answer to a search for a marker, in one script."""

    marker: str
    phrase: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Shown:
    """What search answers for a bulletin or a revision of it; `text` is cleaned Simplified text."""

    status: int
    revision: int = 0
    push_id: str = ""
    text: str = ""


@dataclass(frozen=True)
class Observed:
    """Everything that was seen once nothing moved any more.

    `unanswered`: pushes that never got an answer. `odd`: answers that no client should ever get. `waiting`: records
    that still waited for a group. `listed`: each office's receipts in the order of its pages; `asked`: receipts asked
    for one by one. `shown`: by bulletin; `revisions`: by bulletin and revision.
    """

    acknowledged: Sequence[Acknowledged]
    unanswered: Sequence[Push]
    odd: Sequence[str]
    waiting: Mapping[str, int]
    raw: Sequence[RawPush]
    normalized: Sequence[Derived]
    extracted: Sequence[Derived]
    letters: Sequence[Letter]
    listed: Mapping[str, Sequence[Receipt]]
    asked: Mapping[str, Receipt]
    finds: Sequence[Find]
    shown: Mapping[str, Shown]
    revisions: Mapping[tuple[str, int], Shown]
