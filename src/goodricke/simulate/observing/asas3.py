"""ASAS-3: two small telescopes at Las Campanas, V, every second or third night from 2000 to 2008 (Pojmanski 2002)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats
from goodricke.simulate.observing.cadence import Programme
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.nights import Site
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.photometry import Faults, Photometry
from goodricke.timeframes import TimeFrame

__all__ = ["Asas3"]

FIRST, LAST = 2451868.5, 2454575.9


class Asas3(GroundSurvey):
    """ASAS-3, fitted to the 10,112 variables of the ACVS (Pojmanski 2002, AcA 52, 397) that are at hand.

    The errors that ASAS writes say how good a frame was and nothing of the star's brightness: noise and memory are
    those of the residuals of 1,500 contact binaries about a smooth fold.
    """

    survey = "asas3_acvs"
    bands = ("V",)
    filters = ("V",)
    exposure = 180.0 / 86400.0
    frame = TimeFrame("utc", "heliocentre", 2450000.0)
    span = (FIRST, LAST)
    programmes = (
        Programme(
            site=Site(-70.70, -29.01, twilight=-11.0, lowest=29.0, clear=9.0, cloudy=4.2),
            band=0, first=FIRST, last=LAST, eager=0.95, wait=1.5, wait_spread=0.25, ramp=0.3, kept=(0.95, 0.05),
            spacing=3.2, overlap=0.2, neglect=0.45, steady=(0.9, 20.0), width=1.4, full=0.22,
            pauses=((2452265.0, 2452435.0), (2453205.0, 2453245.0), (2454240.0, 2454320.0)),
        ),
    )  # fmt: skip
    photometry = (
        Photometry(
            noise=ErrorLaw(0.027, 0.0327, 0.0383, 12.0), written=ErrorLaw(0.0365, 0.0, 0.0, 12.0), limit=14.8,
            saturation=9.0,
        ),
    )  # fmt: skip
    faults = Faults(
        by_star=0.2, belief=0.07, frames=0.24, follows=0.6, uneven=0.25, memory=((0.45, 0.08), (0.1, 400.0)),
        outliers=0.009, outliers_by_star=0.8, outlier_size=0.2, outlier_sigmas=5.0, outlier_spread=0.5,
        outlier_fainter=0.88, bleeding=0.02,
    )  # fmt: skip
    brightness = (7.06, 8.56, 9.5, 10.54, 11.06, 12.05, 12.84, 13.15, 13.64, 14.06, 14.93)
    late = (0.17, 1000.0)

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places south of +28 degrees."""
        return stars_between(n, rng, (-90.0, 28.0), thickness=24.0)

    def quality(self, m: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """Draw grades A and B, as the ACVS keeps them."""
        return (rng.random(m) < 0.15).astype(np.int64)
