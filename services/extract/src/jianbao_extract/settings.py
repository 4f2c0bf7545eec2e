"""What the environment may set for this service."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from jianbao_streaming.limit import LimitSettings


class Settings(BaseSettings, LimitSettings):
    """Read from variables with the prefix JIANBAO_."""

    model_config = SettingsConfigDict(env_prefix="JIANBAO_", frozen=True)

    data: Path
    """The data folder (JIANBAO_DATA)."""
    health_port: int = 0
    """Port of /health and /metrics on this machine; 0: any free one."""
