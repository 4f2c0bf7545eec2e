"""The bench tells growth from noise, and what it pushes is the same kind of bulletin all along."""

from __future__ import annotations

from itertools import islice

import pytest
from bench.bulletins import OFFICES, Bulletins
from bench.measuring import Usage
from bench.verdict import Portion, judge


def portions(cpu_s: list[float], own_mib: list[float], yardstick_s: float = 0.01) -> list[Portion]:
    return [
        Portion(1000, 20.0, {"normalize": cpu}, yardstick_s, {"normalize": Usage(cpu, own, own)}, {}, {}, 1.0)
        for cpu, own in zip(cpu_s, own_mib, strict=True)
    ]


FLAT_CPU, FLAT_MEMORY = [30.0, *[10.0] * 9], [80.0, *[100.0] * 9]


def test_a_first_portion_that_fills_caches_is_no_growth():
    verdict = judge(portions(FLAT_CPU, FLAT_MEMORY))
    assert verdict.ok
    assert verdict.ratio_cpu_total == pytest.approx(1.0)


def test_a_cost_that_grows_with_what_is_stored_is_told():
    verdict = judge(portions([10 + number for number in range(10)], FLAT_MEMORY))
    assert not verdict.ok
    assert verdict.ratio_cpu_total == pytest.approx(19 / 11)
    assert verdict.ratio_cpu == {"normalize": pytest.approx(19 / 11)}


@pytest.mark.parametrize("own_mib", [[100 + 1.5 * n for n in range(10)], [20.0, 20.0, 20.4, *[24.5] * 7]])
def test_memory_that_creeps_or_has_grown_by_a_fifth_is_told(own_mib):
    verdict = judge(portions(FLAT_CPU, own_mib))
    assert verdict.grew == ["normalize"]
    assert not verdict.ok


def test_a_machine_that_others_slow_down_is_not_taken_for_growth():
    slow = portions([20.0] * 5, [100.0] * 5, yardstick_s=0.02)
    verdict = judge([*portions([10.0] * 5, [100.0] * 5), *slow])
    assert verdict.ok
    assert verdict.ratio_cpu_total_in_seconds == pytest.approx(2.0)


def test_bulletins_follow_from_the_seed():
    first, again, other = (list(islice(Bulletins(seed), 200)) for seed in (7, 7, 8))
    assert first == again
    assert not {made.text for made in first} & {made.text for made in other}


def test_bulletins_are_of_one_mix_however_many_were_made():
    made = list(islice(Bulletins(1), 3000))
    for first in (0, 1000, 2000):
        several = made[first : first + 1000]
        assert 1800 < sum(len(one.text.encode()) for one in several) / 1000 < 3000
        assert 50 < sum(one.traditional for one in several) < 130
        assert 850 < len({(one.office, one.document_id) for one in several}) < 980, "the rest are next revisions"
        assert {one.office for one in several} == set(OFFICES)
    assert len({one.text for one in made}) > 0.98 * len(made)
