"""Who may do what, by key."""

from __future__ import annotations

import pytest

FOREIGN = f"hebei-wmb.{'0' * 32}"


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "missing_key"),
        ("", "missing_key"),
        ("hubei-key", "missing_bearer"),
        ("Basic aHViZWk6", "missing_bearer"),
        ("Bearer ", "missing_key"),
        ("Bearer wrong", "unknown_key"),
        ("Bearer 密钥".encode(), "unknown_key"),
        (b"Bearer \xff\xfe", "unknown_key"),
        ("Bearer revoked-key", "revoked_key"),
    ],
)
def test_without_a_living_key_nothing_is_taken(ingest, authorization, code):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = ingest.client.request("POST", "/v1/bulletins", content=b"x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert ingest.raw() == []


def test_the_scheme_may_be_written_in_any_case(ingest):
    answer = ingest.client.request("POST", "/v1/bulletins", content=b"x", headers={"Authorization": "bearer hubei-key"})
    assert answer.status_code == 202


def test_a_reader_s_key_may_look_and_not_push(ingest):
    ingest.key = "reader-key"
    assert ingest.push(b"x").json()["code"] == "reader_may_not_push"
    assert ingest.batch({"content": "x"}).status_code == 403
    assert (
        ingest.client.request("DELETE", f"/v1/bulletins/archive.{'0' * 32}", headers=ingest.headers()).status_code
        == 403
    )
    assert ingest.get("/v1/receipts").status_code == 200
    assert ingest.raw() == []


def test_a_key_works_as_soon_as_its_office_is_in_the_log(ingest):
    ingest.add_office("hunan-wmb", "hunan-key")
    ingest.key = "hunan-key"
    assert ingest.push(b"x").status_code == 202
    assert ingest.raw()[0].office == "hunan-wmb"


def test_a_revoked_key_stops_working(ingest):
    assert ingest.push(b"x").status_code == 202
    ingest.add_office("hubei-wmb", "hubei-key", revoked=True)
    ingest.key = "nobody"
    assert ingest.push(b"x").json()["code"] == "unknown_key"  # answered once the directory has caught up
    ingest.key = "hubei-key"
    assert ingest.push(b"x").json()["code"] == "revoked_key"


@pytest.mark.parametrize("bulletin", [FOREIGN, "hebei-wmb.no-hash", "HUBEI-WMB.x", ".x"])
def test_another_office_s_bulletin_is_403_without_a_look_up(ingest, bulletin):
    for method in ("DELETE", "GET"):
        answer = ingest.client.request(method, f"/v1/bulletins/{bulletin}", headers=ingest.headers())
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_bulletin")
    assert ingest.raw() == []


def test_an_id_that_is_none_is_refused(ingest):
    for bulletin in ("nonsense", "hubei-wmb.xyz", f"hubei-wmb.{'A' * 32}", f"hubei-wmb.{'0' * 32}%00"):
        answer = ingest.client.request("DELETE", f"/v1/bulletins/{bulletin}", headers=ingest.headers())
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_bulletin_id")


def test_another_office_s_receipt_is_as_unknown_as_none(ingest):
    push = ingest.push(b"x").json()
    ingest.keep_receipts()
    assert ingest.get(push["receipt"]).status_code == 200
    ingest.key = "hebei-key"
    answer = ingest.get(push["receipt"])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_receipt")
    assert ingest.get("/v1/receipts").json()["receipts"] == []
