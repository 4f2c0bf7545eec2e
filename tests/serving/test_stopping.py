"""A server that is asked to stop finishes what is in hand and refuses what is new."""

from __future__ import annotations

import socket
import threading

import pytest
from running import until


def refuses(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    return False


def test_requests_in_flight_are_finished_and_new_ones_refused(serve):
    served = serve()
    waiting = served.connect().send("POST /wait HTTP/1.1", "Host: x", "Content-Length: 0", "")
    uploading = served.connect().send("POST /count HTTP/1.1", "Host: x", "Content-Length: 6", "", body=b"abc")
    begun = served.connect().send("GET /here HTTP/1.1")
    idle = served.connect()
    assert served.begun.wait(20)
    until(lambda: served.server.open_connections() == 4, "all to be taken")
    stopping = threading.Thread(target=served.stop)
    stopping.start()
    until(lambda: refuses(served.address), "new ones to be refused")
    assert idle.is_closed()
    told = begun.answer()
    assert (told.status, told.problem()["code"], told.headers["retry-after"]) == (503, "stopping", "2")
    finished = uploading.send(body=b"def").answer("POST")
    assert (finished.body, finished.headers["connection"]) == (b'{"bytes":6}', "close")
    served.may_go_on.set()
    assert waiting.answer("POST").body == b'{"went_on":true}'
    stopping.join(20)
    assert served.told == ["stopping"]


def test_what_is_not_finished_within_the_grace_is_told_so(serve, caplog):
    served = serve(grace_s=1)
    uploading = served.connect().send("POST /count HTTP/1.1", "Host: x", "Content-Length: 6", "", body=b"abc")
    until(lambda: served.server.open_connections() == 1, "it to be taken")
    served.stop()
    told = uploading.answer("POST")
    assert (told.status, told.problem()["code"]) == (503, "stopping")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("sent", ["GET /here HTTP/1.1\r\nHost: x\r\n\r\n", ""])
def test_idle_connections_do_not_hold_up_a_stop(serve, sent):
    served = serve()
    client = served.connect().send(body=sent.encode())
    if sent:
        assert client.answer().status == 200
    until(lambda: served.server.open_connections() == 1, "it to be taken")
    served.stop()
    assert client.is_closed()
