"""Damage to a real data folder, done with the engines' own tools while nothing runs there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import apsw

from jianbao_contracts import ExtractedBulletin, topics
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.adapters.tantivy_index import open_writer
from jianbao_search.domain.admission import admit
from jianbao_search.domain.documents import Document, documents_of
from jianbao_streaming.sqlite import DATABASE, connect


def event(data: Path, bulletin_id: str, revision: int = 1) -> ExtractedBulletin:
    with closing(SqliteRevisions(data)) as revisions:
        found = revisions.get(bulletin_id, revision)
    assert found is not None
    return found


def _write(data: Path, bulletin_id: str, documents: Sequence[Document]) -> None:
    with closing(open_writer(data / INDEX_FOLDER)) as writer:
        writer.write({bulletin_id: documents})


def _documents(of: ExtractedBulletin) -> list[Document]:
    head = admit(None, of)
    assert head is not None
    return documents_of(of, head)


def forget_in_index(data: Path, bulletin_id: str) -> None:
    _write(data, bulletin_id, ())


def forget_head(data: Path, bulletin_id: str) -> None:
    """Its articles stay, and no head speaks of them."""
    _write(data, bulletin_id, _documents(event(data, bulletin_id))[:-1])


def forget_an_article(data: Path, bulletin_id: str) -> None:
    documents = _documents(event(data, bulletin_id))
    assert len(documents) > 1, "it needs an article to lose"
    _write(data, bulletin_id, documents[1:])


def put_older_head(data: Path, bulletin_id: str) -> None:
    _write(data, bulletin_id, _documents(event(data, bulletin_id, 1)))


def put_newer_head(data: Path, bulletin_id: str) -> None:
    """As after a restored log beside an index that was not."""
    newer = event(data, bulletin_id, 1).model_copy(update={"revision": 7})
    _write(data, bulletin_id, _documents(newer))


def add_ghost(data: Path, like: str, ghost_id: str) -> None:
    made = event(data, like).model_copy(update={"bulletin_id": ghost_id, "cluster_id": ghost_id})
    articles = [one.model_copy(update={"article_id": f"{ghost_id}/{one.position}"}) for one in made.articles]
    _write(data, ghost_id, _documents(made.model_copy(update={"articles": articles})))


def run(data: Path, statement: str, *values: str | int | bytes) -> int:
    """Run SQL on the one file; return how many rows it touched."""
    connection: apsw.Connection = connect(data / DATABASE)
    with closing(connection):
        connection.execute(statement, values)
        return connection.changes()


def forget_receipt(data: Path, push_id: str) -> None:
    assert run(data, "DELETE FROM ingest_push WHERE push_id = ?", push_id) == 1


def forget_words(data: Path, push_id: str) -> None:
    """Of the receipt only: the topic still has them."""
    assert run(data, "DELETE FROM ingest_word WHERE push_id = ?", push_id)


def say_otherwise(data: Path, push_id: str, old: str, new: str) -> None:
    """Alter words of a receipt, and nothing else of it."""
    statement = "UPDATE ingest_word SET status = CAST(replace(CAST(status AS TEXT), ?, ?) AS BLOB) WHERE push_id = ?"
    assert run(data, statement, old, new, push_id)


def set_state(data: Path, push_id: str, state: str) -> None:
    assert run(data, "UPDATE ingest_push SET state = ? WHERE push_id = ?", state, push_id) == 1


def unsay(data: Path, push_id: str, stage: str) -> None:
    """A word is gone from the topic, and never reached the receipt."""
    key = f"{push_id}/{stage}/1".encode()
    place = "topic = (SELECT id FROM log_topic WHERE name = ?) AND key = ?"
    assert run(data, f"DELETE FROM log_record WHERE {place}", topics.STATUS, key)
    run(data, "DELETE FROM ingest_word WHERE push_id = ? AND stage = ?", push_id, stage)
    run(data, "UPDATE ingest_push SET state = 'accepted' WHERE push_id = ?", push_id)


def lose_event(data: Path, topic: str, bulletin_id: str) -> None:
    place = "topic = (SELECT id FROM log_topic WHERE name = ?) AND key = ?"
    assert run(data, f"DELETE FROM log_record WHERE {place}", topic, f"{bulletin_id}/1".encode()) == 1


def lose_revision(data: Path, bulletin_id: str, revision: int) -> None:
    statement = "DELETE FROM search_revision WHERE bulletin_id = ? AND revision = ?"
    assert run(data, statement, bulletin_id, revision) == 1
