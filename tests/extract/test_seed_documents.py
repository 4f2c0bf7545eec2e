"""The five real documents, cleaned by normalize: nothing of their text is lost, and their articles are found."""

from __future__ import annotations

import pytest

from jianbao_normalize.domain.cleaning import clean

TITLES = {
    "000": ["滨江区依托四个主题", "建德市推行“月月都是测评月”活动"],
    "001": ["南漳县“八抓八促”", "江夏区四线连接四轮驱动 强化文明创建管理"],
    "002": ["漳州市文明委全体会议", "街头巷尾", "铜仁市", "青海省茫崖市", "广东丰顺"],
    "003": ["创就创成", "人民城市人民建"],
    "004": ["张家港市：以“绣花功夫”", "如皋市：", "邳州市：", "泰州市海陵区："],
}


@pytest.mark.parametrize("number", sorted(TITLES))
def test_the_articles_of_a_real_document_are_found_and_nothing_of_it_is_lost(read, seed_documents, number):
    path = next(seed_documents.glob(f"{number}_*"))
    cleaned = clean(path.read_bytes(), media_type="text/plain", charset=None)
    event = read(cleaned.text, script=cleaned.script, paragraph_scripts=cleaned.paragraph_scripts)
    titles = [article.title for article in event.articles]
    assert len(titles) == len(TITLES[number])
    for title, expected in zip(titles, TITLES[number], strict=True):
        assert title.startswith(expected)
    apparatus = [span for name in ("apparatus", "foot") for span in spans_of(event.bulletin, name)]
    for line in cleaned.text.split("\n"):
        if len(line) > 60:
            start = cleaned.text.index(line)
            assert not any(s <= start < e for s, e in apparatus), f"body text taken for page furniture: {line[:30]}"
    for article in event.articles:
        assert len(article.body) > 300


def spans_of(facts, name):
    evidence = facts.evidence.get(name)
    return evidence.spans if evidence else []
