"""Nobody holds a connection for ever, and whoever is cut off is told why where HTTP allows it."""

from __future__ import annotations

import select

import pytest
from running import until

from jianbao_serving.patience import Deadlines, Patience, Phase, Unread

MIB = 1024 * 1024


def test_whoever_sends_nothing_is_closed_without_a_word(hasty):
    assert hasty.connect().is_closed()


def test_a_kept_connection_that_asks_nothing_more_is_closed(hasty):
    client = hasty.connect().send("GET /here HTTP/1.1", "Host: x", "")
    assert client.answer().status == 200
    assert client.is_closed()


def trickle(client, data: bytes, pause_s: float) -> None:
    """Send byte by byte until all is sent or the other side does not take it."""
    for each in data:
        try:
            client.send(body=bytes([each]))
        except OSError:
            return
        if select.select([client.socket], [], [], pause_s)[0]:
            return


def test_a_head_that_comes_byte_by_byte_is_ended_with_408(hasty):
    client = hasty.connect()
    trickle(client, b"GET /here HTTP/1.1\r\nHost: " + b"x" * 100, 0.1)
    assert client.answer().problem()["code"] == "slow_head"
    assert client.is_closed()
    assert hasty.told == ["slow_head"]


@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_body_that_never_comes_is_ended_with_408(hasty, framing):
    client = hasty.connect().send("POST /count HTTP/1.1", "Host: x", framing, "")
    answer = client.answer("POST")
    assert (answer.status, answer.problem()["code"]) == (408, "slow_body")
    assert client.is_closed()


def test_a_body_that_comes_byte_by_byte_is_ended_with_408(hasty):
    client = hasty.connect().send("POST /count HTTP/1.1", "Host: x", "Content-Length: 1000", "")
    trickle(client, bytes(1000), 0.05)
    assert client.answer("POST").problem()["code"] == "slow_body"


def test_of_a_batch_that_stays_away_it_is_answered_what_was_taken(hasty):
    client = hasty.connect().send("POST /parts HTTP/1.1", "Host: x", "Content-Length: 1000", "", body=b"one")
    assert client.answer("POST").body == b'{"taken":["one"],"then":"slow_body"}'
    assert client.is_closed()


def test_a_request_in_hand_is_never_ended(hasty):
    client = hasty.connect().send("POST /wait HTTP/1.1", "Host: x", "Content-Length: 0", "")
    assert hasty.begun.wait(20)
    assert hasty.connect().is_closed()  # by then a whole patience has passed
    assert hasty.connect().is_closed()
    hasty.may_go_on.set()
    assert client.answer("POST").body == b'{"went_on":true}'


def test_an_answer_that_nobody_takes_is_thrown_away(hasty):
    client = hasty.connect().send("GET /large?size=50000000 HTTP/1.1", "Host: x", "")
    until(lambda: hasty.server.open_connections() == 1, "the connection")
    until(lambda: hasty.server.open_connections() == 0, "its end", 20)
    client.socket.close()


def test_of_what_was_refused_not_everything_is_read(hasty):
    client = hasty.connect().send("POST /refuse HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "")
    assert client.answer("POST").status == 413
    with pytest.raises(ConnectionError):
        send_for_ever(client)


def send_for_ever(client):
    while True:
        client.send(body=b"F4240\r\n" + bytes(1_000_000) + b"\r\n")


def patience(phase: Phase, *, at: float = 0.0) -> Patience:
    found = Patience(Deadlines(), 0.0)
    found.enter(phase, at)
    return found


def test_fifty_mebibytes_over_a_line_of_64_kbit_arrive():
    body = patience(Phase.BODY)
    for second in range(50 * MIB // 8192):
        body.moved(8192, second)
        assert not body.is_over(second + 0.9)


def test_a_fast_start_buys_no_silence():
    body = patience(Phase.BODY)
    body.moved(40 * MIB, 1.0)
    assert not body.is_over(30.9)
    assert body.is_over(31.1)


def test_the_first_head_has_no_more_time_than_its_connection():
    found = Patience(Deadlines(), 0.0)
    found.enter(Phase.HEAD, 9.0)
    assert found.is_over(10.1)
    found.enter(Phase.ANSWERING, 10.2)
    assert not found.is_over(10_000)
    found.enter(Phase.HEAD, 10_000)
    assert not found.is_over(10_009)


def test_whom_we_kept_waiting_begins_anew():
    body = patience(Phase.BODY)
    body.moved(100, 1.0)
    body.excuse(1000.0)
    assert not body.is_over(1029.0)


def test_an_answer_has_to_be_taken_at_the_slowest_speed():
    taking = Unread(Deadlines())
    left = 10 * MIB
    for now in range(0, 300, 10):
        assert not taking.is_over(left, now)
        left -= 10 * 9000
    stuck = Unread(Deadlines())
    assert not stuck.is_over(1000, 0.0)
    assert not stuck.is_over(999, 30.0)
    assert stuck.is_over(998, 31.0)
    stuck.went_on()
    assert not stuck.is_over(998, 32.0)
