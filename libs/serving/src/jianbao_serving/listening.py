"""The port: taken at the start, or said plainly to be taken by somebody else."""

from __future__ import annotations

import errno
import socket

BACKLOG = 2048
"""Connections that the kernel keeps until they are accepted: a thousand at once need not knock twice."""

WHY = {
    errno.EADDRINUSE: "another program has this port; end it, or choose another port",
    errno.EACCES: "this account may not use this port; choose one from 1024 on",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose one of its own, and a port",
}


class CannotListenError(OSError):
    """The port cannot be had; the message is one line that says why and what to do."""


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Return a listening socket; port 0 is any free one. `setting` is the environment variable that names the port.

    Raises CannotListenError. A port that is in use now is free for this once the other program has ended: connections
    of a past server that linger in the kernel do not keep it.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)  # here, not later: two sockets may bind one port, but only one may listen on it
        except OSError:
            listening.close()
            raise
    except OSError as error:
        why = WHY.get(error.errno or 0, "choose another address or port")
        raise CannotListenError(
            f"cannot listen on {host}:{port}: {error.strerror}: {why} ({setting}, 0 for any free one)"
        ) from error
    return listening
