"""A record that kills its process is set aside alone, and goes its way once the process is mended."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("module", "how"), [("jianbao_extract", "SIGKILL"), ("jianbao_search", "SIGSEGV")])
def test_a_record_that_kills_its_process_is_set_aside_and_may_come_back(
    breakable: Any, text: Any, module: str, how: str
) -> None:
    breakable.break_down(module, how)
    killer = breakable.push(f"killer-{module}.txt", text(70, breaks=True))
    neighbours = [breakable.push(f"near-{module}-{number}.txt", text(71 + number)) for number in range(3)]
    receipt = breakable.final(killer, "dead_lettered")
    assert receipt["detail"]["code"] == "kills_process"
    assert "反复异常退出" in receipt["detail"]["message"]
    for neighbour in neighbours:
        breakable.final(neighbour, "searchable")
    (letter,) = breakable.letters("--code", "kills_process")
    assert (letter["push_id"], letter["attempts"]) == (killer, "4")
    assert "3 processes died" in letter["reason"]
    assert breakable.audit_is_clean()

    breakable.mend()
    breakable.dlq("replay", letter["place"], "--reason", "mended")
    breakable.final(killer, "searchable")
    assert breakable.letters("--code", "kills_process") == []
    assert breakable.audit_is_clean()
