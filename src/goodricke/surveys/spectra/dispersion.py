"""Wavelengths that a FITS header gives by a formula: linear, in the logarithm, or as IRAF writes them.

References: Greisen et al. (2006, A&A 446, 747) for CTYPE, CUNIT and ``-LOG``; IRAF's ``onedspec`` for DC-FLAG and WAT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra.wavelength import ANGSTROM, Unit, unit_of
from goodricke.surveys.containers.fits import Header
from goodricke.surveys.spectra.cards import number

__all__ = ["Dispersion", "dispersion_of", "is_spectral"]

_NO_WAVELENGTH = ("FREQ", "ENER", "WAVN", "VELO", "VRAD", "VOPT", "ZOPT", "BETA", "PIXEL", "TIME", "RA--", "GLON")
_MULTISPEC = re.compile(r'spec1\s*=\s*"?([^"]*)')


@dataclass(frozen=True)
class Dispersion:
    """Numbers along the axis of wavelengths, and the unit that the header gives them, if any."""

    values: NDArray[np.float64]
    unit: Unit | None


def is_spectral(card: Header) -> bool:
    """Whether the first axis of an image can be one of wavelengths."""
    kind = card.text("CTYPE1").upper()
    if kind.startswith(("WAVE", "AWAV", "MULTISPE", "LAMBDA")) or "COEFF0" in card:
        return True
    if kind[:4] in _NO_WAVELENGTH or kind[:2] in ("RA", "DE"):
        return False
    return _step(card) == _step(card) and np.isfinite(number(card.get, "CRVAL1"))


def _step(card: Header) -> float:
    step = number(card.get, "CD1_1", "CDELT1")
    return step if step != 0 else float("nan")


def dispersion_of(card: Header, n: int) -> Dispersion:
    """The numbers along the first axis of an image with `n` pixels.

    Raises
    ------
    ReadError
        If the header gives no wavelengths, or in a way that is not known.
    """
    kind = card.text("CTYPE1").upper()
    if kind[:4] in _NO_WAVELENGTH:
        raise ReadError(
            f"the axis of the spectrum is in {kind}, which is no wavelength", "convert it to wavelengths first"
        )
    pixel = np.arange(n, dtype=np.float64)
    if kind.startswith("MULTISPE"):
        return _multispec(card, pixel)
    first, step = number(card.get, "COEFF0"), number(card.get, "COEFF1")
    if 2.5 < first < 4.8 and 1e-7 < step < 1e-2:
        return Dispersion(np.asarray(10.0 ** (first + step * pixel)), ANGSTROM)
    first, step = number(card.get, "CRVAL1"), _step(card)
    if not (np.isfinite(first) and np.isfinite(step)):
        raise ReadError(
            "the image has no wavelengths: neither CRVAL1 with CDELT1 or CD1_1 nor COEFF0 and COEFF1 are in its header",
            "add them, or save the spectrum as a table with columns wave and flux",
        )
    reference = number(card.get, "CRPIX1")
    along = pixel + 1.0 - (reference if np.isfinite(reference) else 1.0)
    unit = _unit(card)
    if kind.endswith("-LOG") and first > 100:  # the standard's own way: even in the natural logarithm
        return Dispersion(np.asarray(first * np.exp(along * step / first)), unit)
    values = first + step * along
    logged = card.integer("DC-FLAG") == 1 or "LOG" in kind
    if (logged or unit is None) and 2.5 < first < 4.8 and abs(step) < 1e-2:
        base = unit.angstrom if unit is not None else 1.0
        return Dispersion(np.asarray(10.0**values * base), ANGSTROM)
    return Dispersion(values, unit)


def _unit(card: Header) -> Unit | None:
    """CUNIT1, or the words that IRAF writes into WAT1."""
    found = unit_of(card.text("CUNIT1"))
    match = re.search(r"units\s*=\s*([\w.]+)", card.text("WAT1_001"))
    return found or (unit_of(match[1]) if match else None)


def _multispec(card: Header, pixel: NDArray[np.float64]) -> Dispersion:
    """IRAF's multispec with one aperture: ``spec1 = "ap beam dtype w1 dw nw z low high"``."""
    words = "".join(card.get(f"WAT2_{k:03d}", "").ljust(68) for k in range(1, 100) if f"WAT2_{k:03d}" in card)
    match = _MULTISPEC.search(words)
    numbers = match[1].split() if match else []
    try:
        kind, first, step, z = int(numbers[2]), float(numbers[3]), float(numbers[4]), float(numbers[6])
    except (IndexError, ValueError):
        raise ReadError("the words WAT2 of IRAF's multispec hold no dispersion", "save it as a table") from None
    if kind not in (0, 1):
        raise ReadError(
            "IRAF's multispec gives the wavelengths by a polynomial", "linearise it with dispcor, or save it as a table"
        )
    values = first + step * pixel
    return Dispersion((10.0**values if kind == 1 else values) / (1.0 + z), _unit(card) or ANGSTROM)
