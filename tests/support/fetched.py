"""What tests fetch from a package registry, kept outside the tree: once for each content of its recipe."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

FOLDER = "JIANBAO_TEST_CACHE"
"""Environment variable: where to keep what was fetched (default: the user's cache folder)."""


def fetched(name: str, recipe: bytes, fetch: Callable[[Path], None]) -> Path:
    """Return the folder that `fetch` filled for this recipe, now or earlier; several processes may ask at once."""
    cache = Path(os.environ.get(FOLDER) or Path.home() / ".cache" / "jianbao-tests")
    cache.mkdir(parents=True, exist_ok=True)
    wanted = cache / f"{name}-{hashlib.sha256(recipe).hexdigest()[:16]}"
    with (cache / f"{wanted.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.is_dir():
            unfinished = wanted.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            fetch(unfinished)
            unfinished.rename(wanted)
    return wanted
