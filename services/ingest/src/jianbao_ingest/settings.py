"""Settings of the ingest processes, from the environment (prefix JIANBAO_)."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the data folder is and where to listen. Port 0: any free one, told in DATA/run."""

    model_config = SettingsConfigDict(env_prefix="JIANBAO_", frozen=True)

    data: Path
    ingest_host: str = "127.0.0.1"
    ingest_port: int = 8400
    health_port: int = 0
