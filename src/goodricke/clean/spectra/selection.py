"""Cuts on what is known of a star, by name: which stars a published sample would have taken, and why not the others."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError

__all__ = ["NAMES", "SELECTIONS", "Cut", "quantity", "select"]


@dataclass(frozen=True)
class Cut:
    """A quantity that has to lie between two numbers, neither of which is allowed itself."""

    quantity: str
    """Row of `NAMES`."""
    low: float = -np.inf
    """In the unit of the quantity."""
    high: float = np.inf
    """In the unit of the quantity."""


NAMES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "teff": ("Teff", "K", ("teff", "teff_lasp", "teff_gspphot")),
    "logg": ("log g", "", ("logg", "logg_lasp", "logg_gspphot")),
    "feh": ("[Fe/H]", "", ("feh", "fe_h", "feh_lasp", "mh_gspphot")),
    "g_ks0": ("(G - Ks)_0", "mag", ("g_ks0", "g_ks_0", "gks0", "(g-ks)_0")),
    "bp_rp0": ("(BP - RP)_0", "mag", ("bp_rp0", "bp_rp_0", "bprp0", "(bp-rp)_0")),
    "bp_rp": ("BP - RP", "mag", ("bp_rp", "bprp")),
    "snr_g": ("S/N in g", "", ("snr_g", "snrg", "sn_g", "combined_snrg")),
    "parallax": ("parallax", "mas", ("parallax", "plx")),
    "parallax_error": ("error of the parallax", "mas", ("parallax_error", "e_plx", "parallax_err")),
    "parallax_over_error": ("parallax over its error", "", ("parallax_over_error", "rplx")),
    "g_mag": ("G", "mag", ("phot_g_mean_mag", "g_mag", "gmag")),
    "a_g": ("extinction in G", "mag", ("a_g", "ag_gspphot", "ag")),
    "e_bp_rp": ("reddening E(BP - RP)", "mag", ("e_bp_rp", "ebpminrp_gspphot", "e_bprp")),
    "m_g": ("M_G", "mag", ("m_g", "absolute_g_mag", "abs_mag_g", "mg")),
    "ruwe": ("RUWE", "", ("ruwe",)),
}
"""Of every quantity: how it is written, its unit, and what its column may be called, in small or capital letters."""

_JING = (
    Cut("teff", 3800.0, 6500.0),
    Cut("logg", 4.0),
    Cut("g_ks0", 1.5, 2.6),
    Cut("snr_g", 20.0),
)
SELECTIONS: dict[str, tuple[Cut, ...]] = {
    "jing2025": _JING,
    "liu2019": (*_JING, Cut("parallax", 3.0), Cut("m_g", 4.0)),
}
"""Main-sequence stars of Jing et al. 2025 (section 2.1), and of Liu 2019, who also asks for near and faint ones."""


def select(
    columns: Mapping[str, ArrayLike], name: str, without: Collection[str] = ()
) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Which stars a named selection takes, and why it leaves the others.

    Parameters
    ----------
    columns : mapping of str to (N,) array
        What is known of the stars; ``NAMES`` lists what columns may be called. ``m_g`` is worked out from G, parallax
        and, where given, extinction when no column holds it.
    name : str
        Row of ``SELECTIONS``.
    without : collection of str
        Quantities whose cut is left out on purpose, such as ``{"g_ks0"}`` where there are no infrared magnitudes.

    Returns
    -------
    keep : (N,) bool
    reasons : (N,) object
        The first cut that a star fails, with its number; a quantity without a column, or without a value, fails too and
        is named. Empty for stars that are kept.

    Raises
    ------
    OptionError
        If there is no selection or no cut of that name.
    DataError
        If columns differ in length.

    Examples
    --------
    >>> stars = {"teff": [5800, 7000], "logg": [4.4, 4.2], "g_ks0": [1.6, 1.6], "snrg": [50, 60]}
    >>> keep, reasons = select(stars, "jing2025")
    >>> keep, reasons[1]
    (array([ True, False]), 'Teff of 7000 K is not between 3800 and 6500')
    >>> select({"teff": [5800]}, "jing2025")[1][0]
    'no column holds log g (logg, logg_lasp or logg_gspphot)'
    """
    if name not in SELECTIONS:
        near = difflib.get_close_matches(name, SELECTIONS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SELECTIONS)}"
        raise OptionError(f"no selection is called {name!r}; {hint}")
    cuts = SELECTIONS[name]
    strange = sorted(set(without) - {cut.quantity for cut in cuts})
    if strange:
        raise OptionError(
            f"selection {name} has no cut on {', '.join(strange)}; it has {', '.join(cut.quantity for cut in cuts)}"
        )
    lengths = {key: len(np.atleast_1d(np.asarray(value))) for key, value in columns.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"columns differ in length: {', '.join(f'{key} {n}' for key, n in lengths.items())}")
    reasons = np.full(next(iter(lengths.values()), 0), "", dtype=object)
    for cut in cuts:
        if cut.quantity not in without:
            _apply(cut, quantity(columns, cut.quantity), reasons)
    return np.asarray(reasons == "", dtype=bool), reasons


def quantity(columns: Mapping[str, ArrayLike], name: str) -> NDArray[np.float64] | None:
    """A quantity from whichever column holds it, (N,) with NaN where unknown; None when no column does.

    >>> quantity({"Gmag": [10.0], "Plx": [10.0]}, "m_g")
    array([5.])
    """
    small = {key.lower(): value for key, value in columns.items()}
    for called in NAMES[name][2]:
        if called in small:
            return _numbers(small[called])
    if name == "m_g":
        magnitude, parallax, extinction = (quantity(columns, each) for each in ("g_mag", "parallax", "a_g"))
        if magnitude is not None and parallax is not None:
            far = np.where(parallax > 0, parallax, np.nan)
            dimmed = 0.0 if extinction is None else np.nan_to_num(extinction)
            return np.asarray(magnitude + 5 * np.log10(far) - 10 - dimmed)
    return None


def _apply(cut: Cut, value: NDArray[np.float64] | None, reasons: NDArray[Any]) -> None:
    words, unit, called = NAMES[cut.quantity]
    if value is None:
        reasons[reasons == ""] = f"no column holds {words} ({', '.join(called[:-1])} or {called[-1]})"
        return
    unknown = ~np.isfinite(value)
    reasons[unknown & (reasons == "")] = f"{words} is not known"
    fails = ~unknown & ~((value > cut.low) & (value < cut.high)) & (reasons == "")
    if np.isinf(cut.high):
        asked = f"is not above {cut.low:g}"
    else:
        asked = f"is not between {cut.low:g} and {cut.high:g}"
    unit = f" {unit}" if unit else ""
    for k in np.flatnonzero(fails):
        reasons[k] = f"{words} of {value[k]:.5g}{unit} {asked}"


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    """Numbers, with NaN for what is none; LAMOST writes -9999 for unknown."""
    array = np.atleast_1d(np.asarray(values))
    if array.dtype.kind not in "fiub":
        array = np.array([_number(each) for each in array.tolist()])
    array = array.astype(np.float64)
    return np.where(array <= -999, np.nan, array)


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return np.nan
