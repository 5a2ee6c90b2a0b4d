"""SDSS and BOSS spectra: ``spec-*`` (DR8 on), with a row per pixel, and ``spSpec-*`` (to DR7), with rows of an image.

Wavelengths are heliocentric and in vacuum (the header says so). ``HELIO_RV`` is the correction for the Earth that has
been made and not the star's velocity, which is c times ``Z``; ``RA`` and ``DEC`` of the first header are the plate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra.wavelength import vacuum_from_air
from goodricke.surveys.containers.fits import FitsFile, FitsTable, Header
from goodricke.surveys.positions import position_name
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.cards import coordinates, mjd_of, number, signal_to_noise, text, velocity_of
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, record

__all__ = ["read", "recognises"]

_HARMFUL = sum(1 << bit for bit in (18, 22, 23, 24, 25, 26, 27))
"""FULLREJECT, NOSKY, BRIGHTSKY, NODATA, COMBINEREJ, BADFLUXFACTOR, BADSKYCHI of SPPIXMASK. The other bits mark a
whole fibre (0 to 15), which would leave nothing, or pixels that were put right (16, 17, 19 to 21) or have lines."""
_CLASSES = ("UNKNOWN", "STAR", "GALAXY", "QSO", "QSO", "SKY", "STAR")
"""What SPEC_CLN counts: high-redshift quasars and late stars have numbers of their own."""


def recognises(source: Source) -> bool:
    """A table of logarithmic wavelengths, or an image of rows with the names of SDSS."""
    return _coadd_of(source.fits) is not None or _is_old(source.fits)


def _coadd_of(file: FitsFile) -> FitsTable | None:
    """The table of pixels: flux, loglam and ivar, a row each."""
    for table in file.tables:
        if all(name in table and table.columns[name.upper()][2] == 1 for name in ("flux", "loglam", "ivar")):
            says = "SDSS" in file.primary.text("TELESCOP") or "PLATEID" in file.primary or len(file.tables) > 1
            if says or "and_mask" in table or "wdisp" in table:
                return table
    return None


def _is_old(file: FitsFile) -> bool:
    shape = file.arrays[0].shape if file.arrays else ()
    card = file.primary
    return (
        len(shape) == 2
        and 3 <= shape[0] <= 6
        and "SDSS" in card.text("TELESCOP")
        and "COEFF0" in card
        and ("SPEC_CLN" in card or "CONTINUUM" in card.text("ARRAY2").upper())
    )


def read(source: Source, options: SpectrumOptions) -> Iterator[Record]:
    """Yield the spectrum of the file."""
    table = _coadd_of(source.fits)
    if table is not None:
        yield _of_table(source, table)
    else:
        yield _of_image(source)


def _of_table(source: Source, table: FitsTable) -> Record:
    notes: list[str] = []
    wave = _vacuum(10.0 ** _exact(table.column("loglam")), source.fits.primary, notes)
    mask = next((table.column(name) for name in ("and_mask", "andmask") if name in table), None)
    bad = None if mask is None else (mask.astype(np.int64) & _HARMFUL) != 0
    about, meta = _facts(source, _of_spectrum(source.fits))
    return record(wave, table.column("flux"), table.column("ivar"), bad, about, meta | {"layout": "spec"}, notes)


def _exact(loglam: NDArray[Any]) -> NDArray[np.float64]:
    """Logarithms that were rounded to 32 bits, put back on the even pixels of 1e-4 that they were."""
    given = np.asarray(loglam, dtype=np.float64)
    lattice = np.rint(given * 1e4) / 1e4
    with np.errstate(invalid="ignore"):
        return lattice if np.nanmax(np.abs(given - lattice), initial=0.0) < 5e-7 else given


def _of_image(source: Source) -> Record:
    file, card = source.fits, source.fits.primary
    rows = file.arrays[0].pixels().astype(np.float64)
    kinds = [card.text(f"ARRAY{k + 1}").upper() for k in range(len(rows))]
    error = next((k for k, kind in enumerate(kinds) if kind.startswith(("ERR", "SIGMA"))), 2)
    mask = next((k for k, kind in enumerate(kinds) if kind.startswith("MASK")), 3)
    first, step = number(card.get, "COEFF0"), number(card.get, "COEFF1")
    if not (3.0 < first < 4.5 and 1e-6 < step < 1e-2):
        raise ReadError(f"COEFF0 = {first} and COEFF1 = {step} give no wavelengths", "download it again")
    notes: list[str] = []
    wave = _vacuum(np.asarray(10.0 ** (first + step * np.arange(rows.shape[1]))), card, notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        ivar = np.where(rows[error] > 0, rows[error] ** -2.0, 0.0)
    bits = next((table.column("andMask") for table in file.tables if "andMask" in table), None)
    if bits is None or len(bits) != rows.shape[1]:
        bits = rows[mask].astype(np.int64) if mask < len(rows) else np.zeros(rows.shape[1], np.int64)
    about, meta = _facts(source, card)
    number_of_class = number(card.get, "SPEC_CLN")
    if 0 <= number_of_class < len(_CLASSES):
        about["kind"] = _CLASSES[int(number_of_class)]
    return record(wave, rows[0], ivar, (bits & _HARMFUL) != 0, about, meta | {"layout": "spSpec"}, notes)


def _vacuum(wave: NDArray[np.float64], card: Header, notes: list[str]) -> NDArray[np.float64]:
    if card.get("VACUUM") is not False:
        return wave
    notes.append("the wavelengths are in air and were converted to vacuum")
    return vacuum_from_air(wave)


# Facts ---------------------------------------------------------------------------------------------------------------


class _Row:
    """The one row of SPECOBJ or SPALL, and behind it the header, asked in the way of a header."""

    def __init__(self, table: FitsTable, header: Header) -> None:
        self._table, self._header = table, header

    def get(self, name: str) -> Any:
        if name not in self._table:
            return self._header.get(name)
        value = self._table.column(name)[0]
        if isinstance(value, bytes):
            return value.decode("latin-1").strip()
        return value.item() if np.ndim(value) == 0 else value


def _of_spectrum(file: FitsFile) -> _Row | Header:
    """Where the facts of a ``spec-*`` file stand."""
    about = next((table for table in file.tables if table.n_rows == 1 and "Z" in table and "CLASS" in table), None)
    return file.primary if about is None else _Row(about, file.primary)


def _facts(source: Source, card: _Row | Header) -> tuple[dict[str, Any], dict[str, Any]]:
    get = card.get
    # RA and DEC of the header are the plate's; those of the table are the star's.
    pairs = [("PLUG_RA", "PLUG_DEC"), ("RAOBJ", "DECOBJ"), ("FIBER_RA", "FIBER_DEC"), ("RACAT", "DECCAT")]
    ra, dec = coordinates(get, pairs + ([("RA", "DEC")] if isinstance(card, _Row) else []))
    plate, mjd, fibre = (number(get, *names) for names in (("PLATE", "PLATEID", "FIELD"), ("MJD",), ("FIBERID",)))
    known = np.isfinite([plate, mjd, fibre]).all()
    z = number(get, "Z")
    medians = get("SN_MEDIAN")
    if isinstance(medians, np.ndarray) and medians.shape == (5,):
        snr = signal_to_noise(dict(zip("ugriz", medians.tolist(), strict=True)).get, "ugriz")
    else:
        snr = signal_to_noise(get, ("SN_U", "SN_G", "SN_R", "SN_I", "SN_Z"))
    all_bands = number(get, "SN_MEDIAN_ALL")
    moment = mjd_of(get)
    about = {
        "object_id": f"SDSS {position_name(ra, dec)}" if np.isfinite(ra) else source.stem,
        "spectrum_id": f"{plate:04.0f}-{mjd:.0f}-{fibre:04.0f}" if known else source.stem,
        "survey": "sdss",
        "ra": ra,
        "dec": dec,
        "mjd": moment,
        "velocity": velocity_of(z),
        "snr": snr["snrg"] if np.isfinite(snr["snrg"]) else all_bands,
        "kind": str(get("CLASS") or "").strip().upper(),
        "subclass": text(get, "SUBCLASS"),
    }
    meta = {
        "path": source.name,
        "name_from": "star" if np.isfinite(ra) else "file",
        "plate": plate,
        "fiberid": fibre,
        "specobjid": text(get, "SPECOBJID"),
        "z": z,
        "z_err": number(get, "Z_ERR"),
        "zwarning": number(get, "ZWARNING", "Z_WARNIN"),
        "velocity_from": "c Z" if np.isfinite(z) else "",
        "helio_rv": number(get, "HELIO_RV"),
        "snr_all": all_bands,
        "wavelengths": "vacuum",
        **snr,
    }
    return about, meta
