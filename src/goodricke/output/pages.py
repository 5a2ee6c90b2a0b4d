"""One page per star: the whole curve, folds at half, once and twice the period, periodogram, classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from goodricke.labels import TREE, lineage
from goodricke.lightcurves import LightCurve
from goodricke.output.palette import ink_on, style_of
from goodricke.output.panels import draw_bars, draw_fold, draw_periodogram, folded_values
from goodricke.output.plots import blank_figure, draw_curve, plain, save_figure, shown, time_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["StarPage", "draw_page"]

_INK, _GREY, _WARN, _FAIL = "#222222", "#666666", "#9A6700", "#B3261E"
_MOST_BARS = 6
_FEWEST_POINTS = 3


@dataclass(frozen=True)
class StarPage:
    """What is written on a page beside the light curve. Everything may be missing.

    Parameters
    ----------
    periods, period_probabilities : tuple of float
        Periods in days and how likely each is, best first.
    period_error : float
        Standard deviation of the first, days.
    epoch, epoch_max : float
        Times of minimum and of maximum light, in the star's time frame.
    depths : tuple of float
        Depths of the minima, primary first.
    label, probability : str, float
        The class and how likely it is.
    probabilities : mapping of str to float
        Of every class.
    prediction_set : tuple of str
        The classes that cannot be ruled out.
    model : str
        Name and version of the model.
    morphology, novelty : float
        Shape of an eclipsing binary from detached (0) to contact (1); how unlike the training stars the star is.
    status, reason : str
        ``ok``, ``abstained`` or ``failed``, and why.
    """

    periods: tuple[float, ...] = ()
    period_probabilities: tuple[float, ...] = ()
    period_error: float = np.nan
    epoch: float = np.nan
    epoch_max: float = np.nan
    depths: tuple[float, ...] = ()
    label: str = ""
    probability: float = np.nan
    probabilities: Mapping[str, float] = field(default_factory=dict)
    prediction_set: tuple[str, ...] = ()
    model: str = ""
    morphology: float = np.nan
    novelty: float = np.nan
    status: str = "ok"
    reason: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> StarPage:
        """The page of one row of a table of predictions or periods.

        >>> page = StarPage.from_row({"period_days": 2.5, "label": "EA", "prob_EA": 0.9, "prob_EB": 0.1})
        >>> page.periods, page.label, page.probabilities
        ((2.5,), 'EA', {'EA': 0.9, 'EB': 0.1})
        """
        numbered = ["", *(f"_{k}" for k in range(2, 10))]
        periods = [_number(row, f"period_days{ending}") for ending in numbered]
        odds = [_number(row, f"period_probability{ending}") for ending in numbered]
        known = [k for k, days in enumerate(periods) if days > 0]
        depths = [_number(row, f"depth{ending}") for ending in numbered]
        return cls(
            periods=tuple(periods[k] for k in known),
            period_probabilities=tuple(odds[k] for k in known),
            period_error=_number(row, "period_error"),
            epoch=_number(row, "epoch"),
            epoch_max=_number(row, "epoch_max"),
            depths=tuple(depth for depth in depths if np.isfinite(depth)),
            label=_text(row, "label"),
            probability=_number(row, "probability"),
            probabilities={
                key.removeprefix("prob_"): _number(row, key)
                for key in row
                if key.startswith("prob_") and np.isfinite(_number(row, key))
            },
            prediction_set=tuple(_text(row, "prediction_set").split()),
            model=" ".join(filter(None, (_text(row, "model"), _text(row, "model_version")))),
            morphology=_number(row, "morphology"),
            novelty=_number(row, "novelty"),
            status=_text(row, "status") or "ok",
            reason=_text(row, "reason"),
        )

    @property
    def phase_zero(self) -> tuple[float, str]:
        """Time of phase 0 and what it is: maximum light for a pulsating star, minimum otherwise; NaN when unknown."""
        if self.label in TREE and "PULSATING" in lineage(self.label) and np.isfinite(self.epoch_max):
            return self.epoch_max, "maximum"
        return self.epoch, "minimum"


def _number(row: Mapping[str, Any], key: str) -> float:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) else np.nan


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value)


def draw_page(star: LightCurve, page: StarPage, path: str | Path) -> None:
    """Write the page of one star as PNG.

    Parameters
    ----------
    star : LightCurve
        What to draw: one band or several, magnitudes, fluxes or differences of flux.
    page : StarPage
        What is known of it. Without a period only the curve is drawn, and the reason is said.
    path : str or Path
        PNG file, 1320 by 990 pixels, or 1320 by 550 for a star without a period.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    if page.periods and len(star) >= _FEWEST_POINTS and np.ptp(star.time) > 0:
        save_figure(_whole(star, page), Path(path))
    else:
        save_figure(_without_period(star, page), Path(path))


