"""What a user can ask of a reader of spectra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodricke.errors import DataError, OptionError
from goodricke.spectra.wavelength import Medium, Unit, unit_of

__all__ = ["NAMES", "SpectrumOptions"]

NAMES = ("wave", "flux", "err", "ivar", "mask", "object_id", "spectrum_id", "ra", "dec", "mjd", "velocity", "z")
"""Our names of columns, which ``columns`` maps to those of a table."""


@dataclass(frozen=True)
class SpectrumOptions:
    """How to read spectra.

    Examples
    --------
    >>> SpectrumOptions(wavelengths="air nm").unit.angstrom
    10.0
    """

    survey: str = ""
    """Read as this row of the table of spectra, whatever the content looks like; empty: recognise."""
    wavelengths: str = ""
    """Overrule what the wavelengths are: ``air`` or ``vacuum``, a unit such as ``nm``, or both. Surveys with a row of
    their own say it themselves; this is for all others."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Overrule which columns are read: our name (wave, flux, err, ivar, mask, ...) -> the file's."""

    def __post_init__(self) -> None:
        for name in self.columns:
            if name not in NAMES:
                raise OptionError(f"columns names {name!r}, which is not known; our names are {', '.join(NAMES)}")
        if "err" in self.columns and "ivar" in self.columns:
            raise OptionError("columns names both err and ivar; name one of them")
        for word in self._words:
            if word not in ("air", "vacuum", "vac") and self._unit(word) is None:
                raise OptionError(
                    f"wavelengths={self.wavelengths!r}: {word!r} is not known; give air or vacuum, a unit "
                    "(Angstrom, nm, micron, m, log10(Angstrom)), or both"
                )
        if len([word for word in self._words if word in ("air", "vacuum", "vac")]) > 1:
            raise OptionError(f"wavelengths={self.wavelengths!r}: give air or vacuum, not both")

    @property
    def _words(self) -> list[str]:
        return self.wavelengths.lower().replace(",", " ").split()

    @staticmethod
    def _unit(word: str) -> Unit | None:
        try:
            return unit_of(word)
        except DataError:
            return None

    @property
    def medium(self) -> Medium:
        """What the user says of the medium; empty when nothing."""
        for word in self._words:
            if word in ("air", "vacuum", "vac"):
                return "air" if word == "air" else "vacuum"
        return ""

    @property
    def unit(self) -> Unit | None:
        """What the user says of the unit; None when nothing."""
        return next((unit for word in self._words if (unit := self._unit(word)) is not None), None)
