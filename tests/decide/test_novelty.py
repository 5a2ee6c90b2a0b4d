from __future__ import annotations

import io

import numpy as np
import pytest
from scipy import stats as distributions

from goodricke.decide.novelty import Novelty, fit_novelty
from goodricke.errors import DataError


def stars(n: int, seed: int, shift: float = 0.0):
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 3, n)
    x = rng.standard_t(5, size=(n, 8)) + 4.0 * np.eye(8)[target]
    x[:, 7] = np.exp(x[:, 7])
    x[rng.random((n, 8)) < 0.1] = np.nan
    x[:, 5] += shift
    return x, target


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "relative"])
def novelty(request):
    x, target = stars(4000, 0)
    return fit_novelty(x, target, np.arange(4000) % 5, request.param)


def test_shares_of_new_stars_are_uniform(novelty) -> None:
    share = np.sort(novelty.of(stars(8000, 1)[0]))
    assert share[0] > 0
    assert share[-1] <= 1
    for level in (0.01, 0.05, 0.3):
        # Ranks among 4,000 held-out stars, of 8,000 new ones: the two errors add up; four of them. Steps of the table
        # are 3%, and the spaces of the folds were learned from a fifth less stars: a tenth for both.
        error = np.sqrt(level * (1 - level) * (1 / 4000 + 1 / 8000))
        assert 0.9 * level - 4 * error < np.mean(share <= level) < 1.1 * level + 4 * error
    assert distributions.kstest(share, "uniform").statistic < 0.06


def test_odd_stars_are_found(novelty) -> None:
    assert np.mean(novelty.of(stars(2000, 2)[0]) < 0.01) < 0.025
    if not len(novelty.space.background):  # the relative distance is blind to features that no class differs in
        # 90% of the odd stars have the shifted feature known.
        assert np.mean(novelty.of(stars(2000, 3, shift=12.0)[0]) < 0.01) > 0.8
    middle = np.array([[2.0, 2.0, 2.0, 0, 0, 0, 0, 1.0], [4.0, 0, 0, 0, 0, 0, 0, 1.0]])
    between, typical = novelty.of(middle)
    assert between < typical
    assert novelty.of(np.full((1, 8), 1e20))[0] < 0.001


def test_the_arrays_bring_back_the_same_bits(novelty) -> None:
    file = io.BytesIO()
    np.savez(file, other=np.ones(3), **novelty.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        assert all(name == "other" or name.startswith("novelty.") for name in arrays)
        assert all(arrays[name].dtype == np.float32 for name in arrays if name != "other")
        again = Novelty.from_arrays(arrays)
    x = stars(500, 4)[0]
    np.testing.assert_array_equal(again.of(x), novelty.of(x))
    assert sum(array.nbytes for array in novelty.to_arrays().values()) < 20_000


def test_order_of_stars_classes_and_features_does_not_matter() -> None:
    x, target = stars(900, 5)
    rows, columns = np.random.default_rng(0).permutation(900), np.random.default_rng(1).permutation(8)
    one = fit_novelty(x, target, np.arange(900) % 3)
    other = fit_novelty(x[rows][:, columns], (2 - target)[rows], (np.arange(900) % 3)[rows])
    new = stars(300, 6)[0]
    # Ranks may move by a star or two where float32 sums differ.
    np.testing.assert_allclose(other.of(new[:, columns]), one.of(new), atol=3.5 / 900)


def test_unknown_features_are_the_median(novelty) -> None:
    assert novelty.of(np.full((1, 8), np.nan)) == novelty.of(novelty.space.center[None])
    assert novelty.of(np.empty((0, 8))).shape == (0,)


def test_what_is_refused(novelty) -> None:
    x, target = stars(20, 7)
    with pytest.raises(DataError, match="two folds"):
        fit_novelty(x, target, np.zeros(20))
    with pytest.raises(DataError, match="do not belong together"):
        fit_novelty(x, target[:5], np.zeros(20))
    arrays = novelty.to_arrays()
    with pytest.raises(DataError, match=r"no array novelty\.means"):
        Novelty.from_arrays({name: array for name, array in arrays.items() if name != "novelty.means"})
    with pytest.raises(DataError, match="do not belong together: 8 features"):
        Novelty.from_arrays(arrays | {"novelty.scale": np.ones(3)})
    with pytest.raises(DataError, match="8 features per star"):
        novelty.of(np.zeros((1, 3)))
