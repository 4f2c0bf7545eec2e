"""Doing acts over HTTP: several workers, each in the order of its own acts, until everything is answered."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from chaos import requests
from chaos.acts import Act, Push, Spoiled
from chaos.client import PATIENCE_S, Client
from chaos.ledger import Ledger
from chaos.progress import Progress

MOST_AT_ONCE = 4
"""Pushes of one act that are done at one moment, each over a connection of its own."""


class Traffic:
    """Sends acts and books the answers."""

    def __init__(
        self, new_client: Callable[[], Client], ledger: Ledger, progress: Progress, pause_s: float = 0.0
    ) -> None:
        """`pause_s`: what a worker waits between two acts, on average."""
        self.new_client = new_client
        self._ledger = ledger
        self._progress = progress
        self._pause_s = pause_s

    def run(self, acts: Sequence[Act]) -> None:
        """Do all acts; return when each was answered or given up."""
        by_worker: dict[int, list[Act]] = {}
        for act in acts:
            by_worker.setdefault(act.worker, []).append(act)
        with ThreadPoolExecutor(len(by_worker) or 1) as workers:
            for done in [workers.submit(self._work, own) for own in by_worker.values()]:
                done.result()

    def _work(self, acts: Sequence[Act]) -> None:
        clients = [self.new_client() for _ in range(MOST_AT_ONCE)]
        draw = random.Random(acts[0].worker)
        with ThreadPoolExecutor(MOST_AT_ONCE) as hands:
            for act in acts:
                self._progress.wait_for_turn()
                time.sleep(draw.uniform(0, 2 * self._pause_s))
                match act.manner:
                    case "alone":
                        self.push(clients[0], act.pushes[0])
                    case "batch":
                        self._batch(clients[0], act.items)
                    case "together":
                        self._together(clients, act.pushes, hands)
                self._progress.answered(len(act.pushes))
        for client in clients:
            client.close()

    def _together(self, clients: Sequence[Client], pushes: Sequence[Push], hands: ThreadPoolExecutor) -> None:
        start = threading.Barrier(len(pushes))

        def push(client: Client, one: Push) -> None:
            start.wait()
            self.push(client, one)

        for done in [hands.submit(push, client, one) for client, one in zip(clients, pushes, strict=False)]:
            done.result()

    def push(self, client: Client, push: Push) -> None:
        """Do one push and book its answer."""
        if push.content:
            answer = client.ask("POST", "/v1/bulletins", push.office, **requests.publication(push))
        else:
            bulletin_id = self._ledger.bulletin_of(push)
            path = f"/v1/bulletins/{bulletin_id}"
            key = {"Idempotency-Key": push.key or ""}
            answer = client.ask("DELETE", path, push.office, headers=key) if bulletin_id else None
        if answer is None:
            self._ledger.gave_up(push)
        elif answer.status_code == 202:
            self._ledger.accepted(push, answer.json())
        else:
            self._ledger.surprised(
                f"{push.kind} of {push.office}/{push.document}: {answer.status_code} {answer.text[:300]}"
            )

    def _batch(self, client: Client, items: tuple[Push | Spoiled, ...]) -> None:
        """Send a batch, and again what the service asks to come again with."""
        deadline = time.monotonic() + PATIENCE_S
        office = next(item.office for item in items if isinstance(item, Push))
        left = items
        while left and time.monotonic() < deadline:
            headers = {"Content-Type": "application/x-ndjson"}
            answer = client.ask("POST", "/v1/bulletins/batch", office, content=requests.batch(left), headers=headers)
            if answer is None:
                break
            told = answer.json().get("items", []) if answer.status_code == 207 else []
            if len(told) != len(left):
                self._ledger.surprised(f"a batch of {len(left)}: {answer.status_code} {answer.text[:300]}")
                return
            left = tuple(item for item, one in zip(left, told, strict=True) if not self._item(item, one))
        for item in left:
            if isinstance(item, Push):
                self._ledger.gave_up(item)

    def _item(self, item: Push | Spoiled, told: Mapping[str, object]) -> bool:
        """Book one item's answer; return whether it has been answered for good."""
        if told["status"] == 202 and isinstance(item, Push):
            self._ledger.accepted(item, told)
        elif told["status"] == 202 or (isinstance(item, Push) and told["status"] not in (429, 503)):
            self._ledger.surprised(f"an item of a batch, {item}: {told}"[:600])
        return told["status"] not in (429, 503)
