"""Wavelengths: air or vacuum, and in which unit; told from words and, where there are none, from the numbers.

Air and vacuum are 80 km/s apart in the optical, so a spectrum on the wrong scale looks like a star with a companion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError

__all__ = [
    "ANGSTROM", "Medium", "Unit", "air_from_vacuum", "likely_unit", "medium_of", "medium_of_header", "named_unit",
    "unit_of", "vacuum_from_air",
]  # fmt: skip

Medium = Literal["air", "vacuum", ""]
_SHORTEST_IN_AIR = 2000.0
"""Angstrom; shorter wavelengths are given in vacuum by everybody (Morton 1991, ApJS 77, 119)."""


def air_from_vacuum(wave: ArrayLike) -> NDArray[np.float64]:
    """Wavelengths in standard air of wavelengths in vacuum, both in Angstrom.

    Ciddor (1996, Applied Optics 35, 1566) for 15 C, 1013.25 hPa, 450 ppm CO2. Below 2000 Angstrom nothing is changed.

    >>> air_from_vacuum([6564.61, 1500.0]).round(2)
    array([6562.8, 1500. ])
    """
    vacuum = np.asarray(wave, dtype=np.float64)
    return np.where(vacuum >= _SHORTEST_IN_AIR, vacuum / _index(vacuum), vacuum)


def vacuum_from_air(wave: ArrayLike) -> NDArray[np.float64]:
    """Wavelengths in vacuum of wavelengths in standard air, both in Angstrom: the inverse of ``air_from_vacuum``.

    >>> vacuum_from_air([5889.951, 5895.924]).round(3)
    array([5891.583, 5897.558])
    """
    air = np.asarray(wave, dtype=np.float64)
    vacuum = air
    for _ in range(3):  # each step gains five digits: the refractive index moves by 3e-4 of a small step
        vacuum = air * _index(vacuum)
    return np.where(vacuum >= _SHORTEST_IN_AIR, vacuum, air)


def _index(vacuum: NDArray[np.float64]) -> NDArray[np.float64]:
    """Refractive index of air; held at its value for 1900 Angstrom below, where the formula has poles."""
    square = (1e4 / np.maximum(vacuum, 1900.0)) ** 2
    return np.asarray(1.0 + 0.05792105 / (238.0185 - square) + 0.00167917 / (57.362 - square))


# Units ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """What a number on the wavelength axis means: so many Angstrom, or the logarithm of a wavelength."""

    name: str
    angstrom: float = 1.0
    logarithm: Literal["", "10", "e"] = ""

    def angstrom_of(self, values: ArrayLike) -> NDArray[np.float64]:
        """The wavelengths in Angstrom.

        >>> unit_of("log10(nm)").angstrom_of([2.0])
        array([1000.])
        """
        given = np.asarray(values, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            if self.logarithm:
                given = np.exp(given * (np.log(10.0) if self.logarithm == "10" else 1.0))
            return np.asarray(given * self.angstrom)


ANGSTROM = Unit("Angstrom")
_UNITS = (
    (r"a|aa|å|ang|angs|angst|[aå]ngstr[oöø]*ms?|0\.1nm|1e-10m|10\^?-10m|10\*\*-10m", "Angstrom", 1.0),
    (r"nm|nanomet(?:er|re)s?", "nm", 10.0),
    (r"um|µm|μm|mum|microns?|micromet(?:er|re)s?", "micron", 1e4),
    (r"mm|millimet(?:er|re)s?", "mm", 1e7),
    (r"cm|centimet(?:er|re)s?", "cm", 1e8),
    (r"m|met(?:er|re)s?", "m", 1e10),
)
_LOG = re.compile(r"(?:log10|log|dex|lg)_?(.*)")
_LN = re.compile(r"ln_?(.*)")
_NO_WAVELENGTH = re.compile(r"[kmgt]?hz|1/\w*m|\w*m-1|\w*m\^-1|\w*m\*\*-1|kaysers?|[km]?ev|km/?s(?:-1)?|pix(?:els?)?")


def unit_of(words: str) -> Unit | None:
    """The unit that a few words name; None when they name none.

    Raises
    ------
    DataError
        If they name something that is no wavelength, such as a frequency.

    Examples
    --------
    >>> unit_of("Angstroms"), unit_of("log10(Angstrom)")
    (Unit(name='Angstrom', angstrom=1.0, logarithm=''), Unit(name='log10 Angstrom', angstrom=1.0, logarithm='10'))
    >>> unit_of("") is None
    True
    """
    plain = re.sub(r"[\s()\[\]{}'\"]|lambda/|wavelength/", "", words.lower())
    if _NO_WAVELENGTH.fullmatch(plain):
        raise DataError(
            f"the wavelength axis is in {words.strip()!r}, which is no wavelength; convert it to Angstrom, nm or micron"
        )
    for pattern, name, angstrom in _UNITS:
        if re.fullmatch(pattern, plain):
            # VOUnits write the logarithm of an Angstrom as [Angstrom].
            logged = words.strip().startswith("[") and words.strip().endswith("]") and name == "Angstrom"
            return Unit(f"log10 {name}", angstrom, "10") if logged and len(plain) > 2 else Unit(name, angstrom)
    bases: tuple[tuple[re.Pattern[str], Literal["10", "e"]], ...] = ((_LOG, "10"), (_LN, "e"))
    for logged_as, base in bases:
        match = logged_as.fullmatch(plain)
        if match:
            below = unit_of(match[1]) if match[1] not in ("", "lam", "lambda", "wave", "wavelength") else ANGSTROM
            if below is not None and not below.logarithm:
                return Unit(f"{'log10' if base == '10' else 'ln'} {below.name}", below.angstrom, base)
    return None


def named_unit(name: str) -> Unit | None:
    """The unit that the name of a column carries, as in ``wave_nm``, ``lambda [A]`` or ``loglam``; None when none.

    >>> named_unit("wavelength_nm").name, named_unit("Wavelength (micron)").name, named_unit("loglam").name
    ('nm', 'micron', 'log10 Angstrom')
    >>> named_unit("wavelength") is None
    True
    """
    plain = name.strip().lower()
    if re.match(r"(?:log_?10|log|lg)_?\(?\[?(?:lam|wav|wl)", plain):
        inside = re.search(r"[(\[/]\s*([^()\[\]/]+?)\s*[)\]]*$", plain)
        below = _quiet_unit(inside[1]) if inside else None
        return Unit(f"log10 {below.name}", below.angstrom, "10") if below else Unit("log10 Angstrom", 1.0, "10")
    bracketed = re.search(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]", plain)
    if bracketed:
        return _quiet_unit(bracketed[1])
    last = re.split(r"[_\s.\-/]+", plain)[-1]
    # A single letter behind a name says too little (``wave_a`` may be the first of two).
    return _quiet_unit(last) if last != plain and len(last) > 1 else None


def _quiet_unit(words: str) -> Unit | None:
    try:
        return unit_of(words)
    except DataError:
        return None


def likely_unit(values: ArrayLike) -> Unit | None:
    """The unit that fits the numbers of an optical or infrared spectrum; None when none does.

    >>> likely_unit([380.0, 700.0]).name, likely_unit([3.58, 3.96]).name, likely_unit([0.38, 0.9]).name
    ('nm', 'log10 Angstrom', 'micron')
    """
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 3.0 and high <= 4.7:
        return Unit("log10 Angstrom", 1.0, "10")
    for name, angstrom, least, most in (
        ("m", 1e10, 5e-8, 1e-4), ("micron", 1e4, 0.08, 40.0), ("nm", 10.0, 80.0, 2600.0), ("Angstrom", 1.0, 800.0, 4e5),
    ):  # fmt: skip
        # From 1000 on, Angstrom is the commoner unit: 1150 to 1800 is the far ultraviolet of Hubble.
        if least <= low and high <= most and not (name == "nm" and low >= 1000.0):
            return Unit(name, angstrom)
    return None


# Air or vacuum -------------------------------------------------------------------------------------------------------

_VACUUM_WORD = re.compile(
    r"(?<![a-z])(?:vac|vacuum|vacuo|wv|lambdavac|vacwave|wavevac)(?![a-z])|_vac$|^vac_?wave|wavevac"
)
_AIR_WORD = re.compile(r"(?<![a-z])(?:air|lambdaair|airwave|waveair)(?![a-z])|_air$|^air_?wave|waveair")


def medium_of(words: str) -> Medium:
    """Whether a few words, such as a column's name, say air or vacuum.

    >>> medium_of("lambda_air"), medium_of("vacuum wavelength"), medium_of("wave")
    ('air', 'vacuum', '')
    """
    plain = words.lower().replace("_", " ")
    in_air, in_vacuum = bool(_AIR_WORD.search(plain)), bool(_VACUUM_WORD.search(plain))
    return "" if in_air == in_vacuum else "air" if in_air else "vacuum"


def medium_of_header(get: Callable[[str], Any]) -> tuple[Medium, str]:
    """Whether a FITS header says air or vacuum, and the card that says it; empty when it does not.

    ``CTYPE1 = 'WAVE'`` means vacuum in the standard (Greisen et al. 2006, A&A 446, 747), but many observatories write
    it over wavelengths in air, so it counts only when no other card speaks.

    >>> medium_of_header({"VACUUM": True}.get), medium_of_header({"CTYPE1": "AWAV"}.get)
    (('vacuum', 'VACUUM=T'), ('air', 'CTYPE1=AWAV'))
    """
    for key in ("VACUUM", "VAC", "AIR"):
        value = get(key)
        if isinstance(value, str):
            value = {"T": True, "TRUE": True, "1": True, "YES": True, "F": False, "FALSE": False, "0": False}.get(
                value.strip().upper()
            )
        if isinstance(value, bool | int | float) and value in (0, 1):
            said: Medium = "vacuum" if bool(value) == (key != "AIR") else "air"
            return said, f"{key}={'T' if value else 'F'}"
    for key in ("AIRORVAC", "AIRVAC", "WAVEMED", "WAVETYPE", "VACAIR", "MEDIUM"):
        value = str(get(key) or "")
        said = "vacuum" if value.strip().lower() == "v" else medium_of(value)
        if said:
            return said, f"{key}={value.strip()}"
    for key in ("CTYPE1", "CTYPE2", "CTYPE3"):
        value = str(get(key) or "").strip().upper()
        if value.startswith("AWAV"):
            return "air", f"{key}={value}"
    for key in ("WAT1_001", "CNAME1"):
        said = medium_of(str(get(key) or ""))
        if said:
            return said, key
    value = str(get("CTYPE1") or "").strip().upper()
    return ("vacuum", f"CTYPE1={value}") if value.startswith("WAVE") and value != "WAVELENGTH" else ("", "")
