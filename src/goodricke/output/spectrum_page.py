"""A page per spectrum: the spectrum and its fits, what they leave, why it was flagged, what could have been seen."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.output.palette import ink_on
from goodricke.output.plots import blank_figure, plain, save_figure
from goodricke.output.spectrum_panels import (
    AGAINST,
    FOR,
    draw_detectability,
    draw_names,
    draw_residue,
    draw_shares,
    draw_spectrum,
    share_words,
    windows_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SpectrumPage", "draw_spectrum_page"]

Floats = NDArray[np.float64]

_INK, _GREY = "#222222", "#666666"
_LINE = 175  # letters


@dataclass(frozen=True, eq=False)
class SpectrumPage:
    """What is known of one spectrum; only the first three are needed.

    Parameters
    ----------
    name : str
        Of the star.
    wave, flux : (P,)
        Angstrom in vacuum, rest frame; divided by the continuum.
    ivar : (P,), optional
        Inverse variance of `flux`; 0 where nothing is known.
    probability : float
        Of a binary; NaN when there is none.
    facts : sequence of str
        Such as ``S/N 45``, ``LAMOST``; drawn under the name.
    words : sequence of str
        Sentences under the facts: the reason to abstain, the detectability.
    single, pair : (P,), optional
        Best fits, on the same pixels.
    share : (P,), optional
        Log odds of a binary by pixel.
    q, dv : (Q,), (V,), optional
        Grid of the detectability, dv in km/s.
    chance : (Q, V), optional
        Chance that such a companion would have been found.
    best : (float, float), optional
        q and dv of the best pair.
    """

    name: str
    wave: Floats
    flux: Floats
    ivar: Floats | None = None
    probability: float = float("nan")
    facts: Sequence[str] = ()
    words: Sequence[str] = ()
    single: Floats | None = None
    pair: Floats | None = None
    share: Floats | None = None
    q: Floats | None = None
    dv: Floats | None = None
    chance: Floats | None = None
    best: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        n = len(self.wave)
        for name in ("flux", "ivar", "single", "pair", "share"):
            value = getattr(self, name)
            if value is not None and np.shape(value) != (n,):
                raise DataError(f"{name} has the shape {np.shape(value)}; {n} wavelengths ask for ({n},)")
        if self.chance is not None and (self.q is None or self.dv is None):
            raise DataError("a chance needs its grid: q and dv")


def draw_spectrum_page(page: SpectrumPage, path: str | Path) -> None:
    """Write a PNG of one spectrum, with a panel for everything that is known.

    Parameters
    ----------
    page : SpectrumPage
        What is known.
    path : str or Path
        PNG file, 1430 pixels wide.
    """
    rest = page.single is not None and page.ivar is not None
    heights = [0.72, 2.5, *([1.25] if rest else []), *([0.95] if page.share is not None else [])]
    beside = page.chance is not None
    figure = blank_figure(13.0, 0.6 + 1.35 * sum(heights))
    widths = [3.1, 1.0] if beside else [1.0]
    cells = figure.add_gridspec(len(heights), len(widths), height_ratios=heights, width_ratios=widths)
    _head(figure.add_subplot(cells[0, :]), page)
    top = figure.add_subplot(cells[1, 0])
    flux = page.flux if page.ivar is None else np.where(page.ivar > 0, page.flux, np.nan)
    draw_spectrum(top, page.wave, flux, page.single, page.pair)
    draw_names(top, 8.8 if beside else 12.0)
    if page.single is not None:
        top.legend(frameon=False, fontsize=8, ncols=3, loc="lower right")
    row, last = 2, top
    if rest:
        assert page.single is not None
        assert page.ivar is not None
        last = figure.add_subplot(cells[row, 0], sharex=top)
        draw_residue(last, page.wave, page.flux, page.ivar, page.single, page.pair)
        last.legend(frameon=False, fontsize=7.5, ncols=3, loc="upper right", borderaxespad=0.1)
        row += 1
    if page.share is not None:
        last = figure.add_subplot(cells[row, 0], sharex=top)
        draw_shares(last, *windows_of(page.wave, page.share))
        last.set_title(plain(share_words(page.wave, page.share), 150), loc="left", fontsize=8.5, color=_GREY)
    for axes in figure.axes[1:]:
        axes.tick_params(labelbottom=axes is last)
    last.set_xlabel("wavelength in vacuum, rest frame (Å)", fontsize=9)
    if beside:
        assert page.q is not None
        assert page.dv is not None
        assert page.chance is not None
        axes = figure.add_subplot(cells[1:, 1])
        draw_detectability(axes, page.q, page.dv, page.chance, page.best)
        marked = "\n× the best pair" if page.best is not None else ""
        axes.set_title(f"chance that a companion\nwould have been found{marked}", loc="left", fontsize=9, color=_GREY)
    save_figure(figure, Path(path))


def _head(axes: Axes, page: SpectrumPage) -> None:
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    name = plain(page.name, 52)
    axes.text(0.0, 1.0, name, fontsize=16 if len(name) <= 32 else 13, fontweight="bold", va="top", color=_INK)
    axes.text(0.0, 0.56, "  ·  ".join(plain(fact, 60) for fact in page.facts), fontsize=9.5, va="top", color=_GREY)
    lines = [line for words in page.words if words for line in textwrap.wrap(plain(words, 400), _LINE)]
    axes.text(0.0, 0.28 if page.facts else 0.56, "\n".join(lines[:3]), fontsize=9, va="top", color=_INK)
    if np.isfinite(page.probability):
        colour = FOR if page.probability > 0.5 else AGAINST
        said = f"binary: p = {page.probability:.2f}"
    else:
        colour, said = "#8A8A8A", "no answer"
    axes.text(
        0.995, 0.95, said, fontsize=14, fontweight="bold", ha="right", va="top", color=ink_on(colour),
        bbox={"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "none"},
    )  # fmt: skip
