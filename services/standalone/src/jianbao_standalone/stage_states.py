"""How each stage stands: whether its process runs, what waits before it and since when, and its last error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from jianbao_contracts import DeadLetterAction, topics
from jianbao_standalone import stages
from jianbao_standalone.addresses import Address, read_address
from jianbao_standalone.beijing import utc
from jianbao_streaming import Lag, Log, StoredRecord
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.events import parse

PATIENCE_S = 2.0
"""How long a process is waited for; it answers within milliseconds."""

LOOKED_AT = (50, 1000)
"""Newest dead letters that are looked at for one that is open, first few, then more: a long history is not read through."""


@dataclass(frozen=True, slots=True)
class LastError:
    """`source`: retrying (the process waits it out now), or the place of the dead letter that tells it."""

    at: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage. `state`: runs, hangs (alive, but its loop does not come round or it does not answer), not running."""

    stage: str
    process: str
    state: str
    pid: int | None
    lag_records: int
    lag_seconds: float | None
    last_error: LastError | None

    def record(self) -> dict[str, Any]:
        """Return a stable JSON form."""
        told = asdict(self)
        if self.last_error and self.last_error.at:
            told["last_error"]["at"] = utc(datetime.fromisoformat(self.last_error.at))
        return told


def stage_states(log: Log, data: Path, now: datetime) -> Iterator[StageState]:
    """Yield how each stage stands, in the order of a bulletin's way."""
    groups, ends = log.groups(), {state.topic: state.end for state in log.topics()}
    for stage in stages.ALL:
        waiting = {**_never_read(stage, ends), **groups.get(stage.name, {})}
        address = read_address(data, stage.process)
        answer = _health(address)
        retrying = answer.get("last_error") if answer else None
        yield StageState(
            stage=stage.name,
            process=stage.process,
            state=_state(answer),
            pid=address.pid if address and answer else None,
            lag_records=sum(lag.records for lag in waiting.values()),
            lag_seconds=waited_s(waiting.values(), now),
            last_error=LastError(retrying["at"], retrying["message"], "retrying")
            if retrying
            else _told(log, stage.name),
        )


def waited_s(lags: Iterable[Lag], now: datetime) -> float | None:
    """Return for how many seconds the first of what waits has been there; 0: nothing waits, None: the engine cannot say."""
    waiting = [lag for lag in lags if lag.records]
    known = [lag.oldest for lag in waiting if lag.oldest is not None]
    if waiting and not known:
        return None
    return round(max(((now - oldest).total_seconds() for oldest in known), default=0.0), 3)


def _never_read(stage: stages.StageOfTheWay, ends: Mapping[str, int]) -> dict[str, Lag]:
    return {topic: Lag(ends[topic], None) for topic in stage.reads if topic in ends}


def _health(address: Address | None) -> dict[str, Any] | None:
    """Return what a process answers, {"hangs": True} where it is there and does not answer well, None where it is not."""
    if address is None:
        return None
    try:
        answer = httpx.get(f"{address.url}/health/live", timeout=PATIENCE_S, trust_env=False)
        told: dict[str, Any] = answer.json()
    except httpx.TimeoutException:
        return {"hangs": True}
    except (httpx.HTTPError, ValueError):
        return None
    return told if answer.status_code == httpx.codes.OK else {**told, "hangs": True}


def _state(answer: Mapping[str, Any] | None) -> str:
    if answer is None:
        return "not running"
    return "hangs" if answer.get("hangs") else "runs"


def _told(log: Log, stage: str) -> LastError | None:
    """Return what the newest open dead letter of a stage tells."""
    letter = _newest_open(log, stage)
    if letter is None:
        return None
    code, reason = letter.header(dlq.CODE), letter.header(dlq.REASON)
    place = f"{stage}/{letter.partition}/{letter.offset}"
    return LastError(letter.header(dlq.FAILED_AT) or "", f"{code}: {reason}", place)


def _newest_open(log: Log, stage: str) -> StoredRecord | None:
    topic = topics.dead_letters_of(stage)
    end = log.end(topic)
    if not end:
        return None
    acts = (parse(record, DeadLetterAction) for record in _read(log, topics.DEAD_LETTER_ACTIONS, 0))
    done = {(act.partition, act.offset) for act in acts if act.stage == stage}
    for looked_at in LOOKED_AT:
        newest = None
        for record in _read(log, topic, max(0, end - looked_at)):
            newest = newest if (record.partition, record.offset) in done else record
        if newest is not None or looked_at >= end:
            return newest
    return None


def _read(log: Log, topic: str, first: int) -> Iterator[StoredRecord]:
    reader = log.reader([topic], start={topic: first})
    try:
        while batch := reader.poll(500, 0):
            yield from batch
    finally:
        reader.close()
