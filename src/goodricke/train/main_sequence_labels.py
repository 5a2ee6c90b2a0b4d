"""Stars called single, binary or neither by how far they lie above the ridge of the main sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from goodricke.clean.spectra.selection import NAMES, SELECTIONS, quantity, select
from goodricke.errors import DataError
from goodricke.train.main_sequence_ridge import Floats, Ridge, fit_ridge, memberships

__all__ = ["CLASSES", "Labelled", "MainSequenceLimits", "label"]

CLASSES = ("single", "binary", "bright", "faint")
"""What a star is called; ``faint`` lies below the sequence. Only the first two are for training."""
_MOST = 40_000  # stars of a larger table are taken at even steps: it places the ridge to a thousandth of a magnitude


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
    ruwe = quantity(columns, "ruwe")
    if ruwe is None:
        notes.append("no column holds RUWE: no cut is made on it")
    for fails, words, value in _beyond(name, colour, feh, m_g, error, ruwe, limits):
        for k in np.flatnonzero(fails & (reason == "")):
            reason[k] = words.format(value[k])
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
    on_ridge[used] = memberships(delta[used], delta_error[used], ridge)[:, 0]
    kind[~used] = ""
    return Labelled(colour, m_g, delta, delta_error, kind, probability, on_ridge, reason, ridge, name, tuple(notes))


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


def _beyond(
    name: str, colour: Floats, feh: Floats, m_g: Floats, error: Floats, ruwe: Floats | None, limits: MainSequenceLimits
) -> Iterator[tuple[NDArray[np.bool_], str, Floats]]:
    """Stars (N,) that the recipe's own limits leave out, limit by limit: which, why, and the value for the reason."""
    low, high = limits.colour_range[name]
    yield ~np.isfinite(colour), f"{NAMES[name][0]} is not known", colour
    yield ~((colour > low) & (colour < high)), f"{NAMES[name][0]} of {{:.3f}} is not between {low} and {high}", colour
    yield ~np.isfinite(feh), "[Fe/H] is not known", feh
    least, most = limits.feh_range
    yield ~((feh > least) & (feh < most)), f"[Fe/H] of {{:.2f}} is not between {least} and {most}", feh
    yield ~np.isfinite(m_g), "M_G is not known", m_g
    yield ~np.isfinite(error), "the error of its parallax is not known", error
    over_error = np.where(error > 0, 5 / np.log(10) / np.where(error > 0, error, 1), np.inf)
    least = limits.min_parallax_over_error
    yield ~(over_error > least), f"a parallax of {{:.1f}} times its error is not above {least:g}", over_error
    if ruwe is not None:
        yield ~(ruwe < limits.max_ruwe), f"a RUWE of {{:.2f}} is not below {limits.max_ruwe:g}", ruwe


def _fitted(colour: Floats, m_g: Floats, feh: Floats, error: Floats, limits: MainSequenceLimits) -> Ridge:
    """The ridge, fitted again with the errors that colour and [Fe/H] make along its slope."""
    every = slice(None, None, max(-(-len(colour) // _MOST), 1))
    colour, m_g, feh, error = colour[every], m_g[every], feh[every], error[every]
    first = fit_ridge(colour, m_g, feh, error, limits.order)
    along = _along(first, colour, feh, limits)
    return fit_ridge(colour, m_g, feh, np.hypot(error, along), limits.order)


def _along(ridge: Ridge, colour: Floats, feh: Floats, limits: MainSequenceLimits) -> Floats:
    """Error of a distance (N,) that errors of colour and [Fe/H] make, since the ridge is not level."""
    by_colour, by_feh = ridge.slopes(colour, feh)
    return np.hypot(by_colour * limits.colour_error, by_feh * limits.feh_error)


def _classes(delta: Floats, error: Floats, limits: MainSequenceLimits) -> tuple[NDArray[Any], Floats]:
    """The class of a distance, and the probabilities of the first three by its error."""
    from scipy.special import ndtr

    kind = np.full(len(delta), "", dtype=object)
    kind[np.abs(delta) < limits.single] = "single"
    kind[(delta <= -limits.single) & (delta > -limits.bright)] = "binary"
    kind[delta <= -limits.bright] = "bright"
    kind[delta >= limits.single] = "faint"
    below = [ndtr((edge - delta) / error) for edge in (-limits.bright, -limits.single, limits.single)]
    return kind, np.stack([below[2] - below[1], below[1] - below[0], below[0]], axis=1)


def _absent(name: str, columns: Mapping[str, Any], rather: str = "") -> str:
    words, _, called = NAMES[name]
    return (
        f"no column holds {words} ({', '.join(called)}) {rather}".rstrip()
        + f"; the table has {', '.join(list(columns)[:30])}: rename it, or say --column {name}=NAME"
    )
