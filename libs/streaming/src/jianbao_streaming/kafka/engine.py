"""The engine over Kafka: the log there, what the processes of one machine share in their data folder."""

from __future__ import annotations

from pathlib import Path

from jianbao_streaming.engine import PAYLOAD_FOLDER, Engine
from jianbao_streaming.kafka.log import KafkaLog
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.sqlite import schema
from jianbao_streaming.sqlite.attempts import SqliteAttempts
from jianbao_streaming.sqlite.connection import DATABASE, connect


def open_kafka(settings: KafkaSettings, data: Path) -> Engine:
    """Open the engine. `data` holds payloads and the memory of attempts, shared by this machine's processes."""
    data.mkdir(parents=True, exist_ok=True)
    attempts = connect(data / DATABASE)
    schema.create(attempts)
    return Engine(KafkaLog(settings), FolderPayloads(data / PAYLOAD_FOLDER), SqliteAttempts(attempts))
