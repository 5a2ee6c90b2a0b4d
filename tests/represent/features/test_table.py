"""The contract that every group and feature keeps, and the table itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import goodricke as gr
from goodricke.clean import clean
from goodricke.errors import OptionError
from goodricke.examples import path as example
from goodricke.period import Periods
from goodricke.represent.features import GROUPS, FeatureTable, describe, features
from goodricke.represent.features.table import NEED_PERIODS, ON_REQUEST, group
from represent import made

ROWS = {str(row["name"]): row for row in describe()}
ALL = list(GROUPS)


@pytest.fixture(scope="module")
def ordinary() -> tuple[gr.LightCurves, Periods, FeatureTable]:
    lcs = made.ordinary()
    periods = made.true_periods(lcs)
    return lcs, periods, features(lcs, periods, ALL)


def in_range(table: FeatureTable) -> None:
    assert table.values.dtype == np.float32
    for name in table.names:
        column = table.column(name)
        known = column[~np.isnan(column)]
        # float32 of a bound may lie a rounding beyond it
        assert (known >= np.float32(ROWS[name]["low"])).all(), name
        assert (known <= np.float32(ROWS[name]["high"])).all(), name


@pytest.mark.parametrize("name", ALL)
def test_a_group_computes_what_it_lists(name: str, ordinary: tuple[gr.LightCurves, Periods, FeatureTable]) -> None:
    lcs, periods, _ = ordinary
    listed = [feature.name for feature in group(name).FEATURES]
    assert list(features(lcs, periods, [name]).names) == listed
    from goodricke.represent.features.curves import Curves

    with np.errstate(all="ignore"):
        found = group(name).compute(Curves(lcs, periods))
    assert set(found) == set(listed)
    assert all(values.shape == (len(lcs),) for values in found.values())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_feature_is_described(name: str) -> None:
    row = ROWS[name]
    meaning = str(row["meaning"])
    assert meaning[0].isupper()
    assert meaning.endswith(".")
    assert 20 < len(meaning) < 200 or name in ("log_period", "log_cycles", "log_error")
    assert row["low"] < row["high"]  # type: ignore[operator]
    assert row["unit"] in ("", "d", "mag", "flux", "flux/d", "1/d")
    # A logarithm of a flux gains the logarithm of the factor; a flux is multiplied; all else stays.
    if row["scale"] != "free":
        by_flux = str(row["unit"]).startswith("flux")
        assert row["scale"] == (("log" if name.startswith("log_") else "times") if by_flux else "same")
    assert name not in GROUPS


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_feature_tells_ordinary_stars_apart(
    name: str, ordinary: tuple[gr.LightCurves, Periods, FeatureTable]
) -> None:
    column = ordinary[2].column(name)
    known = column[np.isfinite(column)]
    assert len(known)
    constant = ("power", "log_false_alarm", "log_rival_2", "log_rival_3", "log_colour_base", "profile_00")
    if not name.endswith(("probability", "probability_lead")) and name not in constant:
        assert np.ptp(known) > 0
    low, high = float(ROWS[name]["low"]), float(ROWS[name]["high"])  # type: ignore[arg-type]
    if low < -1 and high > 1:  # a range that has no natural end is not reached
        assert (known > low).all()
        assert (known < high).all()


def test_shift_and_scale_do_what_is_said(ordinary: tuple[gr.LightCurves, Periods, FeatureTable]) -> None:
    lcs, periods, table = ordinary
    shifted = features(replace(lcs, flux=lcs.flux + np.float32(0.5)), periods, ALL)
    scaled = features(replace(lcs, flux=8 * lcs.flux, flux_err=8 * lcs.flux_err), periods, ALL)
    for name in table.names:
        before = table.column(name)
        for behaviour, found in ((ROWS[name]["shift"], shifted), (ROWS[name]["scale"], scaled)):
            after = found.column(name)
            if behaviour == "free":
                assert not np.allclose(after, before, rtol=1e-3, equal_nan=True), name
                continue
            expected = {"same": before, "times": 8 * before, "log": before + np.log10(8.0)}[str(behaviour)]
            # The fluxes are exact; what is left is rounding in sums, a few 1e-7 of numbers of order 1.
            np.testing.assert_allclose(after, expected, rtol=2e-4, atol=2e-5, err_msg=name)


def test_the_other_stars_do_not_matter(ordinary: tuple[gr.LightCurves, Periods, FeatureTable]) -> None:
    lcs, periods, table = ordinary
    extra = made.hostile()
    mixed = gr.concatenate([extra, lcs[::-1], extra])
    best = np.concatenate([np.full(len(extra), 3.3), periods.period[::-1, 0], np.full(len(extra), 3.3)])
    among = features(mixed, made.periods_of(mixed, best), ALL).values[len(extra) : -len(extra)][::-1]
    np.testing.assert_allclose(among, table.values, rtol=1e-6, atol=1e-6)
    for k in range(len(lcs)):
        alone = lcs[k : k + 1]
        found = features(alone, made.periods_of(alone, periods.period[k, 0]), ALL).values[0]
        np.testing.assert_allclose(found, table.values[k], rtol=1e-6, atol=1e-6)


def test_pieces_do_not_matter(
    monkeypatch: pytest.MonkeyPatch, ordinary: tuple[gr.LightCurves, Periods, FeatureTable]
) -> None:
    lcs, periods, table = ordinary
    monkeypatch.setattr("goodricke.represent.features.table._PIECE", 700)
    np.testing.assert_allclose(features(lcs, periods, ALL).values, table.values, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("period", [0.7, 1e-9, 1e9, np.nan, 0.0, -1.0, np.inf])
def test_hostile_stars_give_numbers_or_nan(period: float) -> None:
    lcs = made.hostile()
    table = features(lcs, made.periods_of(lcs, period), ALL)
    in_range(table)
    row = dict(zip(lcs.object_id, table.values, strict=True))
    where = table.names.index
    assert np.isnan(row["empty"][: where("log_period")]).all()
    assert row["one"][where("log_n")] == 0
    for name in ("skew", "log_scatter", "eta", "log_structure_8d", "stetson_k", "log_a1", "log_depth", "log_chi2"):
        assert np.isnan(row["equal"][where(name)]), name
        assert np.isnan(row["one"][where(name)]), name
    if not 0 < period < np.inf:
        assert np.isnan(table.column("log_a1")).all()
        assert np.isnan(table.column("log_theta")).all()
    else:
        assert np.isfinite(row["tiny errors"][where("log_a1")])
    assert np.isnan(row["negative"][where("amplitude_mag")])


def test_random_stars_keep_the_ranges() -> None:
    rng = np.random.default_rng(8)
    length = rng.integers(0, 60, 200)
    m = int(length.sum())
    time = np.sort(10.0 ** rng.uniform(-3, 4, m))
    lcs = gr.LightCurves.from_arrays(
        time, flux=rng.standard_t(1.5, m), err=10.0 ** rng.uniform(-3, 1, m),
        object_id=np.repeat(np.arange(200), length).astype(str), band=rng.choice(["g", "r", "V", "mine"], m),
    )  # fmt: skip
    in_range(features(lcs, made.periods_of(lcs, 10.0 ** rng.uniform(-2, 3, len(lcs))), ALL))


def test_real_stars_keep_the_ranges() -> None:
    for file in ("ztf_rrab.csv", "gaia_dr3_beta_lyrae_type.csv", "asassn_algol_type.csv", "atlas_mira.txt"):
        lcs = clean(gr.read(example(file)))
        table = features(lcs, made.periods_of(lcs, 1.234), ALL)
        in_range(table)
        assert np.isfinite(table.values).mean() > 0.8, file


def test_real_survey_stars_are_inside_the_ranges(shared_data: object) -> None:
    lcs = clean(gr.read(f"{shared_data}/lightcurves/css_lsstepo_small_obs.parquet"))
    table = features(lcs, made.periods_of(lcs, 0.4567), ALL)
    in_range(table)
    assert np.isfinite(table.column("log_theta")).all()


def test_no_periods_means_no_period_groups() -> None:
    lcs = made.uneven()
    names = features(lcs).names
    assert {ROWS[name]["group"] for name in names} == set(GROUPS) - NEED_PERIODS
    with_periods = features(lcs, made.periods_of(lcs, 37.0)).names
    assert {ROWS[name]["group"] for name in with_periods} == set(GROUPS) - ON_REQUEST
    with pytest.raises(OptionError, match=r"'log_theta' needs periods"):
        features(lcs, names=["skew", "log_theta"])


def test_names_choose_and_order() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["eta", "sampling", "skew", "eta"])
    assert table.names[0] == "eta"
    assert table.names[-1] == "skew"
    assert len(table.names) == 2 + len(group("sampling").FEATURES)
    assert len(table) == len(lcs)
    np.testing.assert_array_equal(table.column("skew"), features(lcs).column("skew"))


def test_wrong_names_and_rows_are_refused() -> None:
    lcs = made.uneven()
    with pytest.raises(OptionError, match=r"'skwe'; did you mean 'skew'"):
        features(lcs, names=["skwe"])
    with pytest.raises(OptionError, match="python -m"):
        features(lcs, names=["@@@"])
    with pytest.raises(OptionError, match="did you mean 'eta'"):
        features(lcs, names=["eta"]).column("etta")
    with pytest.raises(OptionError, match="periods of 4 stars for 3"):
        features(lcs[:3], made.periods_of(lcs, 1.0))
    with pytest.raises(OptionError, match="another order"):
        features(lcs[::-1], made.periods_of(lcs, 1.0))


def test_no_stars_give_no_rows() -> None:
    assert features(gr.LightCurves.empty()).values.shape == (0, len(features(made.uneven()).names))
