"""Velocities against mean stars."""

from __future__ import annotations

import numpy as np

from goodricke.photosphere.doppler import shift
from goodricke.photosphere.emulator import emulator
from goodricke.simulate.spectra.resampling import TEMPLATE_LATTICE
from goodricke.simulate.spectra.velocity_zero import velocities


def test_what_was_put_in_is_found():
    flux = emulator().flux([[5800.0, 4.4, 0.0]])
    put_in = np.array([-60.0, -10.0, 0.0, 35.0])
    found = velocities(shift(flux, TEMPLATE_LATTICE, put_in), flux - 1.0)
    # A parabola through pixels of 69 km/s is good to a few per cent of one.
    np.testing.assert_allclose(found, put_in, atol=4.0)


def test_an_edge_is_no_velocity():
    flux = emulator().flux([[5800.0, 4.4, 0.0]])
    assert velocities(shift(flux, TEMPLATE_LATTICE, [400.0]), flux - 1.0).tolist() == [0.0]
