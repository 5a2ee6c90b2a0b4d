"""What was measured of a list of binaries and singles, as a folder: JSON, Markdown, and the pictures of the seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import WriteError
from goodricke.evaluate.binary_figures import PUBLISHED
from goodricke.output.arrays import numbers_of
from goodricke.output.atomic import whole_file
from goodricke.output.binary_charts import BINARY, SINGLE, draw_classes, draw_mass_ratios, draw_roc, tidied
from goodricke.output.plots import blank_figure, save_figure
from goodricke.output.probability_charts import draw_probabilities
from goodricke.output.report_blocks import Block, Section, shown
from goodricke.output.report_markdown import markdown

__all__ = ["binary_lines", "write_binary_report"]

_FLAGGED = ("flagged 0.5", "flagged 0.8")
_GREEN, _PINK = "#009E73", "#CC79A7"
_CAPTIONS = {
    "roc": "ROC curve of the spectra with a known class; points where the thresholds stand.",
    "classes": "Densities of the probability of binaries and singles, and precision against the threshold.",
    "mass_ratios": "Share of the binaries flagged, against their mass ratio.",
    "eclipsing": "Probabilities of eclipsing binaries, the highest of each star.",
    "velocities": "Probabilities of stars whose velocities change, and of those whose do not.",
    "probabilities": "Probabilities of all spectra and of stars, and how many lie above each.",
}


def binary_lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures in sentences, each beside that of Jing et al. (2025) where they give one.

    >>> found = {"counts": {"spectra": 3, "with an answer": 2, "stars": 3}, "eclipsing": {"EA": {"value": 0.5, "n": 2}}}
    >>> print("\\n".join(binary_lines(found | {"catalogue": {}})))
    2 of 3 spectra have an answer, of 3 stars
    EA above 0.5: 0.500 (published: 0.965)
    """
    counts = figures["counts"]
    lines = [
        f"{counts['with an answer']:,} of {counts['spectra']:,} spectra have an answer, of {counts['stars']:,} stars"
    ]
    for says, figure, published in _rows(figures):
        lines.append(f"{says}: {shown(_estimate(figure))}" + (f" (published: {published})" if published else ""))
    return lines


def write_binary_report(
    figures: Mapping[str, Any], table: pa.Table, folder: str | Path, about: Mapping[str, Any]
) -> list[Path]:
    """Write ``measured.json``, ``measured.md``, ``spectra.csv`` and the pictures that the rows allow.

    Parameters
    ----------
    figures : mapping
        Of ``goodricke.evaluate.binary_figures``.
    table : pyarrow.Table
        One row per spectrum of the list: ``prob_BINARY, object_id, target, eclipsing, rv_difference, n_visits, q``.
    folder : str or Path
        Made when it is missing.
    about : mapping
        What was measured: list, model, version, command.

    Returns
    -------
    list of Path
        What was written, the Markdown first.
    """
    from goodricke.output import write_table

    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be made ({error.strerror or error})") from error
    pictures = _pictures(figures, table, target)
    written = [target / "measured.md", target / "measured.json", target / "spectra.csv"]
    with whole_file(written[0]) as temporary:
        temporary.write_text(_page(figures, about, pictures), encoding="utf-8")
    with whole_file(written[1]) as temporary:
        temporary.write_text(json.dumps({"about": about, **figures}, indent=1) + "\n", encoding="utf-8")
    write_table(table, written[2])
    return [*written, *(target / f"{name}.png" for name in pictures)]


# Words ---------------------------------------------------------------------------------------------------------------


def _rows(figures: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], str]]:
    """Name, figure, and what was published, of all figures in one list."""
    rows: list[tuple[str, Mapping[str, Any], str]] = []

    def add(says: str, figure: Mapping[str, Any]) -> None:
        known = PUBLISHED.get(says)
        rows.append((says, figure, f"{known:.3g}" if known is not None else ""))

    test = figures.get("test", {})
    for key in ("auc", "singles below 0.2", "binaries above 0.8", "recall 0.5", "false 0.5", "recall 0.8", "false 0.8"):
        if key in test:
            add(key, test[key])
    for row in test.get("precision", ()):
        add(f"precision {row['threshold']:g} at {_ratio(row['ratio'])}", row)
    for word, figure in figures.get("eclipsing", {}).items():
        add(f"{word} above 0.5", figure)
    for key, figure in figures.get("velocity", {}).items():
        add(key, figure)
    return rows


def _ratio(value: float) -> str:
    """Binaries to singles as people write it."""
    return f"{value:g}:1" if value > 1 else f"1:{1 / value:.4g}"


def _estimate(figure: Mapping[str, Any]) -> dict[str, float | None]:
    return {key: figure.get(key) for key in ("value", "low", "high")}


