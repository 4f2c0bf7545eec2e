"""A bad release stops its stage before it pours a topic into the dead letters; nothing is lost by that."""

from __future__ import annotations

from typing import Any

import pytest
from running import until


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"JIANBAO_DEAD_LETTER_CONSECUTIVE": "3"}


@pytest.mark.timeout(600)
def test_a_stage_that_meets_bugs_in_a_row_stops_keeps_its_backlog_and_goes_on_when_mended(
    breakable: Any, text: Any
) -> None:
    breakable.break_down("jianbao_normalize")
    pushes = [breakable.push(f"{number}.txt", text(200 + number, breaks=True)) for number in range(8)]
    journal = breakable.jianbao.data / "logs" / "supervisor.log"

    def told() -> str | None:
        lines = journal.read_text("utf-8").splitlines() if journal.exists() else []
        return next((line for line in lines if "normalize keeps dying" in line), None)

    line = until(told, "the supervisor to say that normalize keeps dying")
    assert "3 records in a row met a bug" in line
    assert "Nothing is lost" in line
    letters = breakable.letters("--stage", "normalize")
    assert len(letters) < 3, "every life of a stage would let some more through"
    states = {push: breakable.jianbao.receipt("unlucky", push)["state"] for push in pushes}
    assert sorted(states.values()) == ["accepted"] * (8 - len(letters)) + ["dead_lettered"] * len(letters)
    assert breakable.audit_is_clean()

    breakable.mend()
    for push, state in states.items():
        if state == "accepted":
            breakable.final(push, "searchable")
    if letters:
        breakable.dlq("replay", "--all")
    for push in pushes:
        breakable.final(push, "searchable")
    assert breakable.audit_is_clean()
