"""What the limit of dead letters must know of the lives of its stage before this one.

Without it a stage that is started again after it stopped would let as many bugs through once more, life by life, until
the whole topic is dead letters. What was handled last stands in the log: the newest dead letters, and how far the group
has committed.
"""

from __future__ import annotations

from jianbao_contracts import topics
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.ports import Log
from jianbao_streaming.records import StoredRecord

BAD_RECORD = "InvalidEvent"
"""Error type of what is the office's, and no bug."""


def bugs_in_a_row(log: Log, group: str, most: int) -> int:
    """Return how many of the records that a group has handled last met a bug, one behind the other; at most `most`.

    Counts in one topic, and only first failures: what an operator replayed is looked at by him.
    """
    letters_topic = topics.dead_letters_of(group)
    reader = log.reader([letters_topic], start={letters_topic: max(0, log.end(letters_topic) - most)})
    try:
        letters = list(reader.poll(most, 0.0)) if most else []
    finally:
        reader.close()
    found = 0
    expected: tuple[str, int] | None = None
    for letter in reversed(letters):
        topic, offset = letter.header(dlq.ORIGIN_TOPIC) or "", int(letter.header(dlq.ORIGIN_OFFSET) or -1)
        if expected is None:
            expected = (topic, log.committed(group, topic) - 1)
        if not _is_new_bug(letter) or (topic, offset) != expected:
            break
        found += 1
        expected = (topic, offset - 1)
    return found


def _is_new_bug(letter: StoredRecord) -> bool:
    return letter.header(dlq.ERROR_TYPE) != BAD_RECORD and letter.header(dlq.REPLAYS) == "0"
