"""A card: all that is shown of a hit, stored with the document it belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from jianbao_search.domain.passages import Passage


@dataclass(frozen=True, slots=True)
class Card:
    """`article_id` is None for what stands in no article. `title_original` is the title as printed, where it is known.

    `lead` is where the passages stop being title and begin to be body, as an offset in the bulletin's text.
    """

    bulletin_id: str
    article_id: str | None
    revision: int
    office: str
    source: str
    series: str | None
    issue: dict[str, int | None]
    published_on: str | None
    kind: str
    script: str
    title: str
    title_passages: tuple[Passage, ...]
    regions: tuple[str, ...]
    cluster_id: str
    passages: tuple[Passage, ...]
    lead: int

    def to_json(self) -> bytes:
        """Return the card as it is stored in the index."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        plain["title_passages"] = [_plain(one) for one in self.title_passages]
        plain["passages"] = [_plain(one) for one in self.passages]
        written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        return written.encode("utf-8", "surrogatepass")


def card_from_json(stored: bytes) -> Card:
    """Return a stored card."""
    fields = json.loads(stored.decode("utf-8", "surrogatepass"))
    return Card(
        **{
            **fields,
            "title_passages": tuple(_passage(one) for one in fields["title_passages"]),
            "passages": tuple(_passage(one) for one in fields["passages"]),
            "regions": tuple(fields["regions"]),
        }
    )


def _plain(passage: Passage) -> dict[str, object]:
    return {name: getattr(passage, name) for name in passage.__slots__}


def _passage(fields: dict[str, object]) -> Passage:
    runs = fields.pop("runs")
    assert isinstance(runs, list)  # noqa: S101 - written by to_json above
    return Passage(**fields, runs=tuple((a, b, c, d) for a, b, c, d in runs))  # type: ignore[arg-type]
