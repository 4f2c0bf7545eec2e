"""Extracted bulletins made from real texts, and an index, API and page over a folder of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from jianbao_contracts import (
    Article,
    BulletinFacts,
    Evidence,
    ExtractedBulletin,
    Issue,
    Office,
    ProducedBy,
    RegionMention,
    Relation,
    identity,
)
from jianbao_contracts.stage_status import StageStatus
from jianbao_contracts.topics import OFFICES
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.office_names import FollowedNames
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.adapters.tantivy_reader import TantivyReader
from jianbao_search.answers import Answers
from jianbao_search.api.app import create_app
from jianbao_search.handler import IndexHandler
from jianbao_search.library import Library
from jianbao_search.rebuilding import OwnedIndex
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.events import derived_record, office_record
from jianbao_streaming.outcomes import Emit, Outcome, Skip
from jianbao_streaming.records import StoredRecord
from jianbao_text.alignment import Edited
from jianbao_text.pinyin import find_annotations
from jianbao_text.places import gazetteer
from jianbao_text.script import script_of, to_simplified

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

Titled = Sequence[tuple[str, str | None]]
"""Titles of articles as clean lines, each with the code of its region."""


def bulletin(
    original: str,
    *,
    document: str = "a.txt",
    office: str = "hubei-wmb",
    revision: int = 1,
    generation: int = 1,
    operation: str = "publish",
    titles: Titled = (),
    sequence: int | None = 1,
    cluster_of: ExtractedBulletin | None = None,
    relation: str = "exact",
    adcode: str | None = None,
    series: str | None = None,
    number: int | None = None,
    cumulative: int | None = None,
    published_on: str | None = None,
) -> ExtractedBulletin:
    """Return what extract would say of a text whose articles stand under the given title lines."""
    if operation == "retract":
        original = ""
    cleaned = Edited.of(original).delete(find_annotations(original))
    cleaned = cleaned.with_text(to_simplified(cleaned.text))
    own = identity.bulletin_id(office, document, "")
    relations = []
    if cluster_of is not None:
        relations = [
            Relation(bulletin_id=cluster_of.bulletin_id, revision=1, source="", relation=relation, similarity=1.0)
        ]
    return ExtractedBulletin(
        bulletin_id=own,
        revision=revision,
        push_id=identity._short_hash(own, revision, operation),
        operation=operation,
        office=office,
        source=document,
        text=cleaned.text,
        original=original,
        alignment=cleaned.alignment().runs,
        script=script_of(original) or "simplified",
        relations=relations,
        cluster_id=cluster_of.cluster_id if cluster_of else own,
        duplicate_of=cluster_of.cluster_id if cluster_of else None,
        sequence=None if operation == "retract" else sequence,
        received_at=NOW,
        bulletin=BulletinFacts(
            series=series,
            issue=Issue(number=number, cumulative=cumulative),
            published_on=published_on,
            adcode=adcode,
        ),
        articles=list(_articles(own, cleaned.text, titles)) if operation == "publish" else [],
        generation=generation,
        produced_by=ProducedBy(service="extract", version="test", rules="test"),
        extracted_at=NOW,
    )


def _articles(bulletin_id: str, text: str, titles: Titled) -> Iterator[Article]:
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]+", text)]
    plain = {re.sub(r"\s", "", text[start:end]): (start, end) for start, end in lines}
    places = [(plain[re.sub(r"\s", "", title)], adcode) for title, adcode in titles]
    for position, ((start, end), adcode) in enumerate(places, start=1):
        until = places[position][0][0] if position < len(places) else len(text)
        column = text.find("\n【", end, until)
        until = column if column > 0 else until
        mentions = []
        if adcode:
            name = gazetteer().region(adcode).name
            mentions = [RegionMention(text=name, start=start, end=end, adcode=adcode, name=name)]
        yield Article(
            article_id=identity.article_id(bulletin_id, position),
            position=position,
            title=text[start:end].strip(),
            body=text[end:until].strip(),
            segments=[(end, until)],
            primary_adcode=adcode,
            regions=mentions,
            evidence={"title": Evidence(spans=[(start, end)], rule="test")},
        )


SEEDS = {
    "000": {
        "office": "hangzhou-wmb",
        "adcode": "330100",
        "series": "杭州精神文明建设信息交流",
        "number": 2,
        "cumulative": 316,
        "published_on": "2019-04-08",
        "titles": [
            ("滨江区依托四个主题、四小载体、四支队伍、四项制度 深化周三“文明提升日”活动", "330108"),
            ("建德市推行“月月都是测评月”活动 推进文明城市常态化管理", "330182"),
        ],
    },
    "001": {
        "office": "hubei-wmb",
        "adcode": "420000",
        "series": "湖北精神文明建设简报",
        "number": 1,
        "published_on": "2017-04-14",
        "titles": [
            ("南漳县“八抓八促” 推进文明城市创建", "420624"),
            ("江夏区四线连接四轮驱动", "420115"),
        ],
    },
    "002": {
        "office": "xinfeng-bao",
        "titles": [
            ("漳州市文明委全体会议暨文明城市创建工作会召开", "350600"),
            ("多地推出街巷长,助力城市精细化管理,贴近民生服务 街头巷尾 总能遇到那份爱", None),
            ("铜仁市「五个持续」推动精神文明建设", "520600"),
            ("青海省茫崖市提升党员干部理论修养和工作能力", "632803"),
            ("广东丰顺全力以赴创建全国文明城市", "441423"),
        ],
    },
    "003": {
        "office": "changshan-wmb",
        "adcode": "330822",
        "titles": [
            ("创就创成 创则必成 高分创成全国文明乡镇", "330822"),
            ("人民城市人民建 人民城市为人民 全力以赴打赢创文工作攻坚战", "330822"),
        ],
    },
    "004": {
        "office": "jiangsu-wmb",
        "adcode": "320000",
        "series": "江苏精神文明建设简报",
        "number": 16,
        "published_on": "2022-05-07",
        "titles": [
            ("张家港市：以“绣花功夫” 建设高水平文明城市", "320582"),
            ("如皋市：充分激发文明城市创建群众参与度", "320682"),
            ("邳州市：“三位一体”推进高水平 文明城市建设", "320382"),
            ("泰州市海陵区：打造文明楼道 营造文明新风", "321202"),
        ],
    },
}
"""What the five real documents are, as far as search needs it: office, masthead and title lines."""


@pytest.fixture(scope="session")
def make() -> Callable[..., ExtractedBulletin]:
    """The builder of bulletins."""
    return bulletin


@pytest.fixture(scope="session")
def seeds(seed_documents: Path) -> dict[str, ExtractedBulletin]:
    """The five real documents by the first three digits of their file names."""
    found = {}
    for sequence, (number, facts) in enumerate(SEEDS.items(), start=1):
        file = next(seed_documents.glob(f"{number}_*.txt"))
        found[number] = bulletin(file.read_text(encoding="utf-8"), document=file.name, sequence=sequence, **facts)
    return found


class Bench:
    """An indexer and a search API over one data folder, without processes."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.engine: Engine = open_embedded(data)
        self.revisions = SqliteRevisions(data)
        self.owned = self.opened()
        self.reader = TantivyReader(data / INDEX_FOLDER)
        self.answers = Answers(self.reader)
        self.library = Library(self.reader, self.revisions)
        self.offices = FollowedNames(self.engine.log.reader([OFFICES]), SystemClock())
        self.app = create_app(self.reader, self.answers, self.library, None, offices=self.offices)
        self.client = TestClient(self.app, raise_server_exceptions=False)
        self._offset = 0

    def opened(self) -> OwnedIndex:
        """An index over the folder, as another process would open it."""
        return OwnedIndex(self.data / INDEX_FOLDER, self.engine, self.revisions, lambda: NOW)

    @property
    def handler(self) -> IndexHandler:
        return IndexHandler(self.owned, self.revisions, lambda: NOW)

    def record(self, event: ExtractedBulletin) -> StoredRecord:
        plain = derived_record(event)
        self._offset += 1
        return StoredRecord(plain.topic, 0, self._offset, 0, plain.key, plain.value, plain.headers)

    def index(self, *events: ExtractedBulletin) -> list[Outcome]:
        """Hand one batch to the indexer."""
        return self.handler([self.record(event) for event in events])

    def publish(self, *events: ExtractedBulletin) -> None:
        """Append to the log, as extract does."""
        self.engine.log.append([derived_record(event) for event in events])

    def name_offices(self, **names: str) -> None:
        """Say what offices are called; before the first search, since names are read once a second."""
        self.engine.log.append(
            [
                office_record(Office(office=office.replace("_", "-"), name=name, changed_at=NOW))
                for office, name in names.items()
            ]
        )

    def search(self, q: str = "", **parameters: str) -> dict:
        answer = self.client.get("/v1/search", params={"q": q, **parameters})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def titles(self, q: str = "", **parameters: str) -> list[str]:
        return [hit["title"] for hit in self.search(q, **parameters)["hits"]]

    def close(self) -> None:
        self.offices.close()
        self.owned.close()
        self.revisions.close()
        self.engine.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An empty data folder with indexer and API."""
    made = Bench(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, seeds: dict[str, ExtractedBulletin]) -> Iterator[Bench]:
    """All five real documents in the index; for tests that only read."""
    made = Bench(tmp_path_factory.mktemp("seeded") / "data")
    made.index(*seeds.values())
    yield made
    made.close()


@pytest.fixture(scope="session")
def said() -> Callable[[Sequence[Outcome]], list[tuple[str, str]]]:
    """Reads outcomes as (push id, state) pairs, in order."""

    def read(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
        words = []
        for outcome in outcomes:
            assert isinstance(outcome, Emit | Skip), outcome
            statuses = [StageStatus.model_validate_json(record.value or b"") for record in outcome.records]
            words += [(status.push_id, status.state) for status in statuses]
        return words

    return read
