"""Everything that can be wrong is found by name, mended by the processes that own it, and then right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import damage
import pytest
from auditing import audited, jianbao_command, settled, text
from running import running, until

from jianbao_contracts import AuditRepair, topics
from jianbao_streaming.events import parse

OFFICE = "audited"
BAD = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


@dataclass
class Pushed:
    push_id: str
    bulletin_id: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Pushed]]:
    """A stopped Jianbao with a bulletin for each kind of damage, and pushes in every state that ends a way."""
    data = tmp_path_factory.mktemp("audited") / "data"
    made: dict[str, Pushed] = {}
    with running(data) as jianbao:

        def push(name: str, document: str, content: bytes, **options: str) -> None:
            told = jianbao.push(OFFICE, document, content, **options).json()
            made[name] = Pushed(told["push_id"], told["bulletin_id"])

        for number in range(12):
            push(f"{number}", f"{number}.txt", text(number))
        push("corrected", "11.txt", text(11, 2))
        push("corrected again", "10.txt", text(10, 2))
        push("bad", "bad.txt", BAD)
        push("given up", "given-up.txt", BAD + b"x")
        push("repeated", "0.txt", text(0), idempotency_key="again")
        push("withdrawn", "w.txt", text(90))
        told = jianbao.retract(OFFICE, made["withdrawn"].bulletin_id).json()
        made["retraction"] = Pushed(told["push_id"], told["bulletin_id"])
        for one in made.values():
            jianbao.final(OFFICE, one.push_id)
        place = json.loads(jianbao_command(data, "dlq", "list", "--push", made["given up"].push_id).stdout)["place"]
        dropped = jianbao_command(data, "dlq", "drop", place, "--reason", "a photo")
        assert dropped.returncode == 0, dropped.stderr
        jianbao.final(OFFICE, made["given up"].push_id, "dropped")
        until(lambda: settled(jianbao) or None, "everything to be read")
        code, found = audited(data)
        assert (code, found["differences"]) == (0, [])
    return data, made


def test_every_push_is_counted_in_one_state_from_its_own_source(folder: tuple[Path, dict[str, Pushed]]) -> None:
    data, made = folder
    code, found = audited(data)
    assert code == 0, found
    (row,) = found["equation"]
    counted = {state: number for state, number in row["states"].items() if number}
    assert counted == {
        "searchable": 12, "superseded": 2, "dead_lettered": 1, "dropped": 1, "repeated": 1, "withdrawn": 2
    }  # fmt: skip
    assert (row["pushes"], row["difference"]) == (len(made), 0)
    assert audited(data, "--office", "nobody")[1]["pushes"] == 0
    assert audited(data, "--day", row["day"])[1]["pushes"] == len(made)
    assert audited(data, "--day", "2001-01-01")[1]["pushes"] == 0


GHOST = f"{OFFICE}.{'f' * 32}"

DAMAGE: dict[str, tuple[str, Callable[[Path, dict[str, Pushed]], None]]] = {
    "0": ("missing", lambda data, made: damage.forget_in_index(data, made["0"].bulletin_id)),
    "1": ("missing", lambda data, made: damage.forget_head(data, made["1"].bulletin_id)),
    "2": ("incomplete", lambda data, made: damage.forget_an_article(data, made["2"].bulletin_id)),
    "corrected": ("stale", lambda data, made: damage.put_older_head(data, made["corrected"].bulletin_id)),
    "3": ("ghost", lambda data, made: damage.put_newer_head(data, made["3"].bulletin_id)),
    "ghost": ("ghost", lambda data, made: damage.add_ghost(data, made["4"].bulletin_id, GHOST)),
    "4": ("missing_receipt", lambda data, made: damage.forget_receipt(data, made["4"].push_id)),
    "5": ("wrong_receipt", lambda data, made: damage.say_otherwise(data, made["5"].push_id, "searchable", "withdrawn")),
    "6": ("wrong_receipt", lambda data, made: damage.forget_words(data, made["6"].push_id)),
    "7": ("wrong_receipt", lambda data, made: damage.set_state(data, made["7"].push_id, "dropped")),
    "bad": ("wrong_receipt", lambda data, made: damage.unsay(data, made["bad"].push_id, "normalize")),
    "given up": ("wrong_receipt", lambda data, made: damage.unsay(data, made["given up"].push_id, "normalize")),
    "repeated": ("wrong_receipt", lambda data, made: damage.unsay(data, made["repeated"].push_id, "normalize")),
    "8": ("wrong_receipt", lambda data, made: damage.unsay(data, made["8"].push_id, "search")),
    "retraction": ("wrong_receipt", lambda data, made: damage.unsay(data, made["retraction"].push_id, "search")),
    "corrected again": ("lost", lambda data, made: damage.lose_revision(data, made["corrected again"].bulletin_id, 2)),
}
"""What is damaged → the kind by which it must be found, and how it is done."""


@pytest.mark.timeout(300)
def test_what_differs_is_found_and_mended(folder: tuple[Path, dict[str, Pushed]]) -> None:
    data, made = folder
    made = {**made, "ghost": Pushed("", GHOST)}
    _, before = audited(data)
    for _, harm in DAMAGE.values():
        harm(data, made)

    code, found = audited(data)
    kinds = {(one["kind"], one["push_id"] or one["bulletin_id"]) for one in found["differences"]}
    of_index = {"missing", "incomplete", "stale", "ghost"}
    expected = {
        (kind, made[name].bulletin_id if kind in of_index else made[name].push_id) for name, (kind, _) in DAMAGE.items()
    }
    assert code == 1
    assert kinds == expected
    assert found["difference"] == sum(one["difference"] for one in found["equation"]) > 0

    code, sent = audited(data, "--repair")
    assert (code, sent["sent_to_be_repaired"]) == (1, len(DAMAGE))
    with running(data) as jianbao:

        def clean() -> dict | None:
            code, again = audited(data)
            return again if code == 0 else None

        assert until(clean, "the audit to be clean")["equation"] == before["equation"]
        repairs = [parse(record, AuditRepair) for record in jianbao.records(topics.AUDIT_REPAIRS)]
        assert Counter(one.kind for one in repairs) == Counter(kind for kind, _ in DAMAGE.values())
        assert jianbao.get(f"/v1/bulletins/{GHOST}").status_code == 404
        assert jianbao.receipt(OFFICE, made["5"].push_id)["state"] == "searchable"
        assert jianbao.receipt(OFFICE, made["given up"].push_id)["state"] == "dropped"
        assert jianbao.receipt(OFFICE, made["bad"].push_id)["detail"]["code"] == "not_text"
        events = Counter(record.header("ce_id") for record in jianbao.records("bulletins.normalized"))
        assert set(events.values()) == {1}, "a repair published an event twice"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("topic", [topics.NORMALIZED, topics.EXTRACTED])
def test_what_a_stage_has_read_and_lost_is_handled_again(tmp_path: Path, topic: str) -> None:
    data = tmp_path / "data"
    with running(data) as jianbao:
        told = jianbao.push(OFFICE, "lost.txt", text(500)).json()
        jianbao.final(OFFICE, told["push_id"], "searchable")
    damage.lose_event(data, topic, told["bulletin_id"])
    damage.run(data, "DELETE FROM search_revision")
    damage.forget_in_index(data, told["bulletin_id"])
    if topic == topics.NORMALIZED:
        damage.lose_event(data, topics.EXTRACTED, told["bulletin_id"])
    assert [one["kind"] for one in audited(data)[1]["differences"]] == ["lost"]
    with running(data) as jianbao:
        assert audited(data, "--repair")[0] == 1
        until(lambda: audited(data)[0] == 0 or None, "the audit to be clean")
        assert jianbao.get(f"/v1/bulletins/{told['bulletin_id']}").status_code == 200
