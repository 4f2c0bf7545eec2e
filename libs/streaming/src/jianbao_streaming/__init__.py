"""How any stage reads, writes, retries and dead-letters: ports of the log, the handler loop, and the engines."""

from jianbao_streaming.outcomes import (
    BatchHandler,
    Emit,
    FatalError,
    InvalidEvent,
    Outcome,
    Skip,
    TransientError,
    each,
    outcome_of,
)
from jianbao_streaming.ports import (
    Attempts,
    Clock,
    FencedError,
    Lag,
    Log,
    LogUnavailableError,
    Member,
    PayloadMissingError,
    Payloads,
    Reader,
    StartOverError,
    TopicState,
)
from jianbao_streaming.records import Record, StoredRecord

__all__ = [
    "Attempts",
    "BatchHandler",
    "Clock",
    "Emit",
    "FatalError",
    "FencedError",
    "InvalidEvent",
    "Lag",
    "Log",
    "LogUnavailableError",
    "Member",
    "Outcome",
    "PayloadMissingError",
    "Payloads",
    "Reader",
    "Record",
    "Skip",
    "StartOverError",
    "StoredRecord",
    "TopicState",
    "TransientError",
    "each",
    "outcome_of",
]
