"""Speaking to a running Jianbao over HTTP, as any office or reader would."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from jianbao_contracts import Receipt, identity
from jianbao_standalone.push_items import PushItem

PATIENCE_S = 60.0
"""How long a service that is away or busy is tried again: longer than any restart."""

LONGEST_POLL_S = 1.0


class RefusedError(Exception):
    """The service answered, and said no; the message is what it said and what to do."""


class UnreachableError(Exception):
    """Nothing answered for as long as we were patient."""


class _Client:
    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._http = httpx.Client(base_url=url, headers=headers, timeout=30.0, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        """Ask until there is an answer; asking again is safe, because the same push has the same id."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._http.request(method, path, **options)
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() >= deadline:
                    return answer
                pause = float(answer.headers.get("Retry-After", "1"))
            except httpx.TransportError as error:
                if time.monotonic() >= deadline:
                    raise UnreachableError(f"{self._http.base_url}: {error}; is `jianbao up` running?") from error
                pause = 0.5
            time.sleep(min(pause, 2.0))


class IngestClient(_Client):
    """An office at the ingest API."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, {"Authorization": f"Bearer {key}"})

    def push(self, item: PushItem, *, revert: bool = False) -> str:
        """Push an item and return its push id. Raises RefusedError, UnreachableError."""
        headers = {"Content-Type": item.media_type}
        key = item.idempotency_key or (str(uuid.uuid4()) if revert or item.operation == "retract" else None)
        if key:
            headers["Idempotency-Key"] = key
        if item.operation == "retract":
            bulletin = identity.bulletin_id(item.office, item.document_id, "")
            answer = self._ask(
                "DELETE", f"/v1/bulletins/{bulletin}", headers={"Idempotency-Key": headers["Idempotency-Key"]}
            )
        else:
            query = {"document_id": item.document_id, "source": item.source} | ({"revert": "true"} if revert else {})
            content = item.path.read_bytes() if item.path else b""
            answer = self._ask("POST", "/v1/bulletins", params=query, content=content, headers=headers)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise RefusedError(_told(answer))
        return str(answer.json()["push_id"])

    def receipt(self, push_id: str) -> Receipt:
        """Return a push's receipt as it stands. Raises RefusedError, UnreachableError."""
        answer = self._ask("GET", f"/v1/receipts/{push_id}")
        if answer.status_code != httpx.codes.OK:
            raise RefusedError(_told(answer))
        return Receipt.model_validate_json(answer.content)

    def final_receipt(self, push_id: str, patience_s: float) -> Receipt:
        """Return the receipt once it is final, or as it stands after `patience_s` seconds."""
        deadline, pause = time.monotonic() + patience_s, 0.02
        while not (receipt := self.receipt(push_id)).final and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_POLL_S)
        return receipt


class SearchClient(_Client):
    """A reader at the search API."""

    def search(self, query: str, filters: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        """Return the search API's answer. Raises RefusedError, UnreachableError."""
        answer = self._ask("GET", "/v1/search", params=[("q", query), *filters])
        if answer.status_code != httpx.codes.OK:
            raise RefusedError(_told(answer))
        found: dict[str, Any] = answer.json()
        return found


def _told(answer: httpx.Response) -> str:
    """Return what a problem document says, or the bare status where there is none."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    said = [str(problem[part]) for part in ("title", "detail", "action") if problem.get(part)]
    return f"HTTP {answer.status_code}: {' '.join(said) or answer.reason_phrase}"
