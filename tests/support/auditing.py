"""Bulletins to audit, and the audit as a command."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from running import Running

from jianbao_streaming.engine import open_embedded


def text(number: int, edition: int = 1) -> bytes:
    """Two articles of their own words each."""
    words = [chr(0x4E00 + (number * 997 + edition * 131 + place * 37) % 20000) for place in range(160)]
    first, second = "".join(words[:80]), "".join(words[80:])
    return (
        f"第{number}号简报\n\n张家港市：第{number}项工作第{edition}版\n{first}。\n\n如皋市：另外第{number}项工作\n{second}。\n"
    ).encode()


def jianbao_command(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", *arguments, "--data", str(data)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120)


def audited(data: Path, *options: str) -> tuple[int, dict]:
    done = jianbao_command(data, "audit", "--json", *options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def settled(jianbao: Running) -> bool:
    """Whether no process has anything left to read."""
    with closing(open_embedded(jianbao.data)) as engine:
        lags = engine.log.groups()
    return not any(getattr(lag, "records", lag) for group in lags.values() for lag in group.values())
