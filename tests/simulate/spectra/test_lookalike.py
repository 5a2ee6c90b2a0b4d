"""The single star that fits a binary best, against a plain search."""

from __future__ import annotations

import numpy as np

from goodricke.photosphere import emulator, pair_flux, shift
from goodricke.photosphere.normal import normalise
from goodricke.simulate.spectra.lookalike import Lookalike
from goodricke.spectra.lattice import MODEL_LATTICE

MEAN = emulator()
LOOK = Lookalike.of(MEAN)
INNER = slice(30, 30 + MODEL_LATTICE.n)


def misfit(flux: np.ndarray, labels: np.ndarray, width: float = 0.0) -> np.ndarray:
    """Root mean square of flux over continuum less that of single stars."""
    model = shift(MEAN.flux(labels), MEAN.lattice, 0.0, width)
    apart = normalise(flux, MEAN.lattice)[:, INNER] - normalise(model, MEAN.lattice)[:, INNER]
    return np.sqrt((apart**2).mean(axis=1))


def test_a_single_star_is_itself():
    rng = np.random.default_rng(4)
    labels = np.column_stack([rng.uniform(4200, 6800, 40), rng.uniform(4.0, 4.8, 40), rng.uniform(-0.8, 0.4, 40)])
    found, width = LOOK.fit(MEAN.flux(labels), labels + np.array([150.0, -0.1, 0.1]))
    np.testing.assert_allclose(found, labels, atol=1e-2)
    assert (width < 0.01).all()


def test_broadening_is_found():
    labels = np.tile([5600.0, 4.4, -0.2], (5, 1))
    widths = np.array([0.1, 0.5, 1.0, 1.6, 2.6])
    found, width = LOOK.fit(shift(MEAN.flux(labels), MEAN.lattice, np.zeros(5), widths), labels)
    np.testing.assert_allclose(width, widths, atol=0.12)
    np.testing.assert_allclose(found[:, 0], 5600.0, atol=30.0)


def test_no_star_nearby_fits_a_binary_better():
    flux = pair_flux(MEAN, np.array([[5800.0, 4.4, 0.0]]), 0.75, 0.0, 0.0)
    found, width = LOOK.fit(flux, np.array([[5800.0, 4.4, 0.0]]))
    assert found[0, 0] < 5780.0  # cooler than the primary
    best = misfit(flux, found, float(width[0]))[0]
    assert best < 0.8 * misfit(flux, np.array([[5800.0, 4.4, 0.0]]))[0]
    steps = np.array([[40.0, 0, 0], [-40.0, 0, 0], [0, 0.08, 0], [0, -0.08, 0], [0, 0, 0.05], [0, 0, -0.05]])
    # The fit is of log flux and the check of flux over continuum: the same to some per cent.
    assert (misfit(np.repeat(flux, 6, axis=0), found + steps, float(width[0])) > 0.97 * best).all()
