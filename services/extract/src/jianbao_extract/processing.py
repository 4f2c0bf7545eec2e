"""One normalized bulletin to one extracted bulletin: what the stage and the command line both call."""

from __future__ import annotations

from datetime import datetime

from jianbao_contracts import BulletinFacts, ExtractedBulletin, NormalizedBulletin, ProducedBy
from jianbao_extract import RULES, service_version
from jianbao_extract.domain.extraction import Extraction, extract


def process(normalized: NormalizedBulletin, *, at: datetime) -> ExtractedBulletin:
    """Return the extracted bulletin of the same revision and generation, made `at` (UTC).

    The same event and the same moment give the same result, byte for byte. A retraction has empty lists.
    """
    nothing = Extraction(bulletin=BulletinFacts(), articles=[], captions=[], advertisements=[])
    found = extract(normalized) if normalized.operation == "publish" else nothing
    return ExtractedBulletin(
        bulletin_id=normalized.bulletin_id,
        revision=normalized.revision,
        push_id=normalized.push_id,
        operation=normalized.operation,
        office=normalized.office,
        source=normalized.source,
        declared=normalized.declared,
        text=normalized.text,
        original=normalized.original,
        alignment=normalized.alignment,
        removed=normalized.removed,
        damage=normalized.damage,
        script=normalized.script,
        relations=normalized.relations,
        cluster_id=normalized.cluster_id,
        duplicate_of=normalized.duplicate_of,
        sequence=normalized.sequence,
        received_at=normalized.received_at,
        bulletin=found.bulletin,
        articles=found.articles,
        captions=found.captions,
        advertisements=found.advertisements,
        generation=normalized.generation,
        produced_by=ProducedBy(service="extract", version=service_version(), rules=RULES),
        extracted_at=at,
    )
