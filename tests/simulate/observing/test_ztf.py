"""Simulated ZTF beside 456 real stars of one field in three months."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke import ragged
from goodricke.simulate.observing.ztf import Ztf
from simulate.observing.likeness import Stars, ratio, real_stars, spread


class Field(Ztf):
    """The real stars' field."""

    def positions(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return 19.75 + rng.random(n), -28.5 + 0.8 * rng.random(n)


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Stars:
    return real_stars(shared_data, "ztf_dr5_unlabelled", "zg")


def _season(real: Stars, seed: int) -> Stars:
    """As many stars of the same magnitudes in the same three months, good epochs only."""
    rng = np.random.default_rng(seed)
    level = ragged.medians(real.mag, real.offsets)
    n = len(level)
    visits = Field().visits(n, rng)
    measured = Field().measure(np.arange(n).astype(str), visits, np.repeat(level, np.diff(visits.offsets)), rng)
    mine = (measured.band == 0) & (measured.quality == 0)
    mine &= (measured.time > 2459128.8) & (measured.time < 2459220.7)
    offsets = ragged.offsets_from_ids(measured.star[mine].astype(np.int64), n)
    index, offsets = ragged.take(offsets, np.flatnonzero(np.diff(offsets) > 5))
    time, mag, err = (np.asarray(c)[mine][index] for c in (measured.time, measured.value, measured.error))
    return Stars(np.arange(len(offsets) - 1).astype(str), time, mag, err, offsets)


def test_a_season_of_a_southern_field_is_like_the_real_one(real: Stars) -> None:
    made = [_season(real, seed) for seed in range(4)]
    # Real stars have one weather, the simulated here four: a month of clouds makes a quarter.
    points = np.concatenate([one.points() for one in made])
    assert ratio(real.points(), points, (0.25, 0.5)) == pytest.approx(1.0, abs=0.2)
    gaps = np.concatenate([one.gaps() for one in made])
    assert ratio(real.gaps(), gaps, (0.25, 0.5, 0.75, 0.9)) == pytest.approx(1.0, abs=0.3)


def test_errors_and_scatter_of_constant_stars_are_the_real_ones(real: Stars) -> None:
    made = _season(real, 1)
    for magnitude in (14.5, 16.0, 17.0, 18.0, 19.0):
        assert made.error_near(magnitude) / real.error_near(magnitude) == pytest.approx(1.0, abs=0.12)
    for low, high in ((14.0, 16.0), (16.0, 17.5), (17.5, 19.5)):
        found = []
        for stars in (real, made):
            middle = ragged.medians(stars.mag, stars.offsets)
            chosen = np.flatnonzero((middle > low) & (middle < high))
            found.append(
                np.median(
                    [
                        spread(stars.mag[stars.offsets[k] : stars.offsets[k + 1]])
                        / np.median(stars.err[stars.offsets[k] : stars.offsets[k + 1]])
                        for k in chosen
                    ]
                )
            )
        assert found[1] / found[0] == pytest.approx(1.0, abs=0.15)


def test_the_survey_becomes_faster_and_takes_i_seldom() -> None:
    visits = Ztf().visits(300, np.random.default_rng(2))
    for band in (0, 1):
        time = visits.time[visits.band == band]
        before = ((time > 2458200) & (time < 2458930)).sum()
        after = ((time > 2459300) & (time < 2460030)).sum()
        assert 1.2 < after / before < 2.0
    assert (visits.band == 2).mean() < 0.15


def test_stars_that_stay_low_are_measured_less_deep() -> None:
    survey = Ztf()
    visits = survey.visits(400, np.random.default_rng(3))
    measured = survey.measure(
        np.arange(400).astype(str), visits, np.full(len(visits.time), 19.0), np.random.default_rng(4)
    )
    dec = visits.dec[measured.star]
    assert np.median(measured.error[dec < -20]) > 1.4 * np.median(measured.error[(dec > 20) & (dec < 50)])
