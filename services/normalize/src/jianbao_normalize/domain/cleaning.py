"""One clean Simplified text out of a push's bytes, every character traceable to what was read.

The order of the steps matters; each says why it stands where it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jianbao_contracts.base import Script
from jianbao_contracts.normalized_bulletin import AlignmentRun, Damage, Removed
from jianbao_normalize.domain.copies import without_copies
from jianbao_normalize.domain.damage import DamagedPlace, mend
from jianbao_normalize.domain.furniture import furniture_spans
from jianbao_normalize.domain.joins import join_edits
from jianbao_normalize.domain.reading import UnreadableError, read
from jianbao_normalize.domain.spacing import plain_spaces, spacing_edits
from jianbao_normalize.domain.stripping import Draft, strip_bullets, strip_noise
from jianbao_normalize.domain.wrapping import unwrap_edits
from jianbao_text.alignment import Edited
from jianbao_text.script import script_of, to_simplified, variant_of
from jianbao_text.width import restore_punctuation

__all__ = ["CleanText", "UnreadableError", "clean"]

_LETTER = re.compile(r"\w")
_JOINING_PASSES = 8
"""Real documents settle in the second pass; a bound keeps a hostile one linear."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """The result of cleaning; fields as in the contract `NormalizedBulletin`."""

    text: str
    original: str
    alignment: list[AlignmentRun]
    script: Script
    paragraph_scripts: list[Script | None]
    charset: str
    removed: list[Removed] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    copies_of_body: int = 1


def clean(content: bytes, *, media_type: str, charset: str | None) -> CleanText:
    """Return the content as one clean Simplified text, one paragraph a line.

    Raises:
        UnreadableError: `empty_text` (nothing legible in it), `not_text`, `unsupported_media_type`.
    """
    reading = read(content, media_type=media_type, charset=charset)
    # Evidence of damage, such as `?shù)`, would be destroyed by the steps that follow: mend first.
    draft = strip_bullets(Draft(Edited.of(reading.text)))
    text, places = mend(draft.text)
    draft = strip_noise(draft.with_text(text)).without_annotations()
    draft = draft.with_text(draft.text.with_text(plain_spaces(draft.text.text))).without_markdown()
    draft = draft.edited(unwrap_edits(draft.text.text))
    draft = _joined(_set(draft))
    simplified, scripts = _in_simplified(draft.text)
    if not _LETTER.search(simplified.text):
        raise UnreadableError("empty_text", "nothing legible is left once markup and blanks are out")
    kept = without_copies(simplified, places)
    script = _script_of_body(simplified.text, scripts)
    scripts = [scripts[line] for line in kept.lines]
    removed = draft.removed + [Removed(start=s, end=e, kind="repeated_text") for s, e in kept.removed]
    return CleanText(
        text=kept.text.text,
        original=reading.text,
        alignment=kept.text.alignment().runs,
        script=script,
        paragraph_scripts=scripts,
        charset=reading.charset,
        removed=sorted(removed, key=lambda stretch: (stretch.start, stretch.end)),
        damage=_reported(kept.text, kept.places),
        copies_of_body=kept.copies,
    )


def _set(draft: Draft) -> Draft:
    """Set punctuation and blanks as an editor would, one line end between lines, no furniture of the page."""
    text = draft.text.with_text(restore_punctuation(draft.text.text))
    draft = draft.with_text(text.edit(spacing_edits(text.text)))
    return draft.without(furniture_spans(draft.text.text), "page_furniture")


def _joined(draft: Draft) -> Draft:
    """Join cut sentences until none is left: what two cuts left of a sentence may only together look like one."""
    for _ in range(_JOINING_PASSES):
        edits, numbers = join_edits(draft.text.text)
        if not edits:
            break
        draft = _set(draft.noting(numbers, "page_furniture").edited(edits))
    return draft


def _in_simplified(edited: Edited) -> tuple[Edited, list[Script | None]]:
    """Convert paragraph by paragraph: a brand name in Traditional is no reason to convert a name beside it."""
    paragraphs = edited.text.split("\n")
    scripts: list[Script | None] = [script_of(paragraph) for paragraph in paragraphs]
    foreign = [p for p, script in zip(paragraphs, scripts, strict=True) if script in ("traditional", "mixed")]
    if not foreign:
        return edited, scripts
    variant = variant_of("\n".join(foreign))
    follow = _script_of_body(edited.text, scripts) == "traditional"
    converted = [
        to_simplified(paragraph, variant)
        if script in ("traditional", "mixed") or (follow and script is None)
        else paragraph
        for paragraph, script in zip(paragraphs, scripts, strict=True)
    ]
    return edited.with_text("\n".join(converted)), scripts


def _script_of_body(text: str, scripts: list[Script | None]) -> Script:
    """The script of nine tenths of the characters that tell, weighed by paragraph; where none tells, Simplified."""
    weight: dict[Script, int] = {"simplified": 0, "traditional": 0, "mixed": 0}
    for paragraph, script in zip(text.split("\n"), scripts, strict=True):
        if script is not None:
            weight[script] += len(paragraph)
    told = sum(weight.values())
    if weight["traditional"] > 0.9 * told:
        return "traditional"
    return "simplified" if weight["simplified"] >= 0.9 * told else "mixed"


def _reported(text: Edited, places: list[DamagedPlace]) -> list[Damage]:
    damage = []
    for place in places:
        start, end = text.located(place.start, place.end)
        damage.append(
            Damage(start=start, end=end, original_start=place.start, original_end=place.end, kind=place.kind,
                   restored=place.restored, evidence=place.evidence)
        )  # fmt: skip
    return damage
