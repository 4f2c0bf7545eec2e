"""Pushing made bulletins over HTTP, and waiting until their receipts are final."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from types import TracebackType

import httpx

from bench.bulletins import Made

BATCH, CONNECTIONS = 50, 4
ON_THE_WAY = "accepted,normalized,extracted"
PATIENCE_S = 1800.0
LOOK_EVERY_S = 0.5
"""Looks cost the ingest API something; at this pace it is a small share of what pushes cost."""


class Pusher:
    """Pushes to one ingest API over several connections, with a key for each office."""

    def __init__(self, url: str, keys: Mapping[str, str]) -> None:
        self._http = httpx.Client(base_url=url, timeout=120, trust_env=False)
        self._keys = keys
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def __enter__(self) -> Pusher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pool.shutdown()
        self._http.close()

    def push(self, several: Sequence[Made]) -> list[tuple[str, str]]:
        """Push bulletins in batches, as fast as they are taken; return office and push id of each."""
        by_office = sorted(several, key=lambda made: made.office)  # stable: an office's order stays
        offices = [list(group) for _, group in groupby(by_office, key=lambda made: made.office)]
        batches = [office[first : first + BATCH] for office in offices for first in range(0, len(office), BATCH)]
        return [pushed for answered in self._pool.map(self._push_batch, batches) for pushed in answered]

    def _push_batch(self, batch: Sequence[Made]) -> list[tuple[str, str]]:
        office = batch[0].office
        lines = [
            json.dumps({"document_id": made.document_id, "source": made.document_id, "content": made.text})
            for made in batch
        ]
        answer = self._http.post(
            "/v1/bulletins/batch", content="\n".join(lines).encode(), headers=self._headers(office)
        )
        answer.raise_for_status()
        told = answer.json()
        if told["refused"]:
            raise SystemExit(f"ingest refused bulletins: {told['items'][:3]}")
        return [(office, item["push_id"]) for item in told["items"]]

    def wait_until_final(self, pushed: Sequence[tuple[str, str]], meanwhile: Callable[[], None]) -> None:
        """Return once no push is on its way any more; `meanwhile` is called between looks."""
        deadline = time.monotonic() + PATIENCE_S
        last = dict(pushed)  # the last push of each office: once it is final, nearly all are
        for office, push_id in last.items():
            while self.state(office, push_id) in ON_THE_WAY or self._on_the_way(office):
                if time.monotonic() > deadline:
                    raise SystemExit(f"pushes of {office} are not final after {PATIENCE_S:.0f} s")
                meanwhile()
                time.sleep(LOOK_EVERY_S)

    def state(self, office: str, push_id: str) -> str:
        """Return the state of a push, as its receipt says."""
        answer = self._http.get(f"/v1/receipts/{push_id}", headers=self._headers(office))
        return str(answer.json()["state"]) if answer.status_code == httpx.codes.OK else "accepted"

    def _on_the_way(self, office: str) -> bool:
        answer = self._http.get("/v1/receipts", params={"state": ON_THE_WAY, "size": 1}, headers=self._headers(office))
        return bool(answer.raise_for_status().json()["receipts"])

    def _headers(self, office: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys[office]}"}
