"""kill -9 of every process in turn under load: nothing lost, nothing twice, nothing stuck."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest
from running import Running, running, until

VICTIMS = ("ingest-api", "normalize", "extract", "search-indexer", "ingest-receipts", "search-api")
OFFICES = ("chaos-a", "chaos-b")
BULLETINS = 300
SEED = 20261122


def content(number: int, edition: int) -> bytes:
    """A bulletin unlike any other: its words are drawn, so that none is taken for a copy."""
    words = random.Random(number * 1000 + edition)
    drawn = "".join(chr(words.randint(0x4E00, 0x9FA5)) for _ in range(120))
    return (
        f"第{number}号报告\n\n第{number}号报告第{edition}版正文，标识词{marker(number, edition)}。{drawn}。\n".encode()
    )


def marker(number: int, edition: int) -> str:
    digits = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")
    return f"记{number}".translate(digits) + f"版{edition}".translate(digits)


def kill_one(jianbao: Running, name: str) -> None:
    """kill -9 a process, and wait until the supervisor has a new one answering."""
    told = until(lambda: jianbao.told(name), f"{name} to be there")
    os.kill(told["pid"], signal.SIGKILL)
    until(lambda: (now := jianbao.told(name)) is not None and now["pid"] != told["pid"], f"{name} to be back", 60)


@pytest.mark.timeout(400)
def test_every_acknowledged_push_ends_right_whatever_process_is_killed(tmp_path: Path) -> None:
    schedule = random.Random(SEED)
    with running(tmp_path / "data folder") as jianbao:
        for office in OFFICES:
            jianbao.key_of(office)
        acknowledged: list[tuple[str, int, int, str, str]] = []

        def push_all() -> None:
            for number in range(BULLETINS):
                office = OFFICES[number % 2]
                for edition in (1, 2) if number % 10 == 3 else (1,):
                    answer = jianbao.push(office, f"{number}.txt", content(number, edition))
                    assert answer.status_code == 202, answer.text
                    told = answer.json()
                    acknowledged.append((office, number, edition, told["push_id"], told["bulletin_id"]))

        pusher = threading.Thread(target=push_all)
        pusher.start()
        kills: Counter[str] = Counter()
        while pusher.is_alive() or len(kills) < len(VICTIMS):
            victim = schedule.choice(VICTIMS) if len(kills) == len(VICTIMS) else VICTIMS[len(kills)]
            kill_one(jianbao, victim)
            kills[victim] += 1
        pusher.join()
        assert len(acknowledged) == BULLETINS + BULLETINS // 10
        assert set(kills) == set(VICTIMS)

        editions = Counter(number for _, number, *_ in acknowledged)
        for office, number, edition, push_id, _ in acknowledged:
            jianbao.final(
                office, push_id, "searchable" if edition == editions[number] else "superseded", patience_s=120
            )
        for office, number, edition, _, bulletin_id in acknowledged:
            found = [
                hit["bulletin_id"] for hit in jianbao.search(f'"{marker(number, edition)}"', office=office)["hits"]
            ]
            assert found == ([bulletin_id] if edition == editions[number] else []), (number, edition)
        for topic in ("bulletins.normalized", "bulletins.extracted"):
            events = Counter(record.header("ce_id") for record in jianbao.records(topic))
            assert len(events) == len(acknowledged)
            assert set(events.values()) == {1}, "an event stands twice"
        for stage in ("normalize", "extract", "search", "receipts"):
            assert jianbao.records(f"bulletins.{stage}.dlq") == []
