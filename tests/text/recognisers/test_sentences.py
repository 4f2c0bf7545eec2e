from __future__ import annotations

import pytest


@pytest.mark.parametrize("field", ["quantities", "dates"])
def test_annotated_sentences_of_other_provinces_and_years_are_read_right(sentences, score, field):
    assert score(sentences, field) >= 0.98


@pytest.mark.parametrize("field", ["quantities", "dates"])
def test_sentences_that_the_rules_were_not_written_for_are_read_right(held_out_sentences, score, field):
    assert score(held_out_sentences, field) >= 0.90
