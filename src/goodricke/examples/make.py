"""Write the example light curves: ``python -m goodricke.examples.make FOLDER [--seed N]``.

Simulated stars, observed by simulated surveys and written in the surveys' own file formats, of which only a part of the
visits is kept: some hundred kilobytes in all. The same seed gives the same numbers. Needs numba and astropy, which
``pip install 'goodricke[dev]'`` brings; reading the examples needs neither.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate import Systems, light_curves
from goodricke.simulate.colours import colour
from goodricke.simulate.compiled import Floats
from goodricke.simulate.files.table import write_files
from goodricke.simulate.files.whole import write_lines
from goodricke.simulate.kinds.exposures import averaged
from goodricke.simulate.kinds.table import kind
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.table import observatory
from goodricke.simulate.stars import Moments

__all__ = ["main", "write_examples"]

Light = Callable[[Moments, str], Floats]


@dataclass(frozen=True)
class Example:
    """One star, and what its file is called."""

    survey: str
    object_id: str
    light: Light
    temperature: float
    """Kelvin, for its colours."""
    magnitude: float
    """At a flux of 1, in the survey's first band."""
    visits: int
    """How many are kept."""
    bands: tuple[str, ...]
    """Those that are kept."""
    files: tuple[str, ...]
    """Names, in place of those that the archive would give."""


def binary(systems: Systems, period_days: float, moments: Moments, band: str) -> Floats:
    """Flux (M,) of the one binary of `systems`, whose star 1 is eclipsed at Julian date 2457000."""

    def flux(time: Floats) -> Floats:
        curves, _ = light_curves(systems, (time - 2457000.0) / period_days, band, grid="fine")
        return np.asarray(curves[0])

    return averaged(flux, moments, shortest=0.02 * period_days)


def pulsator(name: str, period_days: float, moments: Moments, band: str) -> Floats:
    """Flux (M,) of a star of a kind: of many that are drawn, the one whose period is nearest, at that very period."""
    made = kind(name)
    stars = made.draw(500, np.random.default_rng(6), (2452000.0, 2460000.0))
    nearest = int(np.argmin(np.abs(np.log(stars["period_days"] / period_days))))
    star = {column: values[nearest : nearest + 1] for column, values in stars.items()}
    return made.light({**star, "period_days": np.array([period_days])}, moments, band)


ALGOL = Systems(
    q=0.25,
    inclination=81.5,
    radius1=0.20,
    temperature1=9500.0,
    temperature2=4900.0,
    gravity1=1.0,
    albedo1=1.0,
    albedo2=0.5,
)
CONTACT = Systems(q=0.45, inclination=76.0, fillout=0.2, temperature1=5900.0, temperature2=5700.0)
BETA_LYRAE = Systems(
    q=0.5,
    inclination=78.0,
    radius1=0.40,
    temperature1=9000.0,
    temperature2=6600.0,
    gravity1=1.0,
    albedo1=1.0,
    albedo2=0.5,
)
ECCENTRIC = Systems(
    q=0.9, inclination=88.5, radius1=0.085, radius2=0.065, temperature1=6500.0, temperature2=5900.0, eccentricity=0.25,
    periastron=40.0,
)  # fmt: skip

EXAMPLES = (
    Example(
        "asassn", "asassn_algol_type", partial(binary, ALGOL, 3.21734), 9500.0, 15.6, 320, ("V", "g"),
        ("asassn_algol_type.csv",),
    ),
    Example(
        "ogle", "OGLE-BLG-ECL-999999", partial(binary, CONTACT, 0.39126), 5800.0, 16.6, 200, ("I",),
        ("OGLE-BLG-ECL-999999_I.dat",),
    ),
    Example(
        "crts", "1009999000001", partial(pulsator, "rrc", 0.32415), 7100.0, 15.6, 240, ("V_CSS",), ("crts_rrc.csv",)
    ),
    Example(
        "ztf", "ZTF 1100000001", partial(pulsator, "rrab", 0.56712), 6600.0, 16.1, 300, ("g", "r"), ("ztf_rrab.csv",)
    ),
    Example(
        "gaia", "Gaia DR3 4999999999999999999", partial(binary, BETA_LYRAE, 1.73402), 8500.0, 16.0, 150,
        ("G", "BP", "RP"), ("gaia_dr3_beta_lyrae_type.csv",),
    ),
    Example(
        "tess_30min", "TIC 9999999", partial(binary, ECCENTRIC, 5.60871), 6300.0, 10.65, 0, ("TESS",),
        ("tess_eccentric_binary_s0014.fits", "tess_eccentric_binary_s0015.fits"),
    ),
)  # fmt: skip


