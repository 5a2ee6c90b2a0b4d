"""Assembly against a loop over stars and bands that does the same in the obvious way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.lightcurves import DROP_REASONS, LightCurves, Measurements, assemble
from goodricke.lightcurves.assemble import renormalised
from goodricke.timeframes import TimeFrame

LN = np.log(10.0) / 2.5


def measurements(
    kind: str = "mag", stars: int = 4, points: int = 200, bands: int = 1, seed: int = 0, **change: Any
) -> Measurements:
    """Points of all stars and bands in wild order."""
    rng = np.random.default_rng(seed)
    value = rng.normal(12.0, 0.5, points) if kind == "mag" else rng.normal(500.0, 30.0, points)
    if kind == "difference":
        value -= 500.0
    columns: dict[str, Any] = {
        "object_id": np.array([f"s{i}" for i in range(stars)]),
        "time": rng.uniform(0, 100, points),
        "value": value,
        "error": rng.uniform(0.01, 0.1, points) * (1.0 if kind == "mag" else 100.0),
        "kind": kind,
        "star": rng.integers(0, stars, points),
        "band": rng.integers(0, bands, points).astype(np.int8),
        "bands": tuple("grizy"[:bands]),
        "frame": TimeFrame.parse("MJD"),
        "zero_point": np.array([25.0, 24.0, 23.0, 22.0, 21.0][:bands]),
    }
    return Measurements(**{**columns, **change})


def reason(m: Measurements, k: int, mask: int) -> str:
    if m.limit is not None and m.limit[k]:
        return "limit"
    if m.kind == "mag" and abs(m.value[k]) > 90:
        return "limit"
    if m.quality is not None and m.quality[k] & mask:
        return "quality"
    if not (np.isfinite(m.time[k]) and np.isfinite(m.value[k])):
        return "not_finite"
    if m.error is not None and not (np.isfinite(m.error[k]) and m.error[k] > 0):
        return "error"
    return ""


def brute(m: Measurements, mask: int = 0) -> list[dict[str, Any]]:
    """Every star the slow way: rows (time, flux, error, band), levels and drops."""
    result = []
    for i in range(len(m.object_id)):
        mine = [k for k in range(len(m.time)) if m.star is None or m.star[k] == i]
        dropped = dict.fromkeys(DROP_REASONS, 0)
        kept = []
        for k in mine:
            why = reason(m, k, mask)
            if why:
                dropped[why] += 1
            else:
                kept.append(k)
        kept.sort(key=lambda k: m.time[k])
        flux = {k: 10 ** (-0.4 * m.value[k]) if m.kind == "mag" else float(m.value[k]) for k in kept}
        band = {k: 0 if m.band is None else int(m.band[k]) for k in kept}
        by_band = {b: [flux[k] for k in kept if band[k] == b] for b in range(len(m.bands))}
        difference = m.kind == "difference" or any(v and np.median(v) <= 0 for v in by_band.values())
        level = {b: (np.median(np.abs(v)) if difference else np.median(v)) if v else np.nan for b, v in by_band.items()}
        error = {}
        for k in kept:
            assert m.error is not None
            error[k] = float(m.error[k]) * (flux[k] * LN if m.kind == "mag" else 1.0)
        result.append(
            {
                "time": [float(m.time[k]) for k in kept],
                "flux": [flux[k] / level[band[k]] for k in kept],
                "flux_err": [error[k] / level[band[k]] for k in kept],
                "band": [band[k] for k in kept],
                "level": [level[b] for b in range(len(m.bands))],
                "difference": difference,
                "dropped": [dropped[name] for name in DROP_REASONS],
            }
        )
    return result


def assert_same(lcs: LightCurves, m: Measurements, mask: int = 0) -> None:
    zero = np.broadcast_to(np.asarray(m.zero_point, dtype=float), (len(m.bands),))
    for i, expected in enumerate(brute(m, mask)):
        one = lcs[i].batch
        assert one.time.tolist() == expected["time"]
        assert one.band.tolist() == expected["band"]
        assert one.dropped[0].tolist() == expected["dropped"]
        assert bool(one.difference[0]) == expected["difference"]
        # float32 keeps 7 digits
        assert np.allclose(one.flux, expected["flux"], rtol=2e-7, atol=1e-12)
        assert np.allclose(one.flux_err, expected["flux_err"], rtol=2e-7, atol=1e-12)
        level = np.array(expected["level"])
        if m.kind == "mag":
            assert np.allclose(one.ref_mag[0], -2.5 * np.log10(level), atol=1e-9, equal_nan=True)
            assert np.isnan(one.ref_flux).all()
        else:
            assert np.allclose(one.ref_flux[0], level, rtol=1e-12, equal_nan=True)
            assert np.allclose(one.ref_mag[0], zero - 2.5 * np.log10(level), atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("kind", ["mag", "flux", "difference"])
@pytest.mark.parametrize("bands", [1, 2, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_against_a_loop(kind: str, bands: int, seed: int) -> None:
    m = measurements(kind, bands=bands, seed=seed)
    lcs = assemble(m, "made")
    assert_same(lcs, m)
    assert not lcs.meta
    assert set(lcs.survey) == {"made"}
    assert lcs.frames == (TimeFrame.parse("MJD"),)


def spoiled(kind: str, seed: int = 3) -> Measurements:
    """Everything that can be wrong with a point, often several things at once."""
    rng = np.random.default_rng(seed)
    m = measurements(kind, stars=5, points=600, bands=3, seed=seed)
    time, value, error = m.time.copy(), m.value.copy(), np.asarray(m.error).copy()
    for array, bad in (
        (time, [np.nan, np.inf]),
        (value, [np.nan, -np.inf] + [99.99, 99.999, -99.9, 9999.0] * (kind == "mag")),
        (error, [np.nan, np.inf, 0.0, -1.0, 99.99]),
    ):
        hit = rng.random(600) < 0.15
        array[hit] = rng.choice(bad, hit.sum())
    return measurements(
        kind, stars=5, points=600, bands=3, seed=seed, time=time, value=value, error=error,
        limit=rng.random(600) < 0.1, quality=rng.integers(0, 8, 600),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["flux", "difference"])
@pytest.mark.parametrize("mask", [0, 2, 5])
def test_what_is_dropped_and_why(kind: str, mask: int) -> None:
    m = spoiled(kind)
    lcs = assemble(m, "made", mask)
    assert_same(lcs, m, mask)
    assert lcs.n_points + lcs.dropped.sum() == 600
    assert (lcs.flux_err > 0).all()


@pytest.mark.parametrize("mask", [0, 2])
def test_magnitudes_that_stand_for_no_detection(mask: int) -> None:
    m = spoiled("mag")
    infinite = np.isinf(m.value)
    m = measurements("mag", stars=5, points=600, bands=3, seed=3, time=m.time, error=m.error, limit=m.limit,
                     quality=m.quality, value=np.where(infinite, np.nan, m.value))  # fmt: skip
    assert_same(assemble(m, "made", mask), m, mask)


def test_medians_are_one_per_star_and_band() -> None:
    lcs = assemble(measurements(bands=3), "made")
    for star in lcs:
        for name in star.bands:
            assert np.median(star.select_band(name).flux) == pytest.approx(1.0, abs=2e-7)


def test_negative_medians_keep_their_sign() -> None:
    m = Measurements.from_columns([1, 2, 3], flux=[-4.0, -2.0, 1.0], err=[1.0, 1.0, 1.0])
    lcs = assemble(m, "made")
    assert lcs.difference.tolist() == [True]
    assert lcs.flux.tolist() == [-2.0, -1.0, 0.5]
    assert lcs.ref_flux.tolist() == [[2.0]]
    # A flux of zero has no size to be relative to; its own unit is kept.
    zero = assemble(Measurements.from_columns([1, 2], flux=[0.0, 0.0], err=[1.0, 2.0]), "made")
    assert zero.flux_err.tolist() == [1.0, 2.0]


def test_equal_times_keep_their_order() -> None:
    m = Measurements.from_columns([5, 1, 5, 5], flux=[2.0, 4.0, 3.0, 1.0], err=[1, 1, 1, 1])
    assert (assemble(m, "made").flux * 2.5).tolist() == [4.0, 2.0, 3.0, 1.0]


def test_a_star_that_loses_every_point_stays() -> None:
    m = measurements(error=np.zeros(200))
    lcs = assemble(m, "made")
    assert lcs.lengths.tolist() == [0, 0, 0, 0]
    assert lcs.dropped[:, DROP_REASONS.index("error")].sum() == 200
    assert np.isnan(lcs.ref_mag).all()


def test_no_points_and_a_star_without_points() -> None:
    assert assemble(Measurements.from_columns([], flux=[]), "made").n_points == 0
    m = measurements(stars=2, points=3, star=np.array([1, 1, 1]))
    assert assemble(m, "made").lengths.tolist() == [0, 3]


def test_meta_position_and_variant_are_kept() -> None:
    m = measurements(stars=2, ra=np.array([1.0, 2.0]), dec=np.array([3.0, 4.0]), meta={"x": np.array([5, 6])},
                     variant="20s")  # fmt: skip
    lcs = assemble(m, "tess")
    assert (lcs.ra.tolist(), lcs.dec.tolist(), lcs.meta["x"].tolist()) == ([1.0, 2.0], [3.0, 4.0], [5, 6])
    assert lcs.survey.tolist() == ["tess/20s"] * 2


# Errors that a file does not give


def white(sigma: float, seed: int = 0, n: int = 4000) -> NDArray[np.float64]:
    return 100.0 + np.random.default_rng(seed).normal(0.0, sigma, n)


@pytest.mark.parametrize("trend", [0.0, 50.0])
def test_missing_errors_are_the_scatter_between_neighbours(trend: float) -> None:
    time = np.arange(4000.0)
    flux = white(2.0) + trend * np.sin(time / 500.0)
    lcs = assemble(Measurements.from_columns(time, flux=flux), "made")
    # The median of 4000 steps is good to 1.5%; four times that, and a per cent for the trend.
    assert lcs.flux_err[0] * lcs.ref_flux[0, 0] == pytest.approx(2.0, rel=0.07)
    assert lcs.meta["error_estimated"].tolist() == [True]


def test_missing_errors_per_band_and_in_magnitudes() -> None:
    band = np.tile(["g", "r"], 2000)
    flux = np.where(band == "g", white(1.0), white(5.0, seed=1))
    lcs = assemble(Measurements.from_columns(np.arange(4000.0), mag=-2.5 * np.log10(flux), band=band), "made")
    for name, sigma in (("g", 0.01), ("r", 0.05)):
        assert lcs.select_band(name).flux_err[0] == pytest.approx(sigma, rel=0.1)


def test_missing_errors_of_few_or_equal_points_are_positive() -> None:
    for flux in ([7.0], [7.0, 7.0, 7.0], [0.0, 0.0]):
        lcs = assemble(Measurements.from_columns(np.arange(len(flux)), flux=flux), "made")
        assert (lcs.flux_err > 0).all()


def test_a_star_without_errors_among_others_that_have_them() -> None:
    # A survey table may give errors for some stars only; the others must not vanish.
    n = 2000
    star, time = np.repeat([0, 1, 2], n), np.tile(np.arange(float(n)), 3)
    error = np.repeat([1.0, np.nan, 3.0], n)
    error[0] = np.nan
    error[-1] = 0.0
    flux = np.concatenate([white(k, seed=k, n=n) for k in (1, 2, 3)])
    lcs = assemble(Measurements.from_columns(time, flux=flux, err=error, object_id=[f"s{i}" for i in star]), "made")
    assert lcs.lengths.tolist() == [n - 1, n, n - 1]
    assert lcs.meta["error_estimated"].tolist() == [False, True, False]
    assert np.allclose(lcs[1].flux_err * lcs.ref_flux[1, 0], 2.0, rtol=0.1)
    assert np.allclose(lcs[0].flux_err * lcs.ref_flux[0, 0], 1.0, rtol=1e-6)


def test_errors_of_one_star_that_are_all_missing_are_estimated() -> None:
    m = Measurements.from_columns(np.arange(100.0), flux=white(1.0, n=100), err=np.full(100, np.nan))
    lcs = assemble(m, "made")
    assert (lcs.n_points, lcs.meta["error_estimated"].tolist()) == (100, [True])


def test_numbers_beyond_float32_are_dropped() -> None:
    lcs = assemble(Measurements.from_columns([1, 2, 3], flux=[1.0, 1e300, 1.0], err=[0.1, 0.1, 0.1]), "made")
    assert lcs[0].dropped == {"not_finite": 1}
    assert lcs.flux.tolist() == [1.0, 1.0]


# Renormalisation


@pytest.mark.parametrize("bands", [1, 3])
def test_renormalised_sets_medians_to_one_and_keeps_magnitudes(bands: int) -> None:
    lcs = assemble(measurements(bands=bands), "made")
    part = lcs.keep_points(lcs.flux > 0.8)
    again = renormalised(part)
    for before, after in zip(part, again, strict=True):
        assert np.allclose(after.mag, before.mag, atol=1e-6)
        assert np.allclose(after.mag_err, before.mag_err, rtol=1e-5)
        for name in after.bands:
            assert np.median(after.select_band(name).flux) == pytest.approx(1.0, abs=2e-7)


def test_renormalised_keeps_fluxes_and_differences() -> None:
    lcs = assemble(measurements("flux"), "made")
    part = lcs.keep_points(lcs.flux < 1.0)
    again = renormalised(part)
    for before, after in zip(part, again, strict=True):
        kept = after.flux * after.batch.ref_flux[0, 0]
        assert np.allclose(kept, before.flux * before.batch.ref_flux[0, 0], rtol=1e-6)
    difference = assemble(measurements("difference"), "made")
    assert np.array_equal(renormalised(difference).flux, difference.flux)
    assert renormalised(LightCurves.empty()).n_points == 0