def _whole(star: LightCurve, page: StarPage) -> Figure:
    figure = blank_figure(12.0, 9.0)
    rows = figure.add_gridspec(4, 1, height_ratios=[0.58, 1.25, 1.5, 1.35])
    _head(figure.add_subplot(rows[0]), star, page)
    _full(figure.add_subplot(rows[1]), star)
    _folds(figure, rows[2].subgridspec(1, 3), star, page)
    _bottom(figure, rows[3].subgridspec(1, 2, width_ratios=[2, 1]), star, page)
    return figure


def _without_period(star: LightCurve, page: StarPage) -> Figure:
    figure = blank_figure(12.0, 5.0)
    rows = figure.add_gridspec(2, 1, height_ratios=[0.58, 2.0])
    _head(figure.add_subplot(rows[0]), star, page)
    below = rows[1].subgridspec(1, 2, width_ratios=[2, 1])
    _full(figure.add_subplot(below[0] if page.probabilities else below[:]), star)
    if page.probabilities:
        _classes(figure.add_subplot(below[1]), page)
    return figure


def _full(axes: Axes, star: LightCurve) -> None:
    if len(star):
        draw_curve(axes, star)
    else:
        axes.annotate("no points", (0.5, 0.5), xycoords="axes fraction", ha="center", color=_GREY)
        axes.set_ylabel(shown(star).label)
    axes.set_xlabel(time_label(star), fontsize=9)
    axes.yaxis.label.set_fontsize(9)
    axes.tick_params(labelsize=8)
    if len(star.bands) > 1:
        axes.legend(
            frameon=False, ncols=len(star.bands), fontsize=8, loc="lower right", bbox_to_anchor=(1.0, 0.97),
            handletextpad=0.1, columnspacing=1.0, markerscale=2.0 if len(star) < 3000 else 5.0,
        )  # fmt: skip


def _folds(figure: Figure, cells: Any, star: LightCurve, page: StarPage) -> None:
    epoch, what = page.phase_zero
    if not np.isfinite(epoch):
        epoch, what = float(star.time[0]), "first point"
    first = None
    for k, (factor, name) in enumerate(((0.5, "P/2"), (1.0, "P"), (2.0, "2P"))):
        axes = figure.add_subplot(cells[k], sharey=first)
        days = page.periods[0] * factor
        draw_fold(axes, star, days, epoch)
        axes.set_title(
            f"{name} = {_in_digits(days)} d{_rank_of(days, page)}",
            loc="left", fontsize=10, fontweight="bold" if factor == 1.0 else "normal",
        )  # fmt: skip
        axes.set_xlabel(f"phase (0: {what})", fontsize=9)
        if first is None:
            axes.set_ylabel(folded_values(star).label, fontsize=9)
            first = axes
        else:
            axes.tick_params(labelleft=False)


def _rank_of(days: float, page: StarPage) -> str:
    """How likely the finder holds this period, when it is one of the candidates."""
    for rank, (other, chance) in enumerate(zip(page.periods, page.period_probabilities, strict=True), 1):
        if abs(days / other - 1.0) < 2e-3:
            said = f"{chance:.2f}" if chance >= 0.005 else "<0.01"
            return f"   rank {rank}{f', probability {said}' if np.isfinite(chance) else ''}"
    return ""


def _bottom(figure: Figure, cells: Any, star: LightCurve, page: StarPage) -> None:
    beside = bool(page.probabilities) or np.isfinite(page.period_probabilities).any()
    axes = figure.add_subplot(cells[0] if beside else cells[:])
    draw_periodogram(axes, star, page.periods)
    axes.set_title("periodogram, candidates by rank", loc="left", fontsize=9, color=_GREY)
    if page.probabilities:
        _classes(figure.add_subplot(cells[1]), page)
    elif beside:
        axes = figure.add_subplot(cells[1])
        names = [f"{rank}   {_in_digits(days)} d" for rank, days in enumerate(page.periods, 1)]
        draw_bars(axes, names, np.nan_to_num(page.period_probabilities).tolist(), names[:1], is_class=False)
        axes.set_title("probability of the candidates", loc="left", fontsize=9, color=_GREY)


