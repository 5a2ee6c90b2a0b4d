from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import MissingDependency
from goodricke.output import plots


def star(n: int = 50, **kwargs) -> gr.LightCurve:
    rng = np.random.default_rng(0)
    mag = 12 + rng.normal(0, 0.01, n) + 0.5 * (np.arange(n) % 10 == 0)
    return gr.LightCurves.from_arrays(np.arange(n) * 1.0, mag=mag, err=np.full(n, 0.01), **kwargs)[0]


def drawn(star: gr.LightCurve) -> object:
    axes = plots.blank_figure(5, 3).add_subplot()
    plots.draw_curve(axes, star)
    return axes


def test_magnitudes_grow_downwards_and_flux_upwards() -> None:
    axes = drawn(star())
    assert axes.get_ylabel() == "magnitude"
    low, high = axes.get_ylim()
    assert low > high
    flux = gr.LightCurves.from_arrays([1.0, 2, 3], flux=[1.0, 2, 3], err=[0.1] * 3)[0]
    axes = drawn(flux)
    assert axes.get_ylabel() == "relative flux"
    assert axes.get_ylim()[0] < axes.get_ylim()[1]


def test_a_narrow_deep_eclipse_stays_in_the_picture_and_a_glitch_does_not_flatten_it() -> None:
    n = 1000
    flux = np.ones(n) + np.random.default_rng(1).normal(0, 0.001, n)
    flux[500:512] = 0.4
    flux[100] = 50.0
    axes = drawn(gr.LightCurves.from_arrays(np.arange(n) * 1.0, flux=flux, err=np.full(n, 0.001))[0])
    low, high = axes.get_ylim()
    assert low < 0.4
    assert high < 10


@pytest.mark.parametrize("n", [1, 2, 5000])
def test_files_are_pngs(n: int, tmp_path: Path) -> None:
    plots.draw_star(star(n, band=np.where(np.arange(n) % 2, "V", "g")), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    plots.draw_sheet(star(n).batch, tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependency, match=r"pip install 'goodricke\[plot\]'"):
        plots.draw_star(star(), tmp_path / "a.png")
