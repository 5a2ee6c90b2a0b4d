"""LAMOST low-resolution spectra in every layout, told from the file and never from the number of a data release.

Two forms of file carry four layouts:

- an image of rows: flux, inverse variance, a third row, masks. The third row is the wavelength (DR2 on, once in 64
  bits) or, in files of the pilot survey, the flux without its continuum; then the header's coefficients give the
  wavelengths;
- a table ``COADD`` (DR9 on) with a row of vectors, or a row per pixel: FLUX, IVAR, WAVELENGTH, ANDMASK, ORMASK.

Wavelengths are heliocentric, in vacuum, on pixels even in the logarithm. ``HELIO_RV`` in the header is the correction
for the Earth that has been made and not the star's velocity, which is c times ``Z``. Unknown numbers are -9999.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra.lattice import LIGHT_KM_S
from goodricke.spectra.wavelength import vacuum_from_air
from goodricke.surveys.containers.fits import FitsFile, FitsTable
from goodricke.surveys.positions import position_name
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.cards import Cards, coordinates, date_mjd, number, signal_to_noise, text, velocity_of
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, record
from goodricke.surveys.spectra.tables import ragged_columns

__all__ = ["read", "recognises"]

_COLUMNS = ("FLUX", "IVAR", "WAVELENGTH", "ANDMASK", "ORMASK")
_WAVE = ("WAVELENGTH", "WAVE", "LAMBDA", "LOGLAM")
_MEDIUM_RESOLUTION = re.compile(r"(?:COADD_)?[BR](?:-\d+)?", re.IGNORECASE)
_STEP = 1e-4  # in log10 of wavelength: all spectra of the low-resolution survey


def recognises(source: Source) -> bool:
    """LAMOST's name in the header, and an image of rows or a table of fluxes."""
    file = source.fits
    card = _cards(file)
    words = " ".join(card.text(name) for name in ("TELESCOP", "AUTHOR", "ORIGIN", "DATA_V", "DESIG"))
    if "LAMOST" in words or card.text("EXTEN0").lower().startswith(("flux inverse", "flux, inverse")):
        return bool(_image_of(file) or _tables_of(file))
    # A header that lost everything: these columns, or five rows with wavelengths as the third, are nobody else's.
    if any(all(name in table for name in _COLUMNS) for table in file.tables):
        return True
    return _image_of(file) and file.arrays[0].shape[0] == 5 and _is_ladder(file.arrays[0].pixels()[2])


def _cards(file: FitsFile) -> Cards:
    """The first header, and that of the image or table, where other tools may have put the cards."""
    images, tables = [image.header for image in file.arrays[:1]], [table.header for table in _tables_of(file)[:1]]
    return Cards([file.primary, *images, *tables])


def _image_of(file: FitsFile) -> bool:
    shape = file.arrays[0].shape if file.arrays else ()
    return len(shape) == 2 and 2 <= shape[0] <= 12 and shape[1] > shape[0]


def _tables_of(file: FitsFile) -> list[FitsTable]:
    return [table for table in file.tables if "FLUX" in table and any(name in table for name in (*_WAVE, "IVAR"))]


def read(source: Source, options: SpectrumOptions) -> Iterator[Record]:
    """Yield the spectra of the file: one, but for tables with several rows."""
    file = source.fits
    tables = _tables_of(file)
    if tables and all(_MEDIUM_RESOLUTION.fullmatch(table.name) for table in tables):
        raise ReadError(
            f"a medium-resolution spectrum of LAMOST (tables {', '.join(table.name for table in tables[:4])})",
            "low-resolution spectra are read here; for those of R = 7500 the models were not made",
        )
    if _image_of(file):
        yield _of_image(source, file)
    else:
        yield from _of_table(source, tables)


# Pixels --------------------------------------------------------------------------------------------------------------


def _of_image(source: Source, file: FitsFile) -> Record:
    rows = file.arrays[0].pixels()
    names = [word.lower() for word in re.split(r"[,\s]+", _cards(file).text("EXTEN0")) if word]
    if len(names) != len(rows):
        names = ["flux", "inverse", "", "andmask", "ormask"][: len(rows)]
    given = next((rows[k] for k in (2, *range(len(rows))) if k < len(rows) and _is_ladder(rows[k])), None)
    layout = "pilot" if given is None else "float64" if rows.dtype.itemsize == 8 else "image"
    masks = {name: rows[names.index(name)] for name in ("andmask", "ormask") if name in names}
    return _record(source, _cards(file), rows[0], rows[1], given, masks, layout)


def _is_ladder(row: NDArray[Any]) -> bool:
    """Whether a row holds wavelengths: optical ones in Angstrom that rise."""
    return bool(2000 < row[0] < row[-1] < 15000 and (np.diff(row) > 0).all())


def _of_table(source: Source, tables: list[FitsTable]) -> Iterator[Record]:
    table = next((table for table in tables if table.name.upper() == "COADD"), tables[0])
    wave = next((name for name in _WAVE if name in table), "")
    names = [name for name in ("FLUX", "IVAR", wave, "ANDMASK", "AND_MASK", "ORMASK", "OR_MASK") if name in table]
    ragged = any(table.columns[name][1] in "PQ" for name in names)
    columns = ragged_columns(source, table, names) if ragged else {name: table.column(name) for name in names}
    # A row of vectors per spectrum, or a row per pixel.
    stacked = {name: values if ragged or values.ndim == 2 else values[None, :] for name, values in columns.items()}
    n = len(stacked["FLUX"])
    if "IVAR" not in stacked:
        raise ReadError("the table COADD has no column IVAR", "download it again")
    for k in range(n):
        given = stacked[wave][k].astype(np.float64) if wave else None
        if given is not None and wave == "LOGLAM":
            given = 10.0**given
        masks = {name.lower().replace("_", ""): values[k] for name, values in stacked.items() if name.endswith("MASK")}
        yield _record(
            source, _cards(source.fits), stacked["FLUX"][k], stacked["IVAR"][k], given, masks, "coadd",
            row=k if n > 1 else None,
        )  # fmt: skip


