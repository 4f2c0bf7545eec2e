"""What a backup holds, as its manifest.json says. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from jianbao_contracts.base import Moment, Sha256
from jianbao_standalone.backup.errors import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
"""Raised when an older program could not read what a newer one wrote."""

PLACE = r"jianbao\.sqlite|payloads/[0-9a-f]{2}/[0-9a-f]{64}|keys/[a-z0-9][a-z0-9-]*\.key"
"""Files that a backup may hold; a manifest that names any other path could write outside of the data folder."""


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class BackedUpFile(_Written):
    """One file: its path below the backup, its size in bytes and the SHA-256 of what it holds."""

    path: Annotated[str, StringConstraints(pattern=rf"^({PLACE})$")]
    bytes: int
    sha256: Sha256


class BackedUpTopic(_Written):
    """A topic as the copied log holds it: records now, the first kept offset and the next one to be written."""

    records: int
    first: int
    end: int


class Manifest(_Written):
    """The table of contents of a backup. Everything acknowledged before `made_at` is in it."""

    format: int = FORMAT
    made_at: Moment
    product_version: str
    sqlite_version: str
    layouts: dict[str, int] = Field(description="version of each component's tables")
    data_folder: str = Field(description="where it was made from; only backups of the same folder replace each other")
    with_keys: bool
    topics: dict[str, BackedUpTopic]
    files: list[BackedUpFile]
    missing_payloads: list[str] = Field(
        default=[], description="payloads that the log refers to and that were lost or damaged before the backup"
    )

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.bytes for file in self.files)

    def to_json(self) -> str:
        """Return the manifest as it is written."""
        return self.model_dump_json(indent=1)


def parse_manifest(text: str, place: str) -> Manifest:
    """Return what a manifest says. Raises BackupError where it is none, or one of a newer program."""
    try:
        told = json.loads(text)
        if isinstance(told, dict) and int(told.get("format", 0)) > FORMAT:
            raise BackupError(
                f"{place} was made by a newer Jianbao ({told.get('product_version')}); upgrade this one, then try again"
            )
        return Manifest.model_validate(told)
    except (ValueError, TypeError, ValidationError) as error:
        raise BackupError(f"{place} is damaged ({_first_line(error)}); use another backup") from error


def newer_layouts(backed_up: Mapping[str, int], known: Mapping[str, int]) -> list[str]:
    """Return, as readable pairs, the components whose tables are newer in a backup than this program knows."""
    return [
        f"{component} {version} (this program knows {known.get(component, 0)})"
        for component, version in sorted(backed_up.items())
        if version > known.get(component, 0)
    ]


def age(made_at: datetime, now: datetime) -> str:
    """Return how old something is, in the largest unit that says it."""
    seconds = max(0.0, (now - made_at).total_seconds())
    for unit, length in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc']) or 'manifest'}: {first['msg']}"
    return str(error).splitlines()[0]
