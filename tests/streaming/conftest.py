from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from log_engines import ENGINES, LogEngine


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogEngine]:
    """Every engine in turn: what a test demands of one, it demands of all."""
    under_test = ENGINES[request.param](tmp_path / "data folder")
    yield under_test
    for opened in under_test.opened:
        opened.close()
