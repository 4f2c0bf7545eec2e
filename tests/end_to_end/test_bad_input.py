"""Bad input gets a clear answer, and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from running import Running

OFFICE = "careless"
GOOD = "全市召开文明城市创建工作推进会，会议总结了前期工作，部署了下一阶段任务。".encode()


def post(jianbao: Running, content: bytes | Iterator[bytes], key: str | None = None, **headers: str) -> httpx.Response:
    authorization = {"Authorization": f"Bearer {key or jianbao.key_of(OFFICE)}"}
    return jianbao.http.post(
        f"{jianbao.url('ingest-api')}/v1/bulletins", content=content, headers={**authorization, **headers}
    )


def is_problem(answer: httpx.Response, status: int) -> bool:
    """Whether an answer is a problem document with words a clerk can use, and nothing of our insides."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["detail"])
    assert "Traceback" not in answer.text
    return True


def test_an_empty_body_is_refused_with_a_reason(jianbao: Running) -> None:
    answer = post(jianbao, b"", **{"Content-Type": "text/plain"})
    assert is_problem(answer, answer.status_code)
    assert 400 <= answer.status_code < 500


def test_a_body_of_60_mb_is_refused_before_it_is_read_and_one_of_49_is_taken(jianbao: Running) -> None:
    def chunks(megabytes: int) -> Iterator[bytes]:
        for _ in range(megabytes):
            yield b"\xb8" * 1_000_000

    assert is_problem(post(jianbao, b"\xb8" * 60_000_000), 413)
    try:
        answer = post(jianbao, chunks(60))  # no Content-Length: found out while reading
        assert is_problem(answer, 413)
    except httpx.WriteError:
        pass  # the server said 413 and hung up while we were still sending
    taken = post(jianbao, b"\xff\xfe\x00" * 16_000_000, **{"Content-Type": "application/octet-stream"})
    assert taken.status_code == 202, taken.text
    receipt = jianbao.final(OFFICE, taken.json()["push_id"], "dead_lettered")
    assert receipt["detail"]["message"]
    assert receipt["detail"]["action"]


def test_a_wrong_key_is_refused(jianbao: Running) -> None:
    assert is_problem(post(jianbao, GOOD, key="wrong"), 401)
    assert is_problem(jianbao.http.post(f"{jianbao.url('ingest-api')}/v1/bulletins", content=GOOD), 401)


def test_another_offices_bulletin_cannot_be_touched(jianbao: Running) -> None:
    assert is_problem(jianbao.retract(OFFICE, "somebody-else." + "a" * 32), 403)


@pytest.mark.parametrize("media_type", ["application/x-unheard-of", "nonsense", "image/png"])
def test_an_unknown_media_type_of_readable_text_is_answered_clearly(jianbao: Running, media_type: str) -> None:
    answer = post(jianbao, GOOD + media_type.encode(), **{"Content-Type": media_type})
    if answer.status_code == 202:
        receipt = jianbao.final(OFFICE, answer.json()["push_id"])
        assert receipt["state"] == "searchable" or receipt["detail"]["code"] in ("unsupported_media_type", "not_text")
    else:
        assert is_problem(answer, answer.status_code)
        assert answer.status_code < 500


def test_bytes_that_are_no_text_become_a_dead_letter_with_the_reason_in_the_receipt(jianbao: Running) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
    answer = post(jianbao, content, **{"Content-Type": "text/plain"})
    receipt = jianbao.final(OFFICE, answer.json()["push_id"], "dead_lettered")
    assert receipt["detail"]["code"] == "not_text"
    assert "UTF-8" in receipt["detail"]["action"]
    letters = [r for r in jianbao.records("bulletins.normalize.dlq") if r.header("ce_pushid") == receipt["push_id"]]
    (raw,) = [r for r in jianbao.records("bulletins.raw") if r.header("ce_pushid") == receipt["push_id"]]
    assert [letter.value for letter in letters] == [raw.value]


@pytest.mark.parametrize(
    "metadata",
    [
        '{"document_id": "a\\u0000b"}',
        '{"document_id": "\\ud800"}',
        '{"document_id": ',
        "[]",
        '{"published_on": "2022-02-31"}',
    ],
)
def test_hostile_json_is_refused(jianbao: Running, metadata: str) -> None:
    answer = jianbao.http.post(
        f"{jianbao.url('ingest-api')}/v1/bulletins",
        files={"file": ("a.txt", GOOD, "text/plain"), "metadata": (None, metadata, "application/json")},
        headers={"Authorization": f"Bearer {jianbao.key_of(OFFICE)}"},
    )
    assert is_problem(answer, answer.status_code)
    assert 400 <= answer.status_code < 500


def test_a_batch_answers_each_item_on_its_own(jianbao: Running) -> None:
    items = [
        {"document_id": "b1", "source": "b1.txt", "media_type": "text/plain", "content": GOOD.decode() + "批一"},
        {"document_id": "b2", "source": "b2.txt", "media_type": "text/plain", "content": "\ud800"},
        {"document_id": "b3", "source": "b3.txt", "media_type": "text/plain", "content": GOOD.decode() + "批三"},
    ]
    lines = [json.dumps(items[0], ensure_ascii=False), json.dumps(items[1]), "{broken", json.dumps(items[2])]
    answer = jianbao.http.post(
        f"{jianbao.url('ingest-api')}/v1/bulletins/batch",
        content="\n".join(lines).encode(),
        headers={"Authorization": f"Bearer {jianbao.key_of(OFFICE)}", "Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 207, answer.text
    told = answer.json()
    assert [item["status"] == 202 for item in told["items"]] == [True, False, False, True]
    assert (told["accepted"], told["refused"]) == (2, 2)
    for item in (told["items"][0], told["items"][3]):
        assert jianbao.final(OFFICE, item["push_id"])["state"] == "searchable"


@pytest.mark.parametrize(
    "query", ['"', "-", "OR OR", "(" * 500, "\x00", "😀", "title:", "x" * 10_000, "AND NOT", "***"]
)
def test_a_hostile_query_is_no_server_error(jianbao: Running, query: str) -> None:
    answer = jianbao.http.get(f"{jianbao.url('search-api')}/v1/search", params={"q": query})
    assert answer.status_code < 500, answer.text
    page = jianbao.http.get(f"{jianbao.url('search-api')}/", params={"q": query})
    assert page.status_code < 500
    assert "Traceback" not in page.text


def test_after_all_this_a_good_bulletin_gets_through(jianbao: Running) -> None:
    answer = post(jianbao, GOOD + "探针".encode(), **{"Content-Type": "text/plain"})
    assert jianbao.final(OFFICE, answer.json()["push_id"])["state"] == "searchable"
