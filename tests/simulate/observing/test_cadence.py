"""One programme on a site: returns, pauses, the Moon, seasons and exposures, each against counting by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.simulate.observing.cadence import Programme, exposures, open_nights, visited
from goodricke.simulate.observing.nights import Site, nights

SITE = Site(-70.0, -30.0, clear=1e9, cloudy=1.0)
ALWAYS = Programme(
    SITE, band=0, first=2453000.5, last=2453731.0, eager=1.0, wait=0.0, wait_spread=0.0, ramp=1e-3, full=1e-9
)
CALENDAR = nights(SITE, ALWAYS.first, ALWAYS.last)
FINE = np.ones(len(CALENDAR.middle), dtype=bool)


def _nights(programme: Programme, ra: float = 100.0, dec: float = -80.0, **changed: float) -> list[np.ndarray]:
    """Nights of three stars at one place; south of -80 degrees a star is up all year."""
    rng = np.random.default_rng(0)
    chance = open_nights(programme, FINE.copy(), CALENDAR, rng)
    star, night, begin, end = visited(
        programme, CALENDAR, chance, np.full(3, ra), np.full(3, dec), np.full(3, changed.get("scale", 1.0)),
        np.full(3, changed.get("start", 0.0)), rng,
    )  # fmt: skip
    assert (end > begin).all()
    return [night[star == k] for k in range(3)]


LOW = replace(ALWAYS, site=replace(SITE, lowest=15.0))


def test_an_eager_telescope_takes_every_night_that_is_clear() -> None:
    assert all((found == np.arange(len(FINE))).all() for found in _nights(LOW))


@pytest.mark.parametrize("wait", [2, 5])
def test_a_star_comes_back_after_its_wait(wait: int) -> None:
    for found in _nights(replace(LOW, wait=wait - 0.5)):
        assert (np.diff(found) == wait).all()


def test_the_chance_per_night_is_the_eagerness_times_the_neglect() -> None:
    found = _nights(replace(LOW, eager=0.5), scale=0.6)
    share = np.mean([len(one) for one in found]) / len(FINE)
    assert share == pytest.approx(0.3, abs=0.04)  # four standard deviations of 2190 nights


def test_pauses_pace_and_a_late_start_are_kept() -> None:
    paused = replace(LOW, pauses=((2453100.0, 2453200.0),), pace=((2453400.0, 0.0),))
    days = CALENDAR.middle[_nights(paused, start=2453050.0)[0]]
    assert days.min() > 2453050.0
    assert days.max() < 2453400.0
    assert not ((days > 2453100.0) & (days < 2453200.0)).any()
    assert len(days) == np.count_nonzero((CALENDAR.middle > 2453050.0) & (CALENDAR.middle < 2453400.0)) - 100


def test_full_moon_stops_a_shy_telescope_and_spells_part_of_the_nights() -> None:
    shy = _nights(replace(LOW, moonshy=1.0))[0]
    assert CALENDAR.moon[shy].mean() < CALENDAR.moon.mean() - 0.05
    assert not (CALENDAR.moon[shy] > 0.9999).any()
    spells = _nights(replace(LOW, spells=(10.0, 10.0)))
    assert (spells[0] == spells[1]).all()  # the filter is out for all stars
    assert 0.25 < len(spells[0]) / len(FINE) < 0.75


def test_a_star_near_the_equator_has_seasons() -> None:
    found = _nights(ALWAYS, dec=0.0)[0]
    longest = np.diff(found).max()
    assert 20 < longest < 120  # the Sun passes, and the star must be 30 degrees up
    fewer = _nights(replace(ALWAYS, full=0.4), dec=0.0)[0]
    assert len(fewer) < len(found)


def test_exposures_lie_in_the_window_with_their_spacing_and_losses() -> None:
    rng = np.random.default_rng(1)
    star = np.repeat(np.arange(100), 100)
    begin = np.tile(np.arange(100) * 1.0, 100)
    group = replace(ALWAYS, kept=(0.1, 0.2, 0.3, 0.4), spacing=12.0, spacing_spread=0.0)
    of, time = exposures(group, star, begin, begin + 0.3, rng)
    assert (np.diff(of) >= 0).all()
    assert ((time % 1.0) < 0.3 + 1e-9).all()
    visit, counts = np.unique(of * 1000 + np.floor(time), return_counts=True)
    assert len(visit) == 10_000
    assert np.bincount(counts)[1:] / 10_000 == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.02)
    whole = np.repeat(counts == 4, counts)
    steps = np.diff(time)[whole[:-1] & whole[1:] & (np.diff(time) > 0) & (np.diff(time) < 0.3)] * 1440.0
    assert steps == pytest.approx(12.0)


def test_a_visit_longer_than_its_window_is_squeezed() -> None:
    crowded = replace(ALWAYS, kept=(0.0, 0.0, 1.0), spacing=60.0)
    of, time = exposures(crowded, np.zeros(1, dtype=np.int64), np.zeros(1), np.full(1, 0.02), np.random.default_rng(0))
    assert len(of) == 3
    assert time == pytest.approx([0.0, 0.01, 0.02])


def test_a_steady_programme_comes_at_the_same_time_of_night() -> None:
    rng = np.random.default_rng(2)
    star = np.repeat(np.arange(50), 200)
    begin = np.tile(np.arange(200) * 1.0, 50)
    jumps = []
    for same in (0.0, 0.95):
        part = exposures(replace(ALWAYS, steady=(same, 50.0)), star, begin, begin + 1.0, rng)[1] % 1.0
        assert np.histogram(part, 10, range=(0, 1))[0].min() > 500  # both fill the night evenly over the years
        jumps.append(np.median(np.abs(np.diff(part))))
    assert jumps[1] < 0.5 * jumps[0]
