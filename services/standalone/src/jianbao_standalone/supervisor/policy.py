"""When to start a process again, and when to give one up for hung: decisions only, no processes and no clock."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
LONG_LIFE_S = 20.0
"""A process that lived so long was not broken from the start: the next pause is a short one again."""

PROBE_PERIOD_S, PROBE_TIMEOUT_S = 1.0, 2.0

MOST_SILENT_PROBES = 5
"""Probes in a row without an answer (each waits up to two seconds) before a process is killed as hung."""

LONGEST_START_S = 45.0
"""A process that has not told its address after so long hangs. Imports take a second or two, and more on a busy machine;
dictionaries are loaded and an index is rebuilt only after that point."""


@dataclass(slots=True)
class RestartPolicy:
    """The pauses between the lives of one process: they double while it keeps dying young."""

    early_deaths: int = 0

    def pause_after(self, lived_s: float) -> float:
        """Return the seconds to wait before the next life, given how long the last one was."""
        self.early_deaths = 0 if lived_s >= LONG_LIFE_S else self.early_deaths + 1
        if self.early_deaths <= 1:
            return FIRST_PAUSE_S
        return min(FIRST_PAUSE_S * 2.0 ** (self.early_deaths - 1), LONGEST_PAUSE_S)

    @property
    def keeps_dying(self) -> bool:
        """Whether this is worth a loud word: three deaths in a row, each soon after the start."""
        return self.early_deaths >= 3


@dataclass(slots=True)
class SilenceWatch:
    """Counts probes that a process did not answer."""

    silent: int = 0

    def note(self, answered: bool) -> bool:
        """Note a probe; return whether the process is to be killed."""
        self.silent = 0 if answered else self.silent + 1
        return self.silent >= MOST_SILENT_PROBES
