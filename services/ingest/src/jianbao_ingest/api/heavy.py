"""Work on large bodies, kept away from the event loop so that other requests go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LARGE = 1024 * 1024
"""From here on hashing, decoding or parsing takes longer than the event loop should be held up (about 1 ms)."""


async def away_if_large(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` returns, done in a thread if it is about more than LARGE bytes."""
    return await asyncio.to_thread(work, *args, **kwargs) if size > LARGE else work(*args, **kwargs)
