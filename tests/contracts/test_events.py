"""Contracts hold: schemas are those of the models, and each event has examples that pass and that fail."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from jianbao_contracts import Event, RawPush
from jianbao_contracts.schemas import EVENTS, FOLDER, generate

EXAMPLES = Path(__file__).parent / "examples"
BY_NAME = {event.__name__: event for event in EVENTS}


def examples(kind: str) -> list[Path]:
    return sorted(EXAMPLES.glob(f"*/{kind}/*.json"))


def test_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert committed == generate(), (
        "run python -m jianbao_contracts.schemas and look at the difference: is it compatible?"
    )


def test_every_event_has_examples_of_both_kinds() -> None:
    for kind in ("pass", "fail"):
        assert {path.parent.parent.name for path in examples(kind)} == set(BY_NAME)


@pytest.mark.parametrize("path", examples("pass"), ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_good_example_passes_model_and_schema_and_comes_back_the_same(path: Path) -> None:
    model = BY_NAME[path.parent.parent.name]
    event = model.model_validate_json(path.read_bytes())
    assert model.model_validate_json(event.to_json()) == event
    jsonschema.validate(json.loads(event.to_json()), json.loads((FOLDER / f"{model.__name__}.json").read_text("utf-8")))


@pytest.mark.parametrize("path", examples("fail"), ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_bad_example_fails(path: Path) -> None:
    with pytest.raises(ValidationError):
        BY_NAME[path.parent.parent.name].model_validate_json(path.read_bytes())


def test_an_event_cannot_be_changed_once_made() -> None:
    push: Event = RawPush.model_validate_json((EXAMPLES / "RawPush" / "pass" / "publish.json").read_bytes())
    with pytest.raises(ValidationError, match="frozen"):
        push.office = "other"  # type: ignore[attr-defined]


def test_content_bytes_survive_json_whatever_they_are() -> None:
    example = RawPush.model_validate_json((EXAMPLES / "RawPush" / "pass" / "publish.json").read_bytes())
    push = example.model_copy(update={"content": bytes(range(256))})
    assert RawPush.model_validate_json(push.to_json()).content == bytes(range(256))
