"""Fixtures of the ingest tests: the API over the real embedded engine in a folder of its own."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from jianbao_contracts import Office, OfficeKey, RawPush, StageStatus, State, topics
from jianbao_ingest.adapters.sqlite_receipts import SqliteReceipts
from jianbao_ingest.bootstrap import application
from jianbao_ingest.handler import ReceiptsHandler
from jianbao_ingest.settings import Settings
from jianbao_streaming import Record
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.events import office_record, parse, status_record
from jianbao_streaming.sqlite import DATABASE, connect

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RAW_TOPICS = [topics.RAW, topics.RAW_BACKFILL]
RECEIPT_TOPICS = [topics.STATUS, *RAW_TOPICS]


def office_event(name: str, key: str, *, revoked: bool = False, role: str = "office") -> Record:
    sha256 = hashlib.sha256(key.encode()).hexdigest()
    known = OfficeKey(sha256=sha256, created_at=NOW, revoked_at=NOW if revoked else None)
    return office_record(Office(office=name, name=name, keys=[known], role=role, changed_at=NOW))


class Client:
    """A client of the application itself, without a socket; its event loop runs in another thread."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        transport = ASGITransport(app, raise_app_exceptions=False)
        self._client = AsyncClient(transport=transport, base_url="http://ingest")
        self.portal = portal
        self.resources = app.state.resources

    def request(self, method: str, path: str, **more: object) -> Response:
        return self.portal.call(partial(self._client.request, method, path, **more))

    def look_at_progress(self) -> threading.Event:
        """An event that is set once a request has asked where the raw topics end."""
        asked, progress = threading.Event(), self.resources.progress
        ends = progress.ends

        def observed() -> dict[str, int]:
            found = ends()
            asked.set()
            return found

        progress.ends = observed
        return asked


@dataclass
class Ingest:
    """The API, the log behind it, and the receipts process run step by step."""

    client: Client
    engine: Engine
    data: Path
    key: str = "hubei-key"

    def __post_init__(self) -> None:
        self.member = self.engine.log.join("receipts", RECEIPT_TOPICS)
        self.handler = ReceiptsHandler(SqliteReceipts(connect(self.data / DATABASE)))

    def headers(self, **more: str | bytes) -> dict[str, str | bytes]:
        return {"Authorization": f"Bearer {self.key}"} | {name.replace("_", "-"): value for name, value in more.items()}

    def push(self, content: bytes, headers: dict[str, str | bytes] | None = None, **query: str) -> Response:
        return self.client.request(
            "POST", "/v1/bulletins", params=query, content=content, headers=self.headers(**(headers or {}))
        )

    def batch(self, *items: object, **query: str) -> Response:
        lines = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
        body = b"\n".join(lines)
        return self.client.request("POST", "/v1/bulletins/batch", params=query, content=body, headers=self.headers())

    def get(self, path: str, **query: str) -> Response:
        return self.client.request("GET", path, params=query, headers=self.headers())

    def add_office(self, name: str, key: str, *, revoked: bool = False) -> None:
        self.engine.log.append([office_event(name, key, revoked=revoked)])

    def raw(self) -> list[RawPush]:
        """All pushes that the log holds."""
        reader = self.engine.log.reader(RAW_TOPICS)
        found: list[RawPush] = []
        while batch := reader.poll(500, 0):
            found += [parse(record, RawPush) for record in batch]
        reader.close()
        return found

    def say(self, push: dict[str, str], stage: str, state: State, **more: object) -> StageStatus:
        """Let a stage say a word on a push."""
        status = StageStatus(
            push_id=push["push_id"],
            bulletin_id=push["bulletin_id"],
            office=push["bulletin_id"].partition(".")[0],
            stage=stage,
            state=state,
            **{"at": NOW, **more},
        )
        self.engine.log.append([status_record(status)])
        return status

    def keep_receipts(self) -> None:
        """Let the receipts process handle all that waits."""
        while batch := self.member.poll(500, 0):
            self.handler(batch)
            self.member.commit(batch, [])


@pytest.fixture
def ingest(tmp_path: Path) -> Iterator[Ingest]:
    data = tmp_path / "data folder"
    engine = open_embedded(data)
    engine.log.append(
        [
            office_event("hubei-wmb", "hubei-key"),
            office_event("hebei-wmb", "hebei-key"),
            office_event("archive", "reader-key", role="reader"),
            office_event("old-office", "revoked-key", revoked=True),
        ]
    )
    with application(Settings(data=data)) as app, start_blocking_portal() as portal:
        opened = Ingest(Client(app, portal), engine, data)
        yield opened
        opened.member.close()
    engine.close()
