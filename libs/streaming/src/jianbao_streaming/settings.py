"""Settings of a process, read from its environment, and what is said where one is wrong."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from jianbao_streaming.outcomes import FatalError

S = TypeVar("S", bound=BaseModel)


class WrongSettingError(FatalError):
    """A setting is missing or cannot be what it is."""

    exit_code = 2


def read_settings(kind: type[S]) -> S:
    """Return what the settings class `kind` finds in the environment; raises WrongSettingError naming the variables."""
    try:
        return kind()
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        told = (f"{_variable(one['loc'])}: {one['msg']}" for one in wrong)
        raise WrongSettingError(f"{'; '.join(told)}; set it in the environment") from None


def _variable(place: tuple[int | str, ...]) -> str:
    return "_".join(["JIANBAO", *(str(part).upper() for part in place)]) if place else "settings"
