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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from goodricke.clean.spectra.selection import NAMES, SELECTIONS, quantity, select
from goodricke.errors import DataError, GoodrickeError, OptionError

__all__ = ["CLASSES", "Labelled", "MainSequenceLimits", "Ridge", "draw", "fit_ridge", "label", "main"]

Floats = NDArray[np.float64]

CLASSES = ("single", "binary", "bright", "faint")
"""What a star is called; ``faint`` lies below the sequence. Only the first two are for training."""
_TWINS = -2.5 * np.log10(2.0)  # two equal stars
_WIDE = 1.5  # mag: where stars are that are neither on the ridge nor pairs of it
_FEWEST = 60
_MOST = (
    40_000  # stars of a larger table are taken at even steps: the ridge is known to a thousandth of a magnitude then
)


@dataclass(frozen=True)
class MainSequenceLimits:
    """Numbers of the recipe."""

    single: float = 0.25
    """Singles lie within this many magnitudes of the ridge."""
    bright: float = 0.5
    """Binaries lie above the singles, up to this many magnitudes above the ridge."""
    min_parallax_over_error: float = 20.0
    """At 20 the parallax alone makes an error of 0.11 mag; no limit where a table has no errors."""
    max_ruwe: float = 1.4
    """Gaia's astrometry is that of a single point of light below it; no limit where the table lacks it."""
    colour_range: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {"g_ks0": (1.5, 2.6), "bp_rp0": (0.87, 1.53), "bp_rp": (0.87, 1.53)}
    )
    """Colours that are used, in the order in which they are looked for; all are those of dwarfs from G6 to K6."""
    feh_range: tuple[float, float] = (-1.0, 0.5)
    """Beyond it the ridge would be drawn from a handful of stars."""
    colour_error: float = 0.01
    """mag, with what is left of the reddening."""
    feh_error: float = 0.05
    """dex."""
    order: tuple[int, int] = (3, 2)
    """Of the ridge, in colour and in [Fe/H]; their product is one more term."""


@dataclass(frozen=True, eq=False)
class Ridge:
    """M_G of single stars by colour and [Fe/H].

    Parameters
    ----------
    coefficients : (K,) float64
        Of the terms of ``_terms``.
    covariance : (K, K) float64
        Of the coefficients.
    centre, half_width : (2,) float64
        Colour and [Fe/H] are moved and scaled by them before the terms are taken.
    order : (int, int)
        Highest powers of both.
    scatter : float
        Standard deviation of singles around the ridge beyond the errors of measurement, mag.
    shares : (3,) float64
        Of stars on the ridge, of pairs, of others.
    n : int
        Stars that it was fitted to.
    """

    coefficients: Floats
    covariance: Floats
    centre: Floats
    half_width: Floats
    order: tuple[int, int]
    scatter: float
    shares: Floats
    n: int

    def at(self, colour: ArrayLike, feh: ArrayLike) -> tuple[Floats, Floats]:
        """M_G of the ridge and its error, each (N,)."""
        terms = _terms(self, np.asarray(colour, float), np.asarray(feh, float))
        error = np.sqrt(np.einsum("nk,kl,nl->n", terms, self.covariance, terms))
        return np.asarray(terms @ self.coefficients), error

    def slopes(self, colour: ArrayLike, feh: ArrayLike) -> tuple[Floats, Floats]:
        """How fast the ridge changes with colour and with [Fe/H], mag per mag and mag per dex."""
        c, f, step = np.asarray(colour, float), np.asarray(feh, float), 1e-4
        here = self.at(c, f)[0]
        return (self.at(c + step, f)[0] - here) / step, (self.at(c, f + step)[0] - here) / step