def write_examples(folder: Path, seed: int = 1783) -> list[Path]:
    """Write all examples into `folder` and return their paths."""
    paths = []
    for k, example in enumerate(EXAMPLES):
        written = write_files(observed(example, np.random.default_rng([seed, k])), example.survey, folder)
        paths += [path.rename(folder / name) for path, name in zip(written, example.files, strict=True)]
    return [*paths, _mira(folder, np.random.default_rng([seed, len(EXAMPLES)]))]


def observed(example: Example, rng: np.random.Generator) -> Measurements:
    """The star as its survey writes it down."""
    survey = observatory(example.survey)
    kept = [survey.bands.index(band) for band in example.bands]
    visits = two_sectors(survey) if example.survey.startswith("tess") else richest(survey.visits(12, rng))
    visits = thinned(visits, kept, example.visits or len(visits.time))
    magnitude = np.full(len(visits.time), example.magnitude)
    for code in kept:
        seen = visits.band == code
        moments = Moments(visits.time[seen], np.array([0, int(seen.sum())]), survey.exposure)
        magnitude[seen] -= 2.5 * np.log10(example.light(moments, survey.filters[code]))
        magnitude[seen] += colour([example.temperature], survey.filters[code], survey.filters[0])
    return survey.measure(np.array([example.object_id]), visits, magnitude, rng)


def richest(visits: Visits) -> Visits:
    """The star that is seen most often."""
    star = int(np.argmax(np.diff(visits.offsets)))
    rows = slice(visits.offsets[star], visits.offsets[star + 1])
    time, band, place = visits.time[rows], visits.band[rows], slice(star, star + 1)
    return Visits(time, band, np.array([0, len(time)]), visits.ra[place], visits.dec[place])


def thinned(visits: Visits, bands: list[int], n: int) -> Visits:
    """About `n` exposures of one star in some bands, spread evenly; what is seen within a minute stays together."""
    rows = np.flatnonzero(np.isin(visits.band, bands))
    moment = np.cumsum(np.diff(visits.time[rows], prepend=-np.inf) > 1.0 / 1440.0)
    wanted = np.unique(np.linspace(1, moment[-1], round(n * moment[-1] / len(rows))).astype(np.int64))
    rows = rows[np.isin(moment, wanted)]
    return replace(visits, time=visits.time[rows], band=visits.band[rows], offsets=np.array([0, len(rows)]))


def two_sectors(survey: Observatory) -> Visits:
    """Sectors 14 and 15 of TESS at 30 minutes: two orbits each, with a day without data at the end of an orbit."""
    orbit = 27.345 / 2.0
    first = survey.span[0] + orbit * np.arange(26.0, 30.0)
    time = np.concatenate([start + np.arange(0.0, orbit - 1.1, 1.0 / 48.0) for start in first])
    return Visits(
        time, np.zeros(len(time), np.int8), ragged.offsets_from_lengths(np.array([len(time)])), np.array([290.1]),
        np.array([55.2]),
    )  # fmt: skip


def _mira(folder: Path, rng: np.random.Generator) -> Path:
    """A Mira in ATLAS's o and c, seen in seasons of 220 days a year; the errors are half of the noise."""
    time = 2457850.9 + np.arange(1500.0) + rng.normal(0.0, 0.06, 1500)
    time = np.sort(rng.choice(time[np.mod(np.arange(1500.0), 365.25) < 220.0], 180, replace=False))
    cyan = rng.random(len(time)) < 0.2
    mag = np.where(cyan, 13.9, 12.6)
    for band, seen in (("r", ~cyan), ("g", cyan)):
        moments = Moments(time[seen], np.array([0, int(seen.sum())]), 30.0 / 86400.0)
        mag[seen] -= 2.5 * np.log10(pulsator("mira", 287.0, moments, band))
    error = ErrorLaw(floor=0.004, photon=0.003, sky=0.002, reference=14.0)(mag)
    mag += 2.0 * error * rng.standard_normal(len(mag))
    flux = 10 ** (-0.4 * (mag - 23.9))
    head = "MJD          m      dm   uJy   duJy F err chi/N     RA       Dec        x        y     maj  min   phi Obs"
    lines = [head]
    for k, mjd in enumerate(time - 2400000.5):
        band = "c" if cyan[k] else "o"
        lines.append(
            f"{mjd:.6f} {mag[k]:7.3f} {error[k]:6.3f} {flux[k]:.0f} {error[k] * flux[k] / 1.0857:.0f} {band}  0   1.20 "
            f"282.11020  12.40310  5120.10  4410.22 2.60 2.40 -20.0 01a{int(mjd)}o0100{band}"
        )
    return write_lines(folder / "atlas_mira.txt", lines)


def main(arguments: list[str]) -> None:
    """Write the examples into the folder named on the command line."""
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1783
    for path in write_examples(Path(arguments[0]), seed):
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
