"""Where a reader stands in a list of hits, as an opaque string.

It holds the search it belongs to, the snapshot of the index it was made on and the last hit's key. While that snapshot
is kept, the next page continues exactly; afterwards it continues behind the key in the index as it is now.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from jianbao_search.domain.collapse import Key
from jianbao_search.domain.filters import InvalidQueryError


@dataclass(frozen=True, slots=True)
class Cursor:
    """`search` is the fingerprint of query, filters and order; `snapshot` names a state of the index."""

    search: str
    snapshot: str
    key: Key

    def written(self) -> str:
        """Return the cursor as it goes into an address."""
        plain = json.dumps([self.search, self.snapshot, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(written: str, search: str) -> Cursor:
    """Return a cursor for the search with this fingerprint. Raises InvalidQueryError where it belongs to none or another."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        of, snapshot, first, sequence, cluster = plain
        cursor = Cursor(str(of), str(snapshot), (float(first), int(sequence), int(cluster)))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise InvalidQueryError("cursor", "翻页标记无效，请从第一页重新检索。") from error
    if cursor.search != search:
        raise InvalidQueryError("cursor", "翻页标记属于另一次检索，请从第一页重新检索。")
    return cursor


def fingerprint(understood: str, filters: Mapping[str, str], sort: str) -> str:
    """Return what tells one search from another: its query as understood, its filters and its order."""
    plain = json.dumps([understood, dict(filters), sort], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
