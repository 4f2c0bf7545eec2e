"""Identity of a push: a function of what was pushed, the same on every replica."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao_contracts import RawPush
from jianbao_ingest.domain.fields import PushFields
from jianbao_ingest.domain.problems import ProblemError
from jianbao_ingest.domain.pushes import (
    LARGEST_CONTENT,
    LARGEST_EVENT,
    LARGEST_INLINE,
    Content,
    own_bulletin,
    published,
    retracted,
    travels_inline,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
contents = st.builds(
    Content,
    data=st.binary(min_size=1, max_size=50),
    media_type=words,
    charset=st.none() | words,
)
fields = st.builds(
    PushFields,
    document_id=st.none() | words,
    source=words,
    title=st.none() | words,
    published_on=st.none() | st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
    region=st.none() | st.from_regex(r"[0-9]{6}", fullmatch=True),
    lane=st.sampled_from(["live", "backfill"]),
)
keys = st.none() | words.filter(bool)


def push(content, said, key=None, act="act", at=NOW) -> RawPush:
    return published("hubei-wmb", content, said, idempotency_key=key, new_act=act, received_at=at)


@given(contents, fields, keys, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_the_same_push_has_the_same_identity_whenever_and_wherever_it_arrives(content, said, key, wait):
    first = push(content, said, key, act="one")
    second = push(content, said, key, act="another", at=NOW + wait)
    assert (first.push_id, first.bulletin_id) == (second.push_id, second.bulletin_id)


@given(contents, fields, keys)
def test_an_event_round_trips(content, said, key):
    event = push(content, said, key)
    assert RawPush.model_validate_json(event.to_json()) == event


@given(contents, fields, keys)
def test_whatever_changes_what_was_pushed_changes_the_push(content, said, key):
    first = push(content, said, key)
    changed = [
        push(replace(content, data=content.data + b"!"), said, key),
        push(replace(content, media_type=content.media_type + "!"), said, key),
        push(replace(content, charset=(content.charset or "") + "!"), said, key),
        push(content, said.model_copy(update={"title": (said.title or "") + "!"}), key),
        push(content, said.model_copy(update={"revert": True}), key),
        push(content, said, (key or "") + "!"),
        push(content, said.model_copy(update={"document_id": (said.document_id or "") + "!"}), key),
    ]
    assert len({first.push_id, *(other.push_id for other in changed)}) == 8


@given(contents, fields, words, words)
def test_where_it_came_from_and_which_lane_it_takes_do_not(content, said, source, other):
    moved = said.model_copy(update={"source": source, "lane": "backfill"})
    assert push(content, said, other or None).push_id == push(content, moved, other or None).push_id


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_a_retraction_is_new_each_time_unless_a_key_says_otherwise(one, other):
    def retract(key, act):
        return retracted(
            "a", f"a.{'0' * 32}", reason=None, lane="live", idempotency_key=key, new_act=act, received_at=NOW
        )

    one, other = "1" + one.encode("ascii", "replace").decode(), "2" + other.encode("ascii", "replace").decode()
    assert retract(None, one).push_id != retract(None, other).push_id
    assert retract("key", one).push_id == retract("key", other).push_id


@given(st.integers(LARGEST_INLINE - 2, LARGEST_INLINE + 2), st.sampled_from(["\x01", "简", "𠮷", '"', "a"]))
@settings(max_examples=20, deadline=None)
def test_an_inline_event_fits_the_log_whatever_its_fields_hold(size, letter):
    said = PushFields(document_id=letter * 500, source=letter * 1000, title=letter * 500)
    event = push(Content(b"x" * size, letter * 255, letter * 255), said, letter * 255)
    if travels_inline(event):
        assert len(event.to_json()) <= LARGEST_EVENT
    else:
        assert size > LARGEST_INLINE


def test_content_has_a_limit():
    with pytest.raises(ProblemError) as refused:
        push(Content(bytes(LARGEST_CONTENT + 1), "text/plain", None), PushFields())
    assert refused.value.problem.status == 413
    assert push(Content(bytes(LARGEST_CONTENT), "text/plain", None), PushFields()).sha256


@given(st.text(max_size=60))
def test_only_an_office_s_own_well_formed_id_is_its_own(text):
    with pytest.raises(ProblemError) as refused:
        own_bulletin("hubei-wmb", text)
    assert refused.value.problem.code in ("foreign_bulletin", "bad_bulletin_id")
