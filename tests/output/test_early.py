from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import goodricke as gr
from goodricke.errors import OptionError
from goodricke.output import early
from goodricke.output.palette import style_of

EA = [np.nan, 0.30, 0.40, 0.80, 0.97]
EB = [np.nan, 0.60, 0.55, 0.17, 0.02]
LPV = [np.nan, 0.04, 0.05, 0.03, 0.01]
LABEL = [None, "EB", "EB", "EA", "EA"]
STATUS = ["failed", "abstained", "abstained", "abstained", "ok"]


def star(n: int = 400) -> gr.LightCurve:
    rng = np.random.default_rng(0)
    time = 58000.0 + np.sort(rng.uniform(0, 1000, n))
    mag = 12 + rng.normal(0, 0.01, n) + 0.5 * (time % 2.5 < 0.2)
    return gr.LightCurves.from_arrays(
        time, mag=mag, err=np.full(n, 0.01), object_id="Algol", band=np.where(time % 1 < 0.5, "V", "g")
    )[0]


def table(n: int = 5, **changes: Any) -> pa.Table:
    whole = {
        "object_id": ["Algol"] * 5, "as_of": [58010.0, 58100.0, 58300.0, 58500.0, 59000.0], "model": ["m-1"] * 5,
        "label": LABEL, "probability": [np.nan, 0.6, 0.55, 0.8, 0.97], "prob_EA": EA, "prob_EB": EB, "prob_LPV": LPV,
        "n_points": [5, 40, 120, 200, 400], "status": STATUS, "period_days": [None, 1.25, 1.25, 2.5, 2.5],
        "reason": ["too few", "hm", "hm", "hm", ""],
    }  # fmt: skip
    columns = {name: values[:n] for name, values in whole.items()} | changes
    return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})


@pytest.fixture
def figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    kept: list[Any] = []
    monkeypatch.setattr(early, "save_figure", lambda figure, path: kept.append(figure))
    early.draw_early(star(), table(), tmp_path / "a.png")
    kept[0].canvas.draw()
    return kept[0]


def lines_of(axes: Any, colour: str) -> list[Any]:
    return [line for line in axes.get_lines() if line.get_color() == colour and len(line.get_xdata())]


def test_lines_are_the_probabilities_of_classes_that_ever_mattered(figure: Any) -> None:
    odds = figure.axes[2]
    for name, wanted in (("EA", EA), ("EB", EB)):
        line = max(lines_of(odds, style_of(name).colour), key=lambda line: len(line.get_xdata()))
        np.testing.assert_array_equal(line.get_ydata(), wanted)
        np.testing.assert_array_equal(line.get_xdata(), table()["as_of"].to_numpy())
    assert not lines_of(odds, style_of("LPV").colour)  # 0.05 is not more than 5%
    key = [text.get_text() for text in odds.get_legend().get_texts()]
    assert key == ["EA  0.97", "EB  0.02", "open, pale: abstained"]


def test_open_marks_are_abstentions(figure: Any) -> None:
    odds, colour = figure.axes[2], style_of("EA").colour
    marks = {line.get_markerfacecolor(): line for line in odds.get_lines() if line.get_markeredgecolor() == colour
             and line.get_linestyle() == "None" and len(line.get_xdata())}  # fmt: skip
    np.testing.assert_array_equal(marks["white"].get_ydata(), EA[1:4])
    np.testing.assert_array_equal(marks[colour].get_ydata(), EA[4:])


def test_changes_of_the_label_are_marked_on_both_curves(figure: Any) -> None:
    for axes in (figure.axes[0], figure.axes[2]):
        dashed = [line.get_xdata()[0] for line in axes.get_lines() if isinstance(line.get_linestyle(), str)
                  and line.get_linestyle() == "--"]  # fmt: skip
        assert dashed == [58100.0, 58500.0]  # the first answer, and the other
    said = [text.get_text() for text in figure.axes[2].texts]
    assert said == ["40 points", "400 points", "200 points"]


