"""How two bulletins relate: told by figures, dates, regions, series and issue, not by a likeness alone."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from bulletin_pairs import SENTENCES, pairs

from jianbao_normalize.domain.announcements import Announcement, announcement
from jianbao_normalize.domain.duplicates import compare
from jianbao_text.script import to_simplified

HEAD = "江苏精神文明建设简报\n第16期\n江苏省文明办\n2022年5月7日\n"
BODY = (
    "张家港市：以绣花功夫推进文明城市建设\n"
    "今年以来，张家港市坚持问题导向，建立问题清单、责任清单和整改清单，累计排查各类问题1730个，已整改到位1688个，整改率97.5%。\n"
    "5月3日，市委书记王建国出席会议并讲话，326名干部群众参加会议，对128条背街小巷的改造提升作出部署，要求年内全部完成。\n"
    "全市注册志愿者达到20.8万人，志愿服务团队1560支，累计服务时长380万小时，群众满意率保持在96.2%以上，创建成果不断巩固。"
)
FOOT = "\n报：省文明办\n发：各市、县（市、区）文明办\n（苏简字1004号 共印400份）"
WHOLE = HEAD + BODY + FOOT


def one(text: str, bulletin: str = "a") -> Announcement:
    return announcement(bulletin, 1, "", text)


def kinship(earlier: str, later: str) -> str:
    match = compare(one(later), one(earlier))
    return match.kinship if match else "distinct"


CASES = {
    "the same text": ("exact", WHOLE),
    "other spacing and width": ("exact", WHOLE.replace("，", ", ").replace("16", " １６ ").replace("\n", "\n\n")),
    "cut short": ("near", WHOLE[: len(WHOLE) * 2 // 3]),
    "without head and foot": ("near", BODY),
    "another head": ("near", "湖北省文明办工作信息\n第3期\n湖北省文明办\n2022年6月1日\n" + BODY),
    "reworded": ("near", WHOLE.replace("今年以来", "近年来").replace("不断巩固", "持续巩固提升")),
    "a figure corrected": ("correction", WHOLE.replace("1730", "1370")),
    "a decimal point corrected": ("correction", WHOLE.replace("20.8", "208")),
    "a date corrected": ("correction", WHOLE.replace("5月3日", "5月4日")),
    "the date of issue corrected": ("correction", WHOLE.replace("5月7日", "5月9日")),
    "a name corrected": ("correction", WHOLE.replace("王建国", "李卫东")),
    "the next issue, however alike": ("distinct", WHOLE.replace("第16期", "第17期")),
    "the same issue of the next year": (
        "distinct",
            WHOLE.replace("2022", "2023").replace("5月", "6月").replace("1730", "2011").replace("1688", "1999")
            .replace("97.5", "99.4").replace("326", "411").replace("128", "97").replace("20.8", "22.1")
            .replace("1560", "1702").replace("380", "415").replace("96.2", "97.7"),
        ),
    "another town on the same template": (
        "distinct",
            WHOLE.replace("张家港", "邳州").replace("1730", "2011").replace("1688", "1999").replace("97.5", "99.4")
            .replace("326", "411").replace("128", "97").replace("20.8", "22.1").replace("1560", "1702")
            .replace("第16期", "第21期"),
        ),
    "nothing alike": ("distinct", "关于举办2022年全省青少年阅读大赛的通知\n请各地于6月30日前报送作品，每校限报3件，逾期不予受理。"),
    "nothing": ("distinct", ""),
}  # fmt: skip


@pytest.mark.parametrize(("expected", "later"), CASES.values(), ids=CASES.keys())
def test_kinship_to_an_earlier_bulletin(expected: str, later: str):
    assert kinship(WHOLE, later) == expected


def test_the_first_paragraph_of_a_long_text_is_a_part_of_it():
    rest = "\n".join(SENTENCES)
    assert kinship(f"{BODY}\n{rest}", BODY) == "contained_in"


def test_two_texts_without_a_word_are_no_copies():
    assert kinship("。。。", "……") == "distinct"


def test_traditional_and_simplified_are_the_same_text():
    traditional = "精神文明建設簡報\n張家港市堅持問題導向，建立問題清單，累計排查各類問題1730個，已經整改到位。"
    assert kinship(traditional, to_simplified(traditional)) == "exact"


def test_an_article_and_the_bulletin_that_carries_it_contain_each_other_in_either_order():
    other = "\n".join(
        f"第{n}个村庄的{word}故事很长很长，值得慢慢讲述给每一位读者来听。"
        for n, word in enumerate("春夏秋冬风花雪月山水田园诗书画")
    )
    collection = f"文明创建工作简报\n第9期\n{other}\n{BODY}"
    assert kinship(BODY, collection) == "contains"
    assert kinship(collection, BODY) == "contained_in"


FLOORS = {"exact": 0.99, "near": 0.97, "correction": 0.95, "contains": 0.95, "contained_in": 0.95, "distinct": 0.99}


def test_made_pairs_are_told_apart():
    right: dict[str, Counter[bool]] = defaultdict(Counter)
    wrong = []
    for seed in range(1000, 1025):
        for label, kind, earlier, later in pairs(seed):
            found = kinship(earlier, later)
            right[label][found == label] += 1
            if found != label:
                wrong.append((seed, label, kind, found))
    for label, counts in right.items():
        assert counts[True] / counts.total() >= FLOORS[label], wrong


def test_a_comparison_of_books_stays_cheap_and_right():
    book = "\n".join(f"第{n}章 全市共排查问题{n * 7}个，整改{n * 5}个，张家港市第{n}次召开会议。" for n in range(5000))
    assert kinship(book, book.replace("问题700个", "问题701个")) == "correction"
