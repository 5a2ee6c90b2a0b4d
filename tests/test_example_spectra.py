"""The example spectra are what their generator writes, and what their names say."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from goodricke import examples, read_spectra
from goodricke.clean.spectra import prepare
from goodricke.examples.make_spectra import EXAMPLES, write_spectra
from goodricke.photosphere import fit_pair, fit_single


def test_they_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write_spectra(tmp_path)
    assert {path.name for path in written} == {path.name for path in Path(examples.spectra()).iterdir()}
    ours, theirs = read_spectra(tmp_path), read_spectra(examples.spectra())
    assert ours.object_id.tolist() == theirs.object_id.tolist()
    # Another processor may round a digit the other way.
    np.testing.assert_allclose(ours.flux, theirs.flux, rtol=1e-3, atol=0.2)
    np.testing.assert_allclose(ours.wave, theirs.wave, rtol=1e-9)
    np.testing.assert_allclose(ours.ivar, theirs.ivar, rtol=2e-3)


def test_they_are_small_and_say_that_they_are_made() -> None:
    for path in Path(examples.spectra()).iterdir():
        content = path.read_bytes()
        assert len(content) < 60_000
        assert b"this is no observation" in gzip.decompress(content)
        assert "made" in path.name


def test_both_layouts_and_two_epochs() -> None:
    spectra = read_spectra(examples.spectra())
    assert set(spectra.meta["layout"]) == {"coadd", "image"}
    assert len(np.unique(spectra.object_id)) == len({example.star for example in EXAMPLES}) == len(spectra) - 1
    assert len(np.unique(spectra.spectrum_id)) == len(spectra)


def test_the_pairs_are_pairs() -> None:
    spectra = read_spectra(examples.spectra())
    prepared = prepare(spectra)
    single = fit_single(prepared)
    pair = fit_pair(prepared, single)
    found = {Path(path).name: k for k, path in enumerate(spectra.meta["path"])}
    one, two, fast = (found[f"spec-made-{name}-coadd.fits.gz"] for name in ("single", "binary-q0.80", "binary-250kms"))
    assert pair.delta_chi2[one] < 9 < pair.delta_chi2[two] < pair.delta_chi2[fast]
    assert pair.q[two] == pytest.approx(0.8, abs=0.08)
    assert abs(pair.dv[fast]) == pytest.approx(250, abs=15)
    assert "signal-to-noise" in prepared.reason[found["spec-made-too-faint.fits.gz"]]
