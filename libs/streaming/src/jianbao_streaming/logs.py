"""Log lines: one JSON object a line for programs, or one line of text for people, bound to what is in hand.

The rest of the code says `logging.getLogger(__name__)`; libraries, warnings and uncaught exceptions take the same form.
The content of bulletins never stands in a log. What we write ourselves names ids and sizes only; an exception of
somebody else's may quote what it met (`int('第三期')`), so of one that is met while a record or a request is in hand only
its type and its traceback are written. Its words stand in the dead letter: `jianbao dlq show`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

from opentelemetry import trace

from jianbao_streaming import in_hand
from jianbao_streaming.outcomes import FatalError, InvalidEvent, StoppedError, TransientError

FORM, LEVEL = "JIANBAO_LOG", "JIANBAO_LOG_LEVEL"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

SPEAK_FOR_THEMSELVES = (InvalidEvent, TransientError, FatalError, StoppedError, OSError)
"""Exceptions whose words are ours or the operating system's, and quote no bulletin."""

log = logging.getLogger(__name__)


def start_logging(process: str, environment: Mapping[str, str] = os.environ) -> None:
    """Write log lines to standard error from now on, as JIANBAO_LOG and JIANBAO_LOG_LEVEL say; `process` is our name.

    Without a setting: text on a terminal, else JSON; INFO and above. Raises FatalError for a setting that is neither.
    """
    form = environment.get(FORM) or ("text" if sys.stderr.isatty() else "json")
    if form not in ("json", "text"):
        raise FatalError(f"{FORM} is {form!r}; set it to json or text")
    level = (environment.get(LEVEL) or "INFO").upper()
    if level not in LEVELS:
        raise FatalError(f"{LEVEL} is {level!r}; set it to one of {', '.join(LEVELS)}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process) if form == "json" else TextLines(process))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class JsonLines(logging.Formatter):
    """A line as one JSON object: time, level, logger, process, pid, message, ids of what is in hand, error."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, str | int] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "process": self._process,
            "pid": os.getpid(),
            "message": record.getMessage(),
            **_bound(),
        }
        if error := _error(record):
            line["error"] = error
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """A line for people; the traceback of an error follows it."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = _time(record).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        about = "".join(f" {name}={value}" for name, value in _bound().items())
        line = f"{time}.{int(record.msecs):03} {record.levelname} {self._process}: {record.getMessage()}{about}"
        return f"{line}\n{error}" if (error := _error(record)) else line


def told(error: BaseException, *, quoting: bool | None = None) -> str:
    """Return an exception with its traceback and what led to it; see `summary` for its words."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = [told(before, quoting=quoting), "which led to:"] if before else []
    parts += [f"Traceback (most recent call last):\n{''.join(traceback.format_tb(error.__traceback__))}"]
    parts[-1] += summary(error, quoting=quoting)
    if isinstance(error, BaseExceptionGroup):
        parts += [told(one, quoting=quoting) for one in error.exceptions]
    return "\n".join(parts)


def summary(error: BaseException, *, quoting: bool | None = None) -> str:
    """Return an exception in one line: its type, and its words unless they may quote what is in hand.

    `quoting`: whether they may; unknown: whether anything is in hand now.
    """
    name = type(error).__name__
    quoting = in_hand.busy() if quoting is None else quoting
    if quoting and not isinstance(error, SPEAK_FOR_THEMSELVES):
        return f"{name} (its words may quote a bulletin and are left out)"
    return f"{name}: {error}"


def readable(line: str) -> str:
    """Return the line of a log as people read it: message and last line of the error of a JSON line, others as is."""
    try:
        said = json.loads(line)
        error = said.get("error")
        return f"{said['message']}: {error.splitlines()[-1]}" if error else str(said["message"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return line


def _bound() -> Mapping[str, str | int]:
    """Return the ids of what is in hand, and the trace that is open, if there is one."""
    span = trace.get_current_span().get_span_context()
    return {**in_hand.facts(), "trace_id": f"{span.trace_id:032x}"} if span.is_valid else in_hand.facts()


def _error(record: logging.LogRecord) -> str | None:
    """Return the error of a line. The HTTP server logs one when the request is no longer in hand."""
    error = record.exc_info[1] if record.exc_info else None
    return told(error, quoting=True if record.name.startswith("uvicorn") else None) if error is not None else None


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _uncaught(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    log.critical("uncaught %s", kind.__name__, exc_info=(kind, error, at))


def _uncaught_in_thread(met: threading.ExceptHookArgs) -> None:
    if met.exc_value is not None and not isinstance(met.exc_value, SystemExit):
        name = met.thread.name if met.thread else "gone"
        log.critical("uncaught %s in thread %s", met.exc_type.__name__, name, exc_info=met.exc_value)
