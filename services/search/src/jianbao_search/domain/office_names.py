"""What offices are called: readers see and type names, the index knows ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jianbao_text.script import to_simplified


@dataclass(frozen=True, slots=True)
class OfficeNames:
    """`names`: what people call an office, by its id."""

    names: Mapping[str, str] = field(default_factory=dict)
    _ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, names: Mapping[str, str]) -> OfficeNames:
        """Return the names, ready to be looked up either way."""
        ids: dict[str, tuple[str, ...]] = {}
        for office, name in names.items():
            ids[_plain(name)] = (*ids.get(_plain(name), ()), office)
        return cls(dict(names), ids)

    def name_of(self, office: str) -> str | None:
        """Return what people call an office; None where nothing is known but its id."""
        name = self.names.get(office)
        return name if name and name != office else None

    def meant_by(self, written: str) -> tuple[str, ...]:
        """Return the ids that a reader may mean: of offices so called, in either script, and of the office with this id."""
        office = written.strip().lower()
        return tuple(dict.fromkeys((office, *self._ids.get(_plain(written), ()))))


def _plain(name: str) -> str:
    return "".join(to_simplified(name).lower().split())


UNNAMED = OfficeNames()
"""Where no names are known."""
