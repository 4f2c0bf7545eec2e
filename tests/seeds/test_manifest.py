"""The sample bulletins are what their manifest says they are, and none of them is copied from a real document."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import get_args

import opencc
import pytest

from jianbao_contracts.notices import NOTICES
from jianbao_contracts.stage_status import ON_THE_WAY, State
from jianbao_ingest.domain.problems import KINDS

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
MANIFEST = json.loads((SEEDS / "manifest.json").read_text(encoding="utf-8"))
FILES, PUSHES, SEARCHES, ABSENT = (MANIFEST[name] for name in ("files", "pushes", "searches", "absent"))
DESCRIBED = {entry["file"]: entry for entry in FILES}
TEXTS = [entry for entry in FILES if entry["encoding"] != "binary"]
READABLE = [entry for entry in TEXTS if entry["script"]]
OFFICE = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
NOTE = re.compile(r"(.)\(([a-zāáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜ]+)\)")
TONES = set("āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜ")
LONGEST_COMMON_RUN = 19
SET_PHRASES = ("新时代中国特色社会主义思想", "社会主义核心价值观", "精神文明建设指导委员会办公室")
"""What every such bulletin may say alike; taken out before texts are compared."""


def text_of(entry: dict) -> str:
    """The text of a file, without the bytes of a character that was cut off at its end."""
    return whole_bytes(entry).decode(entry["encoding"])


def whole_bytes(entry: dict) -> bytes:
    content = (SEEDS / entry["file"]).read_bytes()
    return content[: len(content) - entry.get("cut_off", 0)]


def han_only(text: str) -> str:
    """Simplified Han characters alone, so that neither script, notes nor line breaks can hide a copied run."""
    simplified = opencc.OpenCC("t2s").convert(NOTE.sub(r"\1", text))
    for phrase in SET_PHRASES:
        simplified = simplified.replace(phrase, "")
    return re.sub(r"[^一-鿿]", "", simplified)


def identity(entry: dict) -> tuple[str, str]:
    return entry["office"], entry["document_id"]


def by_file(entry: dict) -> str:
    return entry["file"]


def test_every_file_beside_the_manifest_is_described_and_pushed():
    on_disk = {path.name for path in SEEDS.iterdir()} - {"manifest.json", "README.md"}
    assert on_disk == set(DESCRIBED) == {push["file"] for push in PUSHES if push["file"]}


@pytest.mark.parametrize("entry", TEXTS, ids=by_file)
def test_a_text_has_the_encoding_that_is_said(entry):
    assert text_of(entry).encode(entry["encoding"]) == whole_bytes(entry)
    if entry["encoding"] != "utf-8" or "cut_off" in entry:
        with pytest.raises(UnicodeDecodeError):
            (SEEDS / entry["file"]).read_bytes().decode("utf-8")


@pytest.mark.parametrize("entry", READABLE, ids=by_file)
def test_a_text_is_in_the_script_that_is_said_and_of_a_bulletin_s_length(entry):
    text = text_of(entry)
    changed = sum(a != b for a, b in zip(text, opencc.OpenCC("t2s").convert(text), strict=True))
    assert (changed > len(text) / 10) == (entry["script"] == "traditional")
    printings = 2 if entry["pinyin_notes"] else 1
    assert 500 <= len(NOTE.sub(r"\1", text)) / printings <= 2000


def test_the_gb18030_file_holds_a_character_of_four_bytes():
    text = text_of(DESCRIBED["06-gb18030.txt"])
    assert any(len(character.encode("gb18030")) == 4 for character in text)


@pytest.mark.parametrize("entry", TEXTS, ids=by_file)
def test_pinyin_notes_are_as_many_as_said_and_one_toned_syllable_after_a_character_that_changes(entry):
    notes = NOTE.findall(text_of(entry))
    assert len(notes) == entry["pinyin_notes"]
    for character, syllable in notes:
        assert opencc.OpenCC("t2s").convert(character) != character
        assert len(TONES & set(syllable)) == 1


def test_one_file_has_pinyin_notes_and_its_body_twice():
    noted = [entry for entry in TEXTS if entry["pinyin_notes"]]
    assert [entry["file"] for entry in noted] == ["02-machine-converted-with-pinyin.txt"]
    assert noted[0]["pinyin_notes"] >= 100
    assert text_of(noted[0]).count("渠首紅袖標") == 2


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: f"{push['file']}-{push['expected_state']}")
def test_a_push_names_a_known_office_operation_state_and_code(push):
    assert OFFICE.match(push["office"])
    assert push["operation"] in {"publish", "retract"}
    assert (push["file"] is None) == (push["operation"] == "retract")
    assert push["expected_state"] in {*get_args(State), "refused"}
    assert push.get("expected_code", "internal_error") in (KINDS if push["expected_state"] == "refused" else NOTICES)
    assert ("expected_code" in push) == (push["expected_state"] in {"dead_lettered", "repeated", "rejected", "refused"})
    assert push.get("office_duplicates", "mark") in {"mark", "accept", "reject"}
    assert push["office_name"]
    assert push["document_id"]
    assert push["exercises"]


def test_an_office_has_one_name():
    names = {(push["office"], push["office_name"]) for push in PUSHES}
    assert len(names) == len({office for office, _ in names})


def test_a_push_that_is_overtaken_or_withdrawn_has_the_push_that_does_it():
    for push in PUSHES:
        same = [other for other in PUSHES if identity(other) == identity(push)]
        if push["expected_state"] == "superseded":
            assert any(other["file"] != push["file"] and other["expected_state"] == "searchable" for other in same)
        if push["expected_state"] == "withdrawn":
            behind = same[same.index(push) :]
            retraction = next(place for place, other in enumerate(behind) if other["operation"] == "retract")
            assert {other["expected_state"] for other in behind[: retraction + 1]} == {"withdrawn"}
            assert all(other.get("revert") for other in behind[retraction + 1 :])


def test_every_state_that_samples_can_reach_is_reached():
    reached = {push["expected_state"] for push in PUSHES}
    assert reached == {*get_args(State), "refused"} - set(ON_THE_WAY) - {"dropped"}


def test_acts_that_are_new_each_time_carry_a_key_so_that_a_second_run_is_none():
    for push in PUSHES:
        assert ("idempotency_key" in push) == (push["operation"] == "retract" or push.get("revert", False))


def test_a_document_is_searchable_through_one_push_at_most():
    searchable = [identity(push) for push in PUSHES if push["expected_state"] == "searchable"]
    assert len(searchable) == len(set(searchable))


def test_every_searchable_push_is_asked_for_in_both_scripts_and_no_other_is():
    for push in PUSHES:
        scripts = {search["script"] for search in push["searches"]}
        assert scripts == ({"simplified", "traditional"} if push["expected_state"] == "searchable" else set()), push


def test_the_searches_are_those_of_the_pushes_and_expect_what_is_searchable():
    listed = [search["query"] for search in SEARCHES]
    assert listed == [search["query"] for push in PUSHES for search in push["searches"]]
    searchable = {identity(push) for push in PUSHES if push["expected_state"] == "searchable"}
    assert {(search["expect_office"], search["expect_document_id"]) for search in SEARCHES} <= searchable


@pytest.mark.parametrize("search", [s for push in PUSHES for s in push["searches"]], ids=lambda search: search["query"])
def test_a_query_is_in_the_script_that_is_said(search):
    simplified = opencc.OpenCC("t2s").convert(search["query"])
    assert (simplified == search["query"]) == (search["script"] == "simplified")


def test_the_words_of_a_query_stand_in_the_file_that_is_expected():
    for push in PUSHES:
        for search in push["searches"]:
            words = opencc.OpenCC("t2s").convert(search["query"]).split()
            plain = opencc.OpenCC("t2s").convert(NOTE.sub(r"\1", text_of(DESCRIBED[push["file"]])))
            assert all(word in plain.replace(" ", "") for word in words), search


def test_a_withdrawn_bulletin_must_not_be_found_in_either_script():
    living = {identity(push) for push in PUSHES if push["expected_state"] == "searchable"}
    withdrawn = {identity(push) for push in PUSHES if push["expected_state"] == "withdrawn"} - living
    assert {identity(search) for search in ABSENT} == withdrawn
    scripts = {opencc.OpenCC("t2s").convert(search["query"]) == search["query"] for search in ABSENT}
    assert scripts == {True, False}


def test_the_reprint_repeats_the_report_under_another_head():
    report, reprint = (text_of(DESCRIBED[name]) for name in ("08-report.txt", "09-report-reprinted.txt"))
    repeated = [paragraph for paragraph in report.split("\n") if len(paragraph) > 60]
    assert sum(paragraph[3:60] in reprint for paragraph in repeated) == len(repeated)
    assert report.split("\n")[0] not in reprint


def test_the_correction_differs_in_figures_and_a_name_only():
    before, after = (text_of(DESCRIBED[name]) for name in ("10-before-correction.txt", "11-corrected.txt"))
    differing = [pair for pair in zip(before.split("\n"), after.split("\n"), strict=True) if pair[0] != pair[1]]
    assert 0 < len(differing) < len(before.split("\n")) / 3


def test_the_two_editions_of_the_notice_differ_in_year_and_figures():
    last, this = (text_of(DESCRIBED[name]) for name in ("12-notice-2023.txt", "13-notice-2024.txt"))
    assert re.sub(r"[0-9]+|一|两", "", last) == re.sub(r"[0-9]+|一|两", "", this)
    assert set(re.findall(r"[0-9]{4}年", last)) == {"2023年"}
    assert set(re.findall(r"[0-9]{4}年", this)) == {"2024年"}


def test_bad_input_is_bad_in_the_way_that_is_said():
    picture = (SEEDS / "15-picture-named-as-text.txt").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    blank = (SEEDS / "16-blank-pages.txt").read_bytes()
    assert blank
    assert not blank.decode().strip()
    with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
        (SEEDS / "17-cut-off-in-mid-character.txt").read_bytes().decode()
    declared = {push["file"]: push.get("media_type") for push in PUSHES}
    assert declared["18-gbk-declared-as-utf-8.txt"] == "text/plain; charset=utf-8"
    assert not (SEEDS / "19-utf-16-without-mark.txt").read_bytes().startswith((b"\xff\xfe", b"\xfe\xff"))
    assert (SEEDS / "22-page-as-pdf.pdf").read_bytes().startswith(b"%PDF-")
    with (
        zipfile.ZipFile(SEEDS / "21-word-document.docx") as word,
        zipfile.ZipFile(SEEDS / "23-several-files-packed.zip") as packed,
    ):
        assert "word/document.xml" in word.namelist()
        assert len(packed.namelist()) == 2
    assert (SEEDS / "24-empty.txt").read_bytes() == b""


def longest_shared_run(text: str, other: str, least: int) -> str:
    """Return a run of `least` or more characters that both have, or nothing."""
    runs = {other[start : start + least] for start in range(len(other) - least + 1)}
    return next(
        (text[start : start + least] for start in range(len(text) - least + 1) if text[start : start + least] in runs),
        "",
    )


def test_no_text_is_shared_with_a_real_document(seed_documents):
    real = {path.name: han_only(path.read_text(encoding="utf-8")) for path in sorted(seed_documents.glob("*.txt"))}
    assert len(real) == 5
    for entry in READABLE:
        written = han_only(text_of(entry))
        for name, text in real.items():
            shared = longest_shared_run(written, text, LONGEST_COMMON_RUN + 1)
            assert not shared, f"{entry['file']} shares {shared!r} with {name}"
