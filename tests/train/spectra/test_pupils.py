from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.spectra import NUMBERS, Looked, spectral
from goodricke.spectra.lattice import MODEL_LATTICE
from goodricke.train.spectra.material import Material
from goodricke.train.spectra.pupils import ARMS, Pupils, loss_of, noisier, quantities, with_arms, with_survey

N, P = 400, MODEL_LATTICE.n


@pytest.fixture
def material() -> Material:
    rng = np.random.default_rng(0)
    sigma = np.full((N, P), 0.02, np.float16)
    sigma[:, :10] = 0
    pixels = np.where(sigma > 0, rng.normal(0, 0.02, (N, P)), 0).astype(np.float16)
    numbers = np.ones((N, len(NUMBERS)), np.float32)
    binary = np.arange(N) % 2 == 0
    none = np.where(binary, 0.0, np.nan)
    truth = {
        "binary": binary, "q": 0.8 + none, "dv": -60.0 + none, "teff1": np.full(N, 5800.0), "logg1": np.full(N, 4.4),
        "feh": np.zeros(N),
    }  # fmt: skip
    return Material(Looked(pixels, pixels.copy(), sigma, numbers), truth)


def test_more_noise_is_as_much_as_is_said(material: Material) -> None:
    seen = noisier(material.seen, np.random.default_rng(1))
    more = seen.sigma.astype(float)[:, 50] / 0.02
    assert 0.4 < np.mean(more > 1.01) < 0.6
    known = np.asarray(seen.sigma)[0] > 0
    pull = np.asarray(seen.left, float)[:, known] / np.asarray(seen.sigma, float)[:, known]
    # Half precision of what was there, and 44,000 numbers.
    assert pull.std() == pytest.approx(1.0, abs=0.02)
    assert (np.asarray(seen.left)[:, ~known] == 0).all()
    np.testing.assert_allclose(seen.numbers[:, NUMBERS.index("log_snr")], 1 - np.log10(more), atol=2e-3)


def test_what_the_survey_does_is_done_to_both_classes_alike(material: Material) -> None:
    survey = np.random.default_rng(2).normal(0, 0.01, (3, P)).astype(np.float32)
    seen = with_survey(material.seen, survey, np.random.default_rng(3))
    change = np.asarray(seen.left, float) - np.asarray(material.seen.left, float)
    binary = material.truth["binary"]
    assert change[binary].std() == pytest.approx(change[~binary].std(), rel=0.2)
    assert (change[:, :10] == 0).all()


def test_arms_meet_with_a_step_in_half_of_both_classes(material: Material) -> None:
    seen = with_arms(material.seen, np.random.default_rng(3))
    change = np.asarray(seen.left, float) - np.asarray(material.seen.left, float)
    stepped = np.abs(change).max(axis=1) > 1e-3
    binary = material.truth["binary"]
    assert 0.35 < stepped[binary].mean() < 0.6
    assert 0.35 < stepped[~binary].mean() < 0.6
    assert (change[:, :10] == 0).all()
    middle = MODEL_LATTICE.wave[np.abs(change[stepped]).argmax(axis=1)]
    assert ((middle > ARMS[0] - 150.0) & (middle < ARMS[1] + 150.0)).mean() > 0.95


def test_rows_may_come_again_and_targets_go_with_them(material: Material) -> None:
    rows = np.array([3, 0, 0, 1])
    pupils = Pupils(material, rows, spectral("spectrum-companions"), augmented=False)
    np.testing.assert_array_equal(pupils.target, [[1, 0], [0, 1], [0, 1], [1, 0]])
    inputs = pupils.batch(np.array([1, 2]), np.random.default_rng(0))
    np.testing.assert_array_equal(inputs["spectrum"][0], inputs["spectrum"][1])
    told = pupils.targets(np.array([0, 1]))["quantities"]
    assert np.isnan(told[0, :2]).all()
    np.testing.assert_allclose(told[1], [0.8, np.log(3.0), 0.3, 0.0, 0.0], atol=1e-6)


def test_the_second_head_counts_what_is_known_alone(material: Material) -> None:
    import torch

    from goodricke.networks.companions import Seen

    wanted = torch.from_numpy(quantities(material.truth)[:2])
    given = torch.nan_to_num(wanted) + 1.0
    loss = loss_of(lambda seen, targets: torch.zeros(()))
    seen = Seen(torch.zeros(2, 2), torch.zeros(2, 4), given)
    assert float(loss(seen, {"quantities": wanted})) == pytest.approx(0.3)