@dataclass(frozen=True, eq=False)
class Labelled:
    """N stars, how far they lie from the ridge and what they are called.

    Parameters
    ----------
    colour, m_g : (N,) float64
        What was taken for colour, by the name `colour_name`, and M_G; NaN where unknown.
    delta, delta_error : (N,) float64
        M_G minus that of the ridge, negative for brighter stars, and its error from parallax, colour, [Fe/H] and ridge.
    label : (N,) object
        One of ``CLASSES``; empty for stars that are left out.
    probability : (N, 3) float64
        That the true distance is that of a single, a binary, a bright star, by the error alone.
    on_ridge : (N,) float64
        Probability that the star belongs to the ridge and not to the pairs or to others: what is called a binary may be
        a single star from the edge of the ridge.
    reason : (N,) object
        Why a star is left out; empty where it is labelled.
    ridge : Ridge
        What was fitted.
    colour_name : str
        Row of ``goodricke.clean.spectra.selection.NAMES``.
    notes : tuple of str
        Cuts that could not be made and corrections that are missing.
    """

    colour: Floats
    m_g: Floats
    delta: Floats
    delta_error: Floats
    label: NDArray[Any]
    probability: Floats
    on_ridge: Floats
    reason: NDArray[Any]
    ridge: Ridge
    colour_name: str
    notes: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Stars of every class."""
        return {name: int((self.label == name).sum()) for name in CLASSES}

    def table(self) -> pa.Table:
        """One row per star."""
        return pa.table(
            {
                "ms_colour": self.colour,
                "ms_m_g": self.m_g,
                "delta_m_g": self.delta,
                "delta_m_g_error": self.delta_error,
                "ms_label": self.label.astype(str),
                **{f"p_{name}": self.probability[:, k] for k, name in enumerate(CLASSES[:3])},
                "p_on_ridge": self.on_ridge,
                "ms_reason": self.reason.astype(str),
            }
        )


def fit_ridge(
    colour: ArrayLike,
    m_g: ArrayLike,
    feh: ArrayLike,
    error: ArrayLike,
    order: tuple[int, int] = (3, 2),
) -> Ridge:
    """Fit the ridge of single stars among stars of all kinds.

    Parameters
    ----------
    colour, m_g, feh : (N,) array
        Finite values.
    error : (N,) array
        Of `m_g`, mag, with that of the colour along the sequence.
    order : (int, int)
        Highest powers of colour and of [Fe/H].

    Returns
    -------
    Ridge

    Raises
    ------
    DataError
        If fewer than 60 stars are given.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> colour, feh = rng.uniform(1.5, 2.6, 2000), rng.normal(0, 0.2, 2000)
    >>> m_g = 1.9 + 2.0 * colour - 0.7 * feh + rng.normal(0, 0.08, 2000)
    >>> m_g[:700] -= rng.uniform(0.0, 0.75, 700)
    >>> ridge = fit_ridge(colour, m_g, feh, np.full(2000, 0.03))
    >>> ridge.at([2.0], [0.0])[0].round(1), round(ridge.scatter, 2)
    (array([5.9]), 0.07)
    """
    c, m, f, e = (np.asarray(values, dtype=np.float64) for values in (colour, m_g, feh, error))
    if len(c) < _FEWEST:
        raise DataError(
            f"a ridge needs {_FEWEST} stars, and {len(c)} passed the cuts; choose a selection with fewer cuts, or give"
            " more stars"
        )
    centre = np.array([np.median(c), np.median(f)])
    half = np.array([max(np.ptp(each) / 2, 1e-6) for each in (c, f)])
    blank = Ridge(np.zeros(0), np.zeros((0, 0)), centre, half, order, 0.15, np.array([0.6, 0.3, 0.1]), len(c))
    terms = _terms(blank, c, f)
    ridge = replace(blank, coefficients=_of_least_distances(terms, m))
    for _ in range(300):
        off = m - terms @ ridge.coefficients
        part = _parts(off, e, ridge)
        weight = part[:, 0] / (ridge.scatter**2 + e**2)
        new: Floats = np.asarray(np.linalg.solve(_square(terms, weight), terms.T @ (weight * m)), dtype=np.float64)
        off = m - terms @ new
        # What a star's own distance and its error say of where it would lie without the error.
        kept = ridge.scatter**2 * e**2 / (ridge.scatter**2 + e**2)
        shrunk = off * ridge.scatter**2 / (ridge.scatter**2 + e**2)
        scatter = float(np.sqrt((part[:, 0] * (shrunk**2 + kept)).sum() / max(part[:, 0].sum(), 1e-9)))
        moved = np.abs(terms @ (new - ridge.coefficients)).max()
        settled = moved < 1e-5 and abs(scatter - ridge.scatter) < 1e-5
        ridge = replace(ridge, coefficients=new, scatter=max(scatter, 0.005), shares=part.mean(axis=0))
        if settled:
            break
    off = m - terms @ ridge.coefficients
    weight = _parts(off, e, ridge)[:, 0] / (ridge.scatter**2 + e**2)
    inverse = np.linalg.inv(_square(terms, weight))
    return replace(ridge, covariance=inverse @ _square(terms, (weight * off) ** 2) @ inverse)


def label(
    columns: Mapping[str, ArrayLike], selection: str = "liu2019", limits: MainSequenceLimits | None = None
) -> Labelled:
    """Call the stars of a table single, binary or neither by their distance from the main sequence.

    Parameters
    ----------
    columns : mapping of str to (N,) array
        At least a colour (``g_ks0``, ``bp_rp0`` or ``bp_rp``), ``m_g`` or G and parallax, and ``feh``; Teff, log g, S/N
        and RUWE where they are known. What columns may be called is in ``goodricke.clean.spectra.selection.NAMES``.
    selection : str
        Row of ``SELECTIONS``. Cuts on columns that the table lacks are left out, and noted.
    limits : MainSequenceLimits, optional
        Numbers of the recipe; those of the papers when left out.

    Returns
    -------
    Labelled

    Raises
    ------
    DataError
        If a column is missing that the recipe cannot do without, or too few stars pass the cuts.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> colour = rng.uniform(1.5, 2.6, 900)
    >>> stars = {"g_ks0": colour, "m_g": 1.9 + 2 * colour + rng.normal(0, 0.05, 900), "feh": rng.normal(0, 0.1, 900)}
    >>> stars["m_g"][:90] -= 0.4
    >>> made = label(stars)
    >>> made.label[:3], made.counts()["binary"] in range(85, 95), made.notes[0]
    (array(['binary', 'binary', 'binary'], dtype=object), True, 'no column holds Teff: its cut is left out')
    """
    limits = limits or MainSequenceLimits()
    name, colour = _colour(columns, limits)
    feh, m_g = quantity(columns, "feh"), quantity(columns, "m_g")
    for values, needed in ((feh, "feh"), (m_g, "m_g")):
        if values is None:
            raise DataError(_absent(needed, columns))
    assert feh is not None
    assert m_g is not None
    reason, notes = _cuts(columns, selection, name)
    error, said = _error_of_m_g(columns, len(m_g))
    notes += said

    def leave(fails: NDArray[np.bool_], words: str, value: Floats) -> None:
        for k in np.flatnonzero(fails & (reason == "")):
            reason[k] = words.format(value[k])

    low, high = limits.colour_range[name]
    leave(~np.isfinite(colour), f"{NAMES[name][0]} is not known", colour)
    leave(~((colour > low) & (colour < high)), f"{NAMES[name][0]} of {{:.3f}} is not between {low} and {high}", colour)
    leave(~np.isfinite(feh), "[Fe/H] is not known", feh)
    least, most = limits.feh_range
    leave(~((feh > least) & (feh < most)), f"[Fe/H] of {{:.2f}} is not between {least} and {most}", feh)
    leave(~np.isfinite(m_g), "M_G is not known", m_g)
    leave(~np.isfinite(error), "the error of its parallax is not known", error)
    over_error = np.where(error > 0, 5 / np.log(10) / np.where(error > 0, error, 1), np.inf)
    least = limits.min_parallax_over_error
    leave(~(over_error > least), f"a parallax of {{:.1f}} times its error is not above {least:g}", over_error)
    ruwe = quantity(columns, "ruwe")
    if ruwe is None:
        notes.append("no column holds RUWE: no cut is made on it")
    else:
        leave(~(ruwe < limits.max_ruwe), f"a RUWE of {{:.2f}} is not below {limits.max_ruwe:g}", ruwe)
    used = reason == ""
    ridge = _fitted(colour[used], m_g[used], feh[used], error[used], limits)
    known = np.isfinite(colour) & np.isfinite(feh) & np.isfinite(m_g)
    delta, delta_error = (np.full(len(m_g), np.nan) for _ in range(2))
    at, ridge_error = ridge.at(colour[known], feh[known])
    along = _along(ridge, colour[known], feh[known], limits)
    delta[known] = m_g[known] - at
    delta_error[known] = np.sqrt(error[known] ** 2 + ridge_error**2 + along**2)
    kind, probability = _classes(delta, delta_error, limits)
    on_ridge = np.full(len(m_g), np.nan)
    on_ridge[used] = _parts(delta[used], delta_error[used], ridge)[:, 0]
    kind[~used] = ""
    return Labelled(
        colour, m_g, delta, delta_error, kind, probability, on_ridge, reason, ridge, name, tuple(notes)
    )  # fmt: skip


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


def _colour(columns: Mapping[str, ArrayLike], limits: MainSequenceLimits) -> tuple[str, Floats]:
    """The first colour that the table has, reddening taken off where it can be."""
    for name in limits.colour_range:
        colour = quantity(columns, name)
        if colour is not None:
            reddening = quantity(columns, "e_bp_rp") if name == "bp_rp" else None
            return name, colour if reddening is None else colour - np.nan_to_num(reddening)
    raise DataError(_absent(next(iter(limits.colour_range)), columns, "or BP - RP (bp_rp)"))


def _cuts(columns: Mapping[str, ArrayLike], selection: str, colour: str) -> tuple[NDArray[Any], list[str]]:
    """Reasons of a named selection, without the cuts that the table has no column for."""
    known = SELECTIONS.get(selection, ())
    absent = [cut.quantity for cut in known if quantity(columns, cut.quantity) is None]
    _, reason = select(columns, selection, without=absent)
    notes = [
        f"no column holds {NAMES[name][0]}: "
        + (f"the same range of {NAMES[colour][0]} is used" if name == "g_ks0" else "its cut is left out")
        for name in absent
    ]
    if quantity(columns, "a_g") is None and quantity(columns, "g_mag") is not None:
        notes.append("no column holds the extinction in G: none is taken off M_G")
    if colour == "bp_rp" and quantity(columns, "e_bp_rp") is None:
        notes.append("no column holds the reddening: BP - RP is as observed")
    return reason, notes


def _error_of_m_g(columns: Mapping[str, ArrayLike], n: int) -> tuple[Floats, list[str]]:
    """Error of M_G from the parallax (N,); NaN where its error is not known."""
    over_error = quantity(columns, "parallax_over_error")
    parallax, error = quantity(columns, "parallax"), quantity(columns, "parallax_error")
    if over_error is None and parallax is not None and error is not None:
        over_error = parallax / np.where(error > 0, error, np.nan)
    if over_error is None:
        return np.zeros(n), ["no column holds the error of the parallax: M_G is taken as exact"]
    return 5 / np.log(10) / np.where(over_error > 0, over_error, np.nan), []


def _fitted(colour: Floats, m_g: Floats, feh: Floats, error: Floats, limits: MainSequenceLimits) -> Ridge:
    """The ridge, fitted again with the errors that colour and [Fe/H] make along its slope."""
    every = slice(None, None, max(-(-len(colour) // _MOST), 1))
    colour, m_g, feh, error = colour[every], m_g[every], feh[every], error[every]
    first = fit_ridge(colour, m_g, feh, error, limits.order)
    along = _along(first, colour, feh, limits)
    return fit_ridge(colour, m_g, feh, np.hypot(error, along), limits.order)


def _along(ridge: Ridge, colour: Floats, feh: Floats, limits: MainSequenceLimits) -> Floats:
    by_colour, by_feh = ridge.slopes(colour, feh)
    return np.hypot(by_colour * limits.colour_error, by_feh * limits.feh_error)


def _classes(delta: Floats, error: Floats, limits: MainSequenceLimits) -> tuple[NDArray[Any], Floats]:
    """The class of a distance, and the probabilities of the first three by its error."""
    kind = np.full(len(delta), "", dtype=object)
    kind[np.abs(delta) < limits.single] = "single"
    kind[(delta <= -limits.single) & (delta > -limits.bright)] = "binary"
    kind[delta <= -limits.bright] = "bright"
    kind[delta >= limits.single] = "faint"
    below = [_normal((edge - delta) / error) for edge in (-limits.bright, -limits.single, limits.single)]
    return kind, np.stack([below[2] - below[1], below[1] - below[0], below[0]], axis=1)


def _terms(ridge: Ridge, colour: Floats, feh: Floats) -> Floats:
    """Powers of colour, powers of [Fe/H] and their product (N, K)."""
    c, f = (colour - ridge.centre[0]) / ridge.half_width[0], (feh - ridge.centre[1]) / ridge.half_width[1]
    powers = [c**k for k in range(ridge.order[0] + 1)] + [f**k for k in range(1, ridge.order[1] + 1)]
    return np.stack([*powers, c * f], axis=1)


def _parts(off: Floats, error: Floats, ridge: Ridge) -> Floats:
    """Probabilities (N, 3) that stars at these distances are on the ridge, pairs of it, or neither."""
    sigma = np.sqrt(ridge.scatter**2 + error**2)
    on = np.exp(-0.5 * (off / sigma) ** 2) / (np.sqrt(2 * np.pi) * sigma)
    pairs = (_normal(-off / sigma) - _normal((_TWINS - off) / sigma)) / -_TWINS
    others = np.exp(-0.5 * (off / _WIDE) ** 2) / (np.sqrt(2 * np.pi) * _WIDE)
    likely = ridge.shares * np.stack([on, np.maximum(pairs, 0), others], axis=1)
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _of_least_distances(terms: Floats, values: Floats) -> Floats:
    """Coefficients of the least sum of absolute distances, by weights that are their inverses."""
    weight = np.ones(len(values))
    for _ in range(30):
        found = np.linalg.solve(_square(terms, weight), terms.T @ (weight * values))
        weight = 1 / np.maximum(np.abs(values - terms @ found), 0.01)
    return np.asarray(found)


def _square(terms: Floats, weight: Floats) -> Floats:
    return np.asarray((terms * weight[:, None]).T @ terms + 1e-9 * np.eye(terms.shape[1]))


def _normal(z: Floats) -> Floats:
    """Part of a normal distribution below z."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def _absent(name: str, columns: Mapping[str, Any], rather: str = "") -> str:
    words, _, called = NAMES[name]
    return (
        f"no column holds {words} ({', '.join(called)}) {rather}".rstrip()
        + f"; the table has {', '.join(list(columns)[:30])}: rename it, or say --column {name}=NAME"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
