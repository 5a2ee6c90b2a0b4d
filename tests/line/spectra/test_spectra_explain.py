"""Where a decision comes from."""

from __future__ import annotations

import numpy as np

from goodricke.line import Model
from goodricke.line.spectra import explain_spectra, see, told_of
from goodricke.line.spectra.explain import CELL, over_pixels
from goodricke.spectra import Spectra
from line.spectra.spectral_model import log_odds, star


def test_shares_add_up_to_what_the_spectrum_adds(judge: Model, few: Spectra) -> None:
    share = explain_spectra(few, judge)
    assert share.shape == (4, 2749)
    assert np.isnan(share[3]).all()  # no answer, no reasons
    # What the small model says where nothing is left: 30 (0 - 1.1), halved by its calibration.
    whole = log_odds(judge.calibration.apply(see(few, judge).logits)[:2, 1])
    np.testing.assert_allclose(share[:2].sum(axis=1), whole + 16.5, atol=0.02)


def test_pixels_that_are_spoilt_carry_the_decision(judge: Model) -> None:
    one = star("spoilt", snr=100.0)
    flux = np.array(one.flux)
    here = (one.wave > 5500.0) & (one.wave < 5530.0)
    flux[here] *= 1.03
    spoilt = Spectra.from_arrays(one.wave, flux, one.ivar, velocity=20.0, object_id="spoilt")
    share = explain_spectra(spoilt, judge)[0]
    wave = see(spoilt, judge).prepared.lattice.wave
    found = (wave > 5470.0) & (wave < 5560.0)
    # Noise adds a little everywhere.
    assert share[found].mean() > 4 * np.median(share)
    assert abs(wave[np.argmax(share)] - 5515.0) < 40.0


def test_blocks_tell_the_same_shares(judge: Model, few: Spectra) -> None:
    parts = [told for _, told in told_of([few], judge, explain=True)]
    np.testing.assert_allclose(over_pixels(parts[1].share, 2749), explain_spectra(few, judge), rtol=1e-6)
    assert parts[0].share.shape[0] == 0


def test_cells_cover_all_pixels_once() -> None:
    cells = -(-2749 // CELL)
    pixels = over_pixels(np.arange(cells, dtype=float)[None, :], 2749)
    np.testing.assert_allclose(pixels.sum(), np.arange(cells).sum())
    assert pixels.shape == (1, 2749)
