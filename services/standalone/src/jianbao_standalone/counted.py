"""Numbers of things in words."""

from __future__ import annotations


def counted(number: int, thing: str, things: str = "") -> str:
    """Return `1 push` or `2 pushes`; `things` is the plural where it is not the singular with an s."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def pushes(number: int) -> str:
    """Return `1 push` or `2 pushes`."""
    return counted(number, "push", "pushes")
