"""What an office took back is not given any more, under any number and on any path."""

from __future__ import annotations

import pytest

SECRET = "涉密电话"


@pytest.fixture
def taken_back(bench, make):
    """A bulletin with two editions, withdrawn, then published anew without what should not have been said."""
    first = make(f"题目\n{SECRET}一", titles=[("题目", None)])
    bench.index(first, make(f"题目\n{SECRET}二", titles=[("题目", None)], revision=2))
    bench.index(make("", revision=3, operation="retract"))
    return first.bulletin_id


def addresses(bulletin_id: str) -> list[str]:
    return [
        f"{base}/bulletins/{bulletin_id}{rest}"
        for base in ("", "/v1")
        for rest in ("", "/revisions/1", "/revisions/2", "/revisions/3")
    ]


def test_no_text_of_a_withdrawn_bulletin_is_given_on_any_path(bench, taken_back):
    for address in (*addresses(taken_back), f"/v1/articles/{taken_back}/1", "/?q=题目", "/v1/search?q=题目"):
        answer = bench.client.get(address)
        assert SECRET not in answer.text, address
        assert answer.status_code == (200 if address.endswith("/revisions/3") or "q=" in address else 410), address


def test_what_is_published_after_a_withdrawal_does_not_bring_back_what_was_before_it(bench, make, taken_back):
    bench.index(make("题目\n改过的正文", titles=[("题目", None)], revision=4))
    assert "改过的正文" in bench.client.get(f"/v1/bulletins/{taken_back}").text
    assert "改过的正文" in bench.client.get(f"/v1/bulletins/{taken_back}/revisions/4").text
    for number in (1, 2):
        assert bench.client.get(f"/v1/bulletins/{taken_back}/revisions/{number}").status_code == 410
    listed = bench.client.get(f"/v1/bulletins/{taken_back}").json()["revisions"]
    assert [one["withdrawn"] for one in listed] == [True, True, False, False]
    page = bench.client.get(f"/bulletins/{taken_back}").text
    assert "第 1 版（已撤回，不再提供）" in page
    assert f"/bulletins/{taken_back}/revisions/1" not in page


def test_a_retraction_holds_before_the_index_knows_of_it(bench, make, taken_back):
    other = make(f"别的\n{SECRET}", document="other.txt", titles=[("别的", None)])
    bench.index(other)
    bench.revisions.keep([make("", document="other.txt", revision=2, operation="retract")])
    answer = bench.client.get(f"/v1/bulletins/{other.bulletin_id}/revisions/1")
    assert (answer.status_code, answer.json()["code"]) == (410, "withdrawn")
