"""Spectra of other libraries as records, told by what the objects have and not by their class: nothing is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from goodricke.errors import OptionError, ReadError
from goodricke.lightcurves.guess import Column
from goodricke.spectra.wavelength import unit_of
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.axis import (
    estimated_ivar,
    ivar_of_error,
    ivar_of_variance,
    per_angstrom,
    vacuum_wavelengths,
)
from goodricke.surveys.spectra.columns import choose
from goodricke.surveys.spectra.facts import facts
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, record
from goodricke.surveys.spectra.tables import Table, records

__all__ = ["records_of_object"]


def records_of_object(thing: Any, options: SpectrumOptions) -> list[Record]:
    """Records of a specutils spectrum, or of a table (astropy, pandas, Arrow, mapping) with wave and flux.

    >>> table = {"wave_vac": np.arange(4000.0, 5000.0), "flux": np.ones(1000), "err": np.full(1000, 0.1)}
    >>> len(records_of_object(table, SpectrumOptions())[0].wave)
    1000
    """
    if hasattr(thing, "spectral_axis") and hasattr(thing, "flux"):
        return _of_specutils(thing, options)
    names = getattr(thing, "column_names", None) or getattr(thing, "colnames", None)
    if names is None:
        columns = getattr(thing, "columns", None)
        names = list(thing) if isinstance(thing, Mapping) else None if columns is None else list(columns)
    if names is None:
        raise OptionError(
            f"a {type(thing).__name__} is no spectrum that can be read; give a path, Spectra, a table with wave and "
            "flux, or an object of specutils"
        )
    chosen = choose([Column(str(name), _unit_of(thing[name])) for name in names], options.columns)

    def numbers(name: str) -> Any:
        values = np.asarray(getattr(thing[name], "value", thing[name]))
        return [np.asarray(row) for row in values] if values.dtype == object else values

    first = numbers(chosen.wave)
    vectors = isinstance(first, list) or first.ndim > 1
    table = Table(
        chosen, vectors, numbers, lambda name: [str(word) for word in np.asarray(thing[name])],
        getattr(thing, "meta", {}).get if isinstance(getattr(thing, "meta", None), Mapping) else lambda name: None,
    )  # fmt: skip
    return list(records(Source("<table>", data=b""), table, options))


def _unit_of(column: Any) -> str:
    unit = getattr(column, "unit", None)
    return "" if unit is None else str(unit)


def _of_specutils(thing: Any, options: SpectrumOptions) -> list[Record]:
    axis, flux = thing.spectral_axis, thing.flux
    try:
        wave = np.asarray(axis.to_value("Angstrom"), dtype=np.float64)
    except Exception as error:
        raise ReadError(f"its spectral axis cannot be turned into Angstrom ({error})", "convert it first") from error
    rows = np.atleast_2d(np.asarray(getattr(flux, "value", flux)))
    uncertainty = getattr(thing, "uncertainty", None)
    kind = "" if uncertainty is None else str(getattr(uncertainty, "uncertainty_type", ""))
    weights = None
    if uncertainty is not None and kind in ("std", "var", "ivar"):
        values = np.atleast_2d(np.asarray(uncertainty.array, dtype=np.float64))
        weights = ivar_of_error(values) if kind == "std" else ivar_of_variance(values) if kind == "var" else values
    mask = getattr(thing, "mask", None)
    bad = None if mask is None else np.broadcast_to(np.asarray(mask, dtype=bool), rows.shape)
    cards = getattr(thing, "meta", None) or {}
    cards = cards.get("header", cards) if isinstance(cards, Mapping) else {}
    found = []
    for k, row in enumerate(rows):
        notes: list[str] = []
        vacuum, said = vacuum_wavelengths(wave, unit_of("Angstrom"), "", options, notes)
        ivar = estimated_ivar(row, notes) if weights is None else weights[k]
        factor = per_angstrom(vacuum, str(getattr(flux, "unit", "")), "", notes)
        if factor is not None:
            row, ivar = row * factor, ivar / factor**2
        about, meta = facts(
            Source("<spectrum>", data=b""), cards.get if isinstance(cards, Mapping) else lambda name: None,
            row=k if len(rows) > 1 else None,
        )  # fmt: skip
        meta |= {"layout": "object", "wavelengths": said}
        found.append(record(vacuum, row, ivar, None if bad is None else bad[k], about, meta, notes))
    return found
