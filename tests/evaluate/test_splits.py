from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import OptionError
from goodricke.evaluate.splits import folds_of, folds_on_sky, held_out, leave_one_survey_out, sky_names


def test_a_star_stays_in_its_fold_and_folds_are_even() -> None:
    names = [f"TIC {k}" for k in range(5000)]
    fold = folds_of(names, 5)
    np.testing.assert_array_equal(fold, folds_of(names, 5))
    np.testing.assert_array_equal(fold[::-1], folds_of(names[::-1], 5))
    # 1000 expected in each; four standard deviations of a binomial are 113.
    assert np.abs(np.bincount(fold, minlength=5) - 1000).max() < 113


def test_the_hash_is_what_it_has_always_been() -> None:
    # Published splits rest on it; the sum over bytes is written out here.
    import hashlib

    digest = hashlib.blake2b(b"TIC 2", digest_size=8).digest()
    assert folds_of(["TIC 2"], 5)[0] == sum(byte * 256**k for k, byte in enumerate(digest)) % 5
    assert folds_of(["TIC 1", "TIC 2", "TIC 1"], 5).tolist() == [0, 4, 0]


def test_held_out_stars_are_as_many_as_asked_and_stay_out() -> None:
    names = [f"star {k}" for k in range(4000)]
    few, many = held_out(names, 0.2), held_out(names, 0.4)
    # 800 expected; four standard deviations of a binomial are 101.
    assert abs(few.sum() - 800) < 101
    assert (many | ~few).all()
    with pytest.raises(OptionError, match="between 0 and 1"):
        held_out(names, 1.0)


def sky(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n)))


def test_one_star_in_two_surveys_falls_on_one_side_everywhere() -> None:
    ra, dec = sky(3000)
    ra[:4], dec[:4] = [0.0, 359.99999, 10.0, 200.0], [0.0, 0.0, 89.9999, -89.9999]  # the seam and the poles
    rng = np.random.default_rng(1)
    angle, arcsec = rng.uniform(0, 2 * np.pi, 3000), rng.uniform(0, 7, 3000)
    there = np.clip(dec + np.cos(angle) * arcsec / 3600, -90, 90)
    east = ra + np.sin(angle) * arcsec / 3600 / np.maximum(np.cos(np.radians(dec)), 1e-6)
    names = [f"A{k}" for k in range(3000)] + [f"B{k}" for k in range(3000)]
    fold = folds_on_sky(np.r_[ra, east[:3000]], np.r_[dec, there], names, 5)
    # Near a pole the shift in right ascension above is not what it says; these two are left out.
    same = fold[:3000] == fold[3000:]
    assert same[np.abs(dec) < 89].all()
    # 600 expected per fold on each side; four standard deviations of a binomial are 88.
    assert np.abs(np.bincount(fold[:3000], minlength=5) - 600).max() < 88


def test_the_place_of_a_star_does_not_depend_on_its_company_or_order() -> None:
    ra, dec = sky(500, seed=2)
    names = [str(k) for k in range(500)]
    together = sky_names(ra, dec, names)
    assert sky_names(ra[::-1], dec[::-1], names[::-1])[::-1] == together
    assert sky_names(ra[:50], dec[:50], names[:50]) == together[:50]


def test_a_star_without_position_keeps_its_name() -> None:
    assert sky_names([np.nan, 1.0], [2.0, np.nan], ["a", "b"]) == ["a", "b"]
    assert sky_names([], [], []) == []


def test_a_survey_is_left_out_with_its_stars() -> None:
    survey = ["asas"] * 3 + ["crts"] * 3
    place = ["p", "q", "r", "r", "s", "t"]
    rounds = {name: (train, test) for name, train, test in leave_one_survey_out(survey, place)}
    assert sorted(rounds) == ["asas", "crts"]
    train, test = rounds["crts"]
    assert test.tolist() == [False] * 3 + [True] * 3
    assert train.tolist() == [True, True, False, False, False, False]  # r is a test star
    assert next(iter(leave_one_survey_out(survey)))[1].sum() == 3


def test_stars_of_two_real_surveys_fall_on_one_side(shared_data) -> None:
    import pyarrow.parquet as pq

    a, c = (
        pq.read_table(shared_data / "lightcurves" / f"{name}_labels.parquet") for name in ("asas3_acvs", "crts_sss")
    )
    ra, dec = (np.r_[a[column].to_numpy(), c[column].to_numpy()] for column in ("ra", "dec"))
    names = a["object_id"].to_pylist() + c["object_id"].to_pylist()
    from goodricke.surveys.positions import same_place

    fold = dict(zip(names, folds_on_sky(ra, dec, names, 5).tolist(), strict=True))
    # The same period in both catalogues: 20.137 and 20.139 d; 2.9382 and 2.93854 d; 0.35984 and 0.359843 d.
    pairs = {"ASAS_152181": "3023149021303", "ASAS_153415": "3033033004814", "ASAS_149575": "3049018005115"}
    for one, other in pairs.items():
        assert fold[one] == fold[other], one
    group = same_place(ra, dec, 60.0)
    for place in np.intersect1d(group[: len(a)], group[len(a) :]):
        assert len({fold[names[k]] for k in np.flatnonzero(group == place)}) == 1
