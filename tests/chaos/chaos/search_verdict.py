"""What search must find, show, and no longer show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from chaos.contents import Content
from chaos.model import Revision, Story
from chaos.observed import Find, Observed, Shown
from chaos.violations import Violation

WITHDRAWN, UNKNOWN = 410, 404


def verify(observed: Observed, told: Mapping[str, Story], contents: Mapping[str, Content]) -> Iterator[Violation]:
    """Yield what is wrong with the answers of search."""
    living: dict[str, set[str]] = defaultdict(set)
    for story in told.values():
        if story.living and story.living.content:
            living[story.living.content.marker].add(story.bulletin_id)
    known = {content.marker for content in contents.values() if content.marker}
    for find in observed.finds:
        if find.marker in known:
            yield from _find(find, living[find.marker], told)
    asked = {find.marker for find in observed.finds}
    for marker in sorted(known - asked):
        yield Violation("lost", marker, "was never searched for")
    for bulletin_id, story in told.items():
        yield from _shown(story, observed.shown.get(bulletin_id))
        for revision in story.revisions:
            yield from _revision(story, revision, observed.revisions.get((bulletin_id, revision.number)))


def _find(find: Find, living: set[str], told: Mapping[str, Story]) -> Iterator[Violation]:
    found = {bulletin_id for hit in find.hits for bulletin_id in (hit.bulletin_id, *hit.others)}
    for bulletin_id in sorted(found - living):
        yield Violation("invented", bulletin_id, f"is found by {find.phrase} and must not be")
    for bulletin_id in sorted(living - found):
        yield Violation("lost", bulletin_id, f"is not found by {find.phrase}")
    if living and (find.total > 1 or len(find.hits) > 1):
        yield Violation("twice", find.phrase, f"{find.total} hits for one text: {find.hits}")
    for hit in find.hits:
        shown = told[hit.bulletin_id].living if hit.bulletin_id in told else None
        if shown and hit.revision != shown.number:
            yield Violation("wrong", hit.bulletin_id, f"found as revision {hit.revision}, living is {shown.number}")


def _shown(story: Story, shown: Shown | None) -> Iterator[Violation]:
    if story.living:
        wanted = Shown(200, story.living.number, story.living.push.push_id)
    else:
        wanted = Shown(WITHDRAWN if story.last else UNKNOWN)
    if shown is None or (shown.status, shown.revision, shown.push_id) != (
        wanted.status,
        wanted.revision,
        wanted.push_id,
    ):
        yield Violation("wrong", story.bulletin_id, f"search must answer {wanted}, answers {shown}")


def _revision(story: Story, revision: Revision, shown: Shown | None) -> Iterator[Violation]:
    about = f"{story.bulletin_id}/{revision.number}"
    if not revision.extracted:
        if shown is None or shown.status != UNKNOWN:
            yield Violation("invented", about, f"search answers {shown} for a revision that never reached it")
        return
    if revision.content is not None and revision.number < story.withdrawn_up_to:
        if shown is None or shown.status != WITHDRAWN:
            yield Violation("invented", about, f"search answers {shown and shown.status} for what was withdrawn")
        return
    if shown is None or shown.status != 200:
        yield Violation("lost", about, f"the revision cannot be read: {shown}")
    elif (shown.revision, shown.push_id) != (revision.number, revision.push.push_id):
        yield Violation("wrong", about, f"search answers revision {shown.revision} of push {shown.push_id}")
    elif revision.content is None and shown.text:
        yield Violation("wrong", about, "a retraction has a text")
    elif revision.content is not None and revision.content.marker not in shown.text:
        yield Violation("wrong", about, f"its text lacks {revision.content.marker}")
