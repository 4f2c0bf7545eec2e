from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.alignment import Alignment, Edited


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, Edited]:
    original = draw(st.text(alphabet="abcdefghij", max_size=30))
    edited = Edited.of(original)
    for _ in range(draw(st.integers(0, 4))):
        places = sorted(draw(st.lists(st.integers(0, len(edited.text)), max_size=8)))
        edits = [
            (start, end, draw(st.text(alphabet="XY", max_size=3)))
            for start, end in zip(places[::2], places[1::2], strict=False)
        ]
        edited = edited.edit(edits)
    return original, edited


@given(edited_texts())
def test_runs_cover_the_text_exactly_and_never_go_back(case: tuple[str, Edited]) -> None:
    original, edited = case
    position, reached = 0, 0
    for start, length, origin, origin_length in edited.alignment().runs:
        assert (start, length > 0) == (position, True)
        assert reached <= origin <= origin + origin_length <= len(original)
        position, reached = start + length, origin
    assert position == len(edited.text)


@given(edited_texts())
def test_a_character_never_edited_is_found_where_it_stood(case: tuple[str, Edited]) -> None:
    original, edited = case
    alignment = edited.alignment()
    for place, character in enumerate(edited.text):
        start, end = alignment.to_original(place, place + 1)
        if character.islower():
            assert original[start:end] == character


@given(edited_texts(), st.integers(0, 40), st.integers(0, 40))
def test_a_wider_span_comes_from_a_wider_span(case: tuple[str, Edited], a: int, b: int) -> None:
    original, edited = case
    alignment = edited.alignment()
    start, end = sorted((a, b))
    inner = alignment.to_original(start, end)
    outer = alignment.to_original(max(0, start - 1), end + 1)
    assert 0 <= inner[0] <= inner[1] <= len(original)
    assert outer[0] <= inner[0]
    assert outer[1] >= inner[1] or start == end


def test_steps_compose() -> None:
    edited = Edited.of("責(zé)任 **落实**").delete([(1, 5)]).edit([(2, 3, "")])
    edited = edited.edit([(2, 4, ""), (6, 8, "")]).with_text("责任落实")
    assert edited.text == "责任落实"
    assert edited.alignment().runs == [(0, 1, 0, 1), (1, 1, 5, 1), (2, 2, 9, 2)]
    assert edited.alignment().to_original(0, 2) == (0, 6)
    assert edited.located(5, 6) == (1, 2)
    assert edited.located(1, 5) == (1, 1)


def test_what_was_restored_is_one_unit() -> None:
    alignment = Edited.of("ab?shù)xyz").edit([(2, 8, "等一批")]).alignment()
    assert alignment.runs == [(0, 2, 0, 2), (2, 3, 2, 6), (5, 2, 8, 2)]
    assert alignment.to_original(3, 4) == (2, 8)
    assert Alignment(alignment.runs).to_original(0, 7) == (0, 10)


def test_overlapping_edits_and_conversions_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Edited.of("abcd").edit([(0, 2, ""), (1, 3, "")])
    with pytest.raises(ValueError, match="length"):
        Edited.of("abcd").with_text("abc")
