"""What must become of the pushes of one bulletin: contracts.md, "Identity, revisions, retraction", read once more.

Within one lane the order of the log decides. Between the lanes only time and chance decide which is read first, so of a
bulletin that came by both every merging of its two logs is a possible story, and one of them must be the observed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from chaos.contents import Content
from chaos.observed import RawPush

MOST_STORIES = 5000
"""Mergings looked at; the generator gives both lanes to documents of few pushes only."""


@dataclass(frozen=True)
class Fate:
    """What the receipt of a push must say. `refers_to`: push ids of which it must link one; none: any, or no link."""

    state: str
    code: str = ""
    revision: int | None = None
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Revision:
    """One revision of a story. `content` is None for a retraction."""

    number: int
    push: RawPush
    content: Content | None

    @property
    def normalized(self) -> bool:
        """Whether `bulletins.normalized` must hold it."""
        return self.content is None or not (self.content.refused and self.content.refused_by == "normalize")

    @property
    def extracted(self) -> bool:
        """Whether `bulletins.extracted` must hold it, and search know it."""
        return self.content is None or not self.content.refused


@dataclass
class Story:
    """A bulletin's life: the fate of each push, and its revisions in order."""

    bulletin_id: str
    fates: dict[str, Fate] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    one_lane: bool = True

    @property
    def last(self) -> Revision | None:
        """The revision that search goes by: the highest that reached it."""
        return next((one for one in reversed(self.revisions) if one.extracted), None)

    @property
    def withdrawn_up_to(self) -> int:
        """The number of the latest retraction; what was published before it is shown to nobody. 0: none."""
        return max((one.number for one in self.revisions if one.content is None), default=0)

    @property
    def living(self) -> Revision | None:
        """The revision that search must show, or None."""
        return self.last if self.last and self.last.content else None


def tell(bulletin_id: str, order: Sequence[RawPush], contents: Mapping[str, Content]) -> Story:
    """Return the story of a bulletin whose pushes are decided in this order; `contents` by SHA-256."""
    story = Story(bulletin_id, one_lane=len({push.lane for push in order}) < 2)
    latest: RawPush | None = None
    for push in order:
        if push.push_id in story.fates:
            continue
        story.fates[push.push_id], decides = _decided(story, push, latest, contents)
        latest = push if decides else latest
    _overtake(story)
    return story


def _decided(story: Story, push: RawPush, latest: RawPush | None, contents: Mapping[str, Content]) -> tuple[Fate, bool]:
    """Return what normalize makes of a push, and whether later ones of another lane are measured by its time."""
    standing = [one for one in story.revisions if not _rejected(one)]
    if push.operation == "retract":
        if not standing:
            return Fate("repeated", "nothing_to_withdraw"), True
        if standing[-1].content is None:
            return Fate("repeated", "already_withdrawn", refers_to=(standing[-1].push.push_id,)), True
    elif not push.revert:
        same = [one.push for one in standing if one.content and one.push.sha256 == push.sha256]
        if same:
            code = "repeated_content" if same[-1].declared == push.declared else "repeated_declaration"
            return Fate("repeated", code, refers_to=tuple(one.push_id for one in same)), False
    if latest is not None and push.lane != latest.lane and push.received_at < latest.received_at:
        return Fate("superseded", "arrived_late", refers_to=(latest.push_id,)), False
    content = contents[push.sha256] if push.operation == "publish" else None
    number = len(story.revisions) + 1
    story.revisions.append(Revision(number, push, content))
    return _own_fate(content, number), True


def _rejected(revision: Revision) -> bool:
    return revision.content is not None and revision.content.refused == "duplicate_rejected"


def _own_fate(content: Content | None, number: int) -> Fate:
    """Return the fate of a revision that no later one touches."""
    if content is None:
        return Fate("withdrawn", "withdrawn", number)
    if content.refused == "duplicate_rejected":
        return Fate("rejected", content.refused, number)
    return (
        Fate("dead_lettered", content.refused, number) if content.refused else Fate("searchable", "searchable", number)
    )


def _overtake(story: Story) -> None:
    """A publication that search knows ends as what the next revision that search knows made of it."""
    known = [one for one in story.revisions if one.extracted]
    for one, after in pairwise(known):
        if one.content is not None:
            state = "superseded" if after.content else "withdrawn"
            story.fates[one.push.push_id] = Fate(state, state, one.number, (after.push.push_id,))


def stories(bulletin_id: str, raw: Sequence[RawPush], contents: Mapping[str, Content]) -> Iterator[Story]:
    """Yield every story that contracts allow for these raw records, the likeliest first."""
    live = [push for push in raw if push.lane == "live"]
    slow = [push for push in raw if push.lane != "live"]
    if not live or not slow:
        yield tell(bulletin_id, sorted(raw, key=lambda push: push.offset), contents)
        return
    yield tell(bulletin_id, sorted(raw, key=lambda push: push.received_at), contents)
    for order in islice(_mergings(live, slow), MOST_STORIES):
        yield tell(bulletin_id, order, contents)


def _mergings(one: Sequence[RawPush], other: Sequence[RawPush]) -> Iterator[list[RawPush]]:
    if not one or not other:
        yield [*one, *other]
        return
    for rest in _mergings(one[1:], other):
        yield [one[0], *rest]
    for rest in _mergings(one, other[1:]):
        yield [other[0], *rest]
