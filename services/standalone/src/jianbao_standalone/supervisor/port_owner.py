"""Which program listens on a port, where the system tells (Linux, own processes, or all of them as root)."""

from __future__ import annotations

from pathlib import Path

LISTENING = "0A"
"""State of a socket in /proc/net/tcp (TCP_LISTEN)."""


def owner_of(port: int) -> str:
    """Return who listens on a port in words: name and process id, or that it is another program."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                name = (process / "comm").read_text("utf-8", "replace").strip()
                return f"{name} (process {process.name})"
        except OSError:  # not ours to look at, or gone
            continue
    return "another program"


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            rows = [line.split() for line in table.read_text("ascii").splitlines()[1:]]
        except OSError:
            continue
        found |= {f"socket:[{row[9]}]" for row in rows if row[3] == LISTENING and row[1].endswith(f":{port:04X}")}
    return found
