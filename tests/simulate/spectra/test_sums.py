"""Two stars moved and added."""

from __future__ import annotations

import numpy as np

from goodricke.photosphere import emulator
from goodricke.photosphere.doppler import pixels_of, shift
from goodricke.simulate.spectra.sums import summed

MEAN = emulator()
LIGHT = MEAN.flux([[5800.0, 4.4, 0.0], [5800.0, 4.4, 0.0]])
INNER = slice(20, -20)  # what is brought in from beyond the edges means nothing


def test_exact_shifts_are_those_of_the_photosphere():
    moves, ratio, none = np.array([40.0, -110.0]), np.array([0.5, 1.0]), np.zeros(2)
    sums = summed(LIGHT, LIGHT, ratio, moves, moves, none, MEAN.lattice, whole=True)
    np.testing.assert_allclose(sums[:, INNER], shift(LIGHT, MEAN.lattice, moves)[:, INNER], rtol=1e-9)


def test_straight_lines_are_those_of_numpy():
    moves, none = np.array([40.0, -110.0]), np.zeros(2)
    rows = np.array([True, False])
    sums = summed(LIGHT, LIGHT, np.ones(2), none, moves, none, MEAN.lattice, whole=True, interpolated=rows)
    at = np.arange(MEAN.lattice.n)
    straight = np.interp(at - pixels_of(moves[0], MEAN.lattice), at, LIGHT[0])
    np.testing.assert_allclose(sums[0, INNER], 0.5 * (LIGHT[0] + straight)[INNER], rtol=1e-9)
    exact = shift(LIGHT, MEAN.lattice, moves)[1]
    np.testing.assert_allclose(sums[1, INNER], 0.5 * (LIGHT[1] + exact)[INNER], rtol=1e-9)
