from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import DataError, OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, classify, early
from goodricke.line.early import as_known, classify_as_of
from goodricke.predictions import Predictions
from line.made import bad_stars, good_stars, soft_model
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")

MOMENTS = "30p,45p,60p,90p"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return soft_model(small_bundle(tmp_path_factory))


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return good_stars()


@pytest.fixture(scope="module")
def found(model: Model, stars: LightCurves) -> Predictions:
    return classify_as_of(stars, model, MOMENTS)


def assert_near(one: pa.Table, two: pa.Table, tolerance: float = 1e-6) -> None:
    """The same rows but for the rounding of fluxes to float32, 6e-8, which the period search may raise tenfold."""
    assert one.column_names == two.column_names
    for name in one.column_names:
        a, b = (table[name].to_numpy(zero_copy_only=False) for table in (one, two))
        if a.dtype.kind == "f":
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=name)
        else:
            assert a.tolist() == b.tolist(), name


def stream(table: pa.Table) -> bytes:
    """Every byte of a table."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


def rows(found: Predictions, keep: Any) -> pa.Table:
    # Through Python and back: bytes that no value stands in (below nulls) may be anything.
    table = found.table.filter(pa.array(keep))
    return pa.Table.from_pylist(table.to_pylist(), schema=table.schema)


# The future says nothing of the past ------------------------------------------------------------------------------


def brighter(lcs: LightCurves, later: Any) -> LightCurves:
    return replace(lcs, flux=np.where(later, 40.0 * lcs.flux, lcs.flux).astype(np.float32))


def wild_errors(lcs: LightCurves, later: Any) -> LightCurves:
    return replace(lcs, flux_err=np.where(later, 1e3, lcs.flux_err).astype(np.float32))


def tiny_errors(lcs: LightCurves, later: Any) -> LightCurves:
    return replace(lcs, flux_err=np.where(later, 1e-6, lcs.flux_err).astype(np.float32))


def noise(lcs: LightCurves, later: Any) -> LightCurves:
    rng = np.random.default_rng(5)
    return replace(lcs, flux=np.where(later, rng.uniform(0.1, 3.0, lcs.n_points), lcs.flux).astype(np.float32))


def nothing(lcs: LightCurves, later: Any) -> LightCurves:
    return replace(lcs, flux=np.where(later, np.nan, lcs.flux).astype(np.float32))


def another_band(lcs: LightCurves, later: Any) -> LightCurves:
    wide = {name: np.repeat(getattr(lcs, name), 2, axis=1) for name in ("ref_mag", "ref_flux")}
    return replace(lcs, band=later.astype(np.int8), bands=("unknown", "other"), **wide)


def much_later(lcs: LightCurves, later: Any) -> LightCurves:
    return replace(lcs, time=np.where(later, lcs.time + 5000.0, lcs.time))


@pytest.fixture(scope="module")
def three(stars: LightCurves) -> tuple[LightCurves, list[float], Any]:
    """Stars, times before and after the 50th point of each, and which rows at these times lie before."""
    times = stars.time[stars.offsets[:3, None] + np.array([34, 49])].ravel()
    asked = sorted([*times, 1e6])
    return stars[:3], asked, np.array([[time <= times[2 * k + 1] for time in asked] for k in range(3)]).ravel()


@pytest.fixture(scope="module")
def before(three: tuple[LightCurves, list[float], Any], model: Model) -> Predictions:
    return classify_as_of(three[0], model, three[1])


@pytest.mark.parametrize(
    "change", [brighter, wild_errors, tiny_errors, noise, nothing, another_band, much_later], ids=lambda f: f.__name__
)
def test_whatever_comes_later_the_past_is_the_same_to_the_byte(
    change: Callable[[LightCurves, Any], LightCurves],
    before: Predictions,
    three: tuple[LightCurves, list[float], Any],
    model: Model,
) -> None:
    lcs, asked, past = three
    later = lcs.time > np.repeat(lcs.time[lcs.offsets[:-1] + 49], lcs.lengths)
    after = classify_as_of(change(lcs, later), model, asked)
    assert stream(rows(after, past)) == stream(rows(before, past))
    assert stream(rows(after, ~past)) != stream(rows(before, ~past))
    assert 6 < past.sum() < len(past) - 3
    assert "ok" in before.column("status")[past]


@pytest.mark.parametrize("later", [1.0, 16.0, 2.0**-6])
def test_rows_are_those_of_stars_that_ended_then(later: float, model: Model) -> None:
    """From the measurements on: a curve cut by hand, read and classified, for futures at several levels.

    All levels are powers of two, so that nothing is rounded on the way and every byte must be the same.
    """
    rng = np.random.default_rng(3)
    time = np.sort(rng.uniform(0.0, 3000.0, 401))
    dip = np.maximum(0.5 - 5.0 * np.abs((time / 1.7) % 1 - 0.5), 0.0) + rng.choice(
        [0.0, -0.02, 0.02], 401, p=[0.7, 0.15, 0.15]
    )
    flux = 1.0 - np.round(dip * 4096) / 4096
    flux[70:] *= later
    err = np.full(401, 2.0**-6)
    assert np.median(flux) == later
    whole = LightCurves.from_arrays(time, flux=flux, err=err, object_id="s", time_frame="MJD_UTC")
    for n in (29, 50, 70):
        assert np.median(flux[:n]) == 1.0
        cut = LightCurves.from_arrays(time[:n], flux=flux[:n], err=err[:n], object_id="s", time_frame="MJD_UTC")
        then = classify_as_of(whole, model, f"{n}p")
        assert (then[0]["as_of"], then[0]["time_frame"]) == (time[n - 1], "MJD_UTC")
        by_hand = classify(cut, model)
        assert then.table.drop_columns(["as_of", "time_frame"]).to_pylist() == by_hand.table.to_pylist()


@pytest.mark.parametrize("kind", ["mag", "flux", "difference", "no errors", "two bands"])
def test_a_star_is_read_anew(kind: str) -> None:
    """Level, unit and estimated errors are of the points up to then, as if no others had ever been read."""
    rng = np.random.default_rng(8)
    time = np.arange(60.0)
    value = rng.normal(0.0 if kind == "difference" else 10.0, 0.1, 60)
    value[30:] += 4.0 * rng.normal(size=30) + 2.0
    columns: dict[str, Any] = {"mag" if kind == "mag" else "flux": value}
    if kind != "no errors":
        columns["err"] = rng.uniform(0.05, 0.1, 60)
    if kind == "two bands":
        columns["band"] = np.array(["g", "r"])[np.arange(60) % 2]

    def read(n: int) -> LightCurves:
        cut = {name: column[:n] for name, column in columns.items()}
        made = LightCurves.from_arrays(time[:n], **cut, zero_point=25.0)
        return replace(made, difference=np.array([kind == "difference"]))

    then, cut = as_known(read(60), np.array([0]), np.array([29.5])), read(30)
    assert then.lengths.tolist() == [30]
    if kind == "difference":  # made without a reader of difference fluxes: only ratios are to be compared
        unit = np.median(np.abs(value[:30]))
        np.testing.assert_allclose(then.flux, value[:30] / unit, rtol=2e-6)
        assert then.difference.all()
        return
    # Errors estimated from steps of 1% of the flux know the fluxes, held to 6e-8, a hundred times worse.
    for name in ("flux", "flux_err", "ref_mag", "ref_flux", "time", "band"):
        rough = kind == "no errors" and name == "flux_err"
        np.testing.assert_allclose(getattr(then, name), getattr(cut, name), rtol=1e-5 if rough else 1e-6, err_msg=name)
    assert then.bands == cut.bands
    if kind == "no errors":
        assert read(60).flux_err[0] > 3 * cut.flux_err[0]  # the future is wild


def test_stars_of_both_kinds_keep_their_places(stars: LightCurves) -> None:
    mixed = replace(stars, difference=np.array([False, True, False, True, False]))
    star = np.array([3, 0, 1, 4, 3])
    then = as_known(mixed, star, mixed.time[mixed.offsets[star] + np.array([29, 39, 49, 59, 89])])
    assert then.object_id.tolist() == [f"good {k}" for k in star]
    assert then.lengths.tolist() == [30, 40, 50, 60, 90]
    assert then.difference.tolist() == [True, False, True, False, True]
    np.testing.assert_array_equal(then[0].time, mixed[3].time[:30])
    assert then.frames == mixed.frames
    assert as_known(mixed, star[:0], np.empty(0)).bands == mixed.bands


# Rows -------------------------------------------------------------------------------------------------------------


def test_one_row_per_star_and_moment_in_order(found: Predictions, stars: LightCurves) -> None:
    assert len(found) == 20
    assert found.column("object_id").tolist() == [f"good {k}" for k in range(5) for _ in range(4)]
    assert found.table.column_names[:5] == ["object_id", "survey", "as_of", "time_frame", "ra"]
    assert found.column("n_points").tolist() == [30, 45, 60, 90] * 5  # nothing is clipped of these
    np.testing.assert_array_equal(
        found.column("as_of"), stars.time[stars.offsets[:-1, None] + np.array([29, 44, 59, 89])].ravel()
    )
    assert found.provenance["model"] == "small-1"


def test_the_last_moment_is_what_classify_says(found: Predictions, model: Model, stars: LightCurves) -> None:
    last = found.table.filter(pa.array(np.arange(20) % 4 == 3)).drop_columns(["as_of", "time_frame"])
    assert_near(last, classify(stars, model).table)


def test_too_few_points_fail_with_the_reason(model: Model, stars: LightCurves) -> None:
    first = float(stars.time.min())
    some = classify_as_of(stars[:1], model, [first - 1.0, first, "19p", "20p", "91p"])
    reasons = [row["reason"] for row in some]
    assert reasons[:3] == [f"{n} points are too few for a period: 20 is the least" for n in (0, 1, 19)]
    assert some.column("status").tolist()[:3] == ["failed"] * 3
    assert some[3]["label"]
    never = some[4]
    assert (never["status"], never["reason"]) == ("failed", "90 points, and 91 were asked for")
    assert never["as_of"] is never["label"] is None
    assert some.column("n_points").tolist() == [0, 1, 19, 20, 0]


def test_stars_without_use_and_no_stars(model: Model, found: Predictions, stars: LightCurves) -> None:
    bad = concatenate([lcs for lcs, _ in bad_stars().values()])
    some = classify_as_of(concatenate([bad, stars[:1]]), model, 3)
    assert some.table.schema.equals(found.table.schema)
    assert set(some.column("object_id")) == {*bad_stars(), "good 0"}
    status = dict(zip(some.column("object_id").tolist(), some.column("status").tolist(), strict=True))
    assert status.pop("good 0") == "ok"
    assert set(status.values()) == {"failed"}
    for none in (stars[:0], LightCurves.empty()):
        empty = classify_as_of(none, model, 3)
        assert len(empty) == 0
        assert empty.table.schema.equals(found.table.schema)


def test_portions_do_not_show(
    found: Predictions, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early, "_POINTS", 200)
    done: list[int] = []
    parts = classify_as_of(stars, model, MOMENTS, on_rows=done.append)
    assert sum(done) == 20
    assert len(done) > 4
    assert_near(parts.table, found.table, 1e-12)
    assert parts.provenance == found.provenance


def test_periods_that_are_known_are_known_from_the_first_point(model: Model, stars: LightCurves) -> None:
    known = [2.1, 0.5, 0.6, 1.0, 1.3]
    given = classify_as_of(stars, model, "30p,60p", period_days=known)
    assert given.column("period_days").tolist() == np.repeat(known, 2).tolist()
    assert set(classify_as_of(stars, model, "30p", period_days=0.7).column("period_days")) == {0.7}
    with pytest.raises(DataError, match="one for each of the 5 stars"):
        classify_as_of(stars, model, "30p", period_days=[1.0, 2.0])


def test_shares_may_be_given_but_not_estimated(found: Predictions, model: Model, stars: LightCurves) -> None:
    shifted = classify_as_of(stars, model, MOMENTS, priors={"EA": 0.9})
    assert (shifted.column("prob_EA") >= found.column("prob_EA")).all()
    with pytest.raises(OptionError, match="give them as numbers"):
        classify_as_of(stars, model, MOMENTS, priors="estimate")


def test_two_stars_of_one_name_are_kept_apart(found: Predictions, model: Model, stars: LightCurves) -> None:
    twins = replace(stars[:2], object_id=np.array(["twin", "twin"]))
    both = classify_as_of(twins, model, MOMENTS)
    assert both.label.tolist() == found.label[:8].tolist()
    np.testing.assert_array_equal(both.column("as_of"), found.column("as_of")[:8])


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".ecsv", ".fits", ".xml"])
def test_the_table_can_be_written(suffix: str, model: Model, stars: LightCurves, tmp_path: Path) -> None:
    from goodricke.output.reading_tables import read_table

    classify_as_of(stars[:1], model, "10p,40p,100p").write(tmp_path / f"t{suffix}")
    written = read_table(tmp_path / f"t{suffix}").to_pylist()
    assert [row["status"] for row in written] == ["failed", "ok", "failed"]
    assert written[1]["as_of"] == pytest.approx(stars.time[39], abs=1e-9)
    assert written[2]["as_of"] is None or np.isnan(written[2]["as_of"])


def test_the_model_that_ships_takes_part(stars: LightCurves) -> None:
    some = classify_as_of(stars[:1], moments="60p,90p")
    assert some.label.tolist() == ["EA", "EA"]
    assert some[0]["model"].startswith("variables-")
