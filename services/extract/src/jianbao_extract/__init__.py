"""Extract: text to articles, with who, where, when and how much; a span and a rule for every value."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

RULES = "2026.11.2"
"""Version of the rule set; a change of it is a reason to reprocess."""


@cache
def service_version() -> str:
    """Return the installed version of this service, or 0 where it runs uninstalled."""
    try:
        return version("jianbao-extract")
    except PackageNotFoundError:
        return "0"
