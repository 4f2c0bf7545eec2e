"""All ten states of a push over the real processes, each with words for a clerk; and what the words advise works."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from running import Running, running, until

from jianbao_contracts import ON_THE_WAY, State

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
SEEN: set[str] = set()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Jianbao of this module's own: its processes are stopped in the middle."""
    with running(tmp_path_factory.mktemp("states") / "data") as started:
        yield started


def text(word: str) -> bytes:
    """A report that is about `word` and like no other."""
    drawn = random.Random(word)
    filling = [
        "".join(drawn.choices("春风化雨润物无声城乡共建文明实践宣讲服务志愿村组社区党员群众", k=50)) for _ in range(3)
    ]
    return f"关于{word}的报告\n\n全县开展{word}活动。{'。'.join(filling)}。\n".encode()


def command(jianbao: Running, *arguments: str) -> str:
    line = [sys.executable, "-m", "jianbao_standalone", *arguments, "--data", str(jianbao.data)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def push(jianbao: Running, office: str, document_id: str, content: bytes, **options: Any) -> dict[str, str]:
    answer = jianbao.push(office, document_id, content, **options)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def told(jianbao: Running, office: str, pushed: dict[str, str], state: str, code: str | None = None) -> dict[str, Any]:
    """The receipt once it is in a state, with words in Chinese on what happened and what to do."""
    receipt = jianbao.final(office, pushed["push_id"], state)
    assert receipt["final"] == (state not in ON_THE_WAY)
    assert receipt["detail"]["code"] == (code or state)
    for words in ("message", "action"):
        assert re.search("[\u4e00-\u9fff]", receipt["detail"][words])
    assert receipt["links"]["self"] == f"/v1/receipts/{pushed['push_id']}"
    assert receipt["links"]["bulletin"] == f"/v1/bulletins/{pushed['bulletin_id']}"
    SEEN.add(state)
    return receipt


@pytest.mark.parametrize(
    ("process", "state"), [("normalize", "accepted"), ("extract", "normalized"), ("search-indexer", "extracted")]
)
def test_a_push_is_where_the_stage_before_it_stands_still(own: Running, process: str, state: str) -> None:
    where = own.told(process)
    assert where
    os.kill(where["pid"], signal.SIGSTOP)
    try:
        pushed = push(own, "waiting", f"{process}.txt", text(f"停在{process}"))
        assert told(own, "waiting", pushed, state)["detail"]["action"].startswith("无需处理")
        listed = own.http.get(
            f"{own.url('ingest-api')}/v1/receipts",
            params={"state": state},
            headers={"Authorization": f"Bearer {own.key_of('waiting')}"},
        ).json()["receipts"]
        assert [one["push_id"] for one in listed] == [pushed["push_id"]]
    finally:
        os.kill(where["pid"], signal.SIGCONT)
    told(own, "waiting", pushed, "searchable")


def test_a_searchable_bulletin_is_read_where_its_receipt_says(own: Running) -> None:
    pushed = push(own, "reading", "a.txt", text("渔灯"))
    page = told(own, "reading", pushed, "searchable")["links"]["page"]
    answer = own.http.get(page)
    assert answer.status_code == 200
    assert "渔灯" in answer.text


def test_a_copy_names_the_other_office_and_what_it_is(own: Running) -> None:
    first = push(own, "founder", "a.txt", text("采莲"))
    told(own, "founder", first, "searchable")
    command(own, "offices", "add", "copier", "--name", "转载单位")
    copy = push(own, "copier", "b.txt", text("采莲"))
    (related,) = told(own, "copier", copy, "searchable")["relations"]
    assert (related["bulletin_id"], related["office"]) == (first["bulletin_id"], "founder")
    assert related["meaning"] == "内容相同"
    assert own.http.get(related["page"]).status_code == 200


def test_repeated_superseded_and_withdrawn_say_which_push_they_are_about(own: Running) -> None:
    first = push(own, "editing", "a.txt", text("社戏"))
    told(own, "editing", first, "searchable")
    second = push(own, "editing", "a.txt", text("庙会"))
    told(own, "editing", second, "searchable")
    assert told(own, "editing", first, "superseded")["links"]["refers_to"] == f"/v1/receipts/{second['push_id']}"
    late = push(own, "editing", "a.txt", text("社戏"), idempotency_key="late")
    repeated = told(own, "editing", late, "repeated", "repeated_content")
    assert repeated["links"]["refers_to"] == f"/v1/receipts/{first['push_id']}"
    gone = dict(own.retract("editing", first["bulletin_id"]).json())
    told(own, "editing", gone, "withdrawn")
    assert told(own, "editing", second, "withdrawn")["refers_to"] == gone["push_id"]
    assert own.get(f"/v1/bulletins/{first['bulletin_id']}/revisions/1").status_code == 410
    assert "revert=true" in told(own, "editing", gone, "withdrawn")["detail"]["action"]
    again = push(own, "editing", "a.txt", text("庙会"), revert="true")
    assert told(own, "editing", again, "searchable")["revision"] == 4
    assert own.get(f"/v1/bulletins/{first['bulletin_id']}/revisions/2").status_code == 410


def test_a_rejected_copy_is_taken_once_the_policy_is_changed_and_it_is_pushed_as_advised(own: Running) -> None:
    first = push(own, "author", "a.txt", text("龙船"))
    told(own, "author", first, "searchable")
    command(own, "offices", "add", "strict")
    command(own, "offices", "policy", "strict", "reject")

    def rejected() -> dict[str, str] | None:  # normalize hears of the policy within a second
        pushed = push(own, "strict", f"{random.random()}.txt", text("龙船"))
        return pushed if own.final("strict", pushed["push_id"])["state"] == "rejected" else None

    copy = until(rejected, "the policy to be known")
    assert "revert=true" in told(own, "strict", copy, "rejected", "duplicate_rejected")["detail"]["action"]
    command(own, "offices", "policy", "strict", "mark")

    def taken() -> bool:
        answer = own.push("strict", "again.txt", text("龙船"), revert="true")
        return own.final("strict", answer.json()["push_id"])["state"] == "searchable"

    until(taken, "the policy to be known")


def test_a_dead_letter_is_mended_by_pushing_again_as_advised(own: Running) -> None:
    bad = push(own, "mending", "a.txt", PICTURE)
    assert "用同一编号重新推送" in told(own, "mending", bad, "dead_lettered", "not_text")["detail"]["action"]
    good = push(own, "mending", "a.txt", text("补网"))
    assert good["bulletin_id"] == bad["bulletin_id"]
    told(own, "mending", good, "searchable")
    told(own, "mending", bad, "dead_lettered", "not_text")


def test_a_dropped_push_may_be_pushed_again_as_advised(own: Running) -> None:
    bad = push(own, "dropping", "a.txt", PICTURE)
    told(own, "dropping", bad, "dead_lettered", "not_text")
    command(own, "dlq", "drop", "--push", bad["push_id"], "--reason", "一张照片")
    assert "revert=true" in told(own, "dropping", bad, "dropped")["detail"]["action"]
    told(own, "dropping", push(own, "dropping", "a.txt", PICTURE, revert="true"), "dead_lettered", "not_text")
    told(own, "dropping", push(own, "dropping", "a.txt", text("修船")), "searchable")


def test_these_were_all_ten_states() -> None:
    assert set(get_args(State)) == SEEN
