"""Tables and lines of columns: nothing that somebody needs is cut, and times are Beijing's and say so."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from jianbao_contracts import Receipt
from jianbao_standalone import beijing
from jianbao_standalone.audit.equation import STATES, Sum
from jianbao_standalone.audit.look import Findings
from jianbao_standalone.cli import audit, receipts, rows_shown
from jianbao_standalone.counted import counted, pushes

NOON_IN_LONDON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(params=[80, 120])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    shown = io.StringIO()
    console = Console(
        file=shown, force_terminal=True, width=request.param, soft_wrap=True, highlight=False, no_color=True
    )
    for module in (audit, receipts, rows_shown):
        monkeypatch.setattr(module, "RECORDS", console)
    return shown


def receipt() -> Receipt:
    at = NOON_IN_LONDON.isoformat()
    return Receipt.model_validate(
        {
            "push_id": "1" * 32,
            "bulletin_id": f"hubei-wmb.{'2' * 32}",
            "office": "hubei-wmb",
            "operation": "publish",
            "source": "一份名字很长的简报第二十三期修订稿.txt",
            "state": "searchable",
            "final": True,
            "received_at": at,
            "updated_at": at,
        }
    )


def test_a_table_of_receipts_shows_both_ids_whole_and_says_whose_time_it_is(terminal: io.StringIO) -> None:
    assert receipts.show([receipt()], as_json=False, in_full=False) == 1
    for part in ("1" * 32, f"hubei-wmb.{'2' * 32}", "(Beijing)", "2026-11-22 20:00:00"):
        assert part in terminal.getvalue()
    assert "…" not in terminal.getvalue()


def test_the_audit_s_table_leaves_out_states_that_nothing_is_in_and_cuts_nothing(terminal: io.StringIO) -> None:
    audit._show(findings())
    shown = terminal.getvalue()
    for part in ("hubei-wenming-ban", "2026-11-22", "searchable", "dead_lettered", "difference"):
        assert part in shown
    assert "withdrawn" not in shown
    assert "…" not in shown


def findings() -> Findings:
    one = Sum("hubei-wenming-ban", date(2026, 11, 22), 3, Counter({"searchable": 2, "dead_lettered": 1}))
    return Findings([one], [], NOON_IN_LONDON)


def test_piped_an_audit_has_a_line_of_headings_and_every_state(capsys: pytest.CaptureFixture[str]) -> None:
    audit._show(findings())
    headings, row = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert headings == ["office", "day (Beijing)", "pushes", *STATES, "difference"]
    assert len(row) == len(headings)


def test_piped_receipts_have_a_line_of_headings(capsys: pytest.CaptureFixture[str]) -> None:
    receipts.show([receipt()], as_json=False, in_full=False)
    headings, row = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert headings == list(receipts.HEADINGS)
    assert row[1] == "2026-11-22 20:00:00"
    assert row[4] == f"hubei-wmb.{'2' * 32}"


def test_a_cell_is_text_and_no_markup(terminal: io.StringIO) -> None:
    rows_shown.print_table(("reason",), [("KeyError: [red]",)], folding={"reason"})
    assert "[red]" in terminal.getvalue()


def test_a_moment_is_beijing_s_for_people_and_utc_for_programs() -> None:
    assert beijing.told(NOON_IN_LONDON) == "2026-11-22 20:00:00 (Beijing)"
    assert beijing.utc(NOON_IN_LONDON.astimezone(beijing.BEIJING)) == "2026-11-22T12:00:00Z"


def test_one_is_no_plural() -> None:
    assert [pushes(1), pushes(2), counted(0, "key")] == ["1 push", "2 pushes", "0 keys"]
