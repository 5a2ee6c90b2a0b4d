from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy import special

from goodricke.decide.velocity_scatter import VelocityErrors, velocity_scatter
from goodricke.errors import DataError
from goodricke.output import write_table
from goodricke.output.reading_tables import read_table
from goodricke.output.spectral_catalogue import catalogue_words, stars_of


def spectra(n: int = 200, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    star = rng.integers(0, n // 2, n)
    p = rng.random(n)
    status = np.where(rng.random(n) < 0.15, "abstained", "ok")
    return pa.table(
        {
            "object_id": [f"s{k}" for k in star],
            "survey": rng.choice(["lamost", "sdss"], n, p=[0.8, 0.2]),
            "ra": 10.0 + star,
            "dec": -5.0 + 0.1 * star,
            "mjd": rng.uniform(55000, 58000, n),
            "velocity": np.where(rng.random(n) < 0.1, np.nan, rng.normal(0, 8, n)),
            "snr": rng.uniform(5, 90, n),
            "prob_BINARY": p,
            "found_share": rng.random(n),
            "detectability": [f"words {k}" for k in range(n)],
            "parallax": star / 7.0,
            "status": status,
            "reason": np.where(status == "ok", "", "too noisy"),
        }
    )


def test_every_number_agrees_with_a_loop_over_stars() -> None:
    table = spectra()
    found = stars_of(table, prior=0.4, correlation=0.3, carried=("parallax",))
    rows = table.to_pylist()
    names = list(dict.fromkeys(row["object_id"] for row in rows))
    assert found["object_id"].to_pylist() == names
    errors = VelocityErrors()
    for star in found.to_pylist():
        mine = [row for row in rows if row["object_id"] == star["object_id"]]
        good = [row for row in mine if row["status"] == "ok"]
        assert (star["n_epochs"], star["n_answers"]) == (len(mine), len(good))
        best = max(mine, key=lambda row: row["snr"])
        assert (star["snr"], star["survey"], star["parallax"]) == (best["snr"], best["survey"], best["parallax"])
        if not good:
            assert star["prob_BINARY"] is None
            assert (star["status"], star["reason"]) == ("abstained", "too noisy")
            continue
        assert (star["status"], star["reason"]) == ("ok", "")
        p = np.array([row["prob_BINARY"] for row in good])
        assert star["prob_max"] == p.max()
        assert star["prob_min"] == p.min()
        base = special.logit(0.4)
        together = base + np.sum(special.logit(p) - base) / (1 + (len(p) - 1) * 0.3)
        assert special.logit(star["prob_spectra"]) == pytest.approx(together, rel=1e-4, abs=1e-4)
        shown = max(good, key=lambda row: row["found_share"])
        assert (star["found_share"], star["detectability"]) == (shown["found_share"], shown["detectability"])
        moving = [row for row in good if np.isfinite(row["velocity"])]
        counts = {name: sum(row["survey"] == name for row in moving) for name in ("lamost", "sdss")}
        if counts["lamost"] == counts["sdss"]:
            continue
        main = [row for row in moving if row["survey"] == max(counts, key=counts.__getitem__)]
        assert star["rv_n"] == len(main)
        alone = velocity_scatter(
            [row["velocity"] for row in main],
            errors.of_snr([row["snr"] for row in main]),
            ["x"] * len(main),
            [row["mjd"] for row in main],
        )
        if len(main) > 1:
            assert star["rv_difference"] == pytest.approx(alone.difference[0])
            assert star["rv_log_ratio"] == pytest.approx(alone.log_ratio[0], abs=1e-3)
            expected = special.logit(star["prob_spectra"]) + star["rv_log_ratio"]
            assert special.logit(star["prob_BINARY"]) == pytest.approx(expected, abs=1e-6)
        else:
            assert star["rv_difference"] is None
            assert star["rv_log_ratio"] is None
            assert star["prob_BINARY"] == pytest.approx(star["prob_spectra"])


def test_velocities_can_be_left_out() -> None:
    found = stars_of(spectra(), use_velocities=False)
    assert found["prob_BINARY"].equals(found["prob_spectra"])


def test_a_table_of_two_columns_is_enough() -> None:
    found = stars_of(pa.table({"object_id": [7, 7, 8], "prob_BINARY": [0.6, None, 0.2]}))
    assert found["object_id"].to_pylist() == ["7", "8"]
    assert found["n_answers"].to_pylist() == [1, 1]
    assert found["rv_chi2"].null_count == 2


def test_given_errors_have_the_floor_of_the_plates() -> None:
    rows = {"object_id": ["a", "a"], "prob_BINARY": [0.5, 0.5], "velocity": [0.0, 12.0], "velocity_err": [0.1, 0.1]}
    found = stars_of(pa.table(rows)).to_pylist()[0]
    assert found["rv_chi2"] == pytest.approx(144 / (2 * (4.0**2 + 0.1**2)))


def test_an_empty_table_gives_an_empty_one() -> None:
    found = stars_of(spectra()[:0])
    assert found.num_rows == 0
    assert catalogue_words(found)[0].startswith("0 binaries of 0 stars")


def test_it_can_be_written_and_read(tmp_path: object) -> None:
    found = stars_of(spectra())
    for suffix in ("parquet", "fits", "csv", "ecsv", "xml"):
        path = f"{tmp_path}/stars.{suffix}"
        write_table(found, path)
        back = read_table(path)
        assert back.num_rows == found.num_rows
        one, other = (table["prob_BINARY"].fill_null(-1.0).to_numpy() for table in (back, found))
        np.testing.assert_allclose(np.nan_to_num(one, nan=-1.0), other, rtol=1e-6)


def test_counts_of_the_catalogue() -> None:
    found = stars_of(spectra())
    p = np.array(found["prob_BINARY"].to_numpy(zero_copy_only=False))
    said = catalogue_words(found)[0]
    assert f"{int(np.sum(p > 0.5))} binaries of {int(np.isfinite(p).sum())} stars" in said
    assert f"{int(np.sum(p > 0.8))} at p > 0.8" in said
    assert f"{int(np.isnan(p).sum())} stars without an answer" in said


def test_missing_columns_are_named() -> None:
    with pytest.raises(DataError, match="prob_BINARY"):
        stars_of(pa.table({"object_id": ["a"]}))
    with pytest.raises(DataError, match="colour"):
        stars_of(spectra(), carried=("colour",))
