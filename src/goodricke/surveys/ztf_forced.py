"""ZTF forced photometry, from the service at IPAC (ZFPS; Masci et al. 2023, arXiv:2305.16279).

Fluxes are differences from a reference image, in DN, with a zero point of their own for every epoch: all are brought to
zero point 25. Where the reference image has a source within 1.4 arcsec of the position, its flux is added, epoch by
epoch for its own reference image, so that the whole star is seen; its error is common to all epochs of an image and is
left out. Without such a source the fluxes stay differences. Time is JD in UTC at the start of the exposure, as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.positions import position_name
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = Quality(
    {
        "bad_image": 1,  # infobitssci of 33554432 and more
        "noisy_image": 2,  # scisigpix above 25 DN
        "bad_seeing": 4,  # sciinpseeing above 4
        "fatal": 8,  # procstatus 61 (cut off by the edge) and from 63 on (errors)
        "bad_pixels": 16,  # procstatus 56
        "no_reference": 32,  # procstatus 57, 58
        "doubtful_error": 64,  # procstatus 59, 60
        "poor_fit": 128,  # forcediffimchisq ten times the usual
        "warning": 256,  # any other bit of infobitssci
    },
    default=1 | 2 | 4 | 8,
    hard=1 | 2 | 4 | 8 | 16 | 64,
    hardest=511 - 32,
)
"""The first three cuts are those of the manual, which also tells what the codes of procstatus mean."""
STITCH = False

ZERO_POINT = 25.0
_NEEDED = ("jd", "filter", "zpdiff", "forcediffimflux", "forcediffimfluxunc")
_NEAR = 1.4  # arcsec
_SENTINEL = -99999.0  # exactly: deep minima of bright stars lie below it
_STATUS = (
    (8, r"(^|,)\s*(61|6[3-9]|[1-9]\d\d)\b"),
    (16, r"(^|,)\s*56\b"),
    (32, r"(^|,)\s*5[78]\b"),
    (64, r"(^|,)\s*(59|60)\b"),
)
_POSITION = re.compile(r"input (R\.A\.|Dec\.) = ([-+0-9.eE]+) deg")


def recognises(source: Source) -> bool:
    """The columns that the photometry needs, under names that only the service uses."""
    return _header(source) != ""


def _header(source: Source) -> str:
    """The line with the names, which stand between commas or blanks, after a mark of comment or without; else empty."""
    for line in source.lines:
        if "forcediffimfluxunc" in line and set(_NEEDED) <= set(line.replace(",", " ").lstrip("# ").split()):
            return line
    return ""


def _table(source: Source) -> TextTable:
    """The rows. The names are set apart by commas, the values by blanks, but for lists of codes such as ``56,57``."""
    header = _header(source).encode()
    blank = source.data.replace(header, header.replace(b",", b" "), 1) if b"," in header else source.data
    table = TextTable(Source(source.name, data=blank))
    return table if table.has(*_NEEDED) else source.table


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = _table(source)
    band, names = codes_of(table.strings("filter"), table.n_rows)
    with np.errstate(over="ignore", invalid="ignore"):  # damaged zero points
        scale = 10 ** (-0.4 * (table.numbers("zpdiff") - ZERO_POINT))
        flux, error = _flux(table, "forcediffimflux") * scale, _flux(table, "forcediffimfluxunc") * scale
    reference, notes = _reference(table, band, names)
    whole = bool(np.isfinite(reference).any())
    ra, dec = _position(table)
    known = np.isfinite(ra) and np.isfinite(dec)
    yield Measurements(
        object_id=np.array([f"ZTF {position_name(ra, dec)}" if known else source.stem]),
        time=table.numbers("jd"),
        value=flux + np.nan_to_num(reference) if whole else flux,
        error=error,
        kind="flux" if whole else "difference",
        frame=TimeFrame("utc", "observer", 0.0),
        band=band.astype(np.int8),
        bands=tuple(name.removeprefix("ZTF_") for name in names),
        quality=_quality(table, band),
        zero_point=ZERO_POINT,
        ra=np.array([ra]),
        dec=np.array([dec]),
        notes=notes,
    )


def _flux(table: TextTable, name: str) -> NDArray[np.float64]:
    values = table.numbers(name)
    return np.where(values == _SENTINEL, np.nan, values)


def _reference(
    table: TextTable, band: NDArray[np.int64], names: list[str]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Flux of the star in the reference image of every epoch, NaN in bands without; and what to say of it."""
    flux = np.full(table.n_rows, np.nan)
    if table.has("dnearestrefsrc", "nearestrefmag"):
        mag = table.numbers("nearestrefmag")
        near = (table.numbers("dnearestrefsrc") <= _NEAR) & (mag > 0) & (mag < 30)
        flux[near] = 10 ** (-0.4 * (mag[near] - ZERO_POINT))
    without, filled = [], 0
    for code, name in enumerate(names):
        here = band == code
        level = flux[here & np.isfinite(flux)]
        if len(level):
            gaps = here & np.isnan(flux)
            filled += int(np.count_nonzero(gaps))
            flux[gaps] = np.median(level)
        else:
            without.append(name.removeprefix("ZTF_"))
    notes = []
    if len(without) == len(names):
        notes.append(f"no reference source within {_NEAR} arcsec: the fluxes are differences")
    elif without:
        notes.append(f"bands {', '.join(without)} have no reference source and stay differences; the others are total")
    if filled:
        notes.append(f"{filled:,} epochs without a reference source were given the median reference flux of their band")
    return flux, tuple(notes)


def _quality(table: TextTable, band: NDArray[np.int64]) -> NDArray[np.int64]:
    bits = np.zeros(table.n_rows, dtype=np.int64)
    if "infobitssci" in table:
        info = np.nan_to_num(table.numbers("infobitssci"))
        bits |= 1 * (info >= 33554432) | 256 * ((info > 0) & (info < 33554432))
    for name, bit, most in (("scisigpix", 2, 25.0), ("sciinpseeing", 4, 4.0)):
        if name in table:
            bits |= bit * (table.numbers(name) > most)
    if "procstatus" in table:
        status = table.strings("procstatus")
        for bit, pattern in _STATUS:
            bits |= bit * pc.match_substring_regex(status, pattern).to_numpy(zero_copy_only=False)
    if "forcediffimchisq" in table:
        misfit = table.numbers("forcediffimchisq")
        for code in range(int(band.max(initial=-1)) + 1):
            here = (band == code) & np.isfinite(misfit)
            if here.any():
                bits |= 128 * (here & (misfit > 10 * max(1.0, float(np.median(misfit[here])))))
    return bits


def _position(table: TextTable) -> tuple[float, float]:
    """The position asked for, from the comments (degrees); NaN when they do not tell."""
    found = {m[1]: m[2] for line in table.comments if (m := _POSITION.search(line))}
    try:
        return float(found.get("R.A.", "nan")), float(found.get("Dec.", "nan"))
    except ValueError:
        return float("nan"), float("nan")
