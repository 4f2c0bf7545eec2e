"""An audit of a Jianbao at work tells what is wrong, and never what is only on its way."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import damage
import httpx
import pytest
from auditing import audited, text
from running import Running, running, until

OFFICES = ("busy-a", "busy-b")


def gauges(jianbao: Running) -> dict[str, float]:
    """The audit's gauges, as the supervisor exposes them."""
    page = httpx.get(f"{jianbao.url('supervisor')}/metrics", trust_env=False).text
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if line.startswith("jianbao_audit")]
    return {name: float(value) for name, value in lines}


@pytest.mark.timeout(300)
def test_nothing_in_flight_is_reported_while_pushes_come_and_processes_die(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--audit-period", "0") as jianbao:
        for office in OFFICES:
            jianbao.key_of(office)
        accepted: list[str] = []

        def push_all() -> None:
            for number in range(90):
                office = OFFICES[number % 2]
                document = f"{number - number % 3}.txt"  # every third push corrects, every ninth withdraws
                told = jianbao.push(office, document, text(number, 1 + number % 3)).json()
                accepted.append(told["push_id"])
                if number % 9 == 8:
                    accepted.append(jianbao.retract(office, told["bulletin_id"]).json()["push_id"])

        pusher = threading.Thread(target=push_all)
        pusher.start()
        victims = ["normalize", "search-indexer", "extract", "ingest-receipts"]
        looks = 0
        while pusher.is_alive() or victims:
            if victims:
                told = jianbao.told(victims.pop())
                assert told
                os.kill(told["pid"], signal.SIGKILL)
            code, found = audited(jianbao.data)
            assert (code, found["difference"], found["differences"]) == (0, 0, [])
            looks += 1
        pusher.join()
        assert looks >= 4

        def all_final() -> dict | None:
            code, found = audited(jianbao.data)
            assert code == 0, found
            on_the_way = sum(
                row["states"][s] for row in found["equation"] for s in ("accepted", "normalized", "extracted")
            )
            return found if on_the_way == 0 else None

        assert until(all_final, "everything to be handled")["pushes"] == len(set(accepted))


def test_the_supervisor_audits_now_and_then_and_tells_drift_in_its_metrics(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--audit-period", "1") as jianbao:
        told = jianbao.push("watched", "a.txt", text(1)).json()
        jianbao.final("watched", told["push_id"], "searchable")
        wrong, difference = 'jianbao_audit_drift{kind="wrong_receipt"}', 'jianbao_audit_difference{office="watched"}'
        until(lambda: gauges(jianbao).get(difference) == 0.0 or None, "a first audit")
        damage.set_state(jianbao.data, told["push_id"], "dropped")
        until(lambda: gauges(jianbao).get(wrong) == 1.0 or None, "the drift to be told")
        assert audited(jianbao.data, "--repair")[0] == 1
        until(lambda: gauges(jianbao).get(wrong) == 0.0 or None, "the drift to be gone")
        assert gauges(jianbao)["jianbao_audit_finished_seconds"] > 1_700_000_000
    assert "jianbao audit --repair" in (jianbao.data / "logs" / "supervisor.log").read_text("utf-8")
