from __future__ import annotations

import pytest

from jianbao_text.issue_numbers import find_issue


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第 2 期\n\n(总第 316 期)\n", (None, 2, 316)),
        ("2017年湖北精神文明建设简报第一期", (2017, 1, None)),
        ("〔2022〕第 16 期", (2022, 16, None)),
        ("江苏精神文明建设简报\n第16期\n江苏省文明办  2022年5月7日", (None, 16, None)),
        ("第十六期（总第一千零四期）", (None, 16, 1004)),
        ("2019年第3期 总第58期", (2019, 3, 58)),
        ("二〇一八年第十二期", (2018, 12, None)),
        ("总第105期", (None, None, 105)),
        ("第3-4期\n", (None, 3, None)),
    ],
)
def test_the_label_of_an_issue_is_read(text, label):
    found = find_issue(text)
    assert found is not None
    assert (found.year, found.number, found.cumulative) == label


@pytest.mark.parametrize("text", ["", "举办第三期培训班。", "第2批试点", "第一期工程已经完工"])
def test_what_is_no_label_is_none(text):
    assert find_issue(text) is None
