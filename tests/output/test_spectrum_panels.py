from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.output import spectrum_panels
from goodricke.output.plots import blank_figure
from goodricke.output.spectrum_panels import (
    draw_attribution,
    draw_detectability,
    draw_residue,
    draw_spectrum,
    share_words,
    smoothed,
    windows_of,
)
from goodricke.spectra.lattice import MODEL_LATTICE

WAVE = MODEL_LATTICE.wave


def spectrum(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    model = 1 - 0.4 * np.exp(-0.5 * ((WAVE - 6564.6) / 5) ** 2)
    return model + rng.normal(0, 0.02, len(WAVE)), model


def test_the_picture_of_reasons(tmp_path: Path) -> None:
    flux, _ = spectrum()
    share = np.where(np.abs(WAVE - 6564.6) < 8, 0.1, 0.0)
    draw_attribution(WAVE, flux, share, tmp_path / "why.png", "HD $1")
    assert (tmp_path / "why.png").read_bytes().startswith(b"\x89PNG")
    draw_attribution(WAVE, flux, np.zeros(len(WAVE)), tmp_path / "none.png")
    with pytest.raises(DataError):
        draw_attribution(WAVE, flux[:-1], share, tmp_path / "x.png")


def test_bars_hold_all_of_the_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(spectrum_panels, "save_figure", lambda figure, _: kept.append(figure))
    flux, _ = spectrum()
    share = np.random.default_rng(1).normal(0, 0.01, len(WAVE))
    draw_attribution(WAVE, flux, share, "why.png", "star")
    rows = [axes for axes in kept[0].axes if axes.get_ylabel() == "log odds"]
    assert len(rows) == 3
    assert sum(patch.get_data()[0].sum() for patch in rows[0].patches) == pytest.approx(share.sum())
    # Together the rows show every pixel, none twice.
    assert [rows[k].get_xlim()[1] < rows[k + 1].get_xlim()[0] for k in (0, 1)] == [True, True]
    title = kept[0].axes[0].get_title(loc="left")
    assert title.startswith(f"log odds of a binary {share.sum():+.2f}".replace("-", "−"))


def test_windows_and_words() -> None:
    share = np.where(np.abs(WAVE - 5176) < 5, 0.25, 0.0)
    window, edges = windows_of(WAVE, share)
    assert window.sum() == pytest.approx(share.sum())
    assert len(edges) == len(window) + 1
    assert np.diff(edges) == pytest.approx(12, abs=0.1)
    assert share_words(WAVE, share) == f"log odds of a binary +{share.sum():.2f}: Mg b +{share.sum():.2f}"


def test_smoothing_agrees_with_a_loop() -> None:
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=200), rng.random(200) * (rng.random(200) < 0.8)
    w[50:80] = 0
    mean, error = smoothed(x, w, 7)
    for k in range(200):
        part = slice(max(0, k - 3), k + 4)
        if w[part].sum() == 0:
            assert np.isnan(mean[k])
            assert np.isnan(error[k])
        else:
            assert mean[k] == pytest.approx(np.average(x[part], weights=w[part]))
            assert error[k] == pytest.approx(w[part].sum() ** -0.5)


def test_the_residue_shows_what_the_pair_adds() -> None:
    _, model = spectrum()
    signal = 0.01 * np.sin(WAVE / 40)
    axes = blank_figure(6, 3).add_subplot()
    ivar = np.full(len(WAVE), 2500.0)
    ivar[100:200] = 0
    draw_residue(axes, WAVE, model + signal, ivar, model, model + signal)
    rest, pair = axes.lines[0].get_ydata(), axes.lines[1].get_ydata()
    good = np.isfinite(rest)
    np.testing.assert_allclose(rest[good], pair[good], atol=1e-9)
    assert np.nanmax(np.abs(rest)) == pytest.approx(1.0, rel=0.2)  # per cent
    assert np.isnan(rest[120:180]).all()


def test_a_spectrum_without_fits_and_one_of_nothing() -> None:
    flux, model = spectrum()
    axes = blank_figure(6, 3).add_subplot()
    draw_spectrum(axes, WAVE, flux)
    assert len(axes.lines) == 1
    axes = blank_figure(6, 3).add_subplot()
    draw_spectrum(axes, WAVE, np.full(len(WAVE), np.nan), model)
    assert axes.get_ylim() == (0.0, 1.5)


def test_the_map_of_chances() -> None:
    q, dv = np.linspace(0.3, 1, 8), np.array([0.0, 50, 100, 200, 400])
    chance = np.clip(q[:, None] * 0.5 + dv / 400, 0, 1)
    figure = blank_figure(4, 4)
    axes = figure.add_subplot()
    draw_detectability(axes, q, dv, chance, mark=(0.8, -120.0))
    mesh = axes.collections[0]
    np.testing.assert_allclose(np.asarray(mesh.get_array()).reshape(5, 8), chance.T)
    cross = axes.lines[0]
    assert (cross.get_xdata()[0], cross.get_ydata()[0]) == (0.8, 120.0)
    draw_detectability(blank_figure(4, 4).add_subplot(), [0.8], [0.0], [[np.nan]])
    with pytest.raises(DataError):
        draw_detectability(axes, q, dv, chance.T)
