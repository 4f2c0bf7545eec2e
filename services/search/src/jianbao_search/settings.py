"""What can be set from outside, all through environment variables with the prefix JIANBAO_."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from jianbao_serving.server import MOST_CONNECTIONS
from jianbao_streaming.limit import LimitSettings


class Settings(BaseSettings, LimitSettings):
    """`data` is the data folder. Port 0 is any free one. A reader key, where given, is asked of every reader.

    `most_connections`: open at once; more close the one that has been idle longest.
    """

    model_config = SettingsConfigDict(env_prefix="JIANBAO_", frozen=True)

    data: Path
    health_port: int = 0
    search_host: str = "127.0.0.1"
    search_port: int = 8401
    most_connections: int = Field(MOST_CONNECTIONS, ge=16)
    reader_key: SecretStr | None = None

    @field_validator("reader_key")
    @classmethod
    def _empty_is_none(cls, key: SecretStr | None) -> SecretStr | None:
        return key if key and key.get_secret_value().strip() else None

    @model_validator(mode="after")
    def _beyond_this_machine_only_with_a_key(self) -> Settings:
        if self.reader_key is None and not is_local(self.search_host):
            raise ValueError(
                f"the search API would be readable by anyone who reaches {self.search_host}: "
                "set JIANBAO_READER_KEY, or bind to 127.0.0.1 (JIANBAO_SEARCH_HOST)"
            )
        return self


def is_local(host: str) -> bool:
    """Return whether an address to bind to can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