def _classes(axes: Axes, page: StarPage) -> None:
    best = sorted(page.probabilities.items(), key=lambda item: -item[1])[:_MOST_BARS]
    names, odds = [name for name, _ in best], [chance for _, chance in best]
    draw_bars(axes, names, odds, page.prediction_set, is_class=True)
    said = "class probability" + ("; bold: cannot be ruled out" if page.prediction_set else "")
    axes.set_title(said, loc="left", fontsize=9, color=_GREY)


def _head(axes: Axes, star: LightCurve, page: StarPage) -> None:
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    name = plain(star.object_id, 52)
    axes.text(0.0, 0.98, name, fontsize=17 if len(name) <= 32 else 13, fontweight="bold", va="top", color=_INK)
    axes.text(0.0, 0.58, _about_the_star(star), fontsize=9.5, va="top", color=_GREY)
    axes.text(0.0, 0.32, _about_the_period(star, page), fontsize=10.5, va="top", color=_INK)
    if page.status != "ok" or page.reason:
        said = f"{page.status}: {page.reason}" if page.reason else page.status
        colour = _FAIL if page.status == "failed" else _WARN
        axes.text(0.0, 0.05, plain(said, 150), fontsize=10, va="top", color=colour, fontweight="bold")
    _chip(axes, page)


def _chip(axes: Axes, page: StarPage) -> None:
    if page.label:
        share = ">99%" if page.probability > 0.995 else f"{100 * page.probability:.0f}%"
        sure = f"   {share}" if np.isfinite(page.probability) else ""
        colour = style_of(page.label).colour if page.status == "ok" else "#DDDDDD"
        axes.text(
            0.993, 0.90, plain(page.label, 20) + sure, fontsize=16, fontweight="bold", ha="right", va="top",
            color=ink_on(colour), bbox={"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "none"},
        )  # fmt: skip
    extra = [plain(page.model, 40)] if page.model else []
    if np.isfinite(page.morphology):
        extra.append(f"morphology {page.morphology:.2f}")
    if np.isfinite(page.novelty):
        extra.append(f"novelty {page.novelty:.2f}")
    axes.text(1.0, 0.32, "   ".join(extra), fontsize=9.5, ha="right", va="top", color=_GREY)


def _about_the_star(star: LightCurve) -> str:
    parts = [star.survey]
    if np.isfinite(star.ra) and np.isfinite(star.dec):
        parts.append(f"RA {star.ra:.5f}° Dec {star.dec:+.5f}°")
    n, lost = len(star), sum(star.dropped.values())
    bands = ", ".join(plain(name, 12) for name in star.bands[:6])
    parts.append(
        f"{n:,} point{'s' * (n != 1)}{f' in {bands}' if bands else ''}{f' ({lost:,} dropped)' if lost else ''}"
    )
    if n > 1:
        parts.append(f"{np.ptp(star.time):,.1f} d")
    mags = ", ".join(f"{plain(name, 12)} {mag:.2f}" for name, mag in list(star.ref_mag.items())[:4])
    return "  ·  ".join([*parts, *([f"median {mags}"] if mags else [])])


def _about_the_period(star: LightCurve, page: StarPage) -> str:
    if not page.periods:
        return ""
    days = page.periods[0]
    known = np.isfinite(page.period_error) and page.period_error > 0
    parts = [f"P = {_with_error(days, page.period_error) if known else _in_digits(days)} d"]
    epoch, what = page.phase_zero
    if np.isfinite(epoch):
        frame = str(star.time_frame)
        parts.append(f"{what} at {'' if frame == 'TIME' else frame + ' '}{epoch:.5f}")
    if page.depths:
        unit = " mag" if shown(star).in_mag else ""
        parts.append(f"depth{'s' * (len(page.depths) > 1)} {', '.join(f'{depth:.3g}' for depth in page.depths)}{unit}")
    return "     ".join(parts)


def _in_digits(days: float) -> str:
    return f"{days:.7g}" if days < 100 else f"{days:.6g}"


def _with_error(value: float, error: float) -> str:
    """Value and error with two digits of the error.

    >>> _with_error(0.39126144, 0.0000031)
    '0.3912614 ± 0.0000031'
    """
    digits = int(np.clip(1 - np.floor(np.log10(error)), 0, 10))
    return f"{value:.{digits}f} ± {error:.{digits}f}"
