"""HTTP as a sound client speaks it: the same request again until it is answered, wherever the service is by then."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from chaos.ledger import Ledger
from chaos.machine import Machine

COME_AGAIN = (429, 503)
PATIENCE_S = 240.0
TIMEOUT_S = 12.0
"""Above what any answer takes, below the time after which a frozen process is replaced."""


class Client:
    """One connection of one thread to one service. Answers of 5xx but 503 are noted as odd and asked for again."""

    def __init__(self, machine: Machine, service: str, ledger: Ledger, keys: Mapping[str, str]) -> None:
        self._machine = machine
        self._service = service
        self._ledger = ledger
        self._keys = keys
        self._http = httpx.Client(
            timeout=TIMEOUT_S, trust_env=False, verify=False
        )  # plain HTTP: no certificates to load

    def ask(self, method: str, path: str, office: str = "", **request: Any) -> httpx.Response | None:
        """Return the answer, or None where there was none in a long time."""
        headers = {**request.pop("headers", {})}
        if office:
            headers["Authorization"] = f"Bearer {self._keys[office]}"
        return self._patiently(lambda url: self._http.request(method, f"{url}{path}", headers=headers, **request))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _patiently(self, once: Callable[[str], httpx.Response]) -> httpx.Response | None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            answer = self._once(once)
            if answer is not None and answer.status_code < 500 and answer.status_code not in COME_AGAIN:
                return answer
            time.sleep(0.1)
        return None

    def _once(self, once: Callable[[str], httpx.Response]) -> httpx.Response | None:
        url = self._machine.address(self._service)
        if url is None:
            return None
        try:
            answer = once(url)
        except httpx.TransportError:
            return None
        if answer.status_code >= 500 and answer.status_code not in COME_AGAIN:
            self._ledger.surprised(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
            )
        return answer
