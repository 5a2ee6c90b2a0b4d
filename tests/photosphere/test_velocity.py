import numpy as np
import pytest

from goodricke.errors import OptionError
from goodricke.photosphere import emulator, shift, velocity
from photosphere.photosphere_made import prepared


@pytest.mark.parametrize(("snr", "within"), [(100.0, 6.0), (15.0, 15.0)])
def test_velocities_come_out(snr, within):
    rng = np.random.default_rng(2)
    n = 40
    labels = np.column_stack([rng.uniform(4000, 7000, n), rng.uniform(4.2, 4.7, n), rng.uniform(-0.7, 0.3, n)])
    truth = rng.uniform(-550, 550, n)
    found = velocity(prepared(shift(emulator().flux(labels), emulator().lattice, truth), snr, rng))
    # The parabola through three pixels of 69 km/s is off by a few km/s.
    assert np.percentile(np.abs(found.velocity - truth), 90) < within
    assert (found.peak > 0.2).all()


def test_noise_has_no_peak():
    rng = np.random.default_rng(3)
    found = velocity(prepared(np.ones((5, emulator().lattice.n)), 8.0, rng))
    assert (found.peak < 0.2).all()


def test_rows_without_pixels_are_nan():
    ready = prepared(np.ones((1, emulator().lattice.n)), 50.0)
    reason = ready.reason.copy()
    reason[:] = "no star"
    from dataclasses import replace

    assert np.isnan(velocity(replace(ready, reason=reason)).velocity).all()


def test_reach_is_checked():
    with pytest.raises(OptionError, match="km/s"):
        velocity(prepared(np.ones((1, emulator().lattice.n)), 50.0), reach_km_s=0.0)
