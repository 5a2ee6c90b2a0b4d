from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import OptionError
from goodricke.output import charts
from goodricke.output.charts import draw_charts
from goodricke.output.sky_map import galactic_plane, on_the_sky


def table(n: int = 300, **changes: object) -> pa.Table:
    rng = np.random.default_rng(0)
    label = rng.choice(["EW", "EA", "RRAB", "LPV"], n, p=[0.5, 0.3, 0.15, 0.05])
    probability = rng.beta(5, 1, n)
    columns: dict[str, object] = {
        "object_id": [f"s{k}" for k in range(n)],
        "label": label,
        "probability": probability,
        "period_days": 10 ** rng.uniform(-1, 2, n),
        "amplitude": 10 ** rng.normal(-0.5, 0.3, n),
        "ra": rng.uniform(0, 360, n),
        "dec": np.degrees(np.arcsin(rng.uniform(-1, 1, n))),
        "status": np.where(probability < 0.6, "abstained", "ok"),
        "reason": np.where(probability < 0.6, "probability 0.5 is below the threshold 0.6", ""),
    }
    columns |= changes
    return pa.table({name: values for name, values in columns.items() if values is not None})


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    kept: dict[str, object] = {}
    monkeypatch.setattr(charts, "save_figure", lambda figure, path: kept.update({path.stem: figure}))
    draw_charts(table(), tmp_path)
    return kept


def test_all_charts_are_written_as_png(tmp_path: Path) -> None:
    done = draw_charts(table(), tmp_path)
    assert [file.name for file in done.files] == [
        "classes.png", "amplitudes.png", "sky.png", "periods.png", "certainty.png",
    ]  # fmt: skip
    assert done.left_out == ()
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in done.files)


def test_class_bars_count_the_rows(figures: dict[str, object]) -> None:
    axes = figures["classes"].axes[0]
    label, probability = np.array(table()["label"].to_pylist()), table()["probability"].to_numpy()
    shown = dict(
        zip((t.get_text() for t in axes.get_yticklabels()), (b.get_width() for b in axes.patches), strict=True)
    )
    assert shown == {name: int(np.sum(label == name)) for name in ("EW", "EA", "RRAB", "LPV")}
    assert f"{probability[label == 'EA'].mean():.2f}" in axes.texts[1].get_text()
    assert axes.get_xscale() == "log"


def test_points_of_the_diagram_are_the_stars(figures: dict[str, object]) -> None:
    axes = figures["amplitudes"].axes[0]
    rows = [row for row in table().to_pylist() if row["label"] == "LPV"]
    line = next(line for line in axes.get_lines() if line.get_label().startswith("LPV"))
    assert line.get_label() == f"LPV ({len(rows)})"
    np.testing.assert_allclose(sorted(line.get_xdata()), sorted(row["period_days"] for row in rows))
    np.testing.assert_allclose(sorted(line.get_ydata()), sorted(row["amplitude"] for row in rows))


def test_right_ascension_grows_to_the_left(figures: dict[str, object]) -> None:
    x, y = on_the_sky(np.array([0.0, 90.0, 179.0, 181.0, 270.0]), np.array([0.0, 45.0, -90.0, 0.0, 0.0]))
    np.testing.assert_allclose(np.degrees(x), [0, -90, -179, 179, 90])
    np.testing.assert_allclose(np.degrees(y), [0, 45, -90, 0, 0])
    axes = figures["sky"].axes[0]
    labels = {text.get_text(): text.get_position()[0] for text in axes.get_xticklabels()}
    assert np.degrees(labels["6h"]) == pytest.approx(-90)
    assert np.degrees(labels["18h"]) == pytest.approx(90)


def test_the_plane_of_the_galaxy_agrees_with_astropy() -> None:
    from astropy import units as u
    from astropy.coordinates import SkyCoord

    ra, dec = galactic_plane()
    galactic = SkyCoord(ra * u.deg, dec * u.deg, frame="icrs").galactic
    assert np.abs(galactic.b.deg).max() < 1e-3  # the pole is given to 1e-5 degrees
    off = (galactic.l.deg - np.linspace(0, 360, 361) + 180) % 360 - 180
    assert np.abs(off).max() < 1e-3


def test_period_histogram_holds_every_star(figures: dict[str, object]) -> None:
    axes = figures["periods"].axes[0]
    by_label = {patch.get_label(): patch.get_data().values for patch in axes.patches}
    assert by_label["all"].sum() == 300
    assert sum(values.sum() for name, values in by_label.items() if name != "all") == 300


def test_the_certain_and_the_uncertain_are_stacked_and_reasons_counted(figures: dict[str, object]) -> None:
    left, right = figures["certainty"].axes
    abstained = table()["status"].to_pylist().count("abstained")
    assert left.patches[-1].get_data().values.sum() == 300
    assert [bar.get_width() for bar in right.patches] == [abstained]
    assert "probability … is below the threshold …" in right.texts[0].get_text()


@pytest.mark.parametrize(
    ("lacks", "not_drawn"),
    [
        (("label",), ["classes: no label in the table"]),
        (("ra", "dec"), ["sky: no ra and no dec in the table"]),
        (("amplitude",), ["amplitudes: no amplitude in the table"]),
        (("probability",), ["certainty: no probability in the table"]),
        (("status", "reason"), []),
        (("period_days",), ["amplitudes: no period_days in the table", "periods: no period_days in the table"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_cannot_be_drawn_is_said(
    lacks: tuple[str, ...], not_drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "save_figure", lambda figure, path: None)
    done = draw_charts(table(60, **dict.fromkeys(lacks)), tmp_path)
    assert list(done.left_out) == not_drawn
    assert len(done.files) == 5 - len(not_drawn)


def test_columns_of_nothing_count_as_missing_and_empty_cells_are_passed_over(tmp_path: Path) -> None:
    done = draw_charts(table(4, ra=pa.nulls(4, pa.float64()), label=["EA", None, "EB", ""]), tmp_path)
    assert list(done.left_out) == ["sky: no ra in the table"]


@pytest.mark.parametrize("n", [1, 2])
def test_a_star_or_two_are_drawn(n: int, tmp_path: Path) -> None:
    given = {"label": ["EA", "$x"][:n], "probability": [1.0, 0.0][:n], "period_days": [2.0, 2.0][:n]}
    rest = {"amplitude": [0.5, 0.5][:n], "ra": [0.0, 180.0][:n], "dec": [90.0, -90.0][:n], "status": ["ok"] * n}
    assert len(draw_charts(pa.table(given | rest), tmp_path).files) == 5


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no rows"):
        draw_charts(table(3).slice(0, 0), tmp_path)


def test_labels_of_a_logarithmic_axis_are_plain_numbers() -> None:
    axes = charts.blank_figure(4, 3).add_subplot()
    for low, high, wanted in (
        (0.3, 0.9, ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
        (0.1, 40.0, ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20"]),
        (0.05, 3000.0, ["0.1", "1", "10", "100", "1,000"]),
    ):
        charts._log_axis(axes, "x", low, high)
        assert [text.get_text() for text in axes.get_xticklabels()] == wanted
