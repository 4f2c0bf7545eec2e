"""A field through all stages: what an office declares at the door is what readers filter by at the other end."""

from __future__ import annotations

TEXT = "街巷长手记\n张大姐带着网格员把背街小巷走了三遍，修好路灯，清走杂物，邻里都说好。".encode()


def test_a_declared_date_and_region_are_searchable(jianbao):
    pushed = jianbao.push("declaring", "2021/7.txt", TEXT, published_on="2021-07-08", region="420106").json()
    jianbao.final("declaring", pushed["push_id"], "searchable")
    for filters in ({"from": "2021-07-08", "to": "2021-07-08"}, {"year": 2021}, {"region": "420106"}):
        hits = jianbao.search("背街小巷走了三遍", office="declaring", **filters)["hits"]
        assert [hit["published_on"] for hit in hits] == ["2021-07-08"], filters
    extracted = jianbao.bulletin(pushed["bulletin_id"])
    assert extracted["declared"] == {"title": None, "published_on": "2021-07-08", "region": "420106"}
