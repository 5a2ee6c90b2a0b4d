from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodricke.lightcurves import LightCurves
from goodricke.line.explanation import Explanation, Explanations, Stretch
from goodricke.output import write_table
from goodricke.output.reading_tables import read_table

STAR = LightCurves.from_arrays([1.0, 2.0, 3.0], flux=[1.0, 0.9, 1.0], err=[0.1, 0.1, 0.1], object_id="V1")[0]


def explanation(shares: dict[int, float], axis: str = "phase", **known: Any) -> Explanation:
    """48 half windows of which some add something."""
    share = np.zeros(48)
    share[list(shares)] = list(shares.values())
    edges = (np.arange(49) - 1) / 48 if axis == "phase" else 100.0 + np.arange(49)
    about = {"log_odds": 5.0, "level": 5.0 - share.sum(), "noise": 0.1, "points": np.full(48, 3)} | known
    return Explanation(STAR, "EA", axis=axis, edges=edges, share=share, **about)  # type: ignore[arg-type]


def test_stretches_go_around_the_circle() -> None:
    one = explanation({47: 1.0, 0: 1.0, 1: 1.5, 24: 2.0, 30: -0.5})
    first, second = one.stretches(1)
    assert first == Stretch(pytest.approx(46 / 48), pytest.approx(3 / 48), pytest.approx(3 / 48), pytest.approx(3.5))  # type: ignore[arg-type]
    assert (second.start, second.share) == (pytest.approx(23 / 48), 2.0)
    assert [each.share for each in one.stretches(-1)] == [-0.5]


def test_stretches_of_time_do_not() -> None:
    one = explanation({0: 1.0, 46: 1.0, 47: 1.5}, axis="time")
    assert [(each.start, each.width) for each in one.stretches(1)] == [(146.0, 2.0), (100.0, 1.0)]


def test_gaps_do_not_part_a_stretch() -> None:
    points = np.full(48, 3)
    points[[10, 11, 30]] = 0
    one = explanation({9: 1.0, 12: 1.0, 29: 1.0}, points=points)
    assert [round(48 * each.width) for each in one.stretches(1)] == [4, 1]


def test_all_of_the_circle() -> None:
    one = explanation(dict.fromkeys(range(48), 0.1))
    assert [(each.width, each.part) for each in one.stretches(1)] == [(1.0, 1.0)]
    assert one.sentence == "what speaks for EA is spread over the light curve"


def test_the_sentence() -> None:
    marks = {"primary minimum": 0.0, "secondary minimum": 0.5}
    one = explanation(
        {0: 3.0, 1: 3.0, 24: 2.0, 25: 1.0, 40: -2.0}, landmarks=marks, candidates=np.array([2.5, 1.25]),
        attention=np.array([0.93, 0.07]), groups={"fourier": 0.2, "eclipses": 3.0, "profile": 4.0},
    )  # fmt: skip
    assert one.sentence == (
        "67% of what speaks for EA is in the primary minimum (phase 0.98 to 0.02), 33% in the secondary minimum (phase"
        " 0.48 to 0.52); phase 0.81 to 0.83 speaks against EA; period 2.5 d has 93% of the attention; features that"
        " matter most: profile, eclipses"
    )
    assert one.sentence.isascii()  # FITS has no other letters
    in_time = explanation({3: 2.0, 4: 2.0}, axis="time")
    assert in_time.sentence == "100% of what speaks for EA is in time 103.0 to 105.0 d"


def test_noise_is_not_talked_about() -> None:
    assert explanation({3: 0.2, 9: -0.2}).sentence.startswith("no part of the light curve stands out")
    quiet = explanation({3: 1.0, 9: 0.9}, noise=2.0)
    assert quiet.stretches(1) == []
    assert quiet.sentence == "what speaks for EA is spread over the light curve"


def test_the_table(tmp_path: Any) -> None:
    good = explanation({0: 3.0}, candidates=np.array([2.5]), attention=np.array([1.0]), groups={"fourier": 0.2})
    table = Explanations((good, Explanation(STAR, reason="no points"))).to_arrow()
    assert table.num_rows == 2
    row, failed = table.to_pylist()
    assert (row["object_id"], row["explained_class"], row["axis"], row["status"]) == ("V1", "EA", "phase", "ok")
    assert row["explained"] == good.sentence
    assert len(row["share"]) == len(row["edges"]) - 1 == 48
    assert (row["group"], row["group_effect"], row["attention"]) == (["fourier"], [0.2], [1.0])
    assert (failed["explained"], failed["log_odds"], failed["share"], failed["reason"]) == (None, None, [], "no points")
    assert all(field.metadata for field in table.schema if field.name in ("share", "noise", "level"))
    write_table(table, tmp_path / "why.parquet")
    assert read_table(tmp_path / "why.parquet").num_rows == 2
    assert Explanations(()).to_arrow().schema.field("share").type == pa.list_(pa.float64())
