"""Resends, corrections, retractions and reverts, as an office sees them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from running import Running

NUMBERS = itertools.count(1)


@pytest.fixture
def office() -> Iterator[str]:
    """An office of its own for each test, so that its searches see nothing else."""
    return f"revising-{next(NUMBERS)}"


def text(word: str) -> bytes:
    """A report that is about `word` and like no other: what is between the words is drawn."""
    drawn = random.Random(word)
    filling = [
        "".join(drawn.choices("春风化雨润物无声城乡共建文明实践宣讲服务志愿村组社区党员群众", k=60)) for _ in range(3)
    ]
    return (
        f"关于开展{word}活动的报告\n\n全县围绕{word}主题开展活动。{'。'.join(filling)}。推动{word}走深走实。\n".encode()
    )


def push_id(answer: object) -> str:
    assert answer.status_code == 202, answer.text  # type: ignore[attr-defined]
    return str(answer.json()["push_id"])  # type: ignore[attr-defined]


def hits(jianbao: Running, office: str, query: str) -> list[str]:
    return [hit["bulletin_id"] for hit in jianbao.search(query, office=office)["hits"]]


def test_the_same_file_pushed_twice_is_one_push_one_receipt_and_one_hit(jianbao: Running, office: str) -> None:
    first = jianbao.push(office, "a.txt", text("金秋"))
    second = jianbao.push(office, "a.txt", text("金秋"))
    assert first.json() == second.json()
    receipt = jianbao.final(office, push_id(first), "searchable")
    assert receipt["revision"] == 1
    assert hits(jianbao, office, "金秋") == [first.json()["bulletin_id"]]


def test_changed_content_is_a_revision_and_the_earlier_one_stays_readable(jianbao: Running, office: str) -> None:
    first = jianbao.push(office, "a.txt", text("春耕"))
    jianbao.final(office, push_id(first), "searchable")
    second = jianbao.push(office, "a.txt", text("夏收"))
    assert jianbao.final(office, push_id(second), "searchable")["revision"] == 2
    assert jianbao.final(office, push_id(first), "superseded")["revision"] == 1
    bulletin_id = first.json()["bulletin_id"]
    assert hits(jianbao, office, "夏收") == [bulletin_id]
    assert hits(jianbao, office, "春耕") == []
    assert "春耕" in jianbao.get(f"/v1/bulletins/{bulletin_id}/revisions/1").json()["text"]
    assert "夏收" in jianbao.bulletin(bulletin_id)["text"]

    late_retry = jianbao.push(office, "a.txt", text("春耕"))
    assert push_id(late_retry) == push_id(first)
    new_act = jianbao.push(office, "a.txt", text("春耕"), idempotency_key="another")
    repeated = jianbao.final(office, push_id(new_act), "repeated")
    assert repeated["refers_to"] == push_id(first)
    assert repeated["detail"]["code"] == "repeated_content"
    assert "revert" in repeated["detail"]["action"]
    assert jianbao.receipt(office, push_id(first))["state"] == "superseded"
    assert hits(jianbao, office, "夏收") == [bulletin_id]
    assert hits(jianbao, office, "春耕") == []


def test_a_retraction_withdraws_and_only_a_revert_publishes_again(jianbao: Running, office: str) -> None:
    pushed = jianbao.push(office, "a.txt", text("秋粮"))
    bulletin_id = pushed.json()["bulletin_id"]
    jianbao.final(office, push_id(pushed), "searchable")

    retraction = jianbao.retract(office, bulletin_id)
    assert jianbao.final(office, push_id(retraction), "withdrawn")["revision"] == 2
    assert jianbao.final(office, push_id(pushed), "withdrawn")
    assert hits(jianbao, office, "秋粮") == []
    assert jianbao.get(f"/v1/bulletins/{bulletin_id}").status_code == 410

    again = jianbao.retract(office, bulletin_id)
    assert jianbao.final(office, push_id(again), "repeated")["detail"]["code"] == "already_withdrawn"

    same_content = jianbao.push(office, "a.txt", text("秋粮"), idempotency_key="no-revert")
    jianbao.final(office, push_id(same_content), "repeated")
    assert hits(jianbao, office, "秋粮") == []

    revert = jianbao.push(office, "a.txt", text("秋粮"), revert="true")
    assert jianbao.final(office, push_id(revert), "searchable")["revision"] == 3
    assert hits(jianbao, office, "秋粮") == [bulletin_id]


def test_the_same_report_of_two_offices_is_one_hit_and_hands_over_when_the_first_is_retracted(
    jianbao: Running, office: str
) -> None:
    other = f"{office}-reprint"
    body = text("冬储")
    first = jianbao.push(office, "a.txt", body)
    jianbao.final(office, push_id(first), "searchable")
    reprint = jianbao.push(other, "b.txt", "转载\n\n".encode() + body)
    receipt = jianbao.final(other, push_id(reprint), "searchable")
    assert [found["bulletin_id"] for found in receipt["relations"]] == [first.json()["bulletin_id"]]
    (hit,) = jianbao.search('"冬储主题"')["hits"]
    assert hit["bulletin_id"] == first.json()["bulletin_id"]
    assert [found["bulletin_id"] for found in hit["cluster"]["others"]] == [reprint.json()["bulletin_id"]]
    retraction = jianbao.retract(office, first.json()["bulletin_id"])
    jianbao.final(office, push_id(retraction), "withdrawn")
    (hit,) = jianbao.search('"冬储主题"')["hits"]
    assert hit["bulletin_id"] == reprint.json()["bulletin_id"]
