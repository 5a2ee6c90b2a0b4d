"""Gaps and segments against a loop over points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodricke.clean import Segments, median_cadence, segments, split_at_gaps
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, Measurements, assemble


def stars(times: list[list[float]]) -> LightCurves:
    star = np.repeat(np.arange(len(times)), [len(part) for part in times])
    time = np.array([t for part in times for t in part], dtype=float)
    return assemble(
        Measurements(
            object_id=np.array([f"s{i}" for i in range(len(times))]), time=time, value=np.ones(len(time)),
            error=np.ones(len(time)), kind="flux", star=star,
        ),
        "made",
    )  # fmt: skip


def brute(times: list[list[float]], limits: list[float]) -> list[tuple[int, list[float]]]:
    result = []
    for i, part in enumerate(times):
        current: list[float] = []
        for t in sorted(part):
            if current and t - current[-1] > limits[i]:
                result.append((i, current))
                current = []
            current.append(t)
        result.append((i, current))
    return result


def pieces(lcs: LightCurves, cut: Segments) -> list[tuple[int, list[float]]]:
    bounds = zip(cut.offsets[:-1], cut.offsets[1:], strict=True)
    return [(int(i), lcs.time[a:b].tolist()) for i, (a, b) in zip(cut.star, bounds, strict=True)]


whole_days = st.lists(st.lists(st.integers(0, 40).map(float), max_size=12), min_size=1, max_size=6)


@given(whole_days, st.sampled_from([0.5, 1.0, 3.0, 100.0]))
def test_segments_against_a_loop(times: list[list[float]], gap: float) -> None:
    lcs = stars(times)
    cut = segments(lcs, gap_days=gap)
    assert pieces(lcs, cut) == brute(times, [gap] * len(times))
    assert cut.ids.tolist() == [s for s, n in enumerate(np.diff(cut.offsets)) for _ in range(n)]


@given(whole_days)
def test_gaps_in_cadences(times: list[list[float]]) -> None:
    lcs = stars(times)
    steps = [np.diff(np.unique(part)) for part in times]
    cadence = [np.median(step) if len(step) else np.nan for step in steps]
    assert np.array_equal(median_cadence(lcs), cadence, equal_nan=True)
    limits = [max(2.0, 3.0 * c) if np.isfinite(c) else 2.0 for c in cadence]
    assert pieces(lcs, segments(lcs, gap_days=2.0, gap_cadences=3.0)) == brute(times, limits)


def test_split_makes_a_star_of_every_segment() -> None:
    lcs = stars([[0.0, 1.0, 9.0], [], [5.0, 50.0, 51.0, 99.0]]).with_meta(number=[7, 8, 9])
    lcs = lcs.keep_points(lcs.time != 1.0, "flux_clip")
    parts = split_at_gaps(lcs, gap_days=4.0)
    assert parts.object_id.tolist() == ["s0", "s0", "s1", "s2", "s2", "s2"]
    assert parts.meta["segment"].tolist() == [0, 1, 0, 0, 1, 2]
    assert parts.meta["number"].tolist() == [7, 7, 8, 9, 9, 9]
    assert [star.time.tolist() for star in parts] == [[0.0], [9.0], [], [5.0], [50.0, 51.0], [99.0]]
    assert parts.dropped.sum() == lcs.dropped.sum() == 1
    assert np.shares_memory(parts.time, lcs.time)
    assert parts.survey.tolist() == ["made"] * 6


def test_no_gap_length_and_no_stars() -> None:
    with pytest.raises(OptionError, match="gap_days"):
        segments(stars([[1.0]]))
    assert len(split_at_gaps(LightCurves.empty(), gap_days=1.0)) == 0
