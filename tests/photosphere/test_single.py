from dataclasses import replace

import numpy as np
import pytest

from goodricke.clean.spectra import prepare
from goodricke.errors import DataError
from goodricke.photosphere import emulator, fit_single, shift
from goodricke.photosphere.model import flatten
from goodricke.photosphere.noise import noise_of
from goodricke.photosphere.single import informed, single_model
from goodricke.spectra import LAMOST_LATTICE, Spectra
from photosphere.photosphere_made import prepared


@pytest.fixture(scope="module")
def stars():
    rng = np.random.default_rng(11)
    n = 60
    labels = np.column_stack([rng.uniform(4300, 7500, n), rng.uniform(4.1, 4.7, n), rng.uniform(-0.7, 0.3, n)])
    velocity, broadening = rng.uniform(-30, 30, n), rng.uniform(0.0, 0.6, n)
    flux = shift(emulator().flux(labels), emulator().lattice, velocity, broadening)
    ready = prepared(flux, 100.0, rng)
    return np.column_stack([labels, velocity, broadening]), ready, fit_single(ready)


def test_what_was_put_in_comes_out(stars):
    truth, _, found = stars
    away = found.parameters - truth
    assert (
        np.abs(np.median(away, axis=0)) == pytest.approx([0] * 5, abs=0)
        or (np.abs(np.median(away, axis=0)) < [5.0, 0.01, 0.02, 1.0, 0.05]).all()
    )
    assert (1.48 * np.median(np.abs(away), axis=0) < [20.0, 0.03, 0.04, 2.0, 0.1]).all()
    assert not found.at_edge.any()


def test_errors_are_what_they_say(stars):
    truth, _, found = stars
    pulls = (found.parameters - truth) / found.errors
    # The covariance has room for stars unlike each other, and these have none of that: pulls are below 1.
    assert (pulls.std(axis=0) < 1.3).all()
    assert (pulls.std(axis=0) > 0.2).all()


def test_chi2_is_that_of_the_model_by_brute_force(stars):
    _, ready, found = stars
    rows = np.arange(3)
    ivar = informed(ready, rows)
    noise = noise_of(ivar, emulator())
    flux = flatten(ready.flux[rows], ivar)
    model, _ = single_model(emulator())(found.parameters[rows], ivar, False)
    for k in range(3):
        basis = noise.shape.components.astype(float)
        whole = np.diag(1.0 / noise.weight[k].astype(float)) + basis.T @ (noise.shape.variances[:, None] * basis)
        away = (flux[k] - model[k]).astype(float)
        # float32 products of 2,749 pixels
        assert found.chi2[k] == pytest.approx(away @ np.linalg.solve(whole, away), rel=1e-3)


def test_no_label_nearby_is_better(stars):
    _, ready, found = stars
    rows = np.arange(6)
    ivar = informed(ready, rows)
    noise, model = noise_of(ivar, emulator()), single_model(emulator())
    flux = flatten(ready.flux[rows], ivar)
    for k, step in enumerate((30.0, 0.05, 0.05, 4.0, 0.1)):
        for sign in (-1, 1):
            other = found.parameters[rows].copy()
            other[:, k] += sign * step
            light, _ = model(other, ivar, False)
            chi2 = noise.products((flux - light)[:, None, :])[:, 0, 0]
            assert (chi2 > found.chi2[rows] - 0.2).all()  # a fit has settled when it gains less than 0.1


def test_slopes_of_the_normalised_model():
    model = single_model(emulator())
    at = np.array([[4700.0, 4.6, -0.2, 10.0, 0.3], [6200.0, 4.3, 0.0, -40.0, 0.0]])
    ivar = np.full((2, 2749), 1e4, np.float32)
    _, slopes = model(at, ivar, True)
    for k, step in enumerate((5.0, 0.02, 0.02, 5.0, 0.05)):
        move = np.zeros(5)
        move[k] = step
        numeric = (model(at + move, ivar, False)[0] - model(at - move, ivar, False)[0]) / (2 * step)
        # What the first continuum changes with the labels is left out of the slopes: near the ends of the spectrum.
        assert np.abs(slopes[:, k] - numeric).max() < 0.2 * np.abs(numeric).max()
        assert np.corrcoef(slopes[:, k].ravel(), numeric.ravel())[0, 1] > 0.94


