"""A restore that is wanted, and what became of it: two small files in DATA/run."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from jianbao_contracts.base import Moment
from jianbao_standalone.backup.errors import BackupError
from jianbao_standalone.backup.files import write_whole
from jianbao_streaming.process import RUN_FOLDER


class Plan(BaseModel):
    """A prepared restore: the folder it stands in, and where what is there now goes, both below the data folder."""

    model_config = ConfigDict(frozen=True)

    prepared: str
    before: str
    backup: str
    made_at: Moment


class Result(BaseModel):
    """What became of a restore; `prepared` tells which one."""

    model_config = ConfigDict(frozen=True)

    prepared: str
    restored: bool
    message: str


def plan_file(data: Path) -> Path:
    """Return where a wanted restore is written down: the supervisor looks for it."""
    return data / RUN_FOLDER / "restore.json"


def result_file(data: Path) -> Path:
    """Return where the result of the last restore is written down."""
    return data / RUN_FOLDER / "restored.json"


def read_plan(data: Path) -> Plan | None:
    """Return the wanted restore, or None. Raises BackupError where the file says nothing usable."""
    try:
        return Plan.model_validate_json(plan_file(data).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise BackupError(
            f"{plan_file(data)} cannot be read ({error}); delete it and run jianbao restore BACKUP again"
        ) from error


def read_result(data: Path, plan: Plan) -> Result | None:
    """Return what became of a restore, or None where that is not known (yet)."""
    try:
        result = Result.model_validate_json(result_file(data).read_bytes())
    except (OSError, ValidationError):
        return None
    return result if result.prepared == plan.prepared else None


def settle(data: Path, plan: Plan, *, restored: bool, message: str) -> str:
    """Write the result down and take the plan away, in this order. Raises OSError."""
    result = Result(prepared=plan.prepared, restored=restored, message=message)
    write_whole(result_file(data), result.model_dump_json())
    plan_file(data).unlink()
    return message
