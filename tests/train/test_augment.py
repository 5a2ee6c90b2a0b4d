from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import LightCurves
from goodricke.train.augment import FEWEST, all_parts, constant, seen_elsewhere, thinned
from goodricke.train.datasets import Labelled, load
from train.made import POINTS, SETS, write_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def whole(folder: Path) -> Labelled:
    return load(folder, "asas3_acvs")


def many(n: int, points: int, seed: int = 0) -> Labelled:
    """So many stars of one sine wave, several points a night."""
    rng = np.random.default_rng(seed)
    time = np.sort(np.floor(rng.uniform(0, 20, (n, points))) + rng.uniform(0, 0.3, (n, points)), axis=1).ravel()
    object_id = np.repeat(np.arange(n), points).astype(str)
    err = np.full(n * points, 0.02)
    lcs = LightCurves.from_arrays(time, flux=1 + 0.5 * np.sin(time), err=err, object_id=object_id)
    return Labelled("crts_sss", lcs, np.full(n, "EA"), (("EA",),) * n, np.full(n, 2.0), "0" * 64, np.full(n, -1))


def points_of(labelled: Labelled, k: int) -> set[tuple[float, float]]:
    here = slice(int(labelled.lcs.offsets[k]), int(labelled.lcs.offsets[k + 1]))
    return set(zip(labelled.lcs.time[here].tolist(), labelled.lcs.flux[here].tolist(), strict=True))


def test_thinned_stars_are_the_same_stars_with_some_of_their_points(whole: Labelled) -> None:
    few = thinned(whole, 0.6, 7)
    assert len(few.lcs) == round(0.6 * 35)
    assert (few.kind, few.title, few.name) == ("thinned", "asas3_acvs thinned", "asas3_acvs")
    names = whole.lcs.object_id.tolist()
    for k, name in enumerate(few.lcs.object_id):
        j = names.index(name)
        assert few.label[k] == whole.label[j]
        assert few.leaves[k] == whole.leaves[j]
        assert few.period[k] == whole.period[j]
        assert points_of(few, k) < points_of(whole, j)
        assert FEWEST <= few.lcs.lengths[k] <= 0.75 * whole.lcs.lengths[j]
    assert len(set(few.lcs.object_id.tolist())) == len(few.lcs)


def test_half_of_them_are_the_beginning_of_the_curve_and_lengths_are_even_in_their_logarithm() -> None:
    whole = many(400, 200)
    few = thinned(whole, 1.0, 1)
    assert len(few.lcs) == 400
    first = few.lcs.time[few.lcs.offsets[1:] - 1]  # last point kept
    ends = whole.lcs.time[whole.lcs.offsets[:-1] + few.lcs.lengths - 1]
    assert np.mean(first == ends) == pytest.approx(0.5, abs=0.08)  # three standard deviations of 400 throws
    place = (np.log(few.lcs.lengths) - np.log(FEWEST)) / np.log(0.75 * 200 / FEWEST)
    assert place.min() >= 0
    assert place.max() <= 1
    assert np.mean(place) == pytest.approx(0.5, abs=0.06)
    assert np.quantile(place, 0.25) == pytest.approx(0.25, abs=0.08)


def test_stars_with_few_points_are_left_whole() -> None:
    assert len(thinned(many(5, 2 * FEWEST - 1), 1.0, 0).lcs) == 0
    assert len(thinned(many(5, 2 * FEWEST), 1.0, 0).lcs) == 5


@pytest.mark.parametrize("make", [thinned, constant])
def test_the_seed_decides(make, whole: Labelled) -> None:
    one, two, other = make(whole, 0.5, 3), make(whole, 0.5, 3), make(whole, 0.5, 4)
    np.testing.assert_array_equal(one.lcs.flux, two.lcs.flux)
    assert one.lcs.object_id.tolist() == two.lcs.object_id.tolist() != other.lcs.object_id.tolist()
    assert one.sha256 == two.sha256 != other.sha256
    assert len({one.sha256, make(whole, 0.4, 3).sha256, whole.sha256}) == 3
    assert make(replace(whole, sha256="f" * 64), 0.5, 3).sha256 != one.sha256
    assert len(make(whole, 0.0, 3).lcs) == 0


def test_thinned_and_constant_of_one_seed_have_names_of_their_own(whole: Labelled) -> None:
    assert thinned(whole, 0.5, 3).sha256 != constant(whole, 0.5, 3).sha256


