"""What an office declares of its bulletin stands in where the text itself does not tell; it never overrules the text."""

from __future__ import annotations

from jianbao_contracts import ExtractedBulletin


def published_on(event: ExtractedBulletin) -> str | None:
    """Return the day of publication as an ISO date, or None."""
    day = event.declared.published_on
    return event.bulletin.published_on or (day.isoformat() if day else None)


def home(event: ExtractedBulletin) -> str | None:
    """Return the region that the bulletin comes from, six digits, or None."""
    return event.bulletin.adcode or event.declared.region