def test_the_strip_has_the_label_from_each_moment_to_the_next(figure: Any) -> None:
    strip = figure.axes[1]
    assert [text.get_text() for text in strip.texts if text.get_text() != "not yet asked"] == ["no answer", "EB", "EA"]
    spans = {}
    for patch in strip.patches:
        x = patch.get_extents().transformed(strip.transData.inverted())
        spans[round(x.x0), round(x.x1)] = patch.get_facecolor()
    assert {(58010, 58100), (58100, 58500), (58500, 59000)} <= set(spans)
    assert spans[58100, 58500][3] < 1.0  # abstained: pale
    low, high = figure.axes[0].get_xlim()
    assert (low, high) == figure.axes[2].get_xlim()
    assert low < 58001
    assert high > 59000


def test_the_time_of_the_last_label() -> None:
    assert early.settled(LABEL) == 3
    assert early.settled(["EA"]) == 0
    assert early.settled(["EA", "EB", None]) is None
    assert early.settled([]) is None


@pytest.mark.parametrize(
    ("n", "changes"),
    [
        (5, {}),
        (2, {}),
        (1, {}),
        (5, {"as_of": [58010.0] * 5}),
        (5, {"as_of": [None, None, None, 58500.0, 58600.0]}),
        (
            5,
            {"status": ["failed"] * 5, "label": [None] * 5, **{f"prob_{c}": [np.nan] * 5 for c in ("EA", "EB", "LPV")}},
        ),
    ],
    ids=["whole", "two", "failed", "one time", "some never came", "all failed"],
)
def test_whatever_was_said_can_be_drawn(n: int, changes: dict[str, Any], tmp_path: Path) -> None:
    given = table(n, **changes)
    for name in ("label", "prob_EA", "prob_EB", "prob_LPV"):
        kind = pa.string() if name == "label" else pa.float64()
        given = given.set_column(given.column_names.index(name), name, given[name].cast(kind))
    early.draw_early(star(), given, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    early.draw_early(star(1), given, tmp_path / "b.png")


def test_hundreds_of_moments_are_lines_without_marks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(early, "save_figure", lambda figure, path: kept.append(figure))
    n, rng = 300, np.random.default_rng(0)
    p = rng.uniform(0, 1, n)
    many = {
        "object_id": ["Algol"] * n, "as_of": np.linspace(58000, 59000, n), "model": ["m"] * n,
        "label": np.where(p > 0.5, "EA", "EB"), "prob_EA": p, "prob_EB": 1 - p, "n_points": np.arange(n),
        "status": ["ok"] * n,
    }  # fmt: skip
    early.draw_early(star(), pa.table(many), tmp_path / "a.png")
    odds = kept[0].axes[2]
    assert not [line for line in odds.get_lines() if line.get_linestyle() == "None" and len(line.get_xdata())]
    kept[0].canvas.draw()
    boxes = [text.get_window_extent() for text in odds.texts]
    assert len(boxes) > 3
    for k, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[k + 1 :])


def test_a_star_without_a_moment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no moment to draw"):
        early.draw_early(star(), table(1, as_of=pa.array([None], pa.float64())), tmp_path / "a.png")


def test_lines_for_the_terminal() -> None:
    lines = early.as_of_lines(table(), [0] * 5, "t.csv")
    assert lines[0].split() == ["star", "as", "of/d", "points", "class", "prob", "period/d", "status", "reason"]
    assert lines[1].split() == ["Algol", "58010.000", "5", "-", "-", "-", "failed", "too", "few"]
    assert lines[5].split() == ["Algol", "59000.000", "400", "EA", "0.970", "2.5", "ok"]
    assert lines[6:] == ["", "1 star at 5 moments; the last label stood from 200 points on", "wrote t.csv"]


def test_lines_of_many_rows() -> None:
    many = pa.concat_tables([table()] * 9)
    lines = early.as_of_lines(many, np.repeat(np.arange(9), 5).tolist(), None)
    assert lines[41] == "... and 5 more rows"
    assert lines[-1] == "9 stars at 45 moments; the last label stood from 200 points on (median)"


def test_names_are_safe_and_tell_twins_apart() -> None:
    assert early.early_name("../TIC 1/x", 7) == "00007_TIC_1_x_early.png"