@pytest.mark.parametrize("ebv", [0.1, 0.5])
def test_reddening_moves_no_labels(ebv):
    """A_lambda falls as 1 / lambda, to first order: what a fit to unreddened models must not take for a hotter star."""
    wave = emulator().lattice.wave
    labels = np.array([[5000.0, 4.55, -0.2], [5800.0, 4.4, 0.0], [6500.0, 4.2, -0.3]])
    red = 10.0 ** (-0.4 * 3.1 * ebv * 5500.0 / wave)
    bare, reddened = (fit_single(prepared(emulator().flux(labels) * by, 200.0)) for by in (1.0, red))
    assert np.abs(reddened.teff - bare.teff).max() < 60.0 * ebv / 0.1 * 0.5
    assert np.abs(reddened.feh - bare.feh).max() < 0.05


def test_rows_that_are_not_to_be_used_stay_nan(stars):
    _, ready, found = stars
    reason = ready.reason.copy()
    reason[1] = "no star"
    again = fit_single(replace(ready, reason=reason)[:3])
    assert np.isnan(again.teff[1])
    assert np.isnan(again.chi2[1])
    np.testing.assert_allclose(again.teff[[0, 2]], found.teff[[0, 2]], atol=0.5)
    assert len(fit_single(ready[:0])) == 0


def test_masked_pixels_have_no_say(stars):
    truth, ready, _ = stars
    flux, ivar = ready.flux[:4].copy(), ready.ivar[:4].copy()
    flux[:, 500:700], ivar[:, 500:700] = 7.0, 0.0
    ivar[:, :150] = 0.0
    found = fit_single(replace(ready[:4], flux=flux, ivar=ivar))
    assert (np.abs(found.teff - truth[:4, 0]) < 60).all()
    assert (found.n == 2749 - 350).all()


def test_another_lattice_is_refused():
    ready = prepare(
        Spectra.from_arrays(LAMOST_LATTICE.wave, np.ones(3980), np.ones(3980), velocity=0.0), LAMOST_LATTICE
    )
    with pytest.raises(DataError, match="MODEL_LATTICE"):
        fit_single(ready)


def test_real_stars_of_lamost(shared_data):
    """Types and velocities of the survey's pipeline, which knows nothing of our templates."""
    import csv

    folder = shared_data / "spectra"
    if not (folder / "lamost_lrs_real.npz").exists():
        pytest.skip("no LAMOST spectra in the data folder")
    with (folder / "lamost_lrs_real_meta.csv").open(encoding="utf-8", newline="") as file:
        about = list(csv.DictReader(file))
    with np.load(folder / "lamost_lrs_real.npz") as held:
        snr = np.array([float(row["snrg"] or "nan") for row in about])
        kind = np.array([row["subclass"][:1] for row in about])
        some = np.flatnonzero(np.isin(kind, list("FGK")) & (snr > 40) & np.array([r["cls"] == "STAR" for r in about]))[
            :90
        ]
        z = np.array([float(about[k]["z"]) for k in some])
        ready = prepare(
            Spectra.from_arrays(
                LAMOST_LATTICE.wave, held["flux"][some], held["ivar"][some], velocity=z * 299792.458, snr=snr[some]
            )
        )
    found = fit_single(ready)
    known = np.isfinite(found.teff)
    assert known.sum() > 60
    # LAMOST's velocities are 4 to 6 km/s too low, and those of its pilot more.
    assert np.abs(np.median(found.velocity[known])) < 12
    assert (np.abs(found.velocity[known]) < 40).mean() > 0.97
    middle = [np.nanmedian(found.teff[kind[some] == each]) for each in "FGK"]
    assert 5900 < middle[0] < 7000
    assert 5200 < middle[1] < 5900
    assert 4200 < middle[2] < 5200
    assert 0.3 < np.median(found.goodness[known]) < 1.5
