"""Tables of any container as spectra: a row per pixel, or a row per spectrum with vectors."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, ReadError
from goodricke.lightcurves.guess import Column
from goodricke.spectra.wavelength import Medium, Unit, medium_of, medium_of_header, named_unit, unit_of
from goodricke.surveys.containers.fits import FitsTable
from goodricke.surveys.containers.flat import describe
from goodricke.surveys.containers.votable import VOTable
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.axis import (
    estimated_ivar,
    ivar_of_error,
    ivar_of_variance,
    per_angstrom,
    vacuum_wavelengths,
)
from goodricke.surveys.spectra.cards import Cards, Get
from goodricke.surveys.spectra.columns import Chosen, choose
from goodricke.surveys.spectra.facts import cards_in_comments, facts
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, record

__all__ = ["Table", "nothing_chosen", "ragged_columns", "records", "tables_of"]

_LEAST_STEP_RATIO = 20.0  # of the longest to the shortest step of a ladder without a name; gaps make it larger


@dataclass(frozen=True)
class Table:
    """A table that holds spectra, whatever its container."""

    chosen: Chosen
    vectors: bool
    """A row is a spectrum; else a row is a pixel."""
    numbers: Callable[[str], Any]
    """A column as numbers (rows,), or as an array of numbers per row."""
    words: Callable[[str], Sequence[str]]
    """A column as text (rows,)."""
    get: Get = lambda name: None
    """A card of the header."""
    remarks: str = ""
    """Words around the table."""
    notes: tuple[str, ...] = field(default=())
    first: int = 0
    """Number of the first row in the file."""
    several: bool = False
    """The file holds other spectra as well."""

    def first_wavelengths(self) -> NDArray[np.float64]:
        """Some wavelengths of one spectrum."""
        values = self.numbers(self.chosen.wave)
        one = values[0] if self.vectors and len(values) else values
        return np.asarray(one, dtype=np.float64)[:20]


def tables_of(source: Source, columns: Mapping[str, str]) -> Iterator[Table]:
    """Yield the tables of a file that hold spectra; a large Parquet file comes in pieces.

    Raises
    ------
    ReadError
        If the file is damaged. A file without such a table yields nothing.
    """
    if source.container == "fits":
        yield from _of_fits(source, columns)
    elif source.container == "parquet":
        yield from _of_parquet(source, columns)
    elif source.container in ("text", "xml"):
        table = _of_text(source, columns) if source.container == "text" else _of_votable(source, columns)
        if table is not None:
            yield table


def nothing_chosen(source: Source, columns: Mapping[str, str]) -> ReadError:
    """Why no table of the file holds a spectrum."""
    try:
        if source.container == "fits":
            choose(_fits_columns(source.fits.table), columns)
        elif source.container == "parquet":
            choose(_parquet_columns(source), columns)
        else:
            choose(describe(source), columns)
    except ReadError as error:
        return error
    return ReadError("no table in the file holds a spectrum", "name its columns: columns={'wave': ..., 'flux': ...}")


def _chosen(columns: Sequence[Column], given: Mapping[str, str]) -> Chosen | None:
    try:
        return choose(columns, given)
    except ReadError:
        return None


# FITS ----------------------------------------------------------------------------------------------------------------


def _fits_columns(table: FitsTable) -> list[Column]:
    return [
        Column(table.header.text(f"TTYPE{k}", name), table.unit(name), table.header.text(f"TUCD{k}"), letter != "A")
        for name, (_, letter, _, k) in table.columns.items()
        if letter not in "XCM"
    ]


def _of_fits(source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    found = [(table, chosen) for table in source.fits.tables if (chosen := _chosen(_fits_columns(table), given))]
    if not found:
        return
    table, chosen = found[0]
    letters = [table.columns[name.upper()] for name in chosen.pixels]
    notes: tuple[str, ...] = ()
    if len(found) > 1:
        others = ", ".join(other.name or "without a name" for other, _ in found[1:4])
        notes = (f"{len(found) - 1} more tables hold wavelengths and fluxes and are not read ({others})",)
    get = Cards([table.header, source.fits.primary]).get

    ragged = any(letter in "PQ" for _, letter, _, _ in letters)
    columns = ragged_columns(source, table, (*chosen.pixels, *chosen.facts)) if ragged else {}

    def numbers(name: str) -> Any:
        if name in columns:
            return columns[name]
        values = table.column(name)
        if values.dtype.kind == "S":
            raise ReadError(f"column {name!r} holds text, not numbers", "name another: columns={'wave': ...}")
        return values

    def words(name: str) -> Sequence[str]:
        values = columns[name] if name in columns else table.column(name)
        return [value.decode("latin-1").strip() if isinstance(value, bytes) else str(value) for value in values]

    vectors = ragged or any(letter != "A" and repeat > 1 for _, letter, repeat, _ in letters)
    yield Table(chosen, vectors, numbers, words, get, table.header.text("TCOMM1"), notes)


def ragged_columns(source: Source, table: FitsTable, names: Sequence[str]) -> dict[str, Any]:
    """Columns of a table whose rows differ in length, which our own reader does not know."""
    if source.fits.damaged:
        raise ReadError("the FITS file is damaged or cut short", "download it again", source.name)
    from astropy.io import fits

    wanted = {name.upper() for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(io.BytesIO(source.data), memmap=False, lazy_load_hdus=True) as file:
            for hdu in file:
                if isinstance(hdu, fits.BinTableHDU) and wanted <= {name.upper() for name in hdu.columns.names}:
                    return {name: [np.asarray(row) for row in hdu.data[name]] for name in names}
    raise ReadError("astropy finds no table with these columns either", "look into the file", source.name)


# Text and VOTable ----------------------------------------------------------------------------------------------------


def _of_text(source: Source, given: Mapping[str, str]) -> Table | None:
    text = source.table
    remarks = " ".join(text.comments)
    cards = cards_in_comments(text.comments)
    chosen = _chosen(describe(source), given)
    notes: tuple[str, ...] = text.notes if chosen is None else ()
    if chosen is None and not text.named and not given:
        chosen = _by_place(source)
        if chosen is not None:
            notes = (f"there is no header: {chosen.said}",)
    if chosen is None:
        return None

    def numbers(name: str) -> NDArray[np.float64]:
        try:
            return text.numbers(name)
        except ReadError:
            words = [str(word).strip().lower() for word in text.strings(name).to_pylist()]
            if set(words) <= {"true", "false", "t", "f", "none", ""}:  # a mask in words
                return np.array([word in ("true", "t") for word in words], dtype=np.float64)
            raise

    def words(name: str) -> Sequence[str]:
        return [str(word) for word in text.strings(name).to_pylist()]

    return Table(chosen, False, numbers, words, cards.get, remarks, notes)


def _by_place(source: Source) -> Chosen | None:
    """Two to five columns of numbers without a header, of which the first can be wavelengths: wave, flux, error."""
    text = source.table
    columns = describe(source)
    if not 2 <= len(columns) <= 5 or not all(column.numeric for column in columns):
        return None
    if not _rises([row[0] for row in text.sample if row]):
        return None  # cheap, for the many light curves that come by
    wave = text.numbers(columns[0].name)
    wave = wave[np.isfinite(wave)]
    step = np.diff(wave)
    if len(wave) < 20 or not ((step > 0).all() or (step < 0).all()):
        return None
    low, high = sorted((float(wave[0]), float(wave[-1])))
    # Days and phases are even, too: but a spectrum reaches over a tenth of its wavelength, without long gaps, and
    # where stars are seen (Angstrom, nm, micron, or a logarithm).
    optical = any(a <= low and high <= b for a, b in ((1800.0, 30_000.0), (180.0, 3000.0), (0.25, 3.0), (3.25, 4.5)))
    logged = low >= 3.25 and high <= 4.5
    wide = high - low > 0.02 if logged else high > 1.1 * low
    if not (optical and wide) or np.abs(step).max() > _LEAST_STEP_RATIO * np.abs(step).min():
        return None
    err = columns[2].name if len(columns) > 2 and (text.numbers(columns[2].name)[:100] >= 0).all() else ""
    return Chosen(columns[0].name, columns[1].name, err=err)


def _rises(words: Sequence[str]) -> bool:
    """Whether the first numbers of a column rise or fall, in steps of one size or nearly so."""
    try:
        step = np.diff([float(word) for word in words])
    except ValueError:
        return False
    size = np.abs(step)
    return bool(len(step) > 1 and ((step > 0).all() or (step < 0).all()) and size.max() < 3 * size.min())


def _of_votable(source: Source, given: Mapping[str, str]) -> Table | None:
    votable = VOTable(source)
    chosen = _chosen(describe(source), given)
    if chosen is None:
        return None
    sizes = {column.name: column for column in votable.fields}
    if sizes[chosen.wave].count > 1 and not sizes[chosen.wave].is_text:
        return Table(chosen, True, votable.arrays, votable.strings)
    return Table(chosen, False, votable.numbers, votable.strings)


# Parquet -------------------------------------------------------------------------------------------------------------


def _parquet_columns(source: Source) -> list[Column]:
    import pyarrow as pa

    found = []
    for column in source.schema:
        kind = column.type
        listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
        kind = kind.value_type if listed else kind
        numeric = pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)
        unit = (column.metadata or {}).get(b"unit", b"").decode("utf-8", "replace")
        found.append(Column(column.name, unit, numeric=numeric))
    return found


def _of_parquet(source: Source, given: Mapping[str, str]) -> Iterator[Table]:
    import pyarrow as pa

    from goodricke.surveys.containers.parquet import batches

    chosen = _chosen(_parquet_columns(source), given)
    if chosen is None:
        return
    kind = source.schema.field(chosen.wave).type
    vectors = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    names = [*chosen.pixels, *chosen.facts]
    cards = {
        key.decode("utf-8", "replace").upper(): value.decode("utf-8", "replace")
        for key, value in (source.schema.metadata or {}).items()
        if len(value) < 1000
    }
    n_rows = source.parquet.metadata.num_rows
    if vectors:
        first = 0
        for batch in batches(source, names, 4_000_000, chosen.wave):
            yield _of_arrow(pa.Table.from_batches([batch]), chosen, True, cards.get, first, n_rows > 1)
            first += batch.num_rows
        return
    whole = pa.Table.from_batches(list(batches(source, names, 4_000_000)))
    yield _of_arrow(whole, chosen, False, cards.get)


def _of_arrow(table: Any, chosen: Chosen, vectors: bool, get: Get, first: int = 0, several: bool = False) -> Table:
    def numbers(name: str) -> Any:
        column = table.column(name).combine_chunks()
        column = column.combine_chunks() if hasattr(column, "combine_chunks") else column
        values = column.to_pylist() if vectors and hasattr(column, "offsets") else None
        if values is not None:
            return [np.array([np.nan if v is None else v for v in row or []], dtype=np.float64) for row in values]
        return column.to_numpy(zero_copy_only=False)

    def words(name: str) -> Sequence[str]:
        return ["" if word is None else str(word) for word in table.column(name).to_pylist()]

    return Table(chosen, vectors, numbers, words, get, first=first, several=several)


# From a table to records ---------------------------------------------------------------------------------------------


def records(source: Source, table: Table, options: SpectrumOptions) -> Iterator[Record]:
    """Yield the spectra of a table."""
    chosen = table.chosen
    pixels = {name: table.numbers(name) for name in chosen.pixels}
    facts_of = {name: table.words(name) for name in chosen.facts}
    if table.vectors:
        n = max(len(values) for values in pixels.values())
        for k in range(n):
            one = {name: np.asarray(values[k]).ravel() for name, values in pixels.items()}
            yield _one(source, table, one, {name: str(values[k]) for name, values in facts_of.items()}, options,
                       table.first + k if n > 1 or table.several else None)  # fmt: skip
        return
    groups = _groups(facts_of, chosen, len(pixels[chosen.wave]))
    for k, rows in enumerate(groups):
        one = {name: np.asarray(values)[rows] for name, values in pixels.items()}
        where = int(np.arange(len(pixels[chosen.wave]))[rows][0]) if len(pixels[chosen.wave]) else 0
        said = {name: str(values[where]) for name, values in facts_of.items()} if len(pixels[chosen.wave]) else {}
        yield _one(source, table, one, said, options, k if len(groups) > 1 else None)


def _groups(facts_of: dict[str, Sequence[str]], chosen: Chosen, n: int) -> list[Any]:
    """The rows of every spectrum in a table with a row per pixel."""
    for name in (chosen.spectrum, chosen.star):
        if name and n:
            names = np.asarray(facts_of[name])
            _, first, code = np.unique(names, return_index=True, return_inverse=True)
            if len(first) > n // 2:
                continue  # a number of the row, not of the spectrum
            order = np.argsort(code.reshape(-1), kind="stable")
            parts = np.split(order, np.cumsum(np.bincount(code.reshape(-1)))[:-1])
            return sorted(parts, key=lambda part: int(part[0]))
    return [slice(None)]


def _one(
    source: Source,
    table: Table,
    pixels: dict[str, NDArray[Any]],
    said: dict[str, str],
    options: SpectrumOptions,
    row: int | None,
) -> Record:
    chosen = table.chosen
    notes = list(table.notes)
    if not notes and not options.columns:
        notes.append(chosen.said)
    unit, medium = _axis_of(table)
    wave, medium_said = vacuum_wavelengths(pixels[chosen.wave], unit, medium, options, notes)
    flux = pixels[chosen.flux]
    if flux.dtype.kind not in "fiub":
        raise ReadError(f"column {chosen.flux!r} holds no numbers", "name another: columns={'flux': ...}")
    if chosen.ivar:
        ivar = pixels[chosen.ivar]
    elif chosen.err:
        ivar = ivar_of_error(pixels[chosen.err])
    elif chosen.variance:
        ivar = ivar_of_variance(pixels[chosen.variance])
    else:
        ivar = estimated_ivar(flux, notes)
    bad = None if not chosen.mask else ~(np.asarray(pixels[chosen.mask], dtype=np.float64) == 0)
    factor = per_angstrom(wave, chosen.flux_unit, chosen.flux, notes)
    if factor is not None:
        flux, ivar = flux * factor, ivar / factor**2
    if "rest" in chosen.wave.lower():
        notes.append(f"{chosen.wave!r} sounds like the rest frame: is the star's velocity taken out already?")
    ours = {
        ours: said[name]
        for ours in ("star", "spectrum", "ra", "dec", "mjd", "velocity", "z", "kind", "subclass", "snr")
        if (name := getattr(chosen, ours)) and name in said
    }
    about, meta = facts(source, table.get, ours.get, row)
    meta |= {"layout": "rows" if table.vectors else "table", "wavelengths": medium_said}
    return record(wave, flux, ivar, bad, about, meta, notes)


def _axis_of(table: Table) -> tuple[Unit | None, Medium]:
    """Unit and medium of the wavelengths: what the column says of itself, then the header, then words around it."""
    chosen = table.chosen
    try:
        unit = unit_of(chosen.wave_unit) or named_unit(chosen.wave)
    except DataError as error:
        raise ReadError(str(error), "or name another column: columns={'wave': ...}") from error
    named = named_unit(chosen.wave)
    if named is not None and named.logarithm and (unit is None or not unit.logarithm):
        unit = Unit(f"log10 {(unit or named).name.removeprefix('log10 ')}", (unit or named).angstrom, "10")
    medium = medium_of(chosen.wave) or medium_of(chosen.wave_unit) or medium_of_header(table.get)[0]
    return unit, medium or medium_of(table.remarks)
