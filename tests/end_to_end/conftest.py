from __future__ import annotations

from collections.abc import Iterator

import pytest
from running import Running, running


@pytest.fixture(scope="session")
def jianbao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Jianbao for all tests that disturb nobody; each uses offices of its own."""
    with running(tmp_path_factory.mktemp("one machine") / "data") as started:
        yield started
