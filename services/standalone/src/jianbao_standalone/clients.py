"""Speaking to a running Jianbao over HTTP, as any office or reader would."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from jianbao_contracts import Receipt, identity
from jianbao_standalone.addresses import Whereabouts
from jianbao_standalone.pushing.items import PushItem

PATIENCE_S = 60.0
"""How long a service that is away or busy is tried again: longer than any restart."""

LONGEST_PAUSE_S = 2.0

CHOSEN_AT_ONCE = 100
"""Receipts asked for in one request: as many as ingest allows."""

SENT_WHOLE = 4 * 1024 * 1024
"""Bytes up to which a file is read before it is sent; larger ones are sent piece by piece, so memory stays bounded."""

PIECE = 256 * 1024

DECLARED = ("title", "published_on", "region", "lane")
"""What else a push may say of itself in its query."""

Told = Callable[[str], None]
"""Is told, in a line, what a client is waiting for."""


class RefusedError(Exception):
    """The service answered, and said no; `problem` is its problem document, the message what it said and what to do."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        said = [str(problem[part]) for part in ("title", "detail", "action") if problem.get(part)]
        super().__init__(f"HTTP {status}: {' '.join(said)}")
        self.status = status
        self.problem = dict(problem)

    @property
    def concerns_the_key(self) -> bool:
        """Whether nothing else that is pushed with this key would be taken either."""
        codes = ("reader_may_not_push", "quota_used_up")
        return self.status == httpx.codes.UNAUTHORIZED or self.problem.get("code") in codes


class UnreachableError(Exception):
    """Nothing answered for as long as we were patient."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What ingest says of a push that it holds."""

    push_id: str
    bulletin_id: str


