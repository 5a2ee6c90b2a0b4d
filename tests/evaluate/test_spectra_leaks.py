"""No model may be better than what is in its spectra: above the bound, it has learnt how spectra are made.

The shipped model on rung T0 of the ladder (`benchmarks/spectra_ladder.py` has it in full). Once with stars that scatter
as the shipped emulator's do, which needs no file, and once with the covariance of all real template stars.
"""

from __future__ import annotations

import numpy as np
import pytest

from evaluate.made_spectra import DWARF, auc, from_emulator, scattered, seen_spectra
from goodricke.errors import ModelError
from goodricke.evaluate.bound import bound
from goodricke.evaluate.odds import log_odds
from goodricke.models import find, load_bundle

N = 1200
KINDS = [(0.7, 10.0), (0.8, 20.0), (0.9, 20.0)]


@pytest.fixture(scope="module")
def model():
    try:
        return load_bundle(find("spectra-binary"))
    except ModelError as error:
        pytest.skip(f"the model of spectra is not here: {error}")


@pytest.fixture(scope="module")
def real(shared_data):
    from goodricke.simulate.spectra import load_templates, source_of

    folder = shared_data / "spectra"
    if not (folder / "templates").is_dir():
        pytest.skip(f"the libraries of templates are not in {folder}")
    return source_of(load_templates(folder))


def error_of(area: float, n: int) -> float:
    """Standard error of an area under the curve of n spectra of each class (Hanley & McNeil 1982)."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (n - 1) * (one - area**2) + (n - 1) * (two - area**2)
    return float(np.sqrt(spread / n**2))


def never_above(model, source, q, snr, seed):
    rng = np.random.default_rng(seed)
    seen, binary, _ = seen_spectra(scattered(source, N, rng), N, rng, q=q, snr=snr)
    area = auc(log_odds(model, seen) + 1e-9 * rng.normal(size=len(seen)), binary)
    best = bound(DWARF, q, 0.0, snr, source.emulator, source.residues).auc
    assert area < best + 3 * error_of(best, N // 2), f"AUC {area:.3f}, the bound is {best:.3f}"
    return area


@pytest.mark.parametrize(("q", "snr"), KINDS)
def test_not_above_the_bound_with_the_scatter_of_the_emulator(model, q, snr):
    area = never_above(model, from_emulator(), q, snr, 11)
    assert area > 0.5 + 2 * error_of(0.5, N // 2)  # else there is nothing to be above


def test_not_above_the_bound_with_the_scatter_of_all_stars(model, real):
    never_above(model, real, 0.9, 20.0, 12)


@pytest.mark.parametrize("snr", [20.0, 100.0])
def test_twins_at_rest_cannot_be_told(model, snr):
    rng = np.random.default_rng(13)
    seen, binary, _ = seen_spectra(scattered(from_emulator(), N, rng), N, rng, q=1.0, snr=snr)
    area = auc(log_odds(model, seen) + 1e-9 * rng.normal(size=len(seen)), binary)
    assert abs(area - 0.5) < 3 * error_of(0.5, N // 2)


def test_a_leak_would_be_seen():
    """What a model would do that knew of the noise what only the maker knows: the test has to fail on it."""
    rng = np.random.default_rng(14)
    seen, binary, _ = seen_spectra(scattered(from_emulator(), 400, rng), 400, rng, q=0.9, snr=20.0)
    best = bound(DWARF, 0.9, 0.0, 20.0, from_emulator().emulator, from_emulator().residues)
    honest = seen.left.astype(float) @ best.weights
    assert auc(honest, binary) < best.auc + 3 * error_of(best.auc, 200)
    assert auc(honest + 1.5 * binary, binary) > best.auc + 3 * error_of(best.auc, 200)
