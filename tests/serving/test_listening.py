"""The port: taken, or said plainly not to be had."""

from __future__ import annotations

import socket

import pytest

from jianbao_serving import descriptors
from jianbao_serving.listening import CannotListenError, listen


def test_a_port_that_is_taken_is_said_again_and_again_and_taken_back_once_free():
    first = listen("127.0.0.1", 0, "JIANBAO_TEST_PORT")
    host, port = first.getsockname()
    client = socket.create_connection((host, port))
    served, _ = first.accept()
    first.close()
    served.close()  # this side closes first, so that the kernel keeps the connection for a while
    client.close()
    other = socket.create_server((host, port))
    for _ in range(3):
        with pytest.raises(CannotListenError) as told:
            listen(host, port, "JIANBAO_TEST_PORT")
        assert f"cannot listen on {host}:{port}" in str(told.value)
        assert "another program has this port" in str(told.value)
        assert "JIANBAO_TEST_PORT" in str(told.value)
        assert "\n" not in str(told.value)
    other.close()
    listen(host, port, "JIANBAO_TEST_PORT").close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_said(host):
    with pytest.raises(CannotListenError, match=f"cannot listen on {host}:0"):
        listen(host, 0, "JIANBAO_TEST_PORT")


@pytest.mark.parametrize(
    ("soft", "hard", "most", "room", "raised"),
    [
        (1024, 20_000, 2048, 2048, 2304),
        (1024, 1024, 2048, 768, 1024),
        (256, 256, 2048, 128, 256),
        (4096, 4096, 2048, 2048, None),
        (1024, descriptors.resource.RLIM_INFINITY, 2048, 2048, 2304),
        (descriptors.resource.RLIM_INFINITY, descriptors.resource.RLIM_INFINITY, 2048, 2048, None),
    ],
)
def test_the_soft_limit_is_raised_as_far_as_needed_and_connections_stay_below(
    monkeypatch, soft, hard, most, room, raised
):
    now = [(soft, hard)]
    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _: now[-1])
    monkeypatch.setattr(descriptors.resource, "setrlimit", lambda _, limits: now.append(limits))
    assert descriptors.room_for_connections(most) == room
    assert now[1:] == ([(raised, hard)] if raised and raised != soft else [(soft, hard)] if raised else [])
