"""Settings of the ingest processes, from the environment (prefix JIANBAO_)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from jianbao_serving.server import MOST_CONNECTIONS
from jianbao_streaming.limit import LimitSettings


class Settings(BaseSettings, LimitSettings):
    """Where the data folder is and where to listen. Port 0: any free one, told in DATA/run.

    `most_connections`: open at once; more close the one that has been idle longest.
    `search_url`: address of the search page as offices reach it, for the links of receipts; on one machine it is found.
    """

    model_config = SettingsConfigDict(env_prefix="JIANBAO_", frozen=True)

    data: Path
    ingest_host: str = "127.0.0.1"
    ingest_port: int = 8400
    health_port: int = 0
    search_url: str = ""
    most_connections: int = Field(MOST_CONNECTIONS, ge=16)
