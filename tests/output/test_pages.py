from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.output import pages
from goodricke.output.pages import StarPage, draw_page

ROW = {
    "object_id": "V1", "survey": "asas", "model": "variables 1", "label": "EW", "probability": 0.93, "prob_EW": 0.93,
    "prob_EB": 0.05, "prob_EA": 0.02, "prediction_set": "EW EB", "period_days": 2.5, "period_probability": 0.9,
    "period_days_2": 1.25, "period_probability_2": 0.05, "period_days_3": None, "epoch": 100.2, "epoch_max": 101.0,
    "morphology": 0.8, "novelty": 0.1, "status": "ok", "reason": "",
}  # fmt: skip


def star(n: int = 120, bands: int = 1, difference: bool = False, **kwargs: object) -> gr.LightCurve:
    rng = np.random.default_rng(0)
    time = np.sort(rng.uniform(0, 200, n))
    wave = 0.3 * np.sin(2 * np.pi * time / 1.25) + rng.normal(0, 0.01, n)
    band = kwargs.pop("band", np.array(["V", "g", "r", "i", "W1", "W2"])[np.arange(n) % bands])
    if difference:
        lcs = gr.LightCurves.from_arrays(time, flux=50 + wave, err=np.full(n, 0.1), band=band, **kwargs)
        from dataclasses import replace

        return replace(lcs, difference=np.ones(1, dtype=bool), flux=lcs.flux - 1)[0]
    return gr.LightCurves.from_arrays(time, mag=12 + wave, err=np.full(n, 0.01), band=band, **kwargs)[0]


def figure_of(star: gr.LightCurve, page: StarPage, monkeypatch: pytest.MonkeyPatch) -> object:
    kept: list[object] = []
    monkeypatch.setattr(pages, "save_figure", lambda figure, path: kept.append(figure))
    draw_page(star, page, "unused.png")
    return kept[0]


def words_of(figure: object) -> str:
    found = [text.get_text() for axes in figure.axes for text in axes.texts]
    found += [axes.get_title(loc="left") for axes in figure.axes] + [axes.get_xlabel() for axes in figure.axes]
    return "\n".join(found)


def test_row_to_page() -> None:
    page = StarPage.from_row(ROW)
    assert page.periods == (2.5, 1.25)
    assert page.period_probabilities == (0.9, 0.05)
    assert page.probabilities == {"EW": 0.93, "EB": 0.05, "EA": 0.02}
    assert page.prediction_set == ("EW", "EB")
    assert page.phase_zero == (100.2, "minimum")
    assert StarPage.from_row(ROW | {"label": "RRAB"}).phase_zero == (101.0, "maximum")
    empty = StarPage.from_row({"object_id": "x"})
    assert empty == StarPage.from_row({}) or np.isnan(empty.probability)
    assert empty.status == "ok"
    assert empty.periods == ()


def test_everything_known_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page = StarPage.from_row(ROW | {"period_error": 3.2e-5, "depth": 0.41, "depth_2": 0.38})
    figure = figure_of(star(object_id="V1 Cyg", ra=10.5, dec=-3.25), page, monkeypatch)
    words = words_of(figure)
    for wanted in (
        "V1 Cyg", "EW   93%", "variables 1", "RA 10.50000° Dec -3.25000°", "120 points in V",
        "P = 2.500000 ± 0.000032 d",
        "minimum at 100.20000", "depths 0.41, 0.38 mag", "morphology 0.80", "novelty 0.10", "P/2 = 1.25 d   rank 2",
        "P = 2.5 d   rank 1, probability 0.90", "2P = 5 d", "phase (0: minimum)", "period (d)",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert len(figure.axes) == 7  # head, curve, three folds, periodogram, classes
    curves = [axes for axes in figure.axes if axes.get_ylabel() == "magnitude"]
    assert len(curves) == 2
    assert all(axes.get_ylim()[0] > axes.get_ylim()[1] for axes in curves)


def test_no_text_stands_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ROW | {"status": "abstained", "reason": "unlike anything in training", "label": "TRANSIENT", "depth": 0.4}
    figure = figure_of(star(300, 6, object_id="N" * 80, ra=10.0, dec=5.0), StarPage.from_row(row), monkeypatch)
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    head = figure.axes[0]
    boxes = [text.get_window_extent(renderer) for text in head.texts if text.get_text()]
    for k, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width
        for other in boxes[k + 1 :]:
            assert not box.overlaps(other)
    tight = [axes.get_tightbbox(renderer) for axes in figure.axes[1:]]
    for k, box in enumerate(tight):
        assert not any(box.padded(-2).overlaps(other.padded(-2)) for other in tight[k + 1 :])


def test_abstained_and_failed_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    said = words_of(
        figure_of(star(), StarPage.from_row(ROW | {"status": "abstained", "reason": "too few"}), monkeypatch)
    )
    assert "abstained: too few" in said
    figure = figure_of(star(12), StarPage(status="failed", reason="12 points are too few for a period"), monkeypatch)
    assert "failed: 12 points are too few for a period" in words_of(figure)
    assert len(figure.axes) == 2  # head and curve


def test_without_a_period_the_classes_still_show(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figure_of(star(), StarPage(label="LPV", probabilities={"LPV": 0.9, "ROT": 0.1}), monkeypatch)
    assert len(figure.axes) == 3


def test_periods_alone_are_listed_as_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    page = StarPage(periods=(2.5, 1.25), period_probabilities=(0.8, 0.1), epoch=0.0)
    figure = figure_of(star(), page, monkeypatch)
    assert "probability of the candidates" in words_of(figure)
    assert [label.get_text() for label in figure.axes[-1].get_yticklabels()] == ["1   2.5 d", "2   1.25 d"]
    bare = StarPage(periods=(2.5,), period_probabilities=(np.nan,))
    words = words_of(figure_of(star(), bare, monkeypatch))
    assert "probability" not in words
    assert "phase (0: first point)" in words


@pytest.mark.parametrize(
    "odd",
    [
        star(20),
        star(600, bands=6),
        star(120, difference=True),
        star(120, bands=3, difference=True),
        star(object_id="$x^2$ \n 星 \x00" + "y" * 200, band="_$b$"),
        star(3),
        star(1),
        star(120).batch.keep_points(np.zeros(120, dtype=bool))[0],
    ],
    ids=["20", "6 bands", "difference", "3 differences", "wild names", "3", "1", "none"],
)
def test_odd_stars_are_drawn(odd: gr.LightCurve, tmp_path: Path) -> None:
    draw_page(odd, StarPage.from_row(ROW), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_twenty_thousand_points_are_drawn(tmp_path: Path) -> None:
    draw_page(star(20_000), StarPage.from_row(ROW), tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 20_000


def test_error_sets_the_digits() -> None:
    assert pages._with_error(380.946, 1.25) == "380.9 ± 1.2"
    assert pages._with_error(0.5, 1e-12) == "0.5000000000 ± 0.0000000000"
