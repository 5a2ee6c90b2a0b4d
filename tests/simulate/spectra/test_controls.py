"""A control switched off changes what it says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import DataError, OptionError
from goodricke.photosphere import emulator
from goodricke.simulate.spectra import CONTROLS, Source, Truth, made
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE, NoiseBank
from goodricke.spectra import Spectra

N = 60


@pytest.fixture(scope="module")
def source() -> Source:
    mean, rng = emulator(), np.random.default_rng(7)
    labels = np.column_stack([rng.uniform(4500, 6500, 40), np.full(40, 4.5), np.zeros(40)])
    residues = np.cumsum(rng.normal(0.0, 1e-3, (40, mean.lattice.n)), axis=1).astype(np.float32)
    return Source(mean, np.array([f"s{k}" for k in range(40)]), labels, residues)


def block(source: Source, *without: str, noise: str | NoiseBank = "white", dv: float = 150.0) -> tuple[Spectra, Truth]:
    options = {"teff": 5600.0, "q": 0.8, "dv": dv, "snr": 50.0}
    return made(N, np.random.default_rng(3), source, noise, without=without, **options)


def pixels(spectra: Spectra, rows: np.ndarray) -> np.ndarray:
    return spectra.flux.reshape(N, -1)[rows]


@pytest.fixture(scope="module")
def whole(source) -> tuple[Spectra, Truth]:
    return block(source)


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_one_class_stays_byte_by_byte_and_the_other_does_not(source, whole, name):
    spectra, truth = whole
    other, others = block(source, name)
    np.testing.assert_array_equal(truth.binary, others.binary)
    changed = truth.binary if name in ("summed", "alike") else ~truth.binary
    assert pixels(spectra, ~changed).tobytes() == pixels(other, ~changed).tobytes()
    assert (pixels(spectra, changed) != pixels(other, changed)).any(axis=1).all()


def test_real_noise_leaves_binaries_as_they_are(source):
    profile = np.ones((80, OBSERVED_LATTICE.n), np.float32)
    bank = NoiseBank(profile, np.geomspace(9, 200, 80), *np.full((3, OBSERVED_LATTICE.n), 0.3, np.float32))
    spectra, truth = block(source, noise=bank)
    for name in ("labels", "noise", "widths"):
        other, _ = block(source, name, noise=bank)
        assert pixels(spectra, truth.binary).tobytes() == pixels(other, truth.binary).tobytes(), name


def test_labels_are_those_of_primaries(source, whole):
    _, truth = whole
    _, other = block(source, "labels")
    single = ~truth.binary
    assert truth.teff1[single].mean() < 5580.0
    assert (other.teff1 == 5600.0).all()


def test_singles_have_better_spectra(source, whole):
    spectra, truth = whole
    other, others = block(source, "noise")
    np.testing.assert_array_equal(others.snr, np.where(truth.binary, 50.0, 75.0))
    kept = np.median(other.ivar.reshape(N, -1) / spectra.ivar.reshape(N, -1), axis=1)
    np.testing.assert_allclose(kept, np.where(truth.binary, 1.0, 1.5**2), rtol=0.02)


def test_components_are_strangers_and_singles_are_not(source, whole):
    _, truth = whole
    _, other = block(source, "alike")
    assert (truth.star == truth.star2).all()
    np.testing.assert_array_equal(other.star != other.star2, truth.binary)
    with pytest.raises(DataError, match="too few"):
        block(source[np.array([0])], "alike")


def test_lines_of_singles_are_wide(source, whole):
    """Two lines 150 km/s apart fit a wide one, which is shallower; noise and floor are the same, pixel by pixel."""
    spectra, truth = whole
    other, _ = block(source, "widths")
    rough = [np.diff(pixels(one, ~truth.binary), axis=1) for one in (spectra, other)]
    assert (rough[1] ** 2).sum() < (rough[0] ** 2).sum()
    apart = (pixels(other, ~truth.binary) / pixels(spectra, ~truth.binary) - 1.0).std()
    at_rest, _ = block(source, "widths", dv=0.0)
    rest, _ = block(source, dv=0.0)
    assert (pixels(at_rest, ~truth.binary) / pixels(rest, ~truth.binary) - 1.0).std() < 0.3 * apart


def test_binaries_are_smooth_even_at_rest(source):
    """Velocity of the star itself is enough: where star 2 is moved by half a pixel, its finest structure is gone."""
    rest, truth = block(source, dv=0.0)
    other, _ = block(source, "summed", dv=0.0)
    pair = truth.binary
    rough = [(np.diff(pixels(one, pair).astype(float), n=2, axis=1) ** 2).sum() for one in (rest, other)]
    assert rough[1] < rough[0]


def test_what_is_no_control_is_said(source):
    with pytest.raises(OptionError, match="did you mean 'labels'"):
        block(source, "label")
    with pytest.raises(OptionError, match="there are summed, labels"):
        block(source, "xyz")
    with pytest.raises(OptionError, match="a list of names"):
        made(4, np.random.default_rng(0), source, "white", teff=5600.0, snr=50.0, without="labels")
