"""Identities: computed from what was pushed, so that any number of replicas agree without state.

Hashes are SHA-256, cut to 128 bits and written in hexadecimal: far beyond chance collisions for any number of bulletins.
"""

from __future__ import annotations

import hashlib
import json

from jianbao_contracts.base import Operation, Stage
from jianbao_contracts.raw_push import Declared

GENERATIONS = 1 << 20
"""Room for reprocessing runs between two revisions in an index version."""

_FIRST_DECLARED = ("title", "published_on", "region")
"""Declared facts that count whether given or not. A later one counts only where it is given, so that no push of an
office that does not know it gets another id."""


def _short_hash(*parts: object) -> str:
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def bulletin_id(office: str, document_id: str | None, content_sha256: str) -> str:
    """Return `<office>.<hash>` of the office's own document id or, if it gives none, of the content."""
    named = ("document", document_id) if document_id is not None else ("content", content_sha256)
    return f"{office}.{_short_hash(*named)}"


def office_of(bulletin: str) -> str:
    """Return the office that a bulletin id belongs to, without any look-up."""
    return bulletin.partition(".")[0]


def push_id(
    *,
    bulletin: str,
    operation: Operation,
    content_sha256: str,
    media_type: str,
    charset: str | None,
    declared: Declared,
    revert: bool,
    idempotency_key: str | None,
) -> str:
    """Return the id under which the same push, sent again, is known again.

    A retraction or a revert without an Idempotency-Key must be given a random one by the caller: it is a new act each
    time, whatever was done before.
    """
    facts = _facts(declared)
    return _short_hash(bulletin, operation, content_sha256, media_type, charset, facts, revert, idempotency_key)


def declaration_id(declared: Declared) -> str:
    """Return what tells one declaration of an office from another."""
    return _short_hash("declared", _facts(declared))


def _facts(declared: Declared) -> dict[str, object]:
    return {**dict.fromkeys(_FIRST_DECLARED), **declared.model_dump(mode="json", exclude_defaults=True)}


def event_id(bulletin: str, revision: int, generation: int) -> str:
    """Return the `ce_id` of a derived event: what a consumer removes repeats by."""
    return f"{bulletin}/{revision}/{generation}"


def revision_key(bulletin: str, revision: int) -> str:
    """Return the record key of a derived event: compaction keeps the latest generation of every revision."""
    return f"{bulletin}/{revision}"


def status_key(push: str, stage: Stage, generation: int) -> str:
    """Return the record key of a status: compaction keeps the latest word of each stage."""
    return f"{push}/{stage}/{generation}"


def article_id(bulletin: str, position: int) -> str:
    """Return the id of the article at `position` (from 1) of a bulletin."""
    return f"{bulletin}/{position}"


def index_version(revision: int, generation: int) -> int:
    """Return the version under which an index accepts a document (`external_gte`)."""
    return revision * GENERATIONS + generation
