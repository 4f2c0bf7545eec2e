"""Settings of normalize, from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from jianbao_streaming.limit import LimitSettings


class Settings(BaseSettings, LimitSettings):
    """`data`: the data folder (JIANBAO_DATA). `health_port`: of health and metrics, 0 for any free one."""

    model_config = SettingsConfigDict(env_prefix="JIANBAO_", frozen=True)

    data: Path
    health_port: int = 0
