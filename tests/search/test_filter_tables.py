"""A filter stands in several tables; one that is missing from any of them is a page that fails, or a filter ignored."""

from __future__ import annotations

import pytest

from jianbao_search.api.models import SearchParameters
from jianbao_search.api.views import LABELS
from jianbao_search.domain.filters import NAMES, filters

VALUES = {
    "region": "湖北省",
    "issue": "16",
    "year": "2022",
    "from": "2022-05-07",
    "to": "2022-05-07",
    "kind": "bulletin",
    "script": "mixed",
}
"""Of filters that do not take any word."""

OTHER_PARAMETERS = {"q", "sort", "size", "cursor", "facets"}


def test_every_filter_has_a_label_for_people():
    assert set(LABELS) == set(NAMES)


def test_every_filter_is_a_parameter_of_the_api_and_the_other_way_round():
    written = {field.alias or name for name, field in SearchParameters.model_fields.items()}
    assert written == set(NAMES) | OTHER_PARAMETERS


@pytest.mark.parametrize("name", NAMES)
def test_every_filter_demands_something_and_the_page_shows_it(seeded, name):
    given = {name: VALUES.get(name, "文明")}
    assert filters(given).conditions
    page = seeded.client.get("/", params={"q": "文明", **given})
    assert page.status_code == 200
    assert f"{LABELS[name]}：" in page.text