class _Client:
    """`address` is asked before every attempt: a process that was restarted may answer elsewhere.

    `told` hears, once a question, what is waited for.
    """

    def __init__(
        self,
        address: str | Whereabouts,
        headers: Mapping[bytes, bytes] | None = None,
        *,
        told: Told = lambda _: None,
    ) -> None:
        self._address = address
        self._told = told
        self._http = httpx.Client(headers=headers, timeout=30.0, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        """Ask until there is an answer; asking again is safe, because the same push has the same id.

        Raises UnreachableError.
        """
        deadline = time.monotonic() + PATIENCE_S
        waiting = False
        content = options.pop("content", None)
        while True:
            answer, why, pause = self._once(method, path, content() if content else None, options)
            late = time.monotonic() >= deadline
            if answer is not None and (late or answer.status_code != httpx.codes.SERVICE_UNAVAILABLE):
                return answer
            if late:
                raise UnreachableError(f"no answer for {PATIENCE_S:.0f} s: {why}")
            if not waiting:
                waiting = True
                self._told(f"waiting up to {PATIENCE_S:.0f} s: {why}")
            time.sleep(min(pause, LONGEST_PAUSE_S))

    def _once(
        self, method: str, path: str, content: bytes | Iterator[bytes] | None, options: Mapping[str, Any]
    ) -> tuple[httpx.Response | None, str, float]:
        """Return the answer, why there is none that counts, and how many seconds to wait before the next attempt."""
        if isinstance(self._address, str):
            base = self._address
        elif (found := self._address.url()) is not None:
            base = found
        else:
            return None, self._address.why_away(), 0.5
        try:
            answer = self._http.request(method, f"{base}{path}", content=content, **options)
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise UnreachableError(f"{base}: {error}") from error
        except httpx.TransportError as error:
            return None, f"{base} does not answer ({error}); is `jianbao up` running?", 0.5
        return answer, f"{base} is busy ({_problem(answer).get('title', 'HTTP 503')})", _retry_after(answer)


class IngestClient(_Client):
    """An office at the ingest API. Safe for several threads."""

    def __init__(
        self,
        address: str | Whereabouts,
        key: str,
        *,
        told: Told = lambda _: None,
    ) -> None:
        super().__init__(address, {b"Authorization": b"Bearer " + key.encode()}, told=told)

    def push(self, item: PushItem, *, revert: bool = False) -> Accepted:
        """Push an item. Raises RefusedError, UnreachableError, OSError where its file cannot be read."""
        again = revert or item.revert
        if item.operation == "retract":
            bulletin = identity.bulletin_id(item.office, item.document_id, "")
            return self.withdraw(bulletin, idempotency_key=item.idempotency_key, lane=item.lane)
        size = item.path.stat().st_size if item.path else 0
        headers = {"Content-Type": item.media_type} | ({"Content-Length": str(size)} if size > SENT_WHOLE else {})
        if key := item.idempotency_key or (str(uuid.uuid4()) if again else None):
            headers["Idempotency-Key"] = key
        query = {"document_id": item.document_id, "source": item.source} | ({"revert": "true"} if again else {})
        query |= {name: said for name in DECLARED if (said := getattr(item, name)) is not None}

        def content() -> bytes | Iterator[bytes]:
            return _content(item.path, size) if item.path else b""

        return _accepted(self._ask("POST", "/v1/bulletins", params=query, content=content, headers=headers))

    def withdraw(
        self, bulletin_id: str, *, reason: str = "", idempotency_key: str | None = None, lane: str | None = None
    ) -> Accepted:
        """Withdraw a bulletin; asked again after a lost answer, it is the same act. Raises RefusedError, UnreachableError."""
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        said = {"json": {"reason": reason}} if reason else {}
        query = {"lane": lane} if lane else {}
        return _accepted(self._ask("DELETE", f"/v1/bulletins/{bulletin_id}", params=query, headers=headers, **said))

    def receipt(self, push_id: str) -> Receipt:
        """Return a push's receipt as it stands. Raises RefusedError, UnreachableError."""
        return Receipt.model_validate_json(_good(self._ask("GET", f"/v1/receipts/{push_id}")).content)

    def chosen(self, push_ids: Sequence[str]) -> list[Receipt]:
        """Return the receipts of up to CHOSEN_AT_ONCE pushes, those that are known by now, in one request."""
        answer = _good(self._ask("GET", "/v1/receipts", params={"push_id": ",".join(push_ids)}))
        return [Receipt.model_validate(one) for one in answer.json()["receipts"]]

    def receipts(self, *, since: str = "", state: str = "") -> Iterator[Receipt]:
        """Yield the office's receipts, latest push first, page by page. Raises RefusedError, UnreachableError."""
        cursor = ""
        while True:
            wanted = {"since": since, "state": state, "cursor": cursor, "size": "200"}
            page = _good(self._ask("GET", "/v1/receipts", params={k: v for k, v in wanted.items() if v})).json()
            yield from (Receipt.model_validate(one) for one in page["receipts"])
            cursor = page["cursor"]
            if not cursor:
                return


class SearchClient(_Client):
    """A reader at the search API."""

    def search(self, query: str, filters: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        """Return the search API's answer. Raises RefusedError, UnreachableError."""
        found: dict[str, Any] = _good(self._ask("GET", "/v1/search", params=[("q", query), *filters])).json()
        return found


def _accepted(answer: httpx.Response) -> Accepted:
    told = _good(answer, httpx.codes.ACCEPTED).json()
    return Accepted(str(told["push_id"]), str(told["bulletin_id"]))


def _good(answer: httpx.Response, status: int = httpx.codes.OK) -> httpx.Response:
    if answer.status_code != status:
        raise RefusedError(answer.status_code, _problem(answer))
    return answer


def _problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem document of an answer, or what can be said where there is none."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"title": answer.reason_phrase, "status": answer.status_code}


def _retry_after(answer: httpx.Response) -> float:
    try:
        return float(answer.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0


def _content(path: Path, size: int) -> bytes | Iterator[bytes]:
    return path.read_bytes() if size <= SENT_WHOLE else _pieces(path, size)


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """Yield exactly `size` bytes of a file, whatever is appended to it meanwhile. Raises OSError where it has fewer."""
    with path.open("rb") as file:
        while size > 0:
            piece = file.read(min(PIECE, size))
            if not piece:
                raise OSError(f"{path} became shorter while it was sent")
            size -= len(piece)
            yield piece
