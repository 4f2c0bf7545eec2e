"""jianbao push, receipts and withdraw as a clerk uses them."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from running import Running, until

BAD = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


def command(*arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=timeout)


def over(jianbao: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return command(*arguments, "--data", str(jianbao.data))


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """What a clerk finds on the desk: a bulletin, a picture, an empty file and a scan that is too large."""
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "good.txt").write_text("雁窝岛湿地管护站开展义务巡护，三百名职工参加。", encoding="utf-8")
    (folder / "picture.png").write_bytes(BAD)
    (folder / "empty.txt").touch()
    with (folder / "scan.txt").open("wb") as scan:
        scan.truncate(60_000_000)
    return folder


def test_changes_are_lines_and_failures_come_back_with_what_to_do(jianbao: Running, box: Path) -> None:
    done = over(jianbao, "push", "--office", "clerk", "--wait", str(box))
    assert done.returncode == 1
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert {len(line) for line in lines} == {8}
    last = {line[2]: line for line in lines}
    assert {name: line[0] for name, line in last.items()} == {
        "good.txt": "searchable",
        "picture.png": "dead_lettered",
        "empty.txt": "refused",
        "scan.txt": "refused",
    }
    assert next(line[0] for line in lines if line[2] == "good.txt") == "accepted"
    assert re.fullmatch("[0-9a-f]{32}", last["good.txt"][3])
    assert last["good.txt"][4].startswith("clerk.")
    assert last["scan.txt"][6:] == ["too_large", last["scan.txt"][7]]
    assert "50 MB" in last["scan.txt"][7]
    told = done.stderr
    assert "4 pushes: 2 refused（未接收）, 1 searchable（可检索）, 1 dead_lettered（处理失败）" in told
    for advice in ("拆分为多份简报", "另存为 UTF-8", "请确认选对了文件", last["picture.png"][3]):
        assert advice in told


def test_as_json_every_push_has_a_record_in_the_order_given(jianbao: Running, box: Path) -> None:
    done = over(jianbao, "push", "--office", "clerk", "--wait", "--json", str(box))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["state"] for record in records] == ["refused", "searchable", "dead_lettered", "refused"]
    assert [record["problem"]["code"] for record in records if record["state"] == "refused"] == [
        "empty_body",
        "too_large",
    ]
    assert records[0]["document_id"] == "empty.txt"
    assert records[1]["links"]["page"].endswith(f"/bulletins/{records[1]['bulletin_id']}")


def test_on_a_terminal_a_table_follows_the_pushes(jianbao: Running, box: Path) -> None:
    ours, theirs = pty.openpty()
    line = [sys.executable, "-m", "jianbao_standalone", "push", "--data", str(jianbao.data)]
    arguments = ["--office", "clerk", "--wait", str(box / "good.txt"), str(box / "picture.png")]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "150", "LINES": "40"}
    process = subprocess.Popen([*line, *arguments], stdout=theirs, stderr=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # how Linux says that the other side has closed a terminal
    process.communicate(timeout=30)
    assert process.returncode == 1
    final = shown.decode().rpartition("document")[2]
    assert "可检索 searchable" in final
    assert "处理失败 dead_lettered" in final


def test_a_wrong_key_is_said_once_and_nothing_more_is_sent(jianbao: Running, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text("x", encoding="utf-8")
    address = ["--url", jianbao.url("ingest-api"), "--key", "wrong"]
    done = command("push", *address, str(tmp_path))
    assert done.returncode == 1
    assert "系统中没有这个密钥" in done.stderr
    assert len(done.stdout.splitlines()) <= 4  # one a connection at the most
    assert "were not sent" in done.stderr or "unsent" in done.stderr
    assert command("receipts", *address).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["push", "--url", "127.0.0.1:8400", "--key", "k", __file__], 2, "http://127.0.0.1:8400"),
        (["push", "--url", "http://127.0.0.1:8400", __file__], 2, "--key"),
        (["push", "--key", "k", __file__], 2, "--url"),
        (["push", "--url", "http://x", "--key", "two words", __file__], 2, "one word"),
        (["push", "--url", "http://x", "--key", "k"], 2, "give files"),
        (["withdraw", "--url", "http://x", "--key", "k"], 2, "BULLETIN_ID"),
        (["withdraw", "--url", "http://x", "--key", "k", f"a.{'0' * 32}", "--office", "b"], 2, "not of b"),
        (["receipts", "--url", "http://x", "--key", "k", "--since", "gestern"], 2, "gestern"),
    ],
)
def test_wrong_usage_is_said_in_a_line(arguments: list[str], code: int, said: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIANBAO_")}
    line = [sys.executable, "-m", "jianbao_standalone", *arguments]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_where_nothing_runs_that_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "jianbao.sqlite").touch()
    dead = subprocess.Popen(["true"])
    dead.wait()
    told = {"pid": dead.pid, "host": "127.0.0.1", "port": 9}
    (tmp_path / "run" / "ingest-api.json").write_text(json.dumps(told), encoding="utf-8")
    done = command("push", "--data", str(tmp_path), __file__, timeout=20)
    assert done.returncode == 1
    assert "nothing runs" in done.stderr
    assert "jianbao up" in done.stderr


def test_while_it_waits_for_an_ingest_that_is_away_it_says_so_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "jianbao_standalone", "push", "--url", f"http://127.0.0.1:{port}", "--key", "k"]
    process = subprocess.Popen([*line, __file__], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr
    assert "waiting up to 60 s: http://127.0.0.1" in process.stderr.readline()
    with played_ingest(port):
        told, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert told.startswith("accepted\tlocal\t")


def test_ctrl_c_says_what_is_on_the_way_and_how_to_ask_later(tmp_path: Path) -> None:
    with played_ingest(0) as port:
        line = [sys.executable, "-m", "jianbao_standalone", "push", "--url", f"http://127.0.0.1:{port}", "--key", "k"]
        process = subprocess.Popen(
            [*line, "--wait", __file__], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline().startswith("accepted")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "1 push safe with ingest and still on the way" in said
    assert "jianbao receipts --office local --state accepted,normalized,extracted" in said
    assert "Traceback" not in said


class Taking(BaseHTTPRequestHandler):
    """Takes every push, and never has a receipt."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(202, {"push_id": "1" * 32, "bulletin_id": f"local.{'0' * 32}"})

    def do_GET(self) -> None:
        self.answer(200, {"receipts": [], "cursor": None})

    def answer(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def played_ingest(port: int) -> PlayedIngest:
    return PlayedIngest(port)


class PlayedIngest:
    """An HTTP server that plays ingest on a port while it is held."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __enter__(self) -> int:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Taking)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return int(self.server.server_address[1])

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def pushed(jianbao: Running) -> dict[str, str]:
    answer = jianbao.push("asker", "a.txt", "洪河农场的一条消息，给查询回执用。".encode())
    jianbao.final("asker", answer.json()["push_id"], "searchable", "withdrawn")
    return dict(answer.json())


def test_receipts_are_asked_for_later_by_id_state_and_time(jianbao: Running, pushed: dict[str, str]) -> None:
    named = over(jianbao, "receipts", "--office", "asker", pushed["push_id"])
    assert named.returncode == 0, named.stderr
    for part in ("可检索 searchable", "已编入检索", pushed["bulletin_id"], "http://127.0.0.1"):
        assert part in named.stdout
    unknown = over(jianbao, "receipts", "--office", "asker", "--json", pushed["push_id"], "0" * 32)
    assert unknown.returncode == 1
    assert "0" * 32 in unknown.stderr
    assert [json.loads(line)["push_id"] for line in unknown.stdout.splitlines()] == [pushed["push_id"]]
    foreign = over(jianbao, "receipts", "--office", "somebody", pushed["push_id"])
    assert foreign.returncode == 1

    def listed(*options: str) -> list[str]:
        done = over(jianbao, "receipts", "--office", "asker", *options)
        assert done.returncode == 0, done.stderr
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    assert "searchable" in listed()
    assert listed("--state", "dead_lettered,rejected") == []
    assert listed("--since", "1h") == listed()
    assert listed("--since", "2999-01-01") == []
    assert over(jianbao, "receipts", "--office", "asker", "--state", "fertig").returncode == 1


def test_a_bulletin_is_withdrawn_by_its_id_or_the_office_s_own(jianbao: Running, pushed: dict[str, str]) -> None:
    done = over(jianbao, "withdraw", pushed["bulletin_id"], "--reason", "测试", "--wait", "--json")
    assert done.returncode == 0, done.stderr
    receipt = json.loads(done.stdout)
    assert (receipt["state"], receipt["operation"], receipt["revision"]) == ("withdrawn", "retract", 2)
    until(lambda: jianbao.receipt("asker", pushed["push_id"])["state"] == "withdrawn" or None, "the push to hear of it")
    again = over(jianbao, "withdraw", "--office", "asker", "--document-id", "a.txt", "--wait")
    assert again.returncode == 0
    assert "此前已撤回" in again.stdout
    assert over(jianbao, "withdraw", "asker.nonsense").returncode == 1


def test_a_quota_refuses_what_is_beyond_it_with_words_and_ends_the_sending(jianbao: Running, tmp_path: Path) -> None:
    texts = "渡口修缮完工", "碾坊重开迎客", "戏台挂起新灯", "水井清淤见底"
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(f"{text}，村里来了三百人。", encoding="utf-8")
    assert over(jianbao, "offices", "add", "limited").returncode == 0
    assert over(jianbao, "offices", "quota", "limited", "many").returncode == 2
    assert over(jianbao, "offices", "quota", "limited", "1").returncode == 0
    over(jianbao, "push", "--office", "limited", "--wait", str(tmp_path / "0.txt"))
    done = over(jianbao, "push", "--office", "limited", "--wait", str(tmp_path / "1.txt"), str(tmp_path / "2.txt"))
    assert done.returncode == 1
    assert "本单位每天最多推送 1 份" in done.stderr
    assert over(jianbao, "offices", "quota", "limited", "none").returncode == 0
    again = [sys.executable, "-m", "jianbao_standalone", "push", "--data", str(jianbao.data), "--office", "limited"]

    def taken() -> bool:  # ingest hears of the new quota within a moment
        return subprocess.run([*again, str(tmp_path / "3.txt")], capture_output=True, timeout=60).returncode == 0

    until(taken, "the quota to be lifted")
