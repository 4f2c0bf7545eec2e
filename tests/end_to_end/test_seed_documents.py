"""The main job on real input: five real documents go in over HTTP and are found in both scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Running

PHRASES = [
    ("000", "持续三年开展每周三", "持續三年開展每週三"),
    ("000", "月月都是测评月", "月月都是測評月"),
    ("001", "义务护路愚公", "義務護路愚公"),
    ("001", "四线连接四轮驱动", "四線連接四輪驅動"),
    ("002", "坚决不放过每一个问题", "堅決不放過每一個問題"),
    ("002", "街巷长努力让天蓝路净", "街巷長努力讓天藍路淨"),
    ("002", "铜仁仁者", "銅仁仁者"),
    ("002", "指尖课堂", "指尖課堂"),
    ("002", "客都好乡贤", "客都好鄉賢"),
    ("003", "创则必成", "創則必成"),
    ("003", "柚见好邻里", "柚見好鄰里"),
    ("004", "文明创建天气图", "文明創建天氣圖"),
    ("004", "文明点赞操", "文明點讚操"),
    ("004", "绿肺工程", "綠肺工程"),
    ("004", "我为楼道献一计", "我為樓道獻一計"),
]
OFFICE = "real-documents"


@pytest.fixture(scope="module")
def pushed(jianbao: Running, seed_documents: Path) -> dict[str, str]:
    """Number of each document → its bulletin id, all searchable."""
    answers = {
        path.name[:3]: jianbao.push(OFFICE, path.name, path.read_bytes())
        for path in sorted(seed_documents.glob("*.txt"))
    }
    assert len(answers) == 5
    for answer in answers.values():
        assert answer.status_code == 202, answer.text
        jianbao.final(OFFICE, answer.json()["push_id"], "searchable")
    return {number: answer.json()["bulletin_id"] for number, answer in answers.items()}


@pytest.mark.parametrize(("number", "simplified", "traditional"), PHRASES)
def test_a_phrase_of_each_article_is_found_in_both_scripts(
    jianbao: Running, pushed: dict[str, str], number: str, simplified: str, traditional: str
) -> None:
    for query in (simplified, traditional, f'"{simplified}"'):
        hits = jianbao.search(query, office=OFFICE)["hits"]
        assert hits, query
        assert hits[0]["bulletin_id"] == pushed[number], query


def test_the_traditional_document_is_shown_in_traditional_with_the_words_marked(
    jianbao: Running, pushed: dict[str, str]
) -> None:
    (hit,) = jianbao.search('"义务护路"', office=OFFICE)["hits"]
    snippet = hit["snippet"]
    assert [snippet["original"][start:end] for start, end in snippet["marks"]] == ["義務(wù)護路"] or [
        snippet["original"][start:end] for start, end in snippet["marks"]
    ] == ["義務", "護路"]
    assert hit["script"] == "traditional"


def test_pinyin_notes_are_not_in_the_text_that_is_searched(jianbao: Running, pushed: dict[str, str]) -> None:
    bulletin = jianbao.bulletin(pushed["001"])
    assert "(zé)" not in bulletin["text"]
    assert "責(zé)任" in bulletin["original"]
    assert jianbao.search("zé", office=OFFICE)["total"] == 0


def test_the_body_printed_twice_is_one_bulletin_with_its_articles_once(
    jianbao: Running, pushed: dict[str, str]
) -> None:
    bulletin = jianbao.bulletin(pushed["001"])
    assert bulletin["bulletin"]["copies_of_body"] == 2
    assert [article["title"][:3] for article in bulletin["articles"]] == ["南漳县", "江夏区"]


def test_each_event_passed_every_topic_once(jianbao: Running, pushed: dict[str, str]) -> None:
    for topic in ("bulletins.raw", "bulletins.normalized", "bulletins.extracted"):
        ids = [record.header("ce_subject") for record in jianbao.records(topic)]
        assert all(ids.count(bulletin_id) == 1 for bulletin_id in pushed.values()), topic
