"""Whether a spectrum is that of a dwarf at all: what the best single star says of galaxies, quasars and giants."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared
from goodricke.errors import DataError
from goodricke.photosphere.emulator import BOUNDS
from goodricke.photosphere.pair import Pair
from goodricke.photosphere.single import Single, informed

__all__ = ["lines_and_residue", "unlike"]

# Highest residue, in % of the continuum, of a dwarf of a temperature. Of MILES dwarfs above 4,000 K 95 in 100 have less
# than 3.1; spectra of M dwarfs are less well known. A pair with 300 km/s between its stars leaves up to 3.
_USUAL_TEFF = (3400.0, 3800.0, 4400.0, 5000.0)
_USUAL_RESIDUE = (10.0, 7.5, 5.0, 4.0)
_EXPLAINED = 0.6  # of the lines' amplitude may be left at most
_LINES = 3.0  # %: with lines weaker than this, what share of them is left says nothing
_BROAD = 6.5  # pixels squared, 175 km/s: more than two stars 300 km/s apart seem to have
_TWO = 5.0  # sigma by which a pair has to be better than a single star, then lines may be as broad
_BLANK = 1.5  # %: no dwarf between 3,000 and 8,400 K has weaker lines
# Lowest log g of a dwarf of a temperature. The oldest stars leave the main sequence at log g 4.2 (PARSEC, 12.6 Gyr);
# hotter ones die younger, at lower gravity, and then every gravity of the emulator is that of some dwarf. A tenth is
# left to errors of the emulator: it knows dwarfs alone and gives giants the lowest gravity that it has, or one near it.
_END_TEFF = (5400.0, 5800.0, 6100.0)
_END_LOGG = (4.1, 3.65, 3.6)
_SURE = 2.0  # standard errors of log g


def lines_and_residue(prepared: Prepared, single: Single) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Root mean square, in % of the continuum, of lines and of what the single star leaves of them, freed of noise.

    Parameters
    ----------
    prepared : Prepared
        N spectra.
    single : Single
        Their best single stars.

    Returns
    -------
    lines, residue : (N,)
        0 where it is all noise; NaN without a fit. Lines are what the spectrum and its best star have in common, and
        what the star leaves: no lines may be missed because the noise is less than the survey says.
    """
    if len(single) != len(prepared):
        raise DataError(f"{len(single)} single stars for {len(prepared)} spectra; give those of the same spectra")
    lines, residue = np.full(len(single), np.nan), np.full(len(single), np.nan)
    rows = np.flatnonzero(np.isfinite(single.teff))
    for start in range(0, len(rows), 256):
        some = rows[start : start + 256]
        ivar = informed(prepared, some).astype(np.float64)
        known = ivar > 0
        middle = np.array([np.median(each[each > 0]) for each in ivar])
        weight = np.minimum(ivar, 4.0 * middle[:, None])
        noise = np.where(known, 1.0 / np.where(known, ivar, 1.0), 0.0)
        star, total = single.model[some] - 1.0, weight.sum(axis=1)
        away = prepared.flux[some] - 1.0 - star
        left = np.maximum(((away**2 - noise) * weight).sum(axis=1) / total, 0.0)
        common = np.maximum(((prepared.flux[some] - 1.0) * star * weight).sum(axis=1) / total, 0.0)
        residue[some], lines[some] = 100.0 * np.sqrt(left), 100.0 * np.sqrt(common + left)
    return lines, residue


def unlike(prepared: Prepared, single: Single, pair: Pair | None = None) -> NDArray[Any]:
    """Why a spectrum is not that of a dwarf of 3,050 to 8,400 K, (N,) str; empty where it may be one.

    Parameters
    ----------
    prepared : Prepared
        N spectra.
    single : Single
        What `fit_single` made of them. Rows without a fit have no reason here: `Prepared.reason` has it.
    pair : Pair, optional
        What `fit_pair` made of them: where two stars explain what one does not, lines may be broad.

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator, fit_single
    >>> from goodricke.spectra import Spectra
    >>> wave = emulator().lattice.wave
    >>> quasar = 1.0 + 0.8 * np.exp(-0.5 * ((wave - 5000.0) / 40.0) ** 2)
    >>> found = prepare(Spectra.from_arrays(wave, quasar, np.full(len(wave), 2500.0), velocity=0.0))
    >>> bool(unlike(found, fit_single(found))[0])
    True
    """
    lines, residue = lines_and_residue(prepared, single)
    broad = single.broadening > _BROAD
    if pair is not None:
        broad &= ~(pair.delta_chi2 > _TWO**2)
    out = np.full(len(single), "", object)
    usual = np.interp(single.teff, _USUAL_TEFF, _USUAL_RESIDUE)
    # How well an amplitude can be known: of n pixels with such noise, three sigma.
    with np.errstate(invalid="ignore", divide="ignore"):
        sure = 100.0 / prepared.snr * np.sqrt(3.0 * np.sqrt(2.0 / np.maximum(single.n, 1)))
    for row in np.flatnonzero(np.isfinite(single.teff)).tolist():
        out[row] = "; ".join(
            _reasons(single, row, float(lines[row]), float(residue[row]), usual[row], sure[row], broad[row])
        )
    return out


def _reasons(
    single: Single, row: int, lines: float, residue: float, usual: float, sure: float, broad: bool
) -> list[str]:
    (cool, hot), (light, heavy), (poor, _) = BOUNDS
    teff, logg, feh = (float(each[row]) for each in (single.teff, single.logg, single.feh))
    end = float(np.interp(teff, _END_TEFF, _END_LOGG))
    found = []
    if residue > max(usual, sure):
        found.append(
            f"the best dwarf leaves {residue:.1f}% of the continuum unexplained; {usual:.1f}% is usual at most"
        )
    elif lines > max(_LINES, sure) and residue > max(_EXPLAINED * lines, sure):
        found.append(f"the best dwarf explains too little of its lines ({lines:.1f}% deep, {residue:.1f}% is left)")
    if lines < _BLANK and sure < _BLANK:
        found.append(f"hardly any lines ({lines:.1f}% of the continuum)")
    if broad:
        found.append("lines broader than those of a star or a pair, as a galaxy has")
    if teff >= hot - 1.0:
        found.append(f"hotter than the models ({hot:,.0f} K)")
    elif teff <= cool + 1.0:
        found.append(f"cooler than the models ({cool:,.0f} K)")
    if logg <= light + 1e-3:
        found.append(f"a giant's gravity (log g below {light:g})")
    elif logg + _SURE * float(single.errors[row, 1]) < end:
        found.append(
            f"the gravity of a subgiant or giant (log g {logg:.2f}; dwarfs of {teff:,.0f} K have above {end:.1f})"
        )
    elif logg >= heavy - 1e-3 and teff > 4500.0:
        found.append(f"more than a dwarf's gravity (log g above {heavy:g})")
    if feh <= poor + 1e-3:
        found.append(f"fewer metals than the models have ([Fe/H] below {poor:g})")
    return found
