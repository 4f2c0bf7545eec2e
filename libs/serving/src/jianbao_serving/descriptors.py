"""File descriptors: how many connections there is room for."""

from __future__ import annotations

import resource

RESERVE = 256
"""Descriptors that are not for connections: databases, index files, payloads being written, and connections that were
closed a moment ago."""


def room_for_connections(most: int) -> int:
    """Return how many connections may be open at once, at most `most`.

    Raises the soft limit of the process (RLIMIT_NOFILE) as far as that needs and the hard limit allows. A process that
    has no descriptor left can accept nobody, nor open its own files; so connections stay well below the limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + RESERVE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return most
    return min(most, max(soft // 2, soft - RESERVE))
