"""How long a client may take with what: decisions only, no sockets and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Where a connection stands."""

    WAITING = "no request has begun"
    HEAD = "a request has begun, its head is not complete"
    BODY = "the head is here, the body is not complete, and nothing was answered yet"
    ANSWERING = "the whole request is in hand"
    LETTING_GO = "it was answered; what the client still sends is thrown away, so that it comes to read the answer"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds, and bytes a second.

    A body may be silent for `silence_s`; beyond `grace_s` it must have come at `slowest` on the whole, so that 50 MiB
    over a line of 64 kbit/s arrive and a byte a second does not. The same holds for an answer that is taken.
    """

    waiting_s: float = 10.0
    head_s: float = 10.0
    silence_s: float = 30.0
    grace_s: float = 30.0
    slowest: float = 8 * 1024
    most_let_go: int = 1024**3


class Patience:
    """The time of one connection's phase. `now` is any monotonic clock."""

    def __init__(self, deadlines: Deadlines, now: float) -> None:
        self._deadlines = deadlines
        self.phase = Phase.WAITING
        self._began = self._moved = now
        self._bytes = 0
        self._is_first = True

    def enter(self, phase: Phase, now: float) -> None:
        """Begin another phase. The first head of a connection has no more time than the connection itself."""
        if not (self._is_first and phase is Phase.HEAD):
            self._began = now
        self._is_first = False
        self.phase, self._moved, self._bytes = phase, now, 0

    def moved(self, size: int, now: float) -> None:
        """Note that `size` bytes came."""
        self._moved = now
        self._bytes += size

    def excuse(self, now: float) -> None:
        """Begin the phase anew: it was us who did not read on."""
        self._began = self._moved = now
        self._bytes = 0

    def is_over(self, now: float) -> bool:
        """Return whether the client has taken too long."""
        allowed, lasts = self._deadlines, now - self._began
        match self.phase:
            case Phase.WAITING:
                return lasts > allowed.waiting_s
            case Phase.HEAD:
                return lasts > allowed.head_s
            case Phase.BODY:
                return now - self._moved > allowed.silence_s or self._is_slow(lasts)
            case Phase.LETTING_GO:
                silent = now - self._moved > allowed.waiting_s
                return silent or self._is_slow(lasts) or self._bytes > allowed.most_let_go
            case Phase.ANSWERING:
                return False

    def _is_slow(self, lasts: float) -> bool:
        return lasts > self._deadlines.grace_s + self._bytes / self._deadlines.slowest


class Unread:
    """What of an answer the client has not taken yet."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._since: tuple[float, int] | None = None

    def is_over(self, size: int, now: float) -> bool:
        """Return whether `size` bytes, which wait to be sent, have waited too long."""
        if size == 0:
            self._since = None
        elif self._since is None:
            self._since = now, size
        elif now - self._since[0] > self._deadlines.silence_s:
            then, before = self._since
            if before - size < (now - then) * self._deadlines.slowest:
                return True
            self._since = now, size
        return False

    def went_on(self) -> None:
        """Note that the client took so much that more was asked for."""
        self._since = None
