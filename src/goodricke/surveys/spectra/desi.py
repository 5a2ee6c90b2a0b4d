"""DESI spectra and coadds: arms (B, R, Z, or joined ones) as images with a row per spectrum, and a fibre map.

The arms share an even ladder of 0.8 Angstrom, so where they overlap their pixels coincide and are averaged by inverse
variance. Wavelengths are barycentric and in vacuum. Redshifts come from a table of redrock's in the same file, or in
``redrock-*.fits`` next to ``coadd-*.fits``, where there is one; without it velocities are unknown.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra.lattice import LIGHT_KM_S
from goodricke.surveys.containers.fits import FitsFile, FitsImage, FitsTable
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import Record, record

__all__ = ["read", "recognises"]

_WAVELENGTH = re.compile(r"([A-Z0-9]+)_WAVELENGTH", re.IGNORECASE)
_REDSHIFTS = ("REDSHIFTS", "ZBEST", "ZCATALOG", "REDROCK")
_AT_ONCE = 256  # spectra whose arms are merged together
_SAME = 1e-3  # Angstrom: pixels of two arms nearer than this are one


@dataclass(frozen=True)
class _Arm:
    """One arm: wavelengths (P,), and rows of pixels (N, P)."""

    wave: NDArray[np.float64]
    flux: NDArray[Any]
    ivar: NDArray[Any]
    mask: NDArray[Any] | None


def recognises(source: Source) -> bool:
    """Images of wavelengths and fluxes by arm, and a fibre map."""
    file = source.fits
    return bool(_arms_of(file)) and _table(file, "FIBERMAP") is not None


def _arms_of(file: FitsFile) -> dict[str, FitsImage]:
    """Arm -> its image of wavelengths, where fluxes go with it."""
    names = {image.name.upper() for image in file.arrays}
    return {
        match[1].upper(): image
        for image in file.arrays
        if (match := _WAVELENGTH.fullmatch(image.name)) and f"{match[1].upper()}_FLUX" in names
    }


def _table(file: FitsFile, *names: str) -> FitsTable | None:
    return next((table for table in file.tables if table.name.upper() in names), None)


def _image(file: FitsFile, name: str) -> FitsImage | None:
    return next((image for image in file.arrays if image.name.upper() == name), None)


def read(source: Source, options: SpectrumOptions) -> Iterator[Record]:
    """Yield every spectrum of the file, in the order of its fibre map."""
    file = source.fits
    arms = [_arm(source, file, name, image) for name, image in _arms_of(file).items()]
    arms.sort(key=lambda arm: float(arm.wave[0]))
    n = len(arms[0].flux)
    fibres = _table(file, "FIBERMAP")
    assert fibres is not None
    if fibres.n_rows != n or any(len(arm.flux) != n for arm in arms):
        rows = " and ".join(f"{len(arm.flux):,}" for arm in arms)
        raise ReadError(
            f"the fibre map has {fibres.n_rows:,} rows, the arms have {rows}", "the file is damaged: download it again"
        )
    columns = _facts(source, file, fibres, n)
    for start in range(0, n, _AT_ONCE):
        stretch = slice(start, min(start + _AT_ONCE, n))
        wave, flux, ivar, bad = _together(
            [_Arm(a.wave, a.flux[stretch], a.ivar[stretch], None if a.mask is None else a.mask[stretch]) for a in arms]
        )
        for k in range(stretch.stop - start):
            about = {name: values[start + k] for name, values in columns["about"].items()}
            meta = {name: _plain(values[start + k]) for name, values in columns["meta"].items()}
            yield record(wave, flux[k], ivar[k], bad[k], about, meta)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else float(value)


def _arm(source: Source, file: FitsFile, name: str, wavelengths: FitsImage) -> _Arm:
    flux, ivar = _image(file, f"{name}_FLUX"), _image(file, f"{name}_IVAR")
    assert flux is not None
    wave = wavelengths.pixels().astype(np.float64)
    rows = flux.pixels()
    weights = np.zeros_like(rows) if ivar is None else ivar.pixels()
    mask = _image(file, f"{name}_MASK")
    bits = _packed_mask(source, file, f"{name}_MASK") if mask is None else mask.pixels()
    for what, array in (("flux", rows), ("ivar", weights), ("mask", bits)):
        if array is not None and (array.ndim != 2 or array.shape != rows.shape or array.shape[1:] != wave.shape):
            raise ReadError(
                f"{name}_{what.upper()} has the shape {array.shape}, {name}_WAVELENGTH {wave.shape}",
                "the file is damaged: download it again",
            )
    return _Arm(wave, rows, weights, bits)


def _packed_mask(source: Source, file: FitsFile, name: str) -> NDArray[Any] | None:
    """A mask compressed inside the FITS file, as DESI writes it, unpacked by astropy. None when there is none."""
    table = _table(file, name)
    if table is None or table.header.get("ZIMAGE") is not True:
        return None
    from astropy.io import fits

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(io.BytesIO(source.data), memmap=False, lazy_load_hdus=True) as opened:
            return np.asarray(opened[name].data)


def _together(
    arms: list[_Arm],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """All arms on one ladder: (P,) and three of (N, P); pixels of two arms are averaged by inverse variance."""
    wave = np.concatenate([arm.wave for arm in arms])
    order = np.argsort(wave, kind="stable")
    rung = np.empty(len(wave), np.int64)
    rung[order] = np.cumsum(np.append(True, np.diff(wave[order]) > _SAME)) - 1
    n, p = len(arms[0].flux), int(rung.max()) + 1
    ladder = np.zeros(p)
    ladder[rung] = wave
    top, weight, plain = (np.zeros((n, p)) for _ in range(3))
    bad = np.ones((n, p), bool)
    start = 0
    for arm in arms:
        here = rung[start : start + len(arm.wave)]
        start += len(arm.wave)
        flux = arm.flux.astype(np.float64)
        finite = np.isfinite(flux)
        good = finite if arm.mask is None else finite & (arm.mask == 0)
        ivar = np.where(good & np.isfinite(arm.ivar) & (arm.ivar > 0), arm.ivar, 0.0)
        flux = np.where(finite, flux, 0.0)
        top[:, here] += flux * ivar
        weight[:, here] += ivar
        bad[:, here] &= ~good
        plain[:, here] = np.where(plain[:, here] == 0, flux, plain[:, here])
    with np.errstate(invalid="ignore", divide="ignore"):
        return ladder, np.where(weight > 0, top / weight, plain), weight, bad


# Facts ---------------------------------------------------------------------------------------------------------------


def _facts(source: Source, file: FitsFile, fibres: FitsTable, n: int) -> dict[str, dict[str, NDArray[Any]]]:
    """Columns of what is known of the spectra, as fields and as meta."""

    def of_map(*names: str) -> NDArray[np.float64]:
        name = next((name for name in names if name in fibres), None)
        values = np.full(n, np.nan) if name is None else fibres.column(name).astype(np.float64)
        return np.where(values == -9999.0, np.nan, values)

    ids = fibres.column("TARGETID") if "TARGETID" in fibres else np.arange(n)
    exposures = fibres.column("EXPID") if "EXPID" in fibres else None
    spectrum = [f"{source.stem}-{k}" if "TARGETID" not in fibres else str(ids[k]) for k in range(n)]
    if exposures is not None:
        spectrum = [f"{name}-{exposure}" for name, exposure in zip(spectrum, exposures, strict=True)]
    z, z_err, warning, kind, subclass = _redshifts(source, file, ids)
    objtype = _words(fibres, "OBJTYPE", n)
    kind = np.where((kind == "") & (objtype == "SKY"), "SKY", kind)
    snr = {
        f"snr{arm.lower()}": _score(file, f"MEDIAN_COADD_SNR_{arm}", f"MEDIAN_CALIB_SNR_{arm}", n=n) for arm in "BRZ"
    }
    about: dict[str, NDArray[Any]] = {
        "object_id": np.array([f"DESI {name}" for name in ids]),
        "spectrum_id": np.array(spectrum),
        "survey": np.full(n, "desi"),
        "ra": of_map("TARGET_RA", "RA_TARGET", "FIBER_RA"),
        "dec": of_map("TARGET_DEC", "DEC_TARGET", "FIBER_DEC"),
        "mjd": of_map("MJD", "MEAN_MJD"),
        "velocity": LIGHT_KM_S * z,
        "snr": np.where(np.isfinite(snr["snrr"]), snr["snrr"], snr["snrb"]),
        "kind": kind,
        "subclass": subclass,
    }
    meta = {
        "path": np.full(n, source.name),
        "name_from": np.full(n, "star" if "TARGETID" in fibres else "file"),
        "layout": np.full(n, "desi"),
        "objtype": objtype,
        "targetid": np.array([str(name) for name in ids]),
        "fiberid": of_map("FIBER"),
        "fiberstatus": of_map("COADD_FIBERSTATUS", "FIBERSTATUS"),
        "z": z,
        "z_err": z_err,
        "zwarning": warning,
        "velocity_from": np.where(np.isfinite(z), "c Z", ""),
        "wavelengths": np.full(n, "vacuum"),
        **snr,
    }
    return {"about": about, "meta": meta}


def _words(table: FitsTable, name: str, n: int) -> NDArray[np.str_]:
    """A column of text (n,); empty where the table has none."""
    if name not in table:
        return np.full(n, "")
    return np.array([value.decode("latin-1").strip() for value in table.column(name).tolist()])


def _score(file: FitsFile, *names: str, n: int) -> NDArray[np.float64]:
    """A column of the table of scores, where there is one."""
    scores = _table(file, "SCORES")
    name = next((name for name in names if scores is not None and name in scores), None)
    if scores is None or name is None or scores.n_rows != n:
        return np.full(n, np.nan)
    values = scores.column(name).astype(np.float64)
    return np.where(values > 0, values, np.nan)


def _redshifts(
    source: Source, file: FitsFile, ids: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.str_], NDArray[np.str_]]:
    """z, its error and warning, class and subclass by target, from the file or from redrock's beside it."""
    n = len(ids)
    nothing = np.full(n, np.nan)
    table = _table(file, *_REDSHIFTS) or _beside(source)
    if table is None or "Z" not in table:
        return nothing, nothing, nothing, np.full(n, ""), np.full(n, "")
    rows = np.arange(n)
    if "TARGETID" in table:
        place = {int(target): k for k, target in enumerate(table.column("TARGETID"))}
        rows = np.array([place.get(int(target), -1) for target in ids])
    elif table.n_rows != n:
        return nothing, nothing, nothing, np.full(n, ""), np.full(n, "")

    def numbers(name: str) -> NDArray[np.float64]:
        values = table.column(name).astype(np.float64) if name in table else np.full(table.n_rows, np.nan)
        return np.where(rows >= 0, values[rows], np.nan)

    def words(name: str) -> NDArray[np.str_]:
        values = _words(table, name, table.n_rows)
        return np.array([values[row] if row >= 0 else "" for row in rows])

    return numbers("Z"), numbers("ZERR"), numbers("ZWARN"), np.char.upper(words("SPECTYPE")), words("SUBTYPE")


def _beside(source: Source) -> FitsTable | None:
    """Redrock's table in the file that DESI puts next to a coadd."""
    if source.path is None:
        return None
    for prefix in ("redrock-", "zbest-"):
        other = source.path.with_name(re.sub(r"^(coadd|spectra)-", prefix, source.path.name))
        if other != source.path and other.exists():
            try:
                return _table(Source(str(other), path=other).fits, *_REDSHIFTS)
            except ReadError:
                return None
    return None
