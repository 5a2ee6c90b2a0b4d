"""What light curve files of Kepler and TESS share: the table's columns, its header, and how they become bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.files.single import Star

__all__ = ["Cadence", "cadence_of", "light_curve_file"]

Cards = Mapping[str, Any]


@dataclass(frozen=True)
class Cadence:
    """How a mission makes one point: so many frames, read out and added."""

    frames: int
    integration: float
    """Seconds of light in one frame."""
    readout: float
    """Seconds of readout of one frame."""
    time_on_source: float = 1.0
    """Share of the integration that is kept when cosmic rays are cut out."""

    @property
    def days(self) -> float:
        """From one point to the next."""
        return self.frames * (self.integration + self.readout) / 86400.0

    @property
    def live(self) -> float:
        """Share of the time in which light is taken."""
        return self.integration / (self.integration + self.readout) * self.time_on_source


def cadence_of(star: Star, choices: tuple[Cadence, ...]) -> Cadence:
    """Return the choice that is nearest to the usual time between neighbouring points of the star."""
    steps = np.diff(star.jd)
    steps = steps[steps > 0]
    usual = float(np.median(steps)) if len(steps) else choices[0].days
    return min(choices, key=lambda one: abs(np.log(one.days / usual)))


def light_curve_file(
    star: Star, zero_jd: float, cadence: Cadence, primary: Cards, table: Cards, units: str, quality: str
) -> bytes:
    """Return a FITS file with a primary header and the table LIGHTCURVE.

    Parameters
    ----------
    star : Star
        With at least one point. Its points go into PDCSAP_FLUX, and into SAP_FLUX too: there is nothing to correct for.
        A point without a detection is NaN.
    zero_jd : float
        Julian date of time 0.
    cadence : Cadence
        How the points were made.
    primary, table : mapping
        Cards of the mission for the two headers.
    units : str
        What the file says of the unit of time.
    quality : str
        Name of the column of quality bits.
    """
    from astropy.io import fits

    flux, error = np.where(star.seen, star.value, np.nan), np.where(star.seen, star.error, np.nan)
    time = star.jd - zero_jd
    columns = (
        ("TIME", "D", units, "D14.7", time),
        ("TIMECORR", "E", "d", "E14.7", np.zeros(len(time))),
        ("CADENCENO", "J", None, "I10", _cadence_numbers(time, cadence)),
        ("SAP_FLUX", "E", "e-/s", "E14.7", flux),
        ("SAP_FLUX_ERR", "E", "e-/s", "E14.7", error),
        ("PDCSAP_FLUX", "E", "e-/s", "E14.7", flux),
        ("PDCSAP_FLUX_ERR", "E", "e-/s", "E14.7", error),
        (quality, "J", None, "B16.16", star.quality),
    )
    first, second = fits.PrimaryHDU(), fits.BinTableHDU.from_columns(
        [fits.Column(name, form, unit=unit, disp=shown, array=values) for name, form, unit, shown, values in columns]
    )  # fmt: skip
    place = {"RADESYS": "ICRS", "RA_OBJ": _known(star.ra), "DEC_OBJ": _known(star.dec), "EQUINOX": 2000.0}
    first.header.update({"NEXTEND": 1, "EXTNAME": "PRIMARY", "ORIGIN": "goodricke", **primary, **place})
    second.header.update({"EXTNAME": "LIGHTCURVE", **table, **place, **_clock(time, zero_jd, cadence)})
    file = io.BytesIO()
    fits.HDUList([first, second]).writeto(file)
    return file.getvalue()


def _cadence_numbers(time: Floats, cadence: Cadence) -> Floats:
    """Numbers (n,) that grow by 1 a cadence, counted from time 0; barycentric times drift by less than half of one."""
    first = np.floor(time.min() / cadence.days)
    return np.asarray(first + np.round((time - time.min()) / cadence.days))


def _clock(time: Floats, zero_jd: float, cadence: Cadence) -> dict[str, Any]:
    """Cards that say what the times are and how long light was taken."""
    start, stop = float(time.min()) - cadence.days / 2.0, float(time.max()) + cadence.days / 2.0
    return {
        "EXPOSURE": len(time) * cadence.days * cadence.live,
        "TIMEREF": "SOLARSYSTEM",
        "TASSIGN": "SPACECRAFT",
        "TIMESYS": "TDB",
        "BJDREFI": int(zero_jd),
        "BJDREFF": zero_jd % 1.0,
        "TIMEUNIT": "d",
        "TELAPSE": stop - start,
        "LIVETIME": (stop - start) * cadence.live,
        "TSTART": start,
        "TSTOP": stop,
        "DEADC": cadence.live,
        "TIMEPIXR": 0.5,
        "INT_TIME": cadence.integration,
        "READTIME": cadence.readout,
        "FRAMETIM": cadence.integration + cadence.readout,
        "NUM_FRM": cadence.frames,
        "TIMEDEL": cadence.days,
        "BACKAPP": True,
        "DEADAPP": True,
        "VIGNAPP": True,
    }


def _known(value: float) -> float | None:
    """FITS has no NaN in a header: an unknown value is a card without one."""
    return value if np.isfinite(value) else None
