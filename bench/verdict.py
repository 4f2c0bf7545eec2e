"""From what was measured after each portion to whether Jianbao holds its promise of growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.measuring import Usage

MOST_RATIO = 1.2
"""Issue 4: what the last portion costs may be so many times what the second one cost. The first fills caches."""

MOST_SLOPE_MIB = 1.0
"""Growth of a process's own memory, in MiB a thousand bulletins, that still counts as flat: a province pushes some
100,000 in a year, and 100 MiB more after a year without any restart hurt nobody. Taken over the second half of a run,
because caches that have a limit fill before."""

MOST_GROWTH = 0.2
"""And from the second portion to the last by no more than this share of it. Both bounds together: a small process may
not double, and a large one may not creep."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What it took to take in a portion of bulletins until all receipts were final.

    `usages`: by process, at its end; `cpu_s`: by process, of this portion; `yardstick_s`: CPU seconds of the yardstick.
    """

    bulletins: int
    wall_s: float
    cpu_s: Mapping[str, float]
    yardstick_s: float
    usages: Mapping[str, Usage]
    disk_mib: Mapping[str, float]
    search_ms: Mapping[str, float]
    load: float

    @property
    def total_cpu_s(self) -> float:
        """CPU seconds of all processes together."""
        return sum(self.cpu_s.values())

    def cost(self, cpu_s: float) -> float:
        """CPU seconds told in yardsticks taken beside it."""
        return cpu_s / self.yardstick_s


@dataclass(frozen=True, slots=True)
class Verdict:
    """Ratios are of the last portion to the second, in yardsticks; memory is each process's own, in MiB."""

    ratio_cpu_total: float
    ratio_cpu_total_in_seconds: float
    ratio_cpu: Mapping[str, float]
    own_mib: Mapping[str, tuple[float, float]]
    rss_growth: Mapping[str, float]
    slope_mib_per_1000: Mapping[str, float]
    grew: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether cost and memory are both flat."""
        return self.ratio_cpu_total <= MOST_RATIO and not self.grew


def judge(portions: Sequence[Portion]) -> Verdict:
    """Compare portions of equal size; at least three."""
    second, last = portions[1], portions[-1]
    slopes = {name: _slope(portions[len(portions) // 2 :], name) for name in last.usages}
    growth = {name: last.usages[name].own_mib / second.usages[name].own_mib - 1 for name in last.usages}
    grew = [name for name in last.usages if slopes[name] > MOST_SLOPE_MIB or growth[name] > MOST_GROWTH]
    return Verdict(
        ratio_cpu_total=last.cost(last.total_cpu_s) / second.cost(second.total_cpu_s),
        ratio_cpu_total_in_seconds=last.total_cpu_s / second.total_cpu_s,
        ratio_cpu={
            name: last.cost(cpu) / second.cost(second.cpu_s[name])
            for name, cpu in last.cpu_s.items()
            if second.cpu_s[name] > 0
        },
        own_mib={name: (second.usages[name].own_mib, last.usages[name].own_mib) for name in last.usages},
        rss_growth=growth,
        slope_mib_per_1000=slopes,
        grew=grew,
    )


def _slope(portions: Sequence[Portion], name: str) -> float:
    """Slope of the least-squares line through a process's own memory, in MiB a thousand bulletins."""
    thousands = [sum(one.bulletins for one in portions[: place + 1]) / 1000 for place in range(len(portions))]
    memory = [one.usages[name].own_mib for one in portions]
    mean_x, mean_y = sum(thousands) / len(thousands), sum(memory) / len(memory)
    spread = sum((x - mean_x) ** 2 for x in thousands)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(thousands, memory, strict=True)) / spread
