"""Traces: one for each push, from the HTTP request that brought it to the index, off unless JIANBAO_TRACES says so.

Off, nothing is made, and a record's `traceparent` is handed on as it came. On, a stage makes one span for each record:
its parent is the span that made the record, and every output carries the stage's own span, so the next stage hangs
below it. A dead letter that is replayed starts a trace of its own, linked to the first: a span of weeks helps nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from jianbao_contracts import headers as names
from jianbao_contracts import topics
from jianbao_streaming.dead_letters import REPLAYS, STAGE, code_of
from jianbao_streaming.outcomes import Emit, FatalError, Outcome, Skip
from jianbao_streaming.records import Record, StoredRecord

SETTING = "JIANBAO_TRACES"
W3C = TraceContextTextMapPropagator()
LONGEST_EXPORT_S = 3
"""How long one export may take: a collector that is away must not hold up the end of a process."""


def start_tracing(process: str, environment: Mapping[str, str] = os.environ) -> None:
    """Make spans from now on if JIANBAO_TRACES is `otlp`; where they go is said by the OTEL_EXPORTER_OTLP_* variables.

    Raises FatalError for another setting, and where the extra `jianbao-streaming[otel]` is not installed.
    """
    wanted = environment.get(SETTING) or "off"
    if wanted == "off":
        return
    if wanted != "otlp":
        raise FatalError(f"{SETTING} is {wanted!r}; set it to off or otlp")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise FatalError(f"{SETTING}=otlp needs: pip install 'jianbao-streaming[otel]' ({error})") from error
    about = {"service.name": f"jianbao-{process}", "service.version": version("jianbao-streaming")}
    provider = SdkTracerProvider(resource=Resource.create(about))
    timeout = None if environment.get("OTEL_EXPORTER_OTLP_TIMEOUT") else LONGEST_EXPORT_S
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=timeout)))
    trace.set_tracer_provider(provider)


def stage_spans(stage: str) -> StageSpans | None:
    """Return what makes the spans of a stage, or None while traces are off."""
    provider = trace.get_tracer_provider()
    off = isinstance(provider, (trace.ProxyTracerProvider, trace.NoOpTracerProvider))
    return None if off else StageSpans(stage, provider)


def current_traceparent() -> str | None:
    """Return the span that is open now as a `traceparent`, or None."""
    return _traceparent(trace.get_current_span())


def note(**attributes: str | int) -> None:
    """Add attributes to the span that is open now, if there is one."""
    trace.get_current_span().set_attributes({f"jianbao.{name}": value for name, value in attributes.items()})


class StageSpans:
    """Makes the spans of one stage."""

    def __init__(self, stage: str, provider: TracerProvider) -> None:
        self._stage = stage
        self._tracer = provider.get_tracer("jianbao", version("jianbao-streaming"))

    def begin(self, records: Sequence[StoredRecord]) -> list[RecordSpan]:
        """Start a span for each record of a batch; one that is never ended is never exported."""
        return [RecordSpan(self._begin(record), record) for record in records]

    def _begin(self, record: StoredRecord) -> Span:
        came_from = _context(record)
        replayed = record.header(REPLAYS) is not None
        origin = trace.get_current_span(came_from).get_span_context()
        attributes: dict[str, str | int] = {
            "messaging.operation.type": "process",
            "messaging.destination.name": record.topic,
            "messaging.destination.partition.id": str(record.partition),
            "jianbao.stage": self._stage,
            "jianbao.offset": record.offset,
            "jianbao.push_id": record.header(names.PUSH_ID) or "",
            "jianbao.bulletin_id": record.header(names.SUBJECT) or "",
        }
        return self._tracer.start_span(
            f"{self._stage} {record.topic}",
            context=Context() if replayed else came_from,
            links=[Link(origin, {"jianbao.replay": True})] if replayed and origin.is_valid else [],
            kind=SpanKind.CONSUMER,
            attributes=attributes,
        )


@dataclass(frozen=True, slots=True)
class RecordSpan:
    """The span of one record at one stage."""

    span: Span
    record: StoredRecord

    def stamp(self, outputs: Sequence[Record]) -> list[Record]:
        """Return outputs that carry this span. A dead letter stays as the record came: it is kept untouched."""
        own = _traceparent(self.span)
        return [output if own is None or output.header(STAGE) else _with(output, own) for output in outputs]

    def end(self, outcome: Outcome, outputs: Sequence[Record]) -> None:
        """Say what became of the record, and end the span; call once that is committed."""
        match outcome:
            case Emit():
                told = {"jianbao.outcome": "emitted"}
            case Skip(reason, _):
                told = {"jianbao.outcome": "skipped", "jianbao.reason": reason}
            case error:
                told = {"jianbao.outcome": "dead_letter", "jianbao.reason": code_of(error)}
                self.span.set_status(StatusCode.ERROR, code_of(error))
        if self.span.is_recording() and (state := self._state(outputs)):
            told["jianbao.state"] = state
        self.span.set_attributes(told)
        self.span.end()

    def _state(self, outputs: Sequence[Record]) -> str | None:
        """Return the state that the outputs tell of this record's own push."""
        push = self.record.header(names.PUSH_ID)
        said = [output for output in outputs if output.topic == topics.STATUS and output.header(names.PUSH_ID) == push]
        return str(json.loads(said[-1].value or b"{}").get("state", "")) if said else None


def _context(record: StoredRecord) -> Context:
    """Return the context in a record's `traceparent`; an empty one where there is none, or none that can be read."""
    traceparent = record.header(names.TRACEPARENT)
    return W3C.extract({names.TRACEPARENT: traceparent} if traceparent else {}, Context())


def _traceparent(span: Span) -> str | None:
    carrier: dict[str, str] = {}
    W3C.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier.get(names.TRACEPARENT)


def _with(output: Record, traceparent: str) -> Record:
    others = tuple(header for header in output.headers if header[0] != names.TRACEPARENT)
    return replace(output, headers=(*others, (names.TRACEPARENT, traceparent.encode())))
