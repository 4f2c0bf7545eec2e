"""Topics as code, on a real broker."""

from __future__ import annotations

import uuid

import pytest
from running import until

from jianbao_contracts.topics import catalogue
from jianbao_streaming.kafka.plan import changes
from jianbao_streaming.kafka.provision import Provisioner
from jianbao_streaming.kafka.settings import KafkaSettings


@pytest.fixture
def provisioner(kafka_address: str) -> Provisioner:
    return Provisioner(KafkaSettings(kafka_address, "operator"))


def test_topics_are_made_once_and_a_longer_retention_is_set_in_place(provisioner: Provisioner) -> None:
    name = f"test.{uuid.uuid4().hex[:12]}"
    wanted = catalogue()["bulletins.raw"].model_copy(update={"name": name, "partitions": 3})
    replicas = provisioner.replicas()
    provisioner.make(changes([wanted], {}, replicas))
    until(lambda: changes([wanted], provisioner.found([name]), replicas) == [], "the topic to be as wanted")
    longer = wanted.model_copy(update={"retention_days": 4000})
    provisioner.make(changes([longer], provisioner.found([name]), replicas))
    until(lambda: changes([longer], provisioner.found([name]), replicas) == [], "the retention to be longer")


def test_harmful_changes_are_refused_before_any_is_made(provisioner: Provisioner) -> None:
    name, other = f"test.{uuid.uuid4().hex[:12]}", f"test.{uuid.uuid4().hex[:12]}"
    wanted = catalogue()["bulletins.raw"].model_copy(update={"name": name, "partitions": 2})
    provisioner.make(changes([wanted], {}, provisioner.replicas()))
    until(lambda: provisioner.found([name]), "the topic to be there")
    fewer = wanted.model_copy(update={"partitions": 1})
    new = wanted.model_copy(update={"name": other})
    with pytest.raises(ValueError, match="harmful"):
        provisioner.make(changes([new, fewer], provisioner.found([name, other]), provisioner.replicas()))
    assert provisioner.found([other]) == {}
