from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.output import spectrum_page
from goodricke.output.spectrum_page import SpectrumPage, draw_spectrum_page
from goodricke.spectra.lattice import MODEL_LATTICE

WAVE = MODEL_LATTICE.wave


def page(**changes: Any) -> SpectrumPage:
    rng = np.random.default_rng(0)
    single = 1 - 0.3 * np.exp(-0.5 * ((WAVE - 4862.7) / 5) ** 2)
    ivar = np.full(len(WAVE), 2500.0)
    ivar[:40] = 0
    known: dict[str, Any] = {
        "ivar": ivar, "probability": 0.87, "facts": ["LAMOST", "S/N 50"], "words": ["twins cannot be seen"],
        "single": single, "pair": single * 0.999, "share": rng.normal(0, 0.01, len(WAVE)),
        "q": np.linspace(0.3, 1, 8), "dv": np.array([0.0, 100.0, 400.0]), "chance": rng.random((8, 3)),
        "best": (0.8, 60.0),
    }  # fmt: skip
    return SpectrumPage("HD 1", WAVE, single + rng.normal(0, 0.02, len(WAVE)), **(known | changes))


@pytest.mark.parametrize(
    "without", [(), ("single", "pair"), ("share",), ("chance", "q", "dv", "best"), ("ivar",), ("pair", "best")]
)
def test_a_panel_for_everything_that_is_known(tmp_path: Path, without: tuple[str, ...]) -> None:
    draw_spectrum_page(page(**dict.fromkeys(without)), tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_a_page_of_three_columns_says_that_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(spectrum_page, "save_figure", lambda figure, _: kept.append(figure))
    draw_spectrum_page(SpectrumPage("x", WAVE, np.ones(len(WAVE)), words=["S/N 2 is below 10"]), "x.png")
    said = [text.get_text() for text in kept[0].axes[0].texts]
    assert "no answer" in said
    assert "S/N 2 is below 10" in said
    assert len(kept[0].axes) == 2


def test_unknown_pixels_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(spectrum_page, "save_figure", lambda figure, _: kept.append(figure))
    draw_spectrum_page(page(), "x.png")
    drawn = next(line for line in kept[0].axes[1].lines if line.get_label() == "observed").get_ydata()
    assert np.isnan(drawn[:40]).all()
    assert np.isfinite(drawn[40:]).all()
    assert "binary: p = 0.87" in [text.get_text() for text in kept[0].axes[0].texts]


def test_columns_that_do_not_fit() -> None:
    with pytest.raises(DataError, match="single"):
        page(single=np.ones(3))
    with pytest.raises(DataError, match="grid"):
        page(q=None)
