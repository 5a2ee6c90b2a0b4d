"""What `goodricke.train.emulator` makes, from the very files that the shipped one was made from."""

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest

from goodricke.photosphere import emulator, fit_single
from goodricke.photosphere.emulator import scatter
from goodricke.simulate.spectra.templates import load_templates
from goodricke.train.emulator import fit, residues, stars_of
from photosphere.photosphere_made import prepared


@pytest.fixture(scope="module")
def stars(shared_data):
    folder = shared_data / "spectra"
    about = json.loads((files("goodricke.photosphere") / "data" / "provenance.json").read_text("utf-8"))
    for name, digest in about["inputs"].items():
        if not (folder / name).exists() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            pytest.skip(f"the emulator that ships was made from another {name}")
    return stars_of(load_templates(folder, ("miles", "boss")), folder / "isochrones" / "EEM_dwarf_table.csv")


def test_the_command_makes_what_ships(stars):
    made = fit(stars)
    labels = [[4200.0, 4.65, -0.2], [5800.0, 4.4, 0.0], [7000.0, 4.2, -0.4]]
    np.testing.assert_allclose(made.flux(labels), emulator().flux(labels), rtol=1e-4)
    np.testing.assert_allclose(made.variances, emulator().variances, rtol=1e-3)


def test_refined_labels_bring_stars_nearer(stars):
    some = (stars.library == "miles") & (stars.labels[:, 0] > 5000) & (stars.labels[:, 0] < 7000)
    ours, kept = emulator(), stars[some]
    plain = scatter(kept.log_flux, ours.log_flux(kept.labels))
    better = residues(ours, kept)
    assert np.median(better.std(axis=1)) < 0.8 * np.median(plain.std(axis=1))
    moved, _ = ours.refine(kept.labels, kept.log_flux)
    away = moved - kept.labels
    assert (1.48 * np.median(np.abs(away), axis=0) < [120, 0.2, 0.15]).all()
    assert (np.abs(np.median(away, axis=0)) < [30, 0.06, 0.05]).all()


def test_labels_of_stars_left_out(stars):
    """MILES labels are good to 60 K, 0.18 and 0.13 dex (Cenarro et al. 2007); ours of the same stars add to that."""
    warm = (stars.library == "miles") & (stars.labels[:, 0] > 5000) & (stars.labels[:, 0] < 6800)
    test = np.flatnonzero(warm)[::4]
    ours = fit(stars[np.setdiff1d(np.arange(len(stars)), test)])
    found = fit_single(prepared(np.exp(stars.log_flux[test]), 100.0, np.random.default_rng(1)), ours)
    away = found.labels - stars.labels[test]
    assert (1.48 * np.median(np.abs(away), axis=0) < [140, 0.25, 0.22]).all()
    assert np.abs(np.median(away[:, 0])) < 60


def test_what_a_companion_leaves_is_not_the_fit_of_the_emulator(stars):
    """Two emulators of two halves of the stars agree on it: it is no noise of the fit, and no star made it."""
    from goodricke.photosphere import signal

    order = np.random.default_rng(2).permutation(len(stars))
    halves = [fit(stars[order[k::2]]) for k in range(2)]
    for q in (0.7, 0.8, 0.9):
        one, two = (signal([[5800.0, 4.4, 0.0]], q, 0.0, half)[0] for half in halves)
        assert np.corrcoef(one, two)[0, 1] > 0.85
        assert one.std() == pytest.approx(two.std(), rel=0.2)
