"""Which extracted bulletins a rebuild leaves out: those that the indexer could not handle, until an operator sends them back.

Their receipts say `dead_lettered` or `dropped`, so no search may find them; and one that killed its process would kill
every rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator

from jianbao_contracts import DeadLetterAction
from jianbao_contracts.topics import DEAD_LETTER_ACTIONS, EXTRACTED, dead_letters_of
from jianbao_streaming.events import parse
from jianbao_streaming.ports import Log
from jianbao_streaming.records import StoredRecord
from jianbao_streaming.repairs import first_place

STAGE = "search"


def unhandled_offsets(log: Log) -> set[int]:
    """Return the offsets in `bulletins.extracted` of what lies in search's dead letters, open or dropped.

    What was sent back is handled by now, or will be; if it failed again its latest dead letter is open.
    """
    acts = {}
    for record in _all(log, DEAD_LETTER_ACTIONS):
        act = parse(record, DeadLetterAction)
        if act.stage == STAGE:
            acts[act.partition, act.offset] = act.action
    unhandled: set[int] = set()
    for letter in _all(log, dead_letters_of(STAGE)):
        topic, offset = first_place(letter)
        if topic != EXTRACTED:
            continue
        if acts.get((letter.partition, letter.offset)) == "replay":
            unhandled.discard(offset)
        else:
            unhandled.add(offset)
    return unhandled


def _all(log: Log, topic: str) -> Iterator[StoredRecord]:
    reader = log.reader([topic])
    try:
        while batch := reader.poll(500, 0.0):
            yield from batch
    finally:
        reader.close()
