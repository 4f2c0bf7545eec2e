"""One connection: uvicorn's, with an end to every patience, and with problem documents for what is no request."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from jianbao_serving.connections import Connections
from jianbao_serving.edge import BROKEN_OFF
from jianbao_serving.patience import Deadlines, Patience, Phase, Unread
from jianbao_serving.problems import PROBLEM_JSON, Problem, server_problem
from jianbao_serving.transport import HeldTransport

LONGEST_HEAD = 64 * 1024
"""Bytes of a request's first line and headers: every parameter at its longest, percent-encoded, takes 25 KiB."""

PARTING_S = 1.0
"""How long a client has to read its answer when the server stops, if it is still sending."""

BEYOND_ASCII = re.compile(r"(?<!\\)(?:\\\\)*\\x[89a-f]")
"""A byte from 0x80 on in what was sent, as `repr` writes it."""


@dataclass(frozen=True, slots=True)
class House:
    """What all connections of a server share. `told` is called with the code of each problem that one answers."""

    config: Config
    state: ServerState
    connections: Connections[Connection]
    deadlines: Deadlines
    told: Callable[[str], None]


class Connection(H11Protocol):
    """Follows in which phase the connection is; whoever sweeps calls `look` from time to time."""

    def __init__(self, house: House, when_made: Callable[[], None]) -> None:
        super().__init__(house.config, house.state, {})
        self._house = house
        self._when_made = when_made
        self._patience = Patience(house.deadlines, self.loop.time())
        self._unread = Unread(house.deadlines)
        self._has_ended = False
        """Whether the client sends no more."""
        self._is_last = False
        """Whether no further request is taken."""
        self._is_deaf = False
        """Whether what still comes is not looked at."""

    # what the event loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        self._wire = transport
        super().connection_made(cast("asyncio.Transport", HeldTransport(transport, self._leave)))
        self._follow(0)
        self._when_made()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, however it came to it."""
        cast("HeldTransport", self.transport).left = True
        self._house.connections.remove(self, self._patience.phase)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on. After the last answer what still comes is thrown away."""
        if not self.transport.is_closing() and not self._is_deaf:
            super().data_received(data)
        self._follow(len(data))

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """The client sends no more: what it asked for as a whole is answered, what it broke off is told so.

        Return whether the connection stays open for an answer.
        """
        self._is_last = self._has_ended = True
        if self._patience.phase in (Phase.HEAD, Phase.BODY):
            self._break_off(server_problem("cut_short"))
        return self._patience.phase is Phase.ANSWERING

    def resume_writing(self) -> None:
        """The client took of the answer."""
        self._unread.went_on()
        super().resume_writing()

    # what uvicorn calls

    def on_response_complete(self) -> None:
        """An answer was written; begin with the next request."""
        super().on_response_complete()
        self._unset_keepalive_if_required()  # deadlines are ours
        if self._is_deaf:
            self.transport.close()
        self._follow(0)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the exception in hand says more
        """Answer what is not HTTP. Called while h11's exception is handled."""
        error = sys.exc_info()[1]
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        if status == 431:
            self._break_off(server_problem("head_too_large", limit=LONGEST_HEAD // 1024))
        elif status == 501:
            self._break_off(server_problem("unknown_transfer"))
        else:
            reason, _, sent = str(error).partition(":")  # h11 puts what was sent behind the colon, as Python writes it
            if self.conn.our_state is h11.SEND_RESPONSE:
                self._break_off(server_problem("bad_body", reason=reason))
            elif reason == "illegal request line" and BEYOND_ASCII.search(sent):
                self._break_off(server_problem("raw_address"))
            else:
                self._break_off(server_problem("bad_request", reason=reason))

    def shutdown(self) -> None:
        """The server stops: finish what is in hand, refuse what has only begun."""
        self._is_last = True
        match self._patience.phase:
            case Phase.WAITING:
                self._wire.close()
            case Phase.HEAD | Phase.LETTING_GO:
                self._break_off(server_problem("stopping"))
                self.loop.call_later(PARTING_S, self._wire.close)
            case Phase.BODY | Phase.ANSWERING:
                self.cycle.keep_alive = False
                self.cycle.default_headers = [*self.cycle.default_headers, CLOSE_HEADER]

    def _should_upgrade(self) -> bool:
        return False  # there is nothing to upgrade to; a request that offers it is answered as any other

    # what the server calls

    def look(self, now: float) -> None:
        """End the connection if the client has taken too long."""
        if self._unread.is_over(self._wire.get_write_buffer_size(), now):
            self._wire.abort()
        elif self.flow.read_paused:
            self._patience.excuse(now)
        elif self._patience.is_over(now):
            if self._patience.phase in (Phase.HEAD, Phase.BODY):
                self._break_off(server_problem("slow_head" if self._patience.phase is Phase.HEAD else "slow_body"))
            else:
                self._wire.close()

    def make_room(self) -> None:
        """Close at once: others need the descriptor."""
        self._house.connections.remove(self, self._patience.phase)
        why = server_problem("too_many_connections")
        if self._patience.phase in (Phase.HEAD, Phase.BODY):
            self._answer(why)
        else:
            self._house.told(why.code)
        cast("HeldTransport", self.transport).left = True
        self._wire.abort()

    # how

    def _follow(self, size: int) -> None:
        """See what phase the connection is in after something happened to it; `size` bytes came."""
        before, phase, now = self._patience.phase, self._phase(), self.loop.time()
        if phase is before:
            self._patience.moved(size, now)
        else:
            self._patience.enter(phase, now)
        self._house.connections.place(self, before, phase)
        if self._is_last and phase is Phase.WAITING:
            self._wire.close()

    def _phase(self) -> Phase:
        if self.transport.is_closing():
            return Phase.LETTING_GO
        in_hand = self._is_in_hand()
        theirs = self.conn.their_state
        if theirs is h11.IDLE:
            has_begun = self._patience.phase is Phase.HEAD or self.conn.trailing_data[0]
            return Phase.HEAD if has_begun else Phase.WAITING
        if theirs is h11.SEND_BODY and not self._is_deaf:
            return Phase.BODY if in_hand else Phase.LETTING_GO
        return Phase.ANSWERING if in_hand else Phase.LETTING_GO

    def _is_in_hand(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _break_off(self, why: Problem) -> None:
        """Listen no longer. The application answers what it has in hand (of a batch it may have taken a part);
        what has not come to it is answered here."""
        self._is_deaf = True
        if self._is_in_hand():
            self.scope[BROKEN_OFF] = why  # type: ignore[literal-required]  # ASGI leaves room for more
            self.cycle.message_event.set()
            self._follow(0)
        else:
            self._answer(why)
            self.transport.close()

    def _answer(self, told: Problem) -> None:
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        self._house.told(told.code)
        body = json.dumps(told.document(), ensure_ascii=False).encode()
        headers = [
            *self.server_state.default_headers,
            *((name.lower().encode(), value.encode()) for name, value in told.all_headers().items()),
            (b"content-type", PROBLEM_JSON.encode()),
            (b"content-length", str(len(body)).encode()),
            CLOSE_HEADER,
        ]
        is_head = self.conn.our_state is h11.SEND_RESPONSE and self.scope["method"] == "HEAD"
        reason = HTTPStatus(told.status).phrase.encode()
        events: list[Any] = [h11.Response(status_code=told.status, headers=headers, reason=reason)]
        events += [] if is_head else [h11.Data(data=body)]
        self.transport.write(b"".join(self.conn.send(event) or b"" for event in [*events, h11.EndOfMessage()]))

    def _leave(self) -> None:
        """Close, once the client has stopped sending: before that it might never see the answer."""
        has_sent_all = self._has_ended or self.conn.their_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)
        if has_sent_all or self._wire.is_closing():
            self._wire.close()
            return
        self._wire.write_eof()
        self.flow.resume_reading()
        self._follow(0)
