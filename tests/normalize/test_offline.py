"""Files normalized without a server, by the same handler."""

from __future__ import annotations

from jianbao_contracts import NormalizedBulletin
from jianbao_normalize.offline import InputFile, NotNormalized, normalize_files
from jianbao_streaming.clock import SystemClock


def run(files: list[InputFile], store=None) -> list[object]:
    return list(normalize_files(files, clock=SystemClock(), store=store))


def test_each_file_is_answered_in_the_order_given(text_of):
    files = [InputFile(f"{number}.txt", text_of(number).encode()) for number in range(120)]
    files[7] = InputFile("bad.txt", b"")
    answers = run(files)
    assert [answer.source for answer in answers] == [file.name for file in files]
    bad = answers.pop(7)
    assert isinstance(bad, NotNormalized)
    assert bad.code == "empty_text"
    assert bad.message
    assert all(isinstance(answer, NormalizedBulletin) for answer in answers)


def test_two_files_are_two_bulletins_whatever_they_hold(text_of):
    content = text_of(1).encode()
    first, second = run([InputFile("a", content), InputFile("b", content)])
    assert first.bulletin_id != second.bulletin_id
    assert second.duplicate_of == first.bulletin_id


def test_a_file_met_again_is_answered_alike_and_a_changed_one_is_the_next_revision(tmp_path, text_of):
    file = InputFile("a", text_of(1).encode())
    (first,) = run([file], tmp_path)
    (again,) = run([file], tmp_path)
    assert again.model_copy(update={"normalized_at": first.normalized_at}) == first
    (changed,) = run([InputFile("a", text_of(2).encode())], tmp_path)
    assert (changed.bulletin_id, changed.revision) == (first.bulletin_id, 2)


def test_the_real_documents_are_five_bulletins(seed_documents):
    files = [InputFile(path.name, path.read_bytes()) for path in sorted(seed_documents.glob("*.txt"))]
    answers = run(files)
    assert len(answers) == 5
    assert all(isinstance(answer, NormalizedBulletin) and answer.relations == [] for answer in answers)
    assert [answer.script for answer in answers] == ["simplified", "traditional", *["simplified"] * 3]
