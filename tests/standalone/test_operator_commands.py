"""jianbao push, search, offices, topics and dlq over a running Jianbao."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
from running import Running, until

from jianbao_standalone.pushing.items import items_of_paths

BAD = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


def command(jianbao: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", *arguments, "--data", str(jianbao.data)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120)


def records(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_document_ids_are_paths_below_the_folder_given(tmp_path: Path) -> None:
    (tmp_path / "one" / "deep").mkdir(parents=True)
    (tmp_path / "two").mkdir()
    for path in ("one/a.txt", "one/deep/b.txt", "two/c.txt", "d.txt"):
        (tmp_path / path).write_text("x", encoding="utf-8")
    assert [i.document_id for i in items_of_paths([tmp_path / "one"], "o", str)] == ["a.txt", "deep/b.txt"]
    both = [i.document_id for i in items_of_paths([tmp_path / "one", tmp_path / "two", tmp_path / "d.txt"], "o", str)]
    assert both == ["one/a.txt", "one/deep/b.txt", "two/c.txt", "d.txt"]


def test_what_systems_and_editors_leave_in_a_folder_is_passed_over_and_told(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden", "Thumbs.db", "desktop.ini", ".DS_Store", "~$a.docx", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    told: list[str] = []
    assert [i.document_id for i in items_of_paths([tmp_path], "o", told.append)] == ["a.txt"]
    passed_over = {line.removeprefix(f"passed over {tmp_path}/").partition(":")[0] for line in told}
    assert passed_over == {".hidden", "Thumbs.db", "desktop.ini", ".DS_Store", "~$a.docx", ".git", "gone.txt"}
    assert any("a link to nothing" in line for line in told)
    assert list(items_of_paths([tmp_path / "~$a.docx"], "o", told.append)) == []


def test_an_empty_folder_is_a_failure_and_not_silence(jianbao: Running, tmp_path: Path) -> None:
    done = command(jianbao, "push", "--office", "empty-handed", str(tmp_path))
    assert done.returncode == 1
    assert f"no file found in {tmp_path}" in done.stderr
    listed = {record["office"] for record in records(command(jianbao, "offices", "list", "--json"))}
    assert "empty-handed" not in listed


def test_only_a_push_makes_an_office_and_says_so(jianbao: Running, tmp_path: Path) -> None:
    for verb in (["receipts", "--office", "newcomer"], ["withdraw", "newcomer"]):
        done = command(jianbao, *verb)
        assert done.returncode == 1
        assert "no office 'newcomer' here; see: jianbao offices list" in done.stderr
        assert not (jianbao.data / "keys" / "newcomer.key").exists()
    (tmp_path / "a.txt").write_text("新来单位的第一份简报，只有一句话。", encoding="utf-8")
    assert "new office made: newcomer" in command(jianbao, "push", "--office", "newcomer", str(tmp_path)).stderr
    assert "new office made" not in command(jianbao, "push", "--office", "newcomer", str(tmp_path)).stderr


def test_a_push_declares_what_the_office_knows_of_one_document(jianbao: Running, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("申报标题与地区的一份简报，只有一句话。", encoding="utf-8")
    declared = ["--title", "文明简报第九期", "--published-on", "2022-05-07", "--region", "320582", "--lane", "backfill"]
    assert command(jianbao, "push", "--office", "declarer", *declared, str(tmp_path)).returncode == 2
    done = command(jianbao, "push", "--office", "declarer", *declared, str(tmp_path / "a.txt"))
    assert done.returncode == 0, done.stderr
    (event,) = records(command(jianbao, "tail", "bulletins.raw.backfill", "--office", "declarer"))
    told = event["value"]["declared"]  # type: ignore[index]
    assert (told["title"], told["published_on"], told["region"]) == ("文明简报第九期", "2022-05-07", "320582")


def test_nothing_found_is_said(jianbao: Running) -> None:
    jianbao.push("silent", "a.txt", "一份简报，只有这一句话。".encode())
    for verb in (
        ["dlq", "list", "--code", "nosuch"],
        ["dlq", "stats", "--code", "nosuch"],
        ["tail", "bulletins.raw", "--office", "nosuch"],
        ["tail", "bulletins.raw", "--from", "99999"],
        ["receipts", "--office", "silent", "--since", "2999-01-01"],
    ):
        done = command(jianbao, *verb)
        assert (done.returncode, done.stdout) == (0, ""), verb
        assert "nothing matches" in done.stderr, verb


def test_a_push_that_a_restore_set_aside_is_told_to_be_perhaps_there(jianbao: Running) -> None:
    jianbao.push("restored", "a.txt", "一份简报，恢复之后再来问。".encode())
    asked = ["receipts", "--office", "restored", "0" * 32]
    assert "set aside" not in command(jianbao, *asked).stderr
    before = jianbao.data / "before-restore-20261122T101530Z"
    before.mkdir()
    try:
        assert f"is set aside in {before.name}" in command(jianbao, *asked).stderr
    finally:
        before.rmdir()


def test_a_dead_letter_is_not_dropped_without_a_reason(jianbao: Running) -> None:
    answer = jianbao.push("reasoner", "picture.txt", BAD + b"reasoner")
    jianbao.final("reasoner", answer.json()["push_id"], "dead_lettered")
    wanted = ["--office", "reasoner"]
    for reason in ([], ["--reason", " "]):
        done = command(jianbao, "dlq", "drop", *wanted, *reason)
        assert done.returncode == 2
        assert "--reason" in done.stderr
    assert "1 dead letter would be dropped" in command(jianbao, "dlq", "drop", *wanted, "--dry-run").stderr
    assert "1 dead letter dropped" in command(jianbao, "dlq", "drop", *wanted, "--reason", "a photo").stderr


def test_push_waits_for_every_receipt_and_ends_with_1_if_one_failed(jianbao: Running, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("胡杨林管护站开展义务巡护，三百名牧民参加巡护队。", encoding="utf-8")
    good = command(jianbao, "push", "--office", "pusher", "--wait", str(tmp_path))
    assert good.returncode == 0, good.stderr
    assert good.stdout.startswith("accepted\tpusher\tgood.txt")
    assert good.stdout.splitlines()[-1].startswith("searchable\tpusher\tgood.txt")
    (tmp_path / "bad.txt").write_bytes(BAD)
    mixed = command(jianbao, "push", "--office", "pusher", "--wait", "--json", str(tmp_path))
    assert mixed.returncode == 1
    assert [json.loads(line)["state"] for line in mixed.stdout.splitlines()] == ["dead_lettered", "searchable"]
    found = records(command(jianbao, "search", "--json", "胡楊林管護站", "--office", "pusher"))[0]
    assert found["total"] == 1


def test_again_publishes_earlier_content_again(jianbao: Running, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    texts = ["骆驼客栈志愿队成立的消息，由镇里发布。", "沙漠公路养护站的消息，由镇里发布，与前面一篇不同。"]
    for text in texts:
        file.write_text(text, encoding="utf-8")
        assert command(jianbao, "push", "--office", "reverter", "--wait", str(file)).returncode == 0
    file.write_text(texts[0], encoding="utf-8")
    assert command(jianbao, "push", "--office", "reverter", "--wait", "--again", str(file)).returncode == 0
    assert records(command(jianbao, "search", "--json", '"骆驼客栈"', "--office", "reverter"))[0]["total"] == 1


def test_an_office_gets_a_key_that_works_until_it_is_revoked(jianbao: Running) -> None:
    added = command(jianbao, "offices", "add", "keyed", "--name", "有钥匙的单位")
    key = added.stdout.strip()
    assert len(key) == 43
    url = f"{jianbao.url('ingest-api')}/v1/receipts"

    def status() -> int:
        return httpx.get(url, headers={"Authorization": f"Bearer {key}"}, trust_env=False).status_code

    until(lambda: status() == 200 or None, "the key to be known")
    listed = {record["office"]: record for record in records(command(jianbao, "offices", "list", "--json"))}
    assert listed["keyed"]["name"] == "有钥匙的单位"
    assert key not in json.dumps(listed)
    assert command(jianbao, "offices", "revoke", "keyed", "--key", "zzz").returncode == 1
    assert command(jianbao, "offices", "revoke", "keyed").returncode == 0
    until(lambda: status() == 401 or None, "the key to be refused")
    assert command(jianbao, "offices", "add", "Not A Name").returncode == 2
    assert command(jianbao, "offices", "revoke", "nobody").returncode == 1


def test_a_dead_letter_can_be_looked_at_and_sent_back_with_an_audit_line(jianbao: Running) -> None:
    answer = jianbao.push("replayer", "picture.txt", BAD)
    push_id = answer.json()["push_id"]
    jianbao.final("replayer", push_id, "dead_lettered")
    (letter,) = records(command(jianbao, "dlq", "list", "--office", "replayer", "--json"))
    assert (letter["code"], letter["push_id"], letter["replays"]) == ("not_text", push_id, "0")
    shown = json.loads(command(jianbao, "dlq", "show", str(letter["place"])).stdout)
    assert shown["headers"]["ce_pushid"] == push_id

    dry = command(jianbao, "dlq", "replay", str(letter["place"]), "--dry-run")
    assert "1 dead letter would be" in dry.stderr
    assert records(command(jianbao, "dlq", "list", "--office", "replayer", "--json")) == [letter]

    assert command(jianbao, "dlq", "replay", str(letter["place"])).returncode == 0
    again = until(
        lambda: next(iter(records(command(jianbao, "dlq", "list", "--office", "replayer", "--json"))), None),
        "the letter to come back, because it is as bad as before",
    )
    assert again["replays"] == "1"
    everything = records(command(jianbao, "dlq", "list", "--office", "replayer", "--all", "--json"))
    assert len(everything) == 2
    assert str(everything[0]["done"]).startswith("replay by ")
    assert jianbao.receipt("replayer", push_id)["state"] == "dead_lettered"


def test_topics_status_tells_depth_and_lag(jianbao: Running) -> None:
    answer = jianbao.push("counter", "a.txt", "统计用的一份简报，内容只有一句话。".encode())
    jianbao.final("counter", answer.json()["push_id"], "searchable")

    def settled() -> dict[str, dict[str, object]] | None:
        told = records(command(jianbao, "topics", "status", "--json"))
        states = {str(record["topic"]): record for record in told if "topic" in record}
        return states if states["bulletins.status"]["lag"] == {"receipts": 0} else None

    states = until(settled, "receipts to have read everything")
    assert states["bulletins.raw"]["records"] >= 1  # type: ignore[operator]
    assert states["bulletins.extracted"]["lag"] == {"search": 0}


def test_a_mistyped_folder_is_told_and_not_made(tmp_path: Path) -> None:
    for verb in (["topics", "status"], ["dlq", "list"], ["offices", "list"], ["search", "x"]):
        line = [sys.executable, "-m", "jianbao_standalone", *verb, "--data", str(tmp_path / "typo")]
        done = subprocess.run(line, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert "jianbao up --data" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_two_files_of_one_document_id_are_refused_before_anything_is_pushed(jianbao: Running, tmp_path: Path) -> None:
    paths = [tmp_path / year / "01.txt" for year in ("2021", "2022")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{path.parent.name}年第一期", encoding="utf-8")
    done = command(jianbao, "push", "--office", "clashing", *map(str, paths))
    assert done.returncode == 2
    assert "same document id" in done.stderr.replace("\n", " ")


def test_a_served_folder_is_refused_as_a_store(jianbao: Running, root: Path) -> None:
    line = [
        sys.executable,
        "-m",
        "jianbao_standalone",
        "normalize",
        "--store",
        str(jianbao.data),
        str(root / "README.md"),
    ]
    assert subprocess.run(line, capture_output=True, timeout=60).returncode == 2


def test_a_damaged_database_and_a_folder_that_is_a_file_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "jianbao.sqlite").write_bytes(b"no database at all " * 1000)
    for name, code in (("file", 1), ("damaged", 4)):
        line = [sys.executable, "-m", "jianbao_standalone", "up", "--data", str(tmp_path / name)]
        done = subprocess.run(line, capture_output=True, text=True, timeout=60)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
