"""A running Jianbao for tests: the real processes over a folder of its own, spoken to over HTTP only."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from jianbao_standalone.office_keys import local_key
from jianbao_streaming import StoredRecord
from jianbao_streaming.engine import open_embedded

T = TypeVar("T")

FINAL = {"searchable", "repeated", "superseded", "withdrawn", "rejected", "dead_lettered", "dropped"}


def until(look: Callable[[], T | None], what: str, patience_s: float = 60.0) -> T:
    """Return what `look` finds as soon as it finds something; fail, saying what was waited for, after `patience_s`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {patience_s:.0f} s for {what}")


@dataclass
class Running:
    """A Jianbao that runs over `data`."""

    data: Path
    process: subprocess.Popen[str]
    http: httpx.Client

    def told(self, name: str) -> dict[str, Any] | None:
        """What a process announced, or None."""
        try:
            return dict(json.loads((self.data / "run" / f"{name}.json").read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def url(self, name: str) -> str:
        told = self.told(name)
        assert told, f"{name} has told no address"
        return f"http://127.0.0.1:{told['port']}"

    def key(self, office: str) -> str:
        """A valid key of an office, made at first use and known to ingest when this returns."""
        engine = open_embedded(self.data, durable=True)
        try:
            key = local_key(self.data, engine.log, office)
        finally:
            engine.close()
        headers = {"Authorization": f"Bearer {key}"}
        url = f"{self.url('ingest-api')}/v1/receipts"
        until(lambda: self.http.get(url, headers=headers).status_code != 401 or None, f"ingest to know {office}")
        return key

    def push(self, office: str, document_id: str, content: bytes, **options: Any) -> httpx.Response:
        """One push; options: media_type, idempotency_key, and query parameters."""
        headers = {
            "Authorization": f"Bearer {self.key_of(office)}",
            "Content-Type": options.pop("media_type", "text/plain"),
        }
        if key := options.pop("idempotency_key", None):
            headers["Idempotency-Key"] = key
        query = {"document_id": document_id, "source": document_id, **options}
        return self.patiently(
            lambda: self.http.post(
                f"{self.url('ingest-api')}/v1/bulletins", params=query, content=content, headers=headers
            )
        )

    def retract(self, office: str, bulletin_id: str, idempotency_key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key_of(office)}"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        return self.patiently(
            lambda: self.http.delete(f"{self.url('ingest-api')}/v1/bulletins/{bulletin_id}", headers=headers)
        )

    def key_of(self, office: str) -> str:
        keys: dict[str, str] = self.__dict__.setdefault("_keys", {})
        if office not in keys:
            keys[office] = self.key(office)
        return keys[office]

    def patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask again while a process is being restarted, as any client must."""

        def once() -> httpx.Response | None:
            try:
                answer = ask()
            except httpx.TransportError:
                return None
            return None if answer.status_code == 503 else answer

        return until(once, "an answer")

    def receipt(self, office: str, push_id: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key_of(office)}"}
        answer = self.patiently(
            lambda: self.http.get(f"{self.url('ingest-api')}/v1/receipts/{push_id}", headers=headers)
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def final(self, office: str, push_id: str, *states: str, patience_s: float = 60.0) -> dict[str, Any]:
        """The receipt once it is in one of `states` (default: any final one)."""
        wanted = set(states) or FINAL
        last: dict[str, Any] = {}

        def look() -> dict[str, Any] | None:
            last.update(self.receipt(office, push_id))
            return last if last["state"] in wanted else None

        try:
            return until(look, f"{push_id} to be {wanted}", patience_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {last}") from None

    def search(self, query: str, **filters: Any) -> dict[str, Any]:
        url = f"{self.url('search-api')}/v1/search?{urllib.parse.urlencode({'q': query, **filters})}"
        answer = self.patiently(lambda: self.http.get(url))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str) -> httpx.Response:
        return self.patiently(lambda: self.http.get(f"{self.url('search-api')}{path}"))

    def bulletin(self, bulletin_id: str) -> dict[str, Any]:
        """The extracted bulletin as search shows it."""
        answer = self.get(f"/v1/bulletins/{bulletin_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["bulletin"])

    def records(self, topic: str) -> list[StoredRecord]:
        """All records of a topic."""
        engine = open_embedded(self.data)
        reader = engine.log.reader([topic])
        found: list[StoredRecord] = []
        while batch := reader.poll(1000, 0):
            found += batch
        reader.close()
        engine.close()
        return found


@contextmanager
def running(data: Path, *options: str) -> Iterator[Running]:
    """Start `jianbao up` over `data` on free ports, and stop it as Ctrl-C would."""
    command = [
        sys.executable,
        "-m",
        "jianbao_standalone",
        "up",
        "--data",
        str(data),
        "--ingest-port",
        "0",
        "--search-port",
        "0",
    ]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    with httpx.Client(timeout=30, trust_env=False) as http:
        jianbao = Running(data, process, http)
        try:
            until(lambda: is_ready(jianbao), "jianbao up to be ready", 120)
            yield jianbao
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def is_ready(jianbao: Running) -> bool:
    assert jianbao.process.poll() is None, "jianbao up ended"
    told = jianbao.told("up")
    return told is not None and told["pid"] == jianbao.process.pid
