"""Each service has a page that says what it must and must not do, and the page keeps up with the code."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from jianbao_contracts.topics import catalogue

SERVICES = ("ingest", "normalize", "extract", "search")
READS = {"normalize": "normalize", "extract": "extract", "search indexer": "search", "receipts": "ingest"}
"""Which service reads what the catalogue names as a consumer."""


def page(root: Path, service: str) -> str:
    return (root / "docs" / "services" / f"{service}.md").read_text("utf-8")


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_says_what_must_be_what_must_not_and_what_can_go_wrong(root: Path, service: str) -> None:
    text = page(root, service)
    for part in ("| MUST |", "| MUST NOT |", "## Settings", "## Metrics", "## Failure modes"):
        assert part in text, part


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_stands_on_the_page(root: Path, service: str) -> None:
    settings: type[BaseSettings] = import_module(f"jianbao_{service}.settings").Settings
    prefix = settings.model_config.get("env_prefix", "")
    text = page(root, service)
    missing = [name for name in settings.model_fields if f"`{(prefix + name).upper()}`" not in text]
    assert missing == []


def test_every_topic_stands_on_the_pages_of_those_who_read_and_write_it(root: Path) -> None:
    missing = []
    for topic in catalogue().values():
        readers = {READS[reader] for reader in topic.consumers if reader in READS}
        writers = {"search" if writer == "search indexer" else writer for writer in topic.producers}
        services = (readers | writers) & set(SERVICES)
        missing += [(one, topic.name) for one in services if f"`{topic.name}`" not in page(root, one)]
    assert missing == []
