"""How far a member is, where transactions leave marks among the records."""

from __future__ import annotations

from confluent_kafka import TopicPartition

from jianbao_streaming import StoredRecord
from jianbao_streaming.kafka.progress import Progress

URGENT, PATIENT = "urgent", "patient"


def records(topic: str, *offsets: int) -> list[StoredRecord]:
    return [StoredRecord(topic, 0, offset, 0, b"k", b"v", ()) for offset in offsets]


def progress(*topics: str) -> Progress:
    made = Progress(topics)
    made.assigned([(topic, 0, 0) for topic in topics])
    return made


def test_patient_topics_wait_until_urgent_ones_were_read_to_their_end() -> None:
    made = Progress([URGENT, PATIENT])
    assert made.assigned([(URGENT, 0, 0), (PATIENT, 0, 0)]) == [(PATIENT, 0)]
    assert made.patient_ones_may_come() == []
    made.reached_end(URGENT, 0, 5)
    assert made.patient_ones_may_come() == [(PATIENT, 0)]
    assert made.patient_ones_may_come() == []


def test_a_member_with_patient_partitions_alone_does_not_wait() -> None:
    made = Progress([URGENT, PATIENT])
    made.assigned([(PATIENT, 0, 0)])
    assert made.patient_ones_may_come() == [(PATIENT, 0)]


def test_what_was_handed_out_counts_as_lag_until_it_is_committed() -> None:
    made = progress(URGENT)
    made.handed_out(records(URGENT, 0, 1))
    made.reached_end(URGENT, 0, 3)  # a mark stands behind the two records
    assert made.lag({(URGENT, 0): 3}) == 3
    made.committed([TopicPartition(URGENT, 0, 2)])
    assert made.lag({(URGENT, 0): 3}) == 0
    assert made.ends_to_commit() == {(URGENT, 0): 3}


def test_no_end_is_committed_while_records_are_in_hand() -> None:
    made = progress(URGENT)
    made.handed_out(records(URGENT, 0))
    made.reached_end(URGENT, 0, 1)
    assert made.ends_to_commit() == {}


def test_a_batch_is_committed_behind_its_last_record_in_each_partition() -> None:
    made = progress(URGENT, PATIENT)
    assert made.behind([*records(URGENT, 3, 4), *records(PATIENT, 9)]) == {(URGENT, 0): 5, (PATIENT, 0): 10}


def test_a_partition_that_left_is_no_longer_counted() -> None:
    made = progress(URGENT)
    made.handed_out(records(URGENT, 0))
    made.revoked([(URGENT, 0)])
    assert not made.active
    assert made.lag({}) == 0
