"""CRTS: the Siding Spring telescope of the Catalina surveys, no filter, four exposures a visit, 2005 to 2013."""

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

__all__ = ["Crts"]

FIRST, LAST = 2453554.9, 2456496.1


class Crts(GroundSurvey):
    """The southern Catalina survey, fitted to 17,122 periodic variables (Drake et al. 2017, MNRAS 469, 3688).

    Written errors are nearly twice the noise. Half of the variance of the noise is common to the exposures of a visit.
    """

    survey = "crts"
    bands = ("V_CSS",)
    filters = ("V",)
    exposure = 30.0 / 86400.0
    frame = TimeFrame("utc", "observer", 2400000.5)
    span = (FIRST, LAST)
    programmes = (
        Programme(
            site=Site(149.07, -31.27, twilight=-16.0, lowest=36.0, clear=3.6, cloudy=2.2),
            band=0, first=FIRST, last=LAST, eager=0.19, wait=7.0, wait_spread=0.2, ramp=3.0,
            neglect=0.4, full=0.25, width=1.3, kept=(0.06, 0.113, 0.042, 0.785), spacing=13.7, spacing_spread=0.28,
            moonshy=0.88, pauses=((2454544.0, 2454575.0),),
        ),
    )  # fmt: skip
    photometry = (
        Photometry(
            noise=ErrorLaw(0.0305, 0.0402, 0.0112, 16.0), written=ErrorLaw(0.052, 0.0795, 0.0, 16.0), limit=19.6,
            saturation=11.0, limit_width=0.35,
        ),
    )  # fmt: skip
    faults = Faults(
        by_star=0.22, frames=0.11, follows=0.5, uneven=0.33, memory=((0.5, 0.15), (0.17, 100.0)), outliers=0.014,
        outliers_by_star=0.8, outlier_size=0.27, outlier_spread=0.75, outlier_fainter=0.4, bleeding=0.02,
    )  # fmt: skip
    brightness = (10.11, 11.07, 12.14, 13.71, 14.45, 15.74, 16.91, 17.38, 18.15, 18.86, 19.99)
    late = (0.15, 300.0)

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places between -75 and -20 degrees, ten or more from the Galactic plane."""
        return stars_between(n, rng, (-75.0, -20.0), thickness=20.0, least_latitude=10.0)

    def quality(self, m: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """Draw blends (256), a twentieth of the points."""
        return 256 * (rng.random(m) < 0.05).astype(np.int64)
