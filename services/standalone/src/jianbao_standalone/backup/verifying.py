"""Proving that a backup is whole: hashes, structure of the database, and every payload that the log refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import apsw

from jianbao_standalone.backup import names, snapshot
from jianbao_standalone.backup.contents import payload_path
from jianbao_standalone.backup.errors import BackupError, why
from jianbao_standalone.backup.files import sha256_of
from jianbao_standalone.backup.manifest import MANIFEST, Manifest, parse_manifest
from jianbao_streaming.sqlite import DATABASE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `problems` make the backup unusable, `notes` are known and tolerable."""

    manifest: Manifest
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_manifest(folder: Path) -> Manifest:
    """Return a backup's table of contents. Raises BackupError where the folder is no complete backup."""
    if not folder.is_dir():
        raise BackupError(f"no backup at {folder}; give the folder that `jianbao backup` printed")
    if folder.name.endswith(names.UNFINISHED):
        raise BackupError(f"{folder} was never finished: it is what an interrupted backup left; use another backup")
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        inside = sorted(path.name for path in folder.iterdir() if names.is_complete(path.name))
        hint = f"it holds backups, give one of them, e.g. {folder / inside[-1]}" if inside else "it is no backup"
        raise BackupError(f"{folder} has no {MANIFEST}; {hint}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        raise BackupError(f"{folder / MANIFEST} cannot be read: {reason}") from error
    return parse_manifest(text, str(folder / MANIFEST))


def verify(folder: Path) -> Verdict:
    """Read a backup through and through. Raises BackupError where it has no usable manifest."""
    verdict = Verdict(read_manifest(folder))
    for file in verdict.manifest.files:
        try:
            found = sha256_of(folder / file.path)
        except OSError as error:
            verdict.problems.append(f"{file.path} cannot be read: {why(error)}")
            continue
        if found != (file.bytes, file.sha256):
            verdict.problems.append(f"{file.path} is damaged: it does not hold what the manifest says")
    if not verdict.problems:
        verdict.problems.extend(contradictions(folder / DATABASE, verdict.manifest))
    if lost := verdict.manifest.missing_payloads:
        verdict.notes.append(
            f"{len(lost)} payloads were already lost or damaged when it was made, e.g. {lost[0]}: their bulletins end"
            " as dead letters (content_missing) until the offices push them again"
        )
    return verdict


def contradictions(database: Path, manifest: Manifest) -> list[str]:
    """Return where a database that nobody writes is damaged or differs from the manifest."""
    try:
        connection = snapshot.open_to_read(database, still=True)
    except snapshot.READ_ERRORS as error:
        return [snapshot.unreadable(database, error)]
    try:
        if found := snapshot.damage(connection):
            return [f"the structure of {database.name} is damaged: {found}"]
        return list(_differences(connection, manifest))
    except snapshot.READ_ERRORS as error:
        return [snapshot.unreadable(database, error)]
    finally:
        connection.close()


def _differences(connection: apsw.Connection, manifest: Manifest) -> list[str]:
    wrong = []
    if snapshot.stored_layouts(connection) != manifest.layouts:
        wrong.append("the layout versions differ from the manifest")
    counted = {name: (topic.records, topic.first, topic.end) for name, topic in manifest.topics.items()}
    for name, topic in snapshot.topic_counts(connection).items():
        if counted.pop(name, None) != (topic.records, topic.first, topic.end):
            wrong.append(f"topic {name} holds other records than the manifest says")
    wrong += [f"topic {name} is missing from the database" for name in counted]
    there = {file.path for file in manifest.files}
    lost = set(manifest.missing_payloads)
    wrong += [
        f"payload {name} is missing: the log refers to it"
        for name in snapshot.payloads_referred_to(connection)
        if name not in lost and payload_path(name) not in there
    ]
    return wrong
