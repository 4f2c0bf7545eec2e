"""Names of the index's fields, on every engine. What is analysed how stands beside each."""

from __future__ import annotations

TITLE = "title"
BODY = "body"
MASTHEAD = "masthead"
"""Words of `ik_max_word`: of title, kicker and subtitle; of the body and its captions; of series, issuers, column."""

TITLE_CHAR = "title_char"
BODY_CHAR = "body_char"
"""Single Han characters (and whole numbers and Latin words) in order: for exact phrases and as the floor of recall."""

BULLETIN_ID = "bulletin_id"
ARTICLE_ID = "article_id"
CLUSTER_ID = "cluster_id"
OFFICE = "office"
SERIES = "series"
KIND = "kind"
SCRIPT = "script"
REGION = "region"
TOPIC = "topic"
DOCUMENT = "document"
FOUND = "found"
"""Exact values. `region` holds every region named with all its ancestors; `document` is `article`, `head` or `mark`
(the head of a withdrawn bulletin); `found` is `yes` for what a search without words lists."""

CLUSTER = "cluster"
OFFICE_NUMBER = "office_number"
SERIES_NUMBER = "series_number"
REGION_SET = "region_set"
SEQUENCE = "sequence"
VERSION = "version"
IS_HEAD = "is_head"
YEAR = "year"
ISSUE = "issue"
CUMULATIVE = "cumulative"
PUBLISHED = "published"
"""Numbers in columns. `cluster`, `office_number`, `series_number` are 64-bit hashes of the names, `region_set` of all
regions together; `published` is
yyyymmdd, with 00 for a month or day that is not known."""

ANALYSED = (TITLE, BODY, MASTHEAD)
CHARACTERS = (TITLE_CHAR, BODY_CHAR)
EXACT = (BULLETIN_ID, ARTICLE_ID, CLUSTER_ID, OFFICE, SERIES, KIND, SCRIPT, REGION, TOPIC, DOCUMENT, FOUND)
NUMBERS = (
    CLUSTER,
    OFFICE_NUMBER,
    SERIES_NUMBER,
    REGION_SET,
    SEQUENCE,
    VERSION,
    IS_HEAD,
    YEAR,
    ISSUE,
    CUMULATIVE,
    PUBLISHED,
)

LATE = 2**62
"""Sequence of what was never announced: after everything that was."""
