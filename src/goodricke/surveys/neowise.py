"""WISE and NEOWISE single exposures from IRSA, as IPAC table or csv.

Tables: NEOWISE-R (``neowiser_p1bs_psd``), the All-Sky, 3-band and Post-Cryo single exposures (same columns), and the
AllWISE multi-epoch photometry (``allwise_p3as_mep``, columns ending in ``_ep``). One exposure is one row with a
magnitude per band. Time is MJD in UTC at the spacecraft, mid-exposure. A magnitude without error, or with photometric
quality U, is an upper limit. Flags: NEOWISE Explanatory Supplement, sections II.1.a and II.3 (Cutri et al. 2015).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.positions import mean_coordinate, position_name, same_place
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = Quality(
    {
        "bad_frame": 1,  # qual_frame 0
        "poor_image": 2,  # qi_fact below 1
        "saa": 4,  # within 5 degrees of the South Atlantic Anomaly
        "moon": 8,  # moon_masked in this band
        "artefact": 16,  # capital letter in cc_flags: the detection itself is one
        "contaminated": 32,  # small letter in cc_flags: a real source touched by one
        "deblended": 64,  # more than one component in the fit
        "low_snr": 128,  # ph_qual C or X
    },
    default=1 | 16,
    hard=1 | 2 | 4 | 8 | 16,
    hardest=255,
)
STITCH = False

_RADIUS = 3.0  # arcsec: half the width of the W1 and W2 point spread functions


def recognises(source: Source) -> bool:
    """Profile-fit magnitudes per band beside the time of an exposure."""
    table = source.table
    return "mjd" in table and bool(_bands(table)) and table.has("ra", "dec")


def _bands(table: TextTable) -> list[tuple[str, str, str]]:
    """Band with its magnitude and error columns."""
    found = []
    for k in "1234":
        for end in ("", "_ep"):
            if table.has(f"w{k}mpro{end}", f"w{k}sigmpro{end}"):
                found.append((f"W{k}", f"w{k}mpro{end}", f"w{k}sigmpro{end}"))
                break
    return found


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the search; rows of one exposure become one point per band."""
    table = source.table
    bands, n = _bands(table), table.n_rows
    ra, dec = table.numbers("ra"), table.numbers("dec")
    star, names = _stars(table, ra, dec)
    value = np.concatenate([table.numbers(mag) for _, mag, _ in bands])
    error = np.concatenate([table.numbers(sigma) for _, _, sigma in bands])
    k = len(bands)
    yield Measurements(
        object_id=np.array(names, dtype=str),
        time=np.tile(table.numbers("mjd"), k),
        value=value,
        error=error,
        kind="mag",
        frame=TimeFrame("utc", "observer", 2400000.5),
        star=np.tile(star, k),
        band=np.repeat(np.arange(k, dtype=np.int8), n),
        bands=tuple(name for name, _, _ in bands),
        limit=np.concatenate([_limits(table, j) for j in range(k)]) | (np.isfinite(value) & np.isnan(error)),
        quality=np.concatenate([_quality(table, j, k) for j in range(k)]),
        ra=mean_coordinate(ra, star, len(names)),
        dec=mean_coordinate(dec, star, len(names)),
        notes=(f"{len(names)} stars in one file: told apart by {_told_by(table)}",) if len(names) > 1 else (),
    )


def _told_by(table: TextTable) -> str:
    return next((name for name in ("allwise_cntr", "cntr_mf") if name in table), "position")


def _stars(table: TextTable, ra: NDArray[np.float64], dec: NDArray[np.float64]) -> tuple[NDArray[np.int64], list[str]]:
    """Index of the star of every row, and the names: the AllWISE counter, else the position.

    Rows without a counter join the star that they coincide with.
    """
    place = same_place(ra, dec, _RADIUS)
    first = np.unique(place, return_index=True)[1]
    names = np.array([f"WISE {position_name(ra[k], dec[k])}" if np.isfinite(ra[k]) else "WISE" for k in first])
    if _told_by(table) != "position":
        counter = np.asarray(table.strings(_told_by(table)).to_numpy(zero_copy_only=False), dtype=str)
        counted = np.flatnonzero(counter != "")[::-1]
        leader = np.full(len(first), -1)
        leader[place[counted]] = counted
        leader = np.where(counter != "", np.arange(len(counter)), leader[place])
        label = np.where(leader >= 0, np.char.add("AllWISE ", counter[leader]), names[place])
        names, first, place = np.unique(label, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return np.argsort(order)[place], [str(name) for name in names[order]]


def _letter(table: TextTable, name: str, k: int, width: int) -> NDArray[np.str_]:
    """The letter that a column of one letter per band has for band `k` (n_rows,); empty without the column."""
    if name not in table:
        return np.full(table.n_rows, "")
    # Columns of digits alone were read as numbers: the zeros in front are put back.
    words = pc.utf8_lpad(table.strings(name), width, "0") if _is_number(table.arrow(name)) else table.strings(name)
    return np.asarray(pc.utf8_slice_codeunits(words, k, k + 1).to_numpy(zero_copy_only=False), dtype=str)


def _is_number(column: pa.Array) -> bool:
    return bool(pa.types.is_integer(column.type))


def _limits(table: TextTable, k: int) -> NDArray[np.bool_]:
    return np.asarray(_letter(table, "ph_qual", k, 1) == "U")


def _quality(table: TextTable, k: int, n_bands: int) -> NDArray[np.int64]:
    bits = np.zeros(table.n_rows, dtype=np.int64)
    for name, bit, low, high in (
        ("qual_frame", 1, -np.inf, 0), ("qi_fact", 2, -np.inf, 0.99), ("saa_sep", 4, -np.inf, 5), ("nb", 64, 2, np.inf)
    ):  # fmt: skip
        if name in table:
            values = table.numbers(name)
            bits |= bit * ((values >= low) & (values <= high))
    moon, artefact = _letter(table, "moon_masked", k, n_bands), _letter(table, "cc_flags", k, 4)
    bits |= 8 * ((moon != "0") & (moon != ""))
    bits |= 16 * np.isin(artefact, list("DPHO")) | 32 * np.isin(artefact, list("dphog"))
    return bits | 128 * np.isin(_letter(table, "ph_qual", k, 1), ["C", "X"])
