"""The search index deleted, in parts or whole, cut short or on a full disk: it comes back from the log by itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import Running, running, until

from jianbao_search.adapters import progress
from jianbao_search.adapters.folder import check, seems_sound
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.api.problems import LONGEST_RETRY_AFTER_S, index_unavailable
from jianbao_search.rebuilding import OwnedIndex
from jianbao_streaming import Record
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.outcomes import TransientError

WORDS = "巡查堤坝", "清扫街巷", "慰问老人", "修剪树木"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running Jianbao with some bulletins in several segments, for faults that it gets over."""
    with running(tmp_path_factory.mktemp("index") / "data") as jianbao:
        for number, word in enumerate(WORDS):
            answer = jianbao.push("probe", f"{number}.txt", f"{word}的简报\n\n志愿者{word}，第{number}次。\n".encode())
            jianbao.final("probe", answer.json()["push_id"], "searchable")
        yield jianbao


def segment_files(jianbao: Running, suffix: str) -> list[Path]:
    return sorted((jianbao.data / "index").glob(f"*.{suffix}"))


def whole_folder(jianbao: Running) -> None:
    shutil.rmtree(jianbao.data / "index")


def one_file(jianbao: Running) -> None:
    segment_files(jianbao, "idx")[0].unlink()


def every_file_but_one(jianbao: Running) -> None:
    for file in list((jianbao.data / "index").iterdir()):
        if file.name != "meta.json":
            file.unlink()


def cut_short(jianbao: Running) -> None:
    file = max(segment_files(jianbao, "store"), key=lambda one: one.stat().st_size)
    os.truncate(file, file.stat().st_size // 2)


def emptied(jianbao: Running) -> None:
    os.truncate(segment_files(jianbao, "term")[0], 0)


def meta_of_junk(jianbao: Running) -> None:
    (jianbao.data / "index" / "meta.json").write_bytes(b"\xff{")


FAULTS = (whole_folder, one_file, every_file_but_one, cut_short, emptied, meta_of_junk)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_while_all_runs_and_nobody_pushes_the_index_is_mended_and_finds_everything(
    filled: Running, fault: Callable[[Running], None]
) -> None:
    index = filled.data / "index"
    (index / "mark of the old one").touch()
    fault(filled)
    until(lambda: seems_sound(index) and not (index / "mark of the old one").exists(), "a new index")
    assert [filled.search(word)["total"] for word in WORDS] == [1, 1, 1, 1]
    check(index)
    assert filled.records("bulletins.search.dlq") == []


@pytest.mark.timeout(120)
def test_while_all_is_stopped_too(filled: Running, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    engine = open_embedded(copy)
    source = filled.records("bulletins.extracted")
    engine.log.append([Record(r.topic, r.key, r.value, r.headers, r.key) for r in source])
    revisions = SqliteRevisions(copy)
    for damage in ("none", "folder", "file", "cut"):
        index = OwnedIndex(copy / "index", engine, revisions, SystemClock().now)
        files = sorted((copy / "index").glob("*.store"))
        match damage:
            case "folder":
                shutil.rmtree(copy / "index")
            case "file":
                files[0].unlink()
            case "cut":
                os.truncate(files[0], 10)
        index.prepare()
        check(copy / "index")
        assert seems_sound(copy / "index")


def test_a_rebuild_on_a_full_disk_leaves_nothing_in_the_way_and_is_done_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_embedded(tmp_path)
    index = OwnedIndex(tmp_path / "index", engine, SqliteRevisions(tmp_path), SystemClock().now)

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("jianbao_search.rebuilding.finish", full)
        with pytest.raises(TransientError, match="No space left"):
            index.mend()
        assert not (tmp_path / "index.new").exists()
        assert not (tmp_path / "index").exists()
    index.mend()
    check(tmp_path / "index")
    index.close()


def test_how_far_a_rebuild_is_can_be_read_while_it_lasts(tmp_path: Path) -> None:
    assert progress.told(tmp_path / "index") is None
    progress.tell(tmp_path / "index", progress.Progress(200, 1000, 40.0))
    assert progress.told(tmp_path / "index") == progress.Progress(200, 1000, 40.0)
    progress.end(tmp_path / "index")
    assert progress.told(tmp_path / "index") is None


@pytest.mark.parametrize(
    ("left_s", "words", "retry_after"),
    [
        (None, "检索索引正在建立或重建；已接收的简报不会丢失。", 5),
        (2.0, "检索索引正在建立或重建，约需 2 秒；", 5),
        (40.0, "检索索引正在建立或重建，约需 40 秒；", 40),
        (600.0, "检索索引正在建立或重建，约需 10 分钟；", LONGEST_RETRY_AFTER_S),
    ],
)
def test_searches_are_told_in_chinese_for_how_long(left_s: float | None, words: str, retry_after: int) -> None:
    told = index_unavailable(left_s)
    assert told.detail.startswith(words)
    assert (told.status, told.retry_after) == (503, retry_after)
