"""Series: the points of a star and band, there and back."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.clean.series import Series
from goodricke.lightcurves import LightCurves


def colours(bands: int) -> LightCurves:
    rng = np.random.default_rng(0)
    return LightCurves.from_arrays(
        rng.uniform(0, 9, 300), flux=rng.normal(1, 0.1, 300), object_id=rng.integers(0, 7, 300),
        band=np.array(list("abcdef"))[rng.integers(0, bands, 300)],
    )  # fmt: skip


@pytest.mark.parametrize("bands", [1, 2, 6])
def test_series_are_the_points_of_a_star_and_band_in_time_order(bands: int) -> None:
    lcs = colours(bands)
    series = Series.of_bands(lcs)
    assert len(series.star) == len(lcs) * bands
    time = series.gather(lcs.time)
    for s, star in enumerate(series.star):
        one = lcs[int(star)].batch
        code = s // len(lcs)
        assert time[series.offsets[s] : series.offsets[s + 1]].tolist() == one.time[one.band == code].tolist()
    assert np.array_equal(series.scatter(time), lcs.time)
    assert np.array_equal(series.spread(series.star), series.gather(np.repeat(np.arange(len(lcs)), lcs.lengths)))


def test_series_of_stars_and_of_nothing() -> None:
    lcs = colours(3)
    assert Series.of_stars(lcs).gather(lcs.time) is lcs.time
    assert len(Series.of_bands(LightCurves.empty()).star) == 0
