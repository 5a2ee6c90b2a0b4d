"""What every kind of star and every observatory of the simulator keeps, row by row of their tables."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.errors import OptionError
from goodricke.labels import LEAVES
from goodricke.lightcurves import assemble
from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.files.table import WRITERS
from goodricke.simulate.kinds.table import KINDS, kind
from goodricke.simulate.observing.table import OBSERVATORIES, observatory
from goodricke.simulate.stars import Moments
from goodricke.surveys.table import find

SPAN = (2455000.0, 2457500.0)
N = 12


def moments(rng: np.random.Generator, n: int = N, each: int = 40) -> Moments:
    time = np.sort(rng.uniform(*SPAN, (n, each)), axis=1)
    return Moments(time.ravel(), np.arange(n + 1) * each, 0.002)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_draws_stars_that_can_be_seen_again(name: str) -> None:
    one = kind(name)
    stars = one.draw(N, np.random.default_rng(5), SPAN)
    again = kind(name).draw(N, np.random.default_rng(5), SPAN)
    assert {"period_days", "epoch", "temperature"} <= set(stars)
    for column, values in stars.items():
        assert np.shape(values) == (N,), column
        assert np.array_equal(values, again[column], equal_nan=values.dtype.kind == "f"), column
    assert set(stars.get("label", [one.label])) <= set(LEAVES)
    period = stars["period_days"]
    assert ((period > 0) | np.isnan(period)).all()
    assert ((stars["temperature"] > 1000) & (stars["temperature"] < 150_000)).all()
    epoch = stars["epoch"][np.isfinite(stars["epoch"])]
    assert ((epoch > SPAN[0] - 3000) & (epoch < SPAN[1] + 3000)).all()

    seen = moments(np.random.default_rng(6))
    light = one.light(stars, seen, "V")
    assert light.shape == seen.time.shape
    assert np.isfinite(light).all()
    assert (light >= 0).all()
    if name != "supernova":  # there the host sets the level
        assert 0.3 < np.median(light) < 3.0
    # The same light at the same moments, whoever else is looked at and whatever else is asked.
    assert np.array_equal(light, kind(name).light(stars, seen, "V"))
    few = Moments(seen.time[80:160:2], np.array([0, 20, 40]), seen.exposure)
    chosen = {column: values[2:4] for column, values in stars.items()}
    assert one.light(chosen, few, "V") == pytest.approx(light[80:160:2], rel=2e-3, abs=1e-4)
    assert np.isfinite(one.light(stars, seen, "I")).all()


@pytest.mark.parametrize("name", OBSERVATORIES)
def test_an_observatory_looks_within_its_span_and_writes_what_assemble_takes(name: str) -> None:
    survey = observatory(name)
    n = min(N, survey.block)
    assert len(survey.filters) == len(survey.bands)
    assert set(survey.filters) <= set(BANDS)
    visits = survey.visits(n, np.random.default_rng(1))
    assert visits.offsets.shape == (n + 1,)
    assert visits.offsets[-1] == len(visits.time) == len(visits.band)
    inside = np.diff(visits.time)[np.diff(np.repeat(np.arange(n), np.diff(visits.offsets))) == 0]
    assert (inside >= 0).all()
    assert visits.time.min() >= survey.span[0] - 1
    assert visits.time.max() <= survey.span[1] + 1
    assert set(np.unique(visits.band)) <= set(range(len(survey.bands)))
    assert ((visits.ra >= 0) & (visits.ra < 360) & (np.abs(visits.dec) <= 90)).all()
    mean = survey.magnitudes(n, np.random.default_rng(2))
    assert mean.shape == (n,)
    assert ((mean > 3) & (mean < 27)).all()
    names = np.array([f"star-{k}" for k in range(n)])
    magnitude = np.repeat(mean, np.diff(visits.offsets))
    measured = survey.measure(names, visits, magnitude, np.random.default_rng(3))
    again = observatory(name).measure(names, visits, magnitude, np.random.default_rng(3))
    assert np.array_equal(measured.value, again.value, equal_nan=True)
    assert str(measured.frame) == str(survey.frame)
    assert measured.bands == survey.bands
    assert np.isin(np.round(measured.time[:50] + survey.frame.zero_jd, 3), np.round(visits.time, 3)).mean() > 0.9
    row = find(survey.survey)
    lcs = assemble(measured, row.name, row.load().QUALITY.mask("default"))
    assert list(lcs.object_id) == list(names)
    assert lcs.n_points > 0.5 * len(visits.time)
    # A constant star scatters about as its errors say, within the faults that a survey has.
    scatter = np.median(np.abs(lcs.flux - 1)) / 0.6745
    assert 0.2 < scatter / np.median(lcs.flux_err) < 5


def test_the_tables_know_their_names() -> None:
    assert set(WRITERS) == set(OBSERVATORIES)
    with pytest.raises(OptionError, match="did you mean 'contact'"):
        kind("contakt")
    with pytest.raises(OptionError, match="did you mean 'asassn'"):
        observatory("asasn")
