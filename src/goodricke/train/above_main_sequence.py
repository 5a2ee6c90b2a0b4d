"""Singles and binaries for training from a colour-magnitude diagram: how far a star lies above the main sequence.

The recipe of Liu 2019 and of Jing et al. 2025 (section 2.1), for any table of Gaia with parameters from spectra. Two
stars are brighter than one of the same colour: the ridge of the main sequence, M_G as a polynomial of colour and
[Fe/H], is fitted to the singles among all stars, and M_G minus the ridge tells a star's class ::

    single       -0.25 < delta < 0.25
    binary       -0.5  < delta < -0.25   pairs of unequal stars
    bright               delta < -0.5    stars more alike, triples, young and evolved ones: in neither class

Which mass ratios are the binaries' depends on the colour, since a fainter companion is redder too. The papers give 0.71
to 0.93; the dwarfs of Pecaut & Mamajek 2013 and the isochrones of BaSTI put 0.5 to 0.75 there (see the tests), because
a star of 0.9 of its companion's mass is at -0.75 already when both are compared with a single star of their joint
colour.

Where the ridge lies must not depend on how many binaries there are, so the fit takes every star for a single one, for
one of a pair or for neither, with the probabilities that its distance gives (a mixture, by expectation and
maximisation).

    python -m goodricke.train.above_main_sequence TABLE -o OUT [--selection liu2019] [--picture FILE]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from goodricke.clean.spectra.selection import NAMES, SELECTIONS
from goodricke.errors import GoodrickeError, OptionError
from goodricke.train.main_sequence_labels import CLASSES, Labelled, MainSequenceLimits, label
from goodricke.train.main_sequence_ridge import Ridge, fit_ridge

__all__ = ["CLASSES", "Labelled", "MainSequenceLimits", "Ridge", "draw", "fit_ridge", "label", "main", "report"]


def draw(made: Labelled, path: str | Path, limits: MainSequenceLimits | None = None) -> None:
    """Draw the colour-magnitude diagram with the ridge, and the distances from it, into a PNG file.

    Raises
    ------
    MissingDependency
        If matplotlib is not installed.
    """
    from goodricke.output.plots import blank_figure, save_figure

    limits = limits or MainSequenceLimits()
    figure = blank_figure(11, 5)
    left, right = figure.subplots(1, 2)
    colours = {"single": "#555555", "binary": "#0072B2", "bright": "#D55E00", "faint": "#BBBBBB"}
    counts = made.counts()
    used = made.label != ""
    bins = np.arange(-1.5, 1.01, 0.05)
    for name, colour in colours.items():
        chosen = made.label == name
        left.plot(made.colour[chosen], made.m_g[chosen], ".", ms=3, color=colour, label=f"{name} ({counts[name]:,})")
        right.hist(made.delta[chosen], bins, color=colour)
    x = np.linspace(float(made.colour[used].min()), float(made.colour[used].max()), 100)
    for feh, style in (
        (made.ridge.centre[1] - 0.3, ":"),
        (made.ridge.centre[1], "-"),
        (made.ridge.centre[1] + 0.3, "--"),
    ):
        left.plot(x, made.ridge.at(x, np.full(100, feh))[0], style, color="black", lw=1, label=f"[Fe/H] {feh:+.2f}")
    left.invert_yaxis()
    left.set_xlabel(f"{NAMES[made.colour_name][0]} (mag)")
    left.set_ylabel("M_G (mag)")
    left.legend(fontsize=8, frameon=False)
    for edge in (-limits.bright, -limits.single, limits.single):
        right.axvline(edge, color="black", lw=0.6, ls=":")
    right.set_xlabel("M_G above (negative) or below the ridge (mag)")
    right.set_ylabel("stars")
    right.set_title(
        f"ridge: scatter {made.ridge.scatter:.3f} mag; on it {made.ridge.shares[0]:.0%},"
        f" pairs {made.ridge.shares[1]:.0%}",
        fontsize=9,
    )
    save_figure(figure, Path(path))


def report(made: Labelled) -> list[str]:
    """What was found, line by line."""
    used = made.label != ""
    ridge, counts = made.ridge, made.counts()
    lines = [
        f"{len(used):,} stars, {int(used.sum()):,} pass the cuts; colour {NAMES[made.colour_name][0]}",
        f"ridge: scatter {ridge.scatter:.3f} mag beyond the errors (median error of a distance"
        f" {np.median(made.delta_error[used]):.3f} mag); on it {ridge.shares[0]:.1%} of the stars, pairs"
        f" {ridge.shares[1]:.1%}, others {ridge.shares[2]:.1%}",
    ]
    for k, name in enumerate(CLASSES):
        chosen = made.label == name
        expected = "" if k > 2 else f", {made.probability[used, k].sum():.1f} expected by the errors alone"
        ridge_stars = f"; {made.on_ridge[chosen].sum():.1f} of them belong to the ridge" if chosen.any() else ""
        lines.append(f"{name:8s} {counts[name]:7,d}{expected}{ridge_stars}")
    reasons: dict[str, list[str]] = {}
    for words in made.reason[~used]:
        reasons.setdefault(" ".join(word for word in words.split() if not any(c.isdigit() for c in word)), []).append(
            words
        )
    lines += [
        f"{len(all_):7,d} left out, such as: {all_[0]}" for all_ in sorted(reasons.values(), key=len, reverse=True)
    ]
    return lines + [f"note: {note}" for note in made.notes]


def main(arguments: Sequence[str] | None = None) -> None:
    """Label a table, write it, and say what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m goodricke.train.above_main_sequence",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "table", type=Path, help="csv, ECSV, FITS, VOTable or Parquet: Gaia with parameters from spectra"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the table with labels; the suffix is the format"
    )
    parser.add_argument("--selection", default="liu2019", help=f"{' or '.join(SELECTIONS)} (default: liu2019)")
    parser.add_argument(
        "--column", action="append", default=[], metavar="QUANTITY=NAME",
        help=f"which column holds a quantity, where its name is not known; quantities: {', '.join(NAMES)}",
    )  # fmt: skip
    parser.add_argument("--min-parallax-over-error", type=float, default=MainSequenceLimits.min_parallax_over_error)
    parser.add_argument("--picture", type=Path, help="draw the diagram into this PNG file")
    options = parser.parse_args(arguments)
    try:
        for line in _run(options):
            print(line)
    except GoodrickeError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


def _run(options: argparse.Namespace) -> list[str]:
    from goodricke.output.reading_tables import read_table
    from goodricke.output.tables import write_table

    table = read_table(options.table)
    columns: dict[str, Any] = {name: table[name].to_numpy() for name in table.column_names}
    columns.update(_renamed(options.column, columns))
    limits = MainSequenceLimits(min_parallax_over_error=options.min_parallax_over_error)
    made = label(columns, options.selection, limits)
    ours = made.table()
    rest = table.drop_columns([name for name in ours.column_names if name in table.column_names])
    for name in ours.column_names:
        rest = rest.append_column(name, ours[name])
    write_table(rest.replace_schema_metadata(None), options.output)
    if options.picture:
        draw(made, options.picture, limits)
    return report(made)


def _renamed(given: Sequence[str], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns under the names of the quantities that the user says they hold."""
    found = {}
    for each in given:
        wanted, equals, name = each.partition("=")
        if not equals or wanted not in NAMES:
            raise OptionError(f"--column {each}: write QUANTITY=NAME with one of {', '.join(NAMES)}")
        if name not in columns:
            raise OptionError(f"--column {each}: the table has no column {name!r}; it has {', '.join(columns)}")
        found[wanted] = columns[name]
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
