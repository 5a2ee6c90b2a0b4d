"""LightCurves: shapes, views, selections and concatenation."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from goodricke import ragged
from goodricke.errors import DataError
from goodricke.lightcurves import DROP_REASONS, LightCurve, LightCurves, concatenate
from goodricke.timeframes import TimeFrame

POINTS = ("time", "flux", "flux_err", "band")
LENGTHS = (4, 0, 7, 2, 5)


def make(lengths: tuple[int, ...] = LENGTHS, bands: tuple[str, ...] = ("g", "r"), seed: int = 0) -> LightCurves:
    """Stars s0, s1 ... whose points all differ."""
    rng = np.random.default_rng(seed)
    n, m = len(lengths), sum(lengths)
    offsets = ragged.offsets_from_lengths(np.array(lengths))
    return LightCurves(
        object_id=np.array([f"s{i}" for i in range(n)]),
        offsets=offsets,
        time=np.concatenate([np.sort(rng.uniform(0, 9, k)) for k in lengths]),
        flux=rng.normal(1, 0.1, m).astype(np.float32),
        flux_err=rng.uniform(0.01, 0.1, m).astype(np.float32),
        band=rng.integers(0, len(bands), m).astype(np.int8),
        bands=bands,
        survey=np.array(["made"] * n),
        frame=np.zeros(n, dtype=np.int8),
        frames=(TimeFrame.parse("MJD"),),
        ra=rng.uniform(0, 360, n),
        dec=rng.uniform(-90, 90, n),
        ref_mag=rng.uniform(10, 15, (n, len(bands))),
        ref_flux=np.full((n, len(bands)), np.nan),
        difference=np.zeros(n, dtype=bool),
        dropped=rng.integers(0, 5, (n, len(DROP_REASONS))),
        meta={"number": np.arange(n), "pair": np.arange(2 * n).reshape(n, 2)},
    )


def star_of(lcs: LightCurves, i: int) -> dict[str, Any]:
    """All that belongs to star `i`, in plain lists."""
    a, b = lcs.offsets[i], lcs.offsets[i + 1]
    return {
        **{name: getattr(lcs, name)[a:b].tolist() for name in POINTS},
        **{name: getattr(lcs, name)[i].tolist() for name in ("ra", "dec", "ref_mag", "dropped")},
        "id": str(lcs.object_id[i]),
        **{key: value[i].tolist() for key, value in lcs.meta.items()},
    }


def stars_of(lcs: LightCurves) -> list[dict[str, Any]]:
    return [star_of(lcs, i) for i in range(len(lcs))]


# Shapes and invariants


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": np.zeros(3)}, "shape"),
        ({"flux": np.zeros(3, np.float32)}, "flux has shape"),
        ({"flux_err": np.zeros((18, 1), np.float32)}, "flux_err has shape"),
        ({"ra": np.zeros(4)}, "ra has shape"),
        ({"ref_mag": np.zeros((5, 3))}, "ref_mag has shape"),
        ({"dropped": np.zeros((5, 2), int)}, "dropped has shape"),
        ({"offsets": np.array([0, 4, 4, 11, 13, 17])}, "offsets must rise"),
        ({"offsets": np.array([1, 4, 4, 11, 13, 18])}, "offsets must rise"),
        ({"offsets": np.array([0, 4, 3, 11, 13, 18])}, "offsets must rise"),
        ({"band": np.full(18, 2, np.int8)}, "there are 2 bands"),
        ({"band": np.full(18, -1, np.int8)}, "there are 2 bands"),
        ({"frame": np.ones(5, np.int8)}, "frame holds"),
        ({"meta": {"x": np.zeros(4)}}, "meta"),
        ({"meta": {"x": np.array(1)}}, "meta"),
    ],
)
def test_arrays_that_do_not_fit(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        replace(make(), **change)


def test_too_many_bands() -> None:
    bands = tuple(f"b{i}" for i in range(128))
    with pytest.raises(DataError, match="127"):
        make(bands=bands)


def test_types_are_set_and_arrays_are_frozen() -> None:
    lcs = replace(make(), flux=np.ones(18), ra=[0, 1, 2, 3, 4], object_id=np.array([1, 2, 3, 4, 5]))
    assert (lcs.flux.dtype, lcs.ra.dtype, lcs.object_id.dtype.kind) == (np.float32, np.float64, "U")
    with pytest.raises(ValueError, match="read-only"):
        lcs.time[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        lcs.meta["number"][0] = 1
    with pytest.raises(FrozenInstanceError):
        lcs.time = lcs.time  # type: ignore[misc]


def test_the_callers_array_stays_writable_and_is_not_copied() -> None:
    time = np.arange(18.0)
    lcs = replace(make(), time=time)
    assert np.shares_memory(lcs.time, time)
    assert time.flags.writeable


def test_lengths_and_repr() -> None:
    lcs = make()
    assert (len(lcs), lcs.n_points, lcs.lengths.tolist()) == (5, 18, list(LENGTHS))
    spans = [np.ptp(part) for part in np.split(lcs.time, lcs.offsets[1:-1]) if len(part)]
    assert repr(lcs) == f"<LightCurves: 5 stars, 18 points, bands: g, r, span {max(spans):.4g} d, MJD>"
    assert repr(make(bands=tuple("abcdefgh"))).count("and 2 more") == 1
    assert repr(LightCurves.empty()) == "<LightCurves: no stars>"
    assert "span 0 d" in repr(make((0, 0)))


# Choosing stars


@pytest.mark.parametrize("which", [slice(1, 4), slice(None), slice(3, 1), slice(-2, None), slice(5, 9)])
def test_a_slice_is_a_view(which: slice) -> None:
    lcs = make()
    part = lcs[which]
    assert stars_of(part) == stars_of(lcs)[which]
    assert part.offsets[0] == 0
    if part.n_points:
        assert all(np.shares_memory(getattr(part, name), getattr(lcs, name)) for name in POINTS)
        assert np.shares_memory(part.meta["number"], lcs.meta["number"])


@pytest.mark.parametrize("which", [slice(None, None, 2), slice(None, None, -1), slice(4, 0, -3)])
def test_a_slice_with_a_step(which: slice) -> None:
    assert stars_of(make()[which]) == stars_of(make())[which]


@pytest.mark.parametrize("i", [0, 2, 4, -1, -5, np.int64(3)])
def test_one_star_is_a_view(i: int) -> None:
    lcs = make()
    star = lcs[i]
    assert isinstance(star, LightCurve)
    assert star_of(star.batch, 0) == stars_of(lcs)[i]
    if len(star):
        assert np.shares_memory(star.flux, lcs.flux)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ([3, 0, 0, -1], [3, 0, 0, 4]),
        (np.array([2], dtype=np.uint8), [2]),
        ([True, False, True, False, True], [0, 2, 4]),
        (np.zeros(5, dtype=bool), []),
        (["s4", "s1"], [4, 1]),
        ([], []),
    ],
)
def test_stars_by_number_mask_and_name(which: Any, expected: list[int]) -> None:
    lcs = make()
    assert stars_of(lcs[which]) == [star_of(lcs, i) for i in expected]


def test_a_star_by_name() -> None:
    assert make()["s3"].object_id == "s3"


@pytest.mark.parametrize(
    ("which", "error"),
    [(5, IndexError), (-6, IndexError), ([0, 5], IndexError), ([-6], IndexError), ([True, False], IndexError),
     ("s9", KeyError), (["s0", "s9"], KeyError), ([0.5], TypeError), ([[0, 1]], TypeError)],
)  # fmt: skip
def test_stars_that_are_not_there(which: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make()[which]


def test_iteration() -> None:
    assert [star.object_id for star in make()] == ["s0", "s1", "s2", "s3", "s4"]
    assert list(LightCurves.empty()) == []


def test_empty() -> None:
    lcs = LightCurves.empty()
    assert (len(lcs), lcs.n_points, lcs.bands, lcs.dropped.shape) == (0, 0, (), (0, len(DROP_REASONS)))
    assert len(lcs[:]) == 0
    with pytest.raises(KeyError, match="empty"):
        lcs["a"]


# Choosing points


@pytest.mark.parametrize("names", [("g",), ("r",), ("r", "g")])
def test_select_band(names: tuple[str, ...]) -> None:
    lcs = make()
    part = lcs.select_band(*names)
    assert part.bands == names
    assert len(part) == len(lcs)
    word, before = np.array(names), np.array(lcs.bands)[lcs.band]
    keep = np.isin(before, names)
    assert word[part.band].tolist() == before[keep].tolist()
    assert part.time.tolist() == lcs.time[keep].tolist()
    for name in names:
        assert np.array_equal(part.ref_mag[:, names.index(name)], lcs.ref_mag[:, lcs.bands.index(name)])


@pytest.mark.parametrize("names", [(), ("K",), ("g", "K")])
def test_select_band_that_is_not_there(names: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="this batch has g, r"):
        make().select_band(*names)


def test_keep_points_counts_what_it_drops() -> None:
    lcs = make()
    keep = np.arange(18) % 3 > 0
    part = lcs.keep_points(keep, "flux_clip")
    assert part.time.tolist() == lcs.time[keep].tolist()
    lost = part.dropped - lcs.dropped
    assert lost[:, DROP_REASONS.index("flux_clip")].tolist() == (lcs.lengths - part.lengths).tolist()
    assert lost.sum() == lcs.n_points - part.n_points
    assert np.array_equal(lcs.keep_points(keep).dropped, lcs.dropped)
    assert lcs.keep_points(np.ones(18, dtype=bool), "flux_clip") is lcs
    assert lcs.keep_points(np.zeros(18, dtype=bool)).lengths.tolist() == [0] * 5


def test_keep_points_that_do_not_fit() -> None:
    with pytest.raises(DataError, match="17"):
        make().keep_points(np.ones(17, dtype=bool))
    with pytest.raises(ValueError, match="not in tuple"):
        make().keep_points(np.zeros(18, dtype=bool), "moonlight")


def test_with_meta() -> None:
    lcs = make().with_meta(period_days=np.arange(5.0), number=np.zeros(5))
    assert set(lcs.meta) == {"number", "pair", "period_days"}
    assert lcs.meta["number"].tolist() == [0.0] * 5
    with pytest.raises(DataError, match="period_days"):
        make().with_meta(period_days=[1.0])


# Putting batches together


def test_concatenate_equal_layouts() -> None:
    a, b = make(), make((3, 1), seed=1)
    both = concatenate([a, LightCurves.empty(), b])
    assert stars_of(both) == stars_of(a) + stars_of(b)


def test_concatenate_nothing_and_one() -> None:
    a = make()
    assert len(concatenate([])) == 0
    assert len(concatenate([LightCurves.empty()])) == 0
    assert concatenate([LightCurves.empty(), a]) is a


def test_concatenate_other_bands_frames_and_meta() -> None:
    a = make()
    b = replace(
        make((3, 2), bands=("r", "i"), seed=1),
        frames=(TimeFrame.parse("BTJD"), TimeFrame.parse("MJD")),
        frame=np.array([0, 1], np.int8),
        meta={"number": np.array([8.5, 9.5]), "note": np.array(["x", "longer"])},
    )
    both = concatenate([a, b])
    assert both.bands == ("g", "r", "i")
    names = lambda lcs: np.array(lcs.bands)[lcs.band].tolist()  # noqa: E731
    assert names(both) == names(a) + names(b)
    assert [str(both.time_frame(i)) for i in range(7)] == ["MJD"] * 5 + ["BTJD", "MJD"]
    assert np.array_equal(both.ref_mag[5:, 1:], b.ref_mag)
    assert np.isnan(both.ref_mag[5:, 0]).all()
    assert np.isnan(both.ref_mag[:5, 2]).all()
    assert both.meta["number"].tolist() == [0, 1, 2, 3, 4, 8.5, 9.5]
    assert both.meta["note"].tolist() == ["", "", "", "", "", "x", "longer"]
    assert both.meta["pair"][5:].tolist() == [[-1, -1], [-1, -1]]


def test_concatenate_words_and_numbers_in_one_meta_column() -> None:
    a, b = make((1,)).with_meta(note=[1.5]), make((1,)).with_meta(note=["x"])
    assert concatenate([a, b]).meta["note"].tolist() == ["1.5", "x"]


@pytest.mark.parametrize("n", [128, 200])
def test_concatenate_more_than_fits(n: int) -> None:
    bands = [make((1,), bands=(f"b{i}",)) for i in range(n)]
    with pytest.raises(DataError, match=f"{n} bands"):
        concatenate(bands)
    frames = [replace(make((1,)), frames=(TimeFrame("utc", "observer", float(i)),)) for i in range(n)]
    with pytest.raises(DataError, match="time frames"):
        concatenate(frames)
