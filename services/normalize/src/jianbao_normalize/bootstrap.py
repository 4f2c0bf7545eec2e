"""The only place that builds what normalize talks to."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import apsw

from jianbao_contracts import ProducedBy
from jianbao_contracts.topics import DEAD_LETTER_ACTIONS, OFFICES, RAW, RAW_BACKFILL, retries_of
from jianbao_normalize.adapters.content import ContentReader
from jianbao_normalize.adapters.decisions_sqlite import SqliteDecisions
from jianbao_normalize.adapters.fingerprints_sqlite import SqliteFingerprints
from jianbao_normalize.adapters.followed import FollowedDrops, OfficePolicies
from jianbao_normalize.handler import Normalizer
from jianbao_normalize.ports import Drops, Offices
from jianbao_streaming import Clock, Payloads
from jianbao_streaming.engine import Engine
from jianbao_streaming.sqlite import DATABASE, connect
from jianbao_text.ik import default_segmenter
from jianbao_text.places import gazetteer

NAME = "normalize"
"""Of the service, its process, its consumer group and its topics of dead letters and retries."""

TOPICS = (retries_of(NAME), RAW, RAW_BACKFILL)
"""In order of urgency: what an operator replays, today's bulletins, back-catalogues."""

RULES_VERSION = "2"
"""Of all rules that make the text and the relations; a change of it is a reason to reprocess."""

VERSION = version("jianbao-normalize")


def normalizer(engine: Engine, data: Path, clock: Clock) -> Normalizer:
    """Return the handler over an engine, with its stores in the engine's file in the data folder."""
    return assemble(
        connect(data / DATABASE),
        engine.payloads,
        offices=OfficePolicies(engine.log.reader([OFFICES]), clock),
        drops=FollowedDrops(engine.log.reader([DEAD_LETTER_ACTIONS]), clock),
    )


def assemble(connection: apsw.Connection, payloads: Payloads, *, offices: Offices, drops: Drops) -> Normalizer:
    """Return the handler over these parts; decisions and fingerprints are tables behind `connection`."""
    return Normalizer(
        decisions=SqliteDecisions(connection),
        fingerprints=SqliteFingerprints(connection),
        offices=offices,
        drops=drops,
        read_content=ContentReader(payloads),
        produced_by=ProducedBy(service=NAME, version=VERSION, rules=RULES_VERSION),
    )


def warm_up(still_wanted: Callable[[], None]) -> None:
    """Load dictionaries before the first bulletin waits for them: they take a second or two."""
    default_segmenter()
    still_wanted()
    gazetteer().find("")  # the first search builds what finds names
    still_wanted()