def test_constant_stars_keep_times_and_errors_and_lose_their_light(whole: Labelled) -> None:
    flat = constant(whole, 0.4, 2)
    assert len(flat.lcs) == 14
    assert flat.leaves == (("CONST",),) * 14
    assert set(flat.label) == {"CONST"}
    assert np.isnan(flat.period).all()
    same = whole.lcs[flat.lcs.object_id]
    np.testing.assert_array_equal(flat.lcs.time, same.time)
    np.testing.assert_array_equal(flat.lcs.flux_err, same.flux_err)
    for k in range(14):
        here = slice(int(same.offsets[k]), int(same.offsets[k + 1]))
        assert abs(np.corrcoef(flat.lcs.flux[here], same.flux[here])[0, 1]) < 0.5


def test_the_noise_is_what_it_says() -> None:
    """Size 0.5 to 1.5 errors, a hundredth of the points four times as wild, part of it in common to a night."""
    whole = many(300, 300)
    flat = constant(whole, 1.0, 0)
    noise = ((flat.lcs.flux - 1.0) / flat.lcs.flux_err).reshape(300, 300)
    inner = np.quantile(noise, 0.84, axis=1) / 2 - np.quantile(noise, 0.16, axis=1) / 2
    # The spread of 300 points that share 20 nights is known to some 10%.
    assert inner.mean() == pytest.approx(1.0, abs=0.1)
    assert inner.min() > 0.3
    assert inner.max() < 2.0
    assert np.std(inner) > 0.2
    assert np.mean(np.abs(noise) > 3.2 * inner[:, None]) == pytest.approx(0.01 * 0.42 + 0.0014, abs=0.004)
    night = np.floor(whole.lcs.time).reshape(300, 300)
    residual = noise / inner[:, None]
    pairs = residual[:, 1:] * residual[:, :-1]
    tonight = night[:, 1:] == night[:, :-1]
    assert np.mean(pairs[tonight]) == pytest.approx(0.2, abs=0.06)  # the mean share of the night
    assert np.mean(pairs[~tonight]) == pytest.approx(0.0, abs=0.05)


def test_all_parts_of_all_sets(folder: Path) -> None:
    parts = all_parts(folder, tuple(SETS), seed=5, fewer=0.2, flat=0.1, other=0.5)
    titles = [part.title for part in parts]
    assert titles == [
        "asas3_acvs", "asas3_acvs thinned", "asas3_acvs constant", "asas3_acvs elsewhere",
        "crts_sss", "crts_sss thinned", "crts_sss constant", "crts_sss elsewhere",
        "ogle2_misc_small", "ogle2_misc_small thinned",
    ]  # fmt: skip
    made = [part for part in parts if part.kind == "elsewhere"]
    assert [len(part.lcs) for part in parts if part.kind != "elsewhere"] == [35, 7, 4, 18, 4, 2, 4, 1]
    assert 0 < len(made[0].lcs) <= round(0.5 * 31)  # the four ECL have no period to trust
    assert 0 < len(made[1].lcs) <= 9
    assert all(len(part.label) == len(part.leaves) == len(part.period) == len(part.lcs) for part in parts)
    assert max(int(part.lcs.lengths.max()) for part in parts if part.kind != "elsewhere") <= POINTS
    again = all_parts(folder, tuple(SETS), seed=5, fewer=0.2, flat=0.1, other=0.5)
    assert [part.sha256 for part in parts] == [part.sha256 for part in again]
    assert len({part.sha256 for part in parts}) == len(parts)


def test_stars_seen_elsewhere_keep_name_class_and_period(whole: Labelled) -> None:
    other = seen_elsewhere(whole, 1.0, 3)
    assert (other.kind, other.title) == ("elsewhere", "asas3_acvs elsewhere")
    assert 0 < len(other.lcs) <= len(whole.lcs)
    names = whole.lcs.object_id.tolist()
    for k, name in enumerate(other.lcs.object_id):
        j = names.index(name)
        assert (other.label[k], other.leaves[k], other.period[k]) == (whole.label[j], whole.leaves[j], whole.period[j])
        assert not points_of(other, k) & points_of(whole, j)
    # Only periods that the set is trusted for are folded at.
    assert set(other.label.tolist()) <= {"EA", "EB", "EW"}
    again, changed = seen_elsewhere(whole, 1.0, 3), seen_elsewhere(whole, 1.0, 4)
    assert again.sha256 == other.sha256 != changed.sha256
    assert len(seen_elsewhere(replace(whole, period=np.full(len(whole.lcs), np.nan)), 1.0, 3).lcs) == 0
