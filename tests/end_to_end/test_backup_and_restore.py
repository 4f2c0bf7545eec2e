"""Backups of a running Jianbao under pushes, and restoring one: what was acknowledged before a backup is in it."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from running import Running, running, until

OFFICE = "pusher"
DIGITS = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")


@dataclass
class Pushed:
    """A push that was acknowledged, by the monotonic clock."""

    number: int
    edition: int
    push_id: str
    bulletin_id: str
    acknowledged: float


@dataclass
class Pusher:
    """Pushes new bulletins, now and then a second edition and a large one, until told to stop."""

    jianbao: Running
    done: list[Pushed] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        for number in itertools.count():
            for edition in (1, 2) if number % 7 == 3 else (1,):
                if self.stopping.is_set():
                    return
                answer = self.push(number, edition)
                self.done.append(Pushed(number, edition, answer["push_id"], answer["bulletin_id"], time.monotonic()))

    def push(self, number: int, edition: int) -> dict[str, str]:
        """Push as an office does: again, while there is no answer or a 503; any other answer is wrong."""
        while True:
            try:
                answer = self.jianbao.http.post(
                    f"{self.jianbao.url('ingest-api')}/v1/bulletins",
                    params={"document_id": f"{number}.txt", "source": f"{number}.txt"},
                    content=content(number, edition),
                    headers={
                        "Authorization": f"Bearer {self.jianbao.key_of(OFFICE)}",
                        "Content-Type": "text/plain",
                    },
                )
            except httpx.TransportError:
                self.refused[0] += 1
                self.stopping.wait(0.05)
                continue
            if answer.status_code == 202:
                return dict(answer.json())
            self.refused[answer.status_code] += 1
            assert answer.status_code == 503, f"a wrong answer: {answer.status_code} {answer.text}"
            self.stopping.wait(0.05)


@contextmanager
def pushing(jianbao: Running) -> Iterator[Pusher]:
    jianbao.key_of(OFFICE)
    pusher = Pusher(jianbao)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            pusher.run()
        except BaseException as error:  # noqa: BLE001 - raised again in the test
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield pusher
    finally:
        pusher.stopping.set()
        thread.join()
    if failed:
        raise failed[0]


def marker(number: int, edition: int) -> str:
    return f"记{number}号".translate(DIGITS) + f"第{edition}版".translate(DIGITS)


def content(number: int, edition: int) -> bytes:
    """A bulletin unlike any other; the fifth is so large that its content goes to the payload store."""
    drawn = random.Random(number * 100 + edition)
    words = "".join(chr(drawn.randint(0x4E00, 0x9FA5)) for _ in range(360_000 if number == 5 else 120))
    return f"第{number}号报告\n\n第{number}号报告正文，标识词{marker(number, edition)}。{words}。\n".encode()


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=150)


def check_all(jianbao: Running, pushed: list[Pushed]) -> None:
    """Every push has its final state and is found as it should be; nothing stands twice.

    Of a bulletin the push that came to the log last is its newest revision; a resend is none.
    """
    order: dict[str, str] = {}
    for record in jianbao.records("bulletins.raw"):
        order.setdefault(record.header("ce_pushid"), record.header("ce_subject"))
    newest = {bulletin: push_id for push_id, bulletin in order.items()}
    for push in pushed:
        assert push.push_id in order, "acknowledged, and not in the log"
        if newest[push.bulletin_id] != push.push_id:
            jianbao.final(OFFICE, push.push_id, "superseded", patience_s=120)
            continue
        jianbao.final(OFFICE, push.push_id, "searchable", patience_s=120)
        found = [hit["bulletin_id"] for hit in jianbao.search(f'"{marker(push.number, push.edition)}"')["hits"]]
        assert found == [push.bulletin_id], push
    for topic in ("bulletins.normalized", "bulletins.extracted"):
        events = Counter(record.header("ce_id") for record in jianbao.records(topic))
        assert set(events.values()) == {1}, "an event stands twice"
    for stage in ("normalize", "extract", "search", "receipts"):
        assert jianbao.records(f"bulletins.{stage}.dlq") == []


@pytest.mark.timeout(400)
def test_what_was_acknowledged_before_a_backup_is_whole_in_a_folder_restored_from_it(tmp_path: Path) -> None:
    made: list[tuple[float, Path]] = []
    with running(tmp_path / "data") as jianbao, pushing(jianbao) as pusher:
        until(lambda: len(pusher.done) > 15 or None, "pushes before the first backup")
        for _ in range(3):
            began = time.monotonic()
            told = command("backup", tmp_path / "to", "--data", jianbao.data, "--keep", "2")
            assert told.returncode == 0, told.stderr
            made.append((began, Path(told.stdout.strip())))
            more = len(pusher.done) + 8
            until(lambda m=more: len(pusher.done) > m or None, "pushes after a backup")
    assert not made[0][1].exists(), "--keep 2 removed the first one"
    assert not pusher.refused, "a backup made pushes wait"
    began, backup = made[1]
    assert command("backup", "--verify", backup).returncode == 0
    before = [push for push in pusher.done if push.acknowledged < began]
    assert len(before) > 20

    restored = command("restore", backup, "--data", tmp_path / "restored")
    assert restored.returncode == 0, restored.stderr
    with running(tmp_path / "restored") as jianbao:
        check_all(jianbao, before)
        # Pushed again, what was acknowledged after the backup has the same receipt as before, and no second revision.
        again = Pusher(jianbao)
        for push in pusher.done:
            assert again.push(push.number, push.edition)["push_id"] == push.push_id
        check_all(jianbao, pusher.done)


@pytest.mark.timeout(400)
def test_a_running_jianbao_restores_itself_while_offices_push(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        port = jianbao.told("ingest-api")["port"]
        with pushing(jianbao) as pusher:
            until(lambda: len(pusher.done) > 15 or None, "pushes before the backup")
            began = time.monotonic()
            told = command("backup", tmp_path / "to", "--data", jianbao.data)
            backup = told.stdout.strip()
            made = time.monotonic()
            until(lambda: len(pusher.done) > 30 or None, "pushes after the backup")
            refused = command("restore", backup, "--data", jianbao.data)
            assert refused.returncode == 1
            assert "--yes" in refused.stderr
            asked = time.monotonic()
            restored = command("restore", backup, "--data", jianbao.data, "--yes")
            assert restored.returncode == 0, restored.stderr
            so_far = len(pusher.done)
            until(lambda: len(pusher.done) > so_far + 8 or None, "pushes after the restore")
        assert jianbao.told("ingest-api")["port"] == port
        assert "acknowledged pushes are not in the restored state" in restored.stderr
        assert f"by office: {OFFICE} " in restored.stderr
        lost = [push for push in pusher.done if made < push.acknowledged < asked]
        kept = [push for push in pusher.done if push.acknowledged < began]
        key = {"Authorization": f"Bearer {jianbao.key_of(OFFICE)}"}
        assert lost
        for push in lost[:3]:
            url = f"{jianbao.url('ingest-api')}/v1/receipts/{push.push_id}"
            assert jianbao.patiently(lambda u=url: jianbao.http.get(u, headers=key)).status_code == 404
        check_all(jianbao, kept)
        again = Pusher(jianbao)
        for push in pusher.done:
            assert again.push(push.number, push.edition)["push_id"] == push.push_id
        check_all(jianbao, pusher.done)
        (before,) = jianbao.data.glob("before-restore-*")
    with running(before) as jianbao:  # what was set aside is whole
        check_all(jianbao, [push for push in pusher.done if push.acknowledged < began])


def test_a_restore_that_was_interrupted_is_finished_by_the_next_start(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        kept = jianbao.push("probe", "a.txt", "备份之前推送的简报。".encode()).json()["push_id"]
        jianbao.final("probe", kept, "searchable")
        backup = Path(command("backup", tmp_path / "to", "--data", jianbao.data).stdout.strip())
        later = jianbao.push("probe", "b.txt", "备份之后推送的简报，内容不同。".encode()).json()["push_id"]
        jianbao.final("probe", later, "searchable")
    prepare = (
        "import sys; from pathlib import Path; from jianbao_standalone.backup import restoring\n"
        "backup, data = map(Path, sys.argv[1:])\n"
        "restoring.prepare(backup, restoring.acceptable(backup), data)\n"
    )
    subprocess.run([sys.executable, "-c", prepare, str(backup), str(tmp_path / "data")], check=True)
    assert (
        json.loads(command("doctor", "--json", "--data", tmp_path / "data").stdout.splitlines()[-1])["level"]
        == "problem"
    )
    with running(tmp_path / "data") as jianbao:
        assert jianbao.final("probe", kept)["state"] == "searchable"
        assert jianbao.search("备份之后")["total"] == 0
    assert not (tmp_path / "data" / "run" / "restore.json").exists()