def _record(
    source: Source,
    card: Cards,
    flux: NDArray[Any],
    ivar: NDArray[Any],
    given: NDArray[Any] | None,
    masks: dict[str, NDArray[Any]],
    layout: str,
    row: int | None = None,
) -> Record:
    notes: list[str] = []
    wave = _wavelengths(card, given, len(flux), notes)
    medium = "air" if card.get("VACUUM") is False else "vacuum"
    if medium == "air":
        wave = vacuum_from_air(wave)
        notes.append("the wavelengths are in air and were converted to vacuum")
    correction = number(card.get, "HELIO_RV")
    if card.get("HELIO") is False and np.isfinite(correction):
        wave = wave * (1.0 + correction / LIGHT_KM_S)
        notes.append(f"the header says that the Earth's motion is in the wavelengths; {correction:.1f} km/s were added")
    about, meta = _facts(source, card, row)
    meta |= {"layout": layout, "wavelengths": medium}
    bad = masks["andmask"] > 0 if "andmask" in masks else None
    if "ormask" in masks:
        meta["ormask_share"] = float(np.mean(masks["ormask"] > 0))
    return record(wave, flux, ivar, bad, about, meta, notes)


def _wavelengths(card: Cards, given: NDArray[Any] | None, n: int, notes: list[str]) -> NDArray[np.float64]:
    """The wavelengths by the header's coefficients where the row of the file agrees: that row is rounded to 32 bits."""
    first = number(card.get, "COEFF0", "CRVAL1")
    step = number(card.get, "COEFF1", "CD1_1", "CDELT1")
    known = 3.0 < first < 4.5 and 1e-6 < step < 1e-2
    if known and abs(step - _STEP) < 1e-9 and abs(first / _STEP - round(first / _STEP)) < 5e-3:
        first, step = round(first / _STEP) * _STEP, _STEP  # 3.5682 may be written as 3.5681999
    ladder = _ladder(first, step, n) if known else None
    if given is None:
        if ladder is None:
            raise ReadError("neither a row of wavelengths nor COEFF0 and COEFF1 are in the file", "download it again")
        return ladder
    wave = np.asarray(given, dtype=np.float64)
    if ladder is None:
        return wave
    with np.errstate(invalid="ignore"):
        # The row holds ten to a power that was rounded to 32 bits: 6e-7, a four-hundredth of a pixel.
        if np.nanmax(np.abs(wave / ladder - 1.0)) < 1e-6:
            return ladder
    notes.append("the header's COEFF0 and COEFF1 disagree with the row of wavelengths, which is taken")
    return wave


@lru_cache(maxsize=64)
def _ladder(first: float, step: float, n: int) -> NDArray[np.float64]:
    """Wavelengths even in the logarithm; most files of a survey share a few ladders."""
    wave = np.asarray(10.0 ** (first + step * np.arange(n)), dtype=np.float64)
    wave.flags.writeable = False
    return wave


# Facts ---------------------------------------------------------------------------------------------------------------


def _facts(source: Source, card: Cards, row: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields per spectrum, and the columns of meta."""
    get = card.get
    ra, dec = coordinates(get, [("RA", "DEC"), ("RA_OBS", "DEC_OBS")])
    obsid = text(get, "OBSID")
    obsid = "" if obsid.startswith("-") else obsid
    plan, spectrograph, fibre = text(get, "PLANID"), number(get, "SPID"), number(get, "FIBERID")
    snr = signal_to_noise(get, ("SNRU", "SNRG", "SNRR", "SNRI", "SNRZ"))
    if not np.isfinite(list(snr.values())).any():
        snr = signal_to_noise(get, ("SN_U", "SN_G", "SN_R", "SN_I", "SN_Z"))
    z = number(get, "Z")
    designation = text(get, "DESIG")
    name = designation or (f"LAMOST {position_name(ra, dec)}" if np.isfinite(ra) else source.stem)
    of_file = re.sub(r"^spec-", "", source.stem)
    moment = date_mjd(get("DATE-OBS"))
    subclass = text(get, "SUBCLASS")
    about = {
        "object_id": name,
        "spectrum_id": (obsid or of_file) + ("" if row is None else f"-{row + 1}"),
        "survey": "lamost",
        "ra": ra,
        "dec": dec,
        "mjd": moment if np.isfinite(moment) else number(get, "MJD", "LMJD"),
        "velocity": velocity_of(z),
        "snr": next((snr[f"snr{band}"] for band in "griz" if np.isfinite(snr[f"snr{band}"])), float("nan")),
        "kind": str(get("CLASS") or "").strip().upper(),
        "subclass": "" if subclass.lower() == "non" else subclass,
    }
    meta = {
        "path": source.name,
        "name_from": "star" if designation or np.isfinite(ra) else "file",
        "obsid": obsid,
        "designation": designation,
        "planid": plan,
        "spid": spectrograph,
        "fiberid": fibre,
        "lmjd": number(get, "LMJD"),
        "objtype": text(get, "OBJTYPE"),
        "release": text(get, "DATA_V"),
        "z": z,
        "z_err": number(get, "Z_ERR"),
        "velocity_from": "c Z" if np.isfinite(z) else "",
        "helio_rv": number(get, "HELIO_RV"),
        **snr,
    }
    return about, meta