def _page(figures: Mapping[str, Any], about: Mapping[str, Any], pictures: list[str]) -> str:
    head = ("figure", "measured here, 95% interval over stars", "n", "published")
    rows = tuple(
        (says, shown(_estimate(figure)), f"{figure['n']:,}" if "n" in figure else "", published)
        for says, figure, published in _rows(figures)
    )
    counts = Block(("what", "number"), tuple((key, f"{value:,}") for key, value in figures["counts"].items()))
    catalogue = Block(
        ("counted", "above 0.5", "above 0.8"),
        tuple((word, *(f"{n:,}" for n in cuts.values())) for word, cuts in figures["catalogue"].items()),
    )
    says = (
        "Published: Jing et al. (2025), for their network on their own held-out spectra and lists. The two columns are"
        " of one kind only where the list is theirs.",
        "Precision is N_TP / (N_TP + N_FP (N_b / N_s) / r) with r the ratio of binaries to singles on the sky. Shares"
        " of eclipsing and moving stars are of stars, by the highest probability of their spectra; all else is of"
        " spectra. Where a spectrum has no answer (no dwarf, too noisy), it counts nowhere but in the list's numbers.",
    )
    sections = [
        Section(
            "Figures", says, (Block(head, rows),), _captions(pictures, "roc", "classes", "eclipsing", "velocities")
        ),
        Section("The list", (), (counts, catalogue), _captions(pictures, "probabilities")),
    ]
    if figures.get("mass_ratio"):
        steps = tuple(
            ("{:g} to {:g}".format(*row["q"]), f"{row['n']:,}", *(shown(_estimate(row[key])) for key in _FLAGGED))
            for row in figures["mass_ratio"]
        )
        block = Block(("mass ratio", "spectra", "above 0.5", "above 0.8"), steps)
        sections.insert(1, Section("By mass ratio", (), (block,), _captions(pictures, "mass_ratios")))
    sections.append(Section("How it was made", tuple(f"{key}: {value}" for key, value in about.items())))
    return markdown("Binaries from spectra, measured on a list", sections, pictures)


def _captions(pictures: list[str], *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, _CAPTIONS[name]) for name in names if name in pictures)


# Pictures ------------------------------------------------------------------------------------------------------------


def _pictures(figures: Mapping[str, Any], table: pa.Table, folder: Path) -> list[str]:
    """Draw what there are rows for; names without ending."""
    p = numbers_of(table, "prob_BINARY")
    known = np.isfinite(p)
    target, star = numbers_of(table, "target"), np.asarray(table["object_id"].to_pylist(), dtype=str)
    made = []
    if "test" in figures:
        rows = known & (target >= 0)
        draw_roc({"": p[rows]}, target[rows] == 1, folder / "roc.png", star[rows])
        draw_classes(p[rows], target[rows] == 1, folder / "classes.png")
        made += ["roc", "classes"]
    if figures.get("mass_ratio"):
        rows = known & np.isfinite(numbers_of(table, "q")) & (target != 0)
        test = figures.get("test")
        false = {cut: test[f"false {cut:g}"]["value"] for cut in (0.5, 0.8)} if test else None
        draw_mass_ratios(p[rows], numbers_of(table, "q")[rows], folder / "mass_ratios.png", false_rate=false)
        made.append("mass_ratios")
    words = np.asarray(table["eclipsing"].to_pylist(), dtype=str)
    groups = {word: _highest(p, star, known & (words == word)) for word in figures.get("eclipsing", {})}
    if groups:
        _draw_groups(groups, folder / "eclipsing.png")
        made.append("eclipsing")
    if "velocity" in figures:
        from goodricke.evaluate.binary_figures import CONSTANT_KM_S, MOVING_KM_S, VISITS

        moves, visits = numbers_of(table, "rv_difference"), numbers_of(table, "n_visits")
        enough = ~(visits < VISITS) if "n_visits" in table.schema.names else np.ones(len(p), dtype=bool)
        groups = {
            f"more than {MOVING_KM_S:g} km/s": _highest(p, star, known & (moves > MOVING_KM_S)),
            f"less than {CONSTANT_KM_S:g} km/s": _highest(p, star, known & (moves < CONSTANT_KM_S) & enough),
        }
        _draw_groups(groups, folder / "velocities.png")
        made.append("velocities")
    if known.any():
        draw_probabilities(_highest(p, star, known), folder / "probabilities.png", p[known])
        made.append("probabilities")
    return made


def _draw_groups(groups: Mapping[str, NDArray[np.float64]], path: Path) -> None:
    """Densities of the probability of some kinds of stars."""
    figure = blank_figure(6.4, 4.0)
    axes = figure.add_subplot()
    edges = np.linspace(0, 1, 41)
    for (name, p), colour in zip(groups.items(), (BINARY, SINGLE, _GREEN, _PINK) * len(groups), strict=False):
        if len(p):
            density = np.histogram(p, edges, density=True)[0]
            axes.stairs(density, edges, color=colour, linewidth=1.6, label=f"{name} ({len(p):,})")
    axes.set_yscale("log")
    axes.set_xlim(0, 1)
    axes.axvline(0.5, color="#888888", linewidth=0.8, linestyle="--")
    figure.legend(frameon=False, fontsize=9, ncols=2, loc="outside lower center")
    tidied(axes, "probability of a binary", "probability density", "")
    save_figure(figure, path)


def _highest(p: NDArray[np.float64], star: NDArray[np.str_], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of the spectra of every star."""
    names, code = np.unique(star[rows], return_inverse=True)
    highest = np.full(len(names), -np.inf)
    np.maximum.at(highest, code, p[rows])
    return highest
