"""Normalizing files without a server: the same handler, fed with pushes made on the spot.

A file's name is its `source` and its `document_id`: two files are two bulletins, whatever they hold. Over a store that
is kept (a folder), a file met again with the same content is read again, not pushed again, and answered as before; with
other content it is the next revision.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jianbao_contracts import Declared, NormalizedBulletin, RawPush, StageStatus, identity, notices
from jianbao_normalize.bootstrap import assemble
from jianbao_normalize.domain.clusters import Policy
from jianbao_normalize.handler import Normalizer
from jianbao_streaming import Clock, Emit, InvalidEvent, Skip, StoredRecord
from jianbao_streaming.events import raw_record
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.sqlite import DATABASE, connect

OFFICE = "local"
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to normalize. `media_type` and `charset` as an office would declare them."""

    name: str
    content: bytes
    media_type: str = "text/plain"
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class NotNormalized:
    """A file that made no revision. `code` is one of the notices; `message` and `action` are its words in Chinese."""

    source: str
    code: str
    message: str
    action: str
    reason: str


Normalized = NormalizedBulletin | NotNormalized


def normalize_files(files: Iterable[InputFile], *, clock: Clock, store: Path | None = None) -> Iterator[Normalized]:
    """Yield what became of each file, in the order given. `store`: the folder of known bulletins; None: a fresh one."""
    with offline_normalizer(store) as normalizer:
        yield from normalize_with(normalizer, files, clock=clock)


@contextmanager
def offline_normalizer(store: Path | None = None) -> Iterator[Normalizer]:
    """Open the handler over a folder (made if missing), or over a store that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jianbao-") as scratch:
        folder = store or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        connection = connect(folder / DATABASE)
        try:
            yield assemble(connection, FolderPayloads(Path(scratch) / "payloads"), offices=_Marked(), drops=_None())
        finally:
            connection.close()


def normalize_with(normalizer: Normalizer, files: Iterable[InputFile], *, clock: Clock) -> Iterator[Normalized]:
    """Yield what the handler makes of each file, in the order given."""
    batch: list[tuple[InputFile, StoredRecord]] = []
    for number, file in enumerate(files):
        batch.append((file, _stored(push_of(file, clock), number)))
        if len(batch) == AT_ONCE:
            yield from _answers(normalizer, batch)
            batch = []
    yield from _answers(normalizer, batch)


def push_of(file: InputFile, clock: Clock) -> RawPush:
    """Return the push that the office `local` would make of a file."""
    sha256 = hashlib.sha256(file.content).hexdigest()
    bulletin_id = identity.bulletin_id(OFFICE, file.name, sha256)
    return RawPush(
        push_id=identity.push_id(
            bulletin=bulletin_id,
            operation="publish",
            content_sha256=sha256,
            media_type=file.media_type,
            charset=file.charset,
            declared=Declared(),
            revert=False,
            idempotency_key=None,
        ),
        bulletin_id=bulletin_id,
        operation="publish",
        office=OFFICE,
        document_id=file.name,
        source=file.name,
        media_type=file.media_type,
        charset=file.charset,
        content=file.content,
        sha256=sha256,
        received_at=clock.now(),
    )


def _stored(push: RawPush, offset: int) -> StoredRecord:
    """The record as a log would hand it out. Its id is that of the push: the same file is a replay, not a resend."""
    record = raw_record(push, event_id=push.push_id)
    at = int(push.received_at.timestamp() * 1000)
    return StoredRecord(record.topic, 0, offset, at, record.key, record.value, record.headers)


def _answers(normalizer: Normalizer, batch: list[tuple[InputFile, StoredRecord]]) -> Iterator[Normalized]:
    outcomes = normalizer([record for _, record in batch])
    for (file, _), outcome in zip(batch, outcomes, strict=True):
        match outcome:
            case Emit(records):
                yield NormalizedBulletin.model_validate_json(records[0].value or b"")
            case Skip(reason, records):
                status = StageStatus.model_validate_json(records[0].value or b"") if records else None
                yield _not_normalized(file, status.detail.code if status and status.detail else reason, reason)
            case InvalidEvent(code=code, reason=reason):
                yield _not_normalized(file, code, reason)
            case error:
                yield _not_normalized(file, "internal_error", repr(error))


def _not_normalized(file: InputFile, code: str, reason: str) -> NotNormalized:
    words = notices.detail(code, reason)
    return NotNormalized(file.name, words.code, words.message, words.action, reason)


class _Marked:
    def policy(self, office: str) -> Policy:  # noqa: ARG002 - the port's signature
        return "mark"


class _None:
    def dropped(self, push_id: str) -> bool:  # noqa: ARG002 - the port's signature
        return False
