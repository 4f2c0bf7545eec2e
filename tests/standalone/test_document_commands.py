"""jianbao normalize, process and analyze: events of files without a server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao_contracts import ExtractedBulletin, NormalizedBulletin

ANNOTATION = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜü]*[āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜ][a-zü]*\)")


def jianbao_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jianbao_standalone", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def events(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_normalize_takes_every_annotation_out_of_the_real_document_and_keeps_its_body_once(
    seed_documents: Path,
) -> None:
    (seed,) = seed_documents.glob("001*.txt")
    assert len(ANNOTATION.findall(seed.read_text("utf-8"))) == 362
    done = jianbao_command("normalize", str(seed))
    assert done.returncode == 0, done.stderr
    event = NormalizedBulletin.model_validate(events(done)[0])
    assert ANNOTATION.findall(event.text) == []
    assert sum(removed.kind == "pinyin" for removed in event.removed) >= 181
    assert event.copies_of_body == 2
    assert event.text.count("抓机制促合力") == 1
    assert event.text.count("接网线") == 1
    assert event.script == "traditional"


def test_process_prints_one_extracted_bulletin_a_file_in_the_order_given(tmp_path: Path, root: Path) -> None:
    names = ["05-contents-and-distribution.txt", "01-two-articles.txt"]
    done = jianbao_command("process", *(str(root / "seeds" / name) for name in names))
    assert done.returncode == 0, done.stderr
    assert [ExtractedBulletin.model_validate(event).source for event in events(done)] == names


def test_a_file_that_cannot_be_normalized_is_told_with_its_reason_and_the_others_are_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "b.txt").write_text("全市文明城市创建工作推进会召开。", encoding="utf-8")
    done = jianbao_command("normalize", str(tmp_path))
    assert done.returncode == 1
    assert [event["source"] for event in events(done)] == ["b.txt"]
    assert "a.txt: not_text" in done.stderr


def test_a_kept_store_knows_copies_and_revisions_and_a_fresh_one_does_not(tmp_path: Path, root: Path) -> None:
    report, reprint = (str(root / "seeds" / name) for name in ("08-report.txt", "09-report-reprinted.txt"))
    store = ["--store", str(tmp_path / "store")]
    jianbao_command("normalize", *store, report)
    (kept,) = events(jianbao_command("normalize", *store, reprint))
    (fresh,) = events(jianbao_command("normalize", reprint))
    assert kept["duplicate_of"]
    assert fresh["duplicate_of"] is None


def test_analyze_prints_spans_as_ik_does_and_takes_other_dictionaries(tmp_path: Path) -> None:
    text, words, measures = tmp_path / "t.txt", tmp_path / "main.dic", tmp_path / "quantifier.dic"
    text.write_text("文明城市创建18条", encoding="utf-8")
    words.write_text("文明\n城市\n文明城市\n", encoding="utf-8")
    measures.write_text("条\n", encoding="utf-8")
    lists = ["--dictionary", str(words), "--quantifiers", str(measures)]
    (finest,) = events(jianbao_command("analyze", *lists, str(text)))
    (smart,) = events(jianbao_command("analyze", "--mode", "smart", *lists, str(text)))
    assert finest == {
        "source": "t.txt",
        "text": "文明城市创建18条",
        "ik_max_word": ["0-4", "0-2", "2-4", "4-5", "5-6", "6-8", "8-9"],
    }
    assert smart["ik_smart"] == ["0-4", "4-5", "5-6", "6-9"]


def test_analyze_agrees_with_the_reference_tokens_of_ik_as_far_as_its_dictionary_goes(
    seed_documents: Path, tmp_path: Path
) -> None:
    gold = seed_documents.parent / "gold" / "ik"
    if not gold.is_dir():
        pytest.fail(f"{gold} is missing: agreement with IK is not proven")
    hit = made = wanted = 0
    for path in sorted(gold.glob("*.json")):
        reference = json.loads(path.read_text("utf-8"))
        (tmp_path / path.stem).write_text(reference["text"], encoding="utf-8")
        (mine,) = events(jianbao_command("analyze", str(tmp_path / path.stem)))
        hit += len(set(mine["ik_max_word"]) & set(reference["ik_max_word"]))  # type: ignore[arg-type]
        made += len(mine["ik_max_word"])  # type: ignore[arg-type]
        wanted += len(reference["ik_max_word"])
    assert hit / made > 0.90
    assert hit / wanted > 0.90


@pytest.mark.parametrize(
    "arguments", [["push"], ["push", "--data", "x"], ["analyze"], ["no-such-verb"], ["dlq", "replay"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    assert jianbao_command(*arguments).returncode == 2


@pytest.mark.parametrize("verb", ["up", "push", "search", "normalize", "process", "analyze", "demo", "dlq replay"])
def test_help_shows_an_example(verb: str) -> None:
    done = jianbao_command(*verb.split(), "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
