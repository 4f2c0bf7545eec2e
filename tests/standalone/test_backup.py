"""jianbao backup: consistent under writers, complete or not there at all, proven, and never more than wanted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest
from filled_folder import Filled, filled_folder, push_into
from running import until

from jianbao_contracts import topics
from jianbao_standalone.backup import BackupError, files, making, names
from jianbao_standalone.backup.contents import Wanted, payload_path
from jianbao_standalone.backup.manifest import MANIFEST, Manifest
from jianbao_standalone.backup.verifying import verify
from jianbao_standalone.layouts import KNOWN
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.sqlite import DATABASE


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    return filled_folder(tmp_path / "data")


def back_up(filled: Filled, to: Path, **options: bool) -> tuple[Path, Manifest]:
    return making.make(Wanted(filled.data, to, **options), lambda _line: None)


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60)


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_the_log_and_the_payloads_it_refers_to_and_nothing_else(filled: Filled, tmp_path: Path) -> None:
    open_embedded(filled.data).payloads.put(b"nobody refers to this")
    (filled.data / "index").mkdir()
    (filled.data / "index" / "meta.json").write_text("{}")
    done, manifest = back_up(filled, tmp_path / "to")
    assert everything_in(done) == {MANIFEST, DATABASE, payload_path(filled.payload)}
    assert manifest.topics[topics.RAW].end == 21
    assert names.is_complete(done.name)
    assert verify(done).problems == []


@pytest.mark.parametrize("inside", [".", "backups", "payloads/../backups"])
def test_it_is_not_put_into_the_data_folder_itself(filled: Filled, inside: str) -> None:
    before = everything_in(filled.data)
    with pytest.raises(BackupError, match="lies in the data folder itself"):
        back_up(filled, filled.data / inside)
    assert everything_in(filled.data) == before


def test_plain_text_keys_are_in_it_only_if_asked_for_and_then_only_their_owner_reads_them(
    filled: Filled, tmp_path: Path
) -> None:
    assert "keys/one.key" not in everything_in(back_up(filled, tmp_path / "without")[0])
    done, manifest = back_up(filled, tmp_path / "with", with_keys=True)
    key = done / "keys" / "one.key"
    assert key.read_text("utf-8") == filled.key
    assert key.stat().st_mode & 0o077 == 0
    assert done.stat().st_mode & 0o077 == 0
    assert manifest.with_keys


def test_it_says_what_made_it_and_which_layout_its_tables_have(filled: Filled, tmp_path: Path) -> None:
    done, _ = back_up(filled, tmp_path / "to")
    told = json.loads((done / MANIFEST).read_text("utf-8"))
    assert told["layouts"] == {"log": KNOWN["log"]}
    assert told["product_version"]
    assert all(len(file["sha256"]) == 64 for file in told["files"])


def test_writers_are_never_held_up_and_the_copy_is_of_one_moment(filled: Filled, tmp_path: Path) -> None:
    stopping, written = threading.Event(), [0]

    def write() -> None:
        engine = open_embedded(filled.data, durable=True)
        while not stopping.is_set():
            push_pairs(engine, written[0])
            written[0] += 1
        engine.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: written[0] > 20 or None, "the writer to write")
        ends = []
        for _ in range(5):
            before = written[0]
            done, manifest = back_up(filled, tmp_path / "to")
            ends.append(manifest.topics["test.left"].end)
            assert ends[-1] >= before, "what was acknowledged before the backup is in it"
            assert manifest.topics["test.left"].end == manifest.topics["test.right"].end, "half of a commit"
            assert verify(done).problems == []
        assert written[0] > ends[0], "nothing was written meanwhile"
    finally:
        stopping.set()
        writer.join()


def push_pairs(engine, number: int) -> None:
    from log_engines import record

    engine.log.append([record("test.left", str(number), bytes(5000)), record("test.right", str(number), bytes(5000))])


def test_a_damaged_payload_is_told_and_costs_no_other_file(filled: Filled, tmp_path: Path) -> None:
    (filled.data / payload_path(filled.payload)).write_bytes(b"not what it was")
    told = command("backup", tmp_path / "to", "--data", filled.data)
    assert told.returncode == 1
    assert filled.payload in told.stderr
    done = Path(told.stdout.strip())
    verdict = verify(done)
    assert verdict.problems == []
    assert verdict.manifest.missing_payloads == [filled.payload]
    assert "1 payloads were already lost" in verdict.notes[0]


def test_a_payload_that_retention_took_after_the_snapshot_means_a_new_snapshot(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = making.copy_payloads, Counter[str]()

    def copy_after_retention(*arguments: object) -> object:
        calls["tries"] += 1
        if calls["tries"] == 1:
            connection = apsw.Connection(str(filled.data / DATABASE))
            connection.execute("DELETE FROM log_record WHERE dataref IS NOT NULL")
            connection.close()
            (filled.data / payload_path(filled.payload)).unlink()
        return real(*arguments)

    monkeypatch.setattr(making, "copy_payloads", copy_after_retention)
    done, manifest = back_up(filled, tmp_path / "to")
    assert calls["tries"] == 2
    assert manifest.missing_payloads == []
    assert everything_in(done) == {MANIFEST, DATABASE}


def test_a_damaged_database_makes_no_backup(filled: Filled, tmp_path: Path) -> None:
    push_into(filled.data, "three", range(3000))
    with (filled.data / DATABASE).open("r+b") as file:
        file.seek(20 * 4096)
        file.write(os.urandom(60 * 4096))
    told = command("backup", tmp_path / "to", "--data", filled.data)
    assert told.returncode == 4
    assert len(told.stderr.splitlines()) == 1
    assert "damaged" in told.stderr
    assert "jianbao restore BACKUP" in told.stderr
    assert list((tmp_path / "to").iterdir()) == []


def test_a_full_disk_is_told_before_anything_is_written(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1024 * 1024))
    with pytest.raises(BackupError, match="not enough room for the backup"):
        back_up(filled, tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


def test_a_killed_backup_is_no_backup_and_the_next_one_clears_it_away(filled: Filled, tmp_path: Path) -> None:
    to = tmp_path / "to"
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys; from pathlib import Path\n"
            "from jianbao_standalone.backup import making\n"
            "making.contradictions = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "making.make(making.Wanted(Path(sys.argv[1]), Path(sys.argv[2])), print)\n",
            str(filled.data),
            str(to),
        ],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    (left,) = to.iterdir()
    assert left.name.endswith(names.UNFINISHED)
    refused = command("backup", "--verify", left)
    assert refused.returncode == 1
    assert "never finished" in refused.stderr
    told: list[str] = []
    done, _ = making.make(Wanted(filled.data, to), told.append)
    assert list(to.iterdir()) == [done]
    assert left.name in told[0]


def test_another_backup_that_is_being_made_is_no_leftover(filled: Filled, tmp_path: Path) -> None:
    to = tmp_path / "to"
    to.mkdir()
    with files.new_folder(to / f"jianbao-20200101T000000Z{names.UNFINISHED}") as other:
        back_up(filled, to)
        assert other.is_dir()


def test_keep_removes_older_backups_of_the_same_folder_only(filled: Filled, tmp_path: Path) -> None:
    to = tmp_path / "to"
    other, _ = back_up(filled_folder(tmp_path / "another"), to)
    (to / "holiday photos").mkdir()
    made = [back_up(filled, to)[0] for _ in range(3)]
    done, manifest = back_up(filled, to)
    assert sorted(making.prune(done, manifest, 2)) == sorted(path.name for path in made[:2])
    assert {path.name for path in to.iterdir()} == {other.name, made[2].name, done.name, "holiday photos"}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder, _: (folder / DATABASE).write_bytes((folder / DATABASE).read_bytes()[:-4096]), "damaged"),
        (lambda folder, payload: (folder / payload_path(payload)).unlink(), "cannot be read"),
        (lambda folder, payload: (folder / payload_path(payload)).write_bytes(b"x"), "damaged"),
        (lambda folder, _: (folder / MANIFEST).write_text("{"), "damaged"),
        (lambda folder, _: (folder / MANIFEST).unlink(), "it is no backup"),
        (lambda folder, _: rewrite(folder, lambda told: told.update(format=9)), "newer Jianbao"),
        (lambda folder, _: rewrite(folder, lambda told: told["files"].pop(1)), "is missing: the log refers to it"),
        (lambda folder, _: rewrite(folder, lambda told: told["topics"].popitem()), "other records than the manifest"),
        (lambda folder, _: rewrite(folder, lambda told: told["files"][0].update(path="../../x")), "damaged"),
    ],
)
def test_verify_finds_what_is_wrong_and_ends_with_1(filled: Filled, tmp_path: Path, spoil, told: str) -> None:
    done, _ = back_up(filled, tmp_path / "to")
    assert command("backup", "--verify", done).returncode == 0
    spoil(done, filled.payload)
    found = command("backup", "--verify", done)
    assert found.returncode == 1
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def rewrite(folder: Path, change) -> None:
    told = json.loads((folder / MANIFEST).read_text("utf-8"))
    change(told)
    (folder / MANIFEST).write_text(json.dumps(told))


def test_the_folder_of_backups_given_instead_of_one_is_told_with_an_example(filled: Filled, tmp_path: Path) -> None:
    done, _ = back_up(filled, tmp_path / "to")
    assert str(done) in command("backup", "--verify", tmp_path / "to").stderr


def test_wrong_words_end_with_2_and_wrong_places_with_1(tmp_path: Path) -> None:
    assert command("backup", "--data", tmp_path).returncode == 2
    mistyped = command("backup", tmp_path, "--data", tmp_path / "mistyped")
    assert mistyped.returncode == 1
    assert "no Jianbao data" in mistyped.stderr
    data = filled_folder(tmp_path / "data").data
    unmounted = command("backup", tmp_path / "usb" / "backups", "--data", data)
    assert unmounted.returncode == 1
    assert "mounted?" in unmounted.stderr


def test_a_read_only_data_folder_can_be_backed_up(filled: Filled, tmp_path: Path) -> None:
    folders = [filled.data, *(path for path in filled.data.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        done, _ = back_up(filled, tmp_path / "to")
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert verify(done).problems == []


def test_of_two_backups_in_one_second_each_has_a_name() -> None:
    assert names.free_name("a", []) == "a"
    assert names.free_name("a", ["a", "a-2"]) == "a-3"
    assert names.is_complete("jianbao-20261122T101530Z-2")
    assert not names.is_complete("jianbao-20261122T101530Z.unfinished")
