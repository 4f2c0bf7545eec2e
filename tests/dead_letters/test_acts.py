"""What an operator does with dead letters is what becomes of them, whichever stage they are of."""

from __future__ import annotations

import os
import shutil
import signal
from typing import Any

import pytest
from running import until

STAGE_OF = {"jianbao_normalize": "normalize", "jianbao_extract": "extract", "jianbao_search": "search"}


def failed(breakable: Any, module: str, document: str, content: bytes, **options: str) -> tuple[str, dict[str, Any]]:
    """Push what a broken service fails on; return the push and its letter. The service stays broken."""
    breakable.break_down(module)
    push_id = breakable.push(document, content, **options)
    breakable.final(push_id, "dead_lettered")
    (letter,) = breakable.letters("--push", push_id)
    assert (letter["code"], letter["error_type"]) == ("internal_error", "RuntimeError")
    assert str(letter["place"]).startswith(STAGE_OF[module])
    return push_id, letter


@pytest.mark.timeout(600)
@pytest.mark.parametrize("module", STAGE_OF)
def test_a_dropped_letter_is_dropped_until_it_is_sent_back(breakable: Any, text: Any, module: str) -> None:
    content = text(hash_of(module), breaks=True)
    push_id, letter = failed(breakable, module, f"{module}.txt", content)
    breakable.dlq("drop", letter["place"], "--reason", "误传")
    receipt = breakable.final(push_id, "dropped")
    assert receipt["detail"]["code"] == "dropped"
    assert "重新推送" in receipt["detail"]["action"]
    assert breakable.letters("--push", push_id) == []
    (told,) = breakable.letters("--push", push_id, "--all")
    assert "误传" in told["done"]
    assert breakable.audit_is_clean()

    again = breakable.command("dlq", "drop", letter["place"], "--reason", "once more")
    assert (again.returncode, again.stdout) == (1, ""), "what was dropped is not dropped twice"
    breakable.mend()
    breakable.dlq("replay", letter["place"])
    breakable.final(push_id, "searchable")
    assert breakable.audit_is_clean()
    again = breakable.command("dlq", "replay", letter["place"])
    assert (again.returncode, again.stdout) == (1, ""), "what was sent back is not published twice"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("module", STAGE_OF)
def test_content_pushed_again_after_a_drop_is_a_new_revision_and_overtakes_a_late_replay(
    breakable: Any, text: Any, module: str
) -> None:
    content = text(1000 + hash_of(module), breaks=True)
    push_id, letter = failed(breakable, module, f"again-{module}.txt", content)
    breakable.dlq("drop", letter["place"], "--reason", "not wanted")
    breakable.final(push_id, "dropped")
    assert breakable.push(f"again-{module}.txt", content) == push_id, "the same push has the same receipt"
    breakable.mend()
    second = breakable.push(f"again-{module}.txt", content, idempotency_key="once more")
    assert breakable.final(second, "searchable")["revision"] == 2
    breakable.dlq("replay", letter["place"], "--reason", "to see")
    breakable.final(push_id, "superseded")
    assert breakable.final(second)["state"] == "searchable"
    assert breakable.audit_is_clean()


@pytest.mark.timeout(600)
def test_what_fails_again_returns_once_and_never_loops(breakable: Any, text: Any) -> None:
    push_id, letter = failed(breakable, "jianbao_extract", "loop.txt", text(31, breaks=True))
    breakable.dlq("replay", "--push", push_id)
    (back,) = until(lambda: breakable.letters("--push", push_id) or None, "the letter to come back")
    assert (back["replays"], back["origin"]) == ("1", letter["origin"])
    assert len(breakable.letters("--push", push_id, "--all")) == 2
    breakable.mend()
    breakable.dlq("replay", "--push", push_id)
    breakable.final(push_id, "searchable")
    assert len(breakable.letters("--push", push_id, "--all")) == 2
    assert breakable.audit_is_clean()


@pytest.mark.timeout(600)
def test_a_rebuilt_index_does_not_show_what_lies_in_the_dead_letters(breakable: Any, text: Any) -> None:
    push_id, letter = failed(breakable, "jianbao_search", "hidden.txt", text(41, breaks=True))
    breakable.dlq("drop", letter["place"], "--reason", "not wanted")
    breakable.final(push_id, "dropped")
    breakable.mend()
    told = breakable.jianbao.told("search-indexer")
    shutil.rmtree(breakable.jianbao.data / "index")
    os.kill(told["pid"], signal.SIGKILL)
    until(lambda: (breakable.jianbao.data / "index" / "meta.json").exists() or None, "the index to be rebuilt")
    until(lambda: breakable.command("audit").returncode == 0 or None, "the audit to be clean")
    assert breakable.jianbao.get(f"/v1/bulletins/{letter['bulletin_id']}").status_code == 404
    breakable.dlq("replay", letter["place"])
    breakable.final(push_id, "searchable")
    assert breakable.jianbao.get(f"/v1/bulletins/{letter['bulletin_id']}").status_code == 200


@pytest.mark.timeout(600)
def test_an_office_that_mends_its_content_type_is_told_how_to_have_it_handled(breakable: Any) -> None:
    content = "内容类型说错了的一份简报，正文是可以读的。".encode()
    first = breakable.push("typed.txt", content, media_type="image/png")
    breakable.final(first, "dead_lettered")
    second = breakable.push("typed.txt", content, media_type="text/plain")
    receipt = breakable.final(second, "repeated")
    assert receipt["detail"]["code"] == "repeated_dead_letter"
    assert receipt["refers_to"] == first
    assert "revert=true" in receipt["detail"]["action"]
    third = breakable.push("typed.txt", content, media_type="text/plain", revert="true")
    assert breakable.final(third)["state"] == "searchable"
    assert breakable.audit_is_clean()


def hash_of(module: str) -> int:
    return 500 + list(STAGE_OF).index(module)
