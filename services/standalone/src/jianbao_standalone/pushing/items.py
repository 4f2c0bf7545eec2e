"""What is to be pushed: files, folders, or the entries of a manifest, in order, with what is expected of each."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from jianbao_standalone.pushing.files import Told, documents_below, left_by_a_program

Duplicates = Literal["mark", "accept", "reject"]
Lane = Literal["live", "backfill"]
UNKNOWN_TYPE = "application/octet-stream"


class ManifestError(Exception):
    """The manifest cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class PushItem:
    """One push. What is expected, and how its office has duplicates treated, is known for entries of a manifest only.

    `title`, `published_on` and `region` are what the office declares of the document, as ingest reads them.
    """

    document_id: str
    office: str
    operation: Literal["publish", "retract"] = "publish"
    path: Path | None = None
    office_name: str | None = None
    media_type: str = "text/plain"
    idempotency_key: str | None = None
    exercises: str = ""
    expected_state: str | None = None
    expected_code: str | None = None
    expected_duplicate_of: tuple[str, str] | None = None
    revert: bool = False
    office_duplicates: Duplicates | None = None
    title: str | None = None
    published_on: str | None = None
    region: str | None = None
    lane: Lane | None = None

    @property
    def source(self) -> str:
        """The file name that the office's receipt will show."""
        return self.path.name if self.path else ""


@dataclass(frozen=True, slots=True)
class ExpectedSearch:
    """A query of a manifest, and the document that must be among its hits, or must not (`absent`).

    `other_office`: the office whose copy of the document must stand under the same hit.
    """

    query: str
    office: str
    document_id: str
    other_office: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """Pushes in order, and what must be found once all are final."""

    items: list[PushItem]
    searches: list[ExpectedSearch]


def media_type_of(path: Path) -> str:
    """Return the media type that a file's name stands for: a hint only, ingest and normalize look at the content."""
    return mimetypes.guess_type(path.name)[0] or UNKNOWN_TYPE


def items_of_paths(paths: Sequence[Path], office: str, told: Told) -> Iterator[PushItem]:
    """Yield the files of files and folders in a stable order; `told` hears what is passed over: see `pushing.files`.

    A file's document id is its name; below a folder it is the path from there, prefixed by the folder's name where
    several paths are given.
    """
    for path in paths:
        if not path.is_dir():
            if left_by_a_program(path.name):
                told(f"passed over {path}: left there by a program, no document")
                continue
            yield PushItem(path.name, office, path=path, media_type=media_type_of(path))
            continue
        for file in documents_below(path, told):
            document_id = file.relative_to(path).as_posix()
            if len(paths) > 1:
                document_id = f"{path.resolve().name}/{document_id}"
            yield PushItem(document_id, office, path=file, media_type=media_type_of(file))


def read_manifest(path: Path) -> Manifest:
    """Return what a manifest lists. Raises ManifestError."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        items = [_item(path, number, entry) for number, entry in enumerate(told["pushes"])]
        searches = [_search(entry) for entry in told.get("searches", [])]
        searches += [_search(entry, absent=True) for entry in told.get("absent", [])]
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path}: cannot be read as JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise ManifestError(f"{path}: an entry lacks {error}") from error
    return Manifest(items, searches)


def _search(entry: dict[str, str], *, absent: bool = False) -> ExpectedSearch:
    prefix = "" if absent else "expect_"
    office, document = entry[f"{prefix}office"], entry[f"{prefix}document_id"]
    return ExpectedSearch(entry["query"], office, document, entry.get("expect_other_office"), absent)


def _item(manifest: Path, number: int, entry: dict[str, Any]) -> PushItem:
    operation = entry.get("operation", "publish")
    if operation not in ("publish", "retract"):
        raise ManifestError(f"{manifest}: push {number}: operation {operation!r} is neither publish nor retract")
    path = manifest.parent / entry["file"] if entry.get("file") else None
    if operation == "publish" and (path is None or not path.is_file()):
        raise ManifestError(f"{manifest}: push {number}: no such file {path}")
    original = entry.get("expected_duplicate_of")
    return PushItem(
        document_id=entry["document_id"],
        office=entry["office"],
        operation="retract" if operation == "retract" else "publish",
        path=path,
        office_name=entry.get("office_name"),
        media_type=entry.get("media_type") or (media_type_of(path) if path else "text/plain"),
        # A retraction or a revert is a new act each time unless it carries a key; a manifest pushed twice must mean the
        # same acts.
        idempotency_key=entry.get(
            "idempotency_key", f"manifest-{number}" if operation == "retract" or entry.get("revert") else None
        ),
        exercises=entry.get("exercises", ""),
        expected_state=entry.get("expected_state"),
        expected_code=entry.get("expected_code"),
        expected_duplicate_of=(original["office"], original["document_id"]) if original else None,
        revert=entry.get("revert") is True,
        office_duplicates=_duplicates(manifest, number, entry.get("office_duplicates")),
    )


def _duplicates(manifest: Path, number: int, told: object) -> Duplicates | None:
    for known in get_args(Duplicates):
        if told == known:
            return cast("Duplicates", known)
    if told is not None:
        raise ManifestError(f"{manifest}: push {number}: office_duplicates {told!r} is none of {get_args(Duplicates)}")
    return None
