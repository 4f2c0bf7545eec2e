"""The page: plain Chinese HTML that needs no scripts, shows what was found, and trusts no text."""

from __future__ import annotations

import html
import re

import pytest


def links(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="([^"]+)"', page)]


def test_results_are_shown_with_marks_in_the_script_they_were_printed_in(seeded):
    page = seeded.client.get("/?q=南漳县 推进文明城市").text
    assert "<mark>南漳縣</mark>" in page
    assert 'lang="zh-Hans"' in page
    assert "共 1 条" in page


def test_facets_keep_the_query_and_lead_to_as_many_hits_as_they_say(seeded):
    page = seeded.client.get("/?q=文明&sort=date").text
    region = next(link for link in links(page) if "region=320000" in link)
    assert "q=%E6%96%87%E6%98%8E" in region
    assert "sort=date" in region
    narrowed = seeded.client.get(region).text
    assert "共 1 条" in narrowed
    assert "地区：江苏省" in narrowed
    assert 'name="region" value="320000"' in narrowed
    assert any("region=320500" in link for link in links(narrowed))


def test_pages_follow_one_another(bench, make):
    bench.index(
        *(make(f"第{n}号创建\n网格员", document=str(n), titles=[(f"第{n}号创建", None)], sequence=n) for n in range(25))
    )
    seen, address = [], "/?q=网格员"
    for _ in range(3):
        page = bench.client.get(address).text
        seen += re.findall(r"<h2><a href=\"/bulletins/([^?\"]+)", page)
        address = next((link for link in links(page) if "cursor=" in link), "")
    assert len(set(seen)) == len(seen) == 25
    assert not address


def test_a_bulletin_is_shown_with_original_and_cleaned_text_side_by_side(seeded, seeds):
    page = seeded.client.get(f"/bulletins/{seeds['001'].bulletin_id}?q=八抓八促").text
    assert "<p>  <mark>南漳縣“八抓八促</mark>" in page or "<mark>八抓八促</mark>" in page
    assert "南漳县采取“八抓八促”方式" in page.replace("<mark>", "").replace("</mark>", "")
    assert "湖北精神文明建设简报" in page
    assert "第 1 版" in page


def test_text_of_a_bulletin_never_becomes_markup(bench, make):
    evil = "<script>alert(1)</script>\n<img src=x onerror=alert(2)>文明"
    event = make(evil, document='"><b>', titles=[("<script>alert(1)</script>", None)])
    bench.index(event)
    for address in (
        "/?q=文明",
        f"/bulletins/{event.bulletin_id}",
        '/?q="><script>alert(3)</script>',
        "/?q=文明&sort=date",
    ):
        answer = bench.client.get(address)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/?region=不存在", 400), ("/?cursor=x", 400), ("/bulletins/nobody.0", 404), ("/nowhere", 404)],
)
def test_problems_are_told_on_a_page(seeded, address, status):
    answer = seeded.client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert 'role="alert"' in answer.text


def test_of_an_address_that_is_no_page_a_program_gets_a_problem_document(seeded):
    answer = seeded.client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_path")
    assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_found_is_said_with_what_to_try(seeded):
    assert "没有找到符合条件的简报" in seeded.client.get("/?q=量子计算机").text


def test_a_retraction_and_an_old_revision_have_their_pages(bench, make):
    first = make("题目\n正文", titles=[("题目", None)])
    bench.index(first, make("题目\n改过", titles=[("题目", None)], revision=2))
    assert "历史版本" in bench.client.get(f"/bulletins/{first.bulletin_id}/revisions/1").text
    bench.index(make("", revision=3, operation="retract"))
    assert "撤回通知" in bench.client.get(f"/bulletins/{first.bulletin_id}/revisions/3").text
