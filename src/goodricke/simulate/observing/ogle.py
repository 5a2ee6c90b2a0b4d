"""OGLE-IV in the Large Magellanic Cloud: I every clear night or two, V now and then, 2010 to 2016."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.observing.cadence import Programme
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.nights import Site
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.photometry import Faults, Photometry
from goodricke.timeframes import TimeFrame

__all__ = ["Ogle"]

FIRST, LAST = 2455260.5, 2457508.6
WINTERS = tuple((2455350.0 + 360.0 * k, 2455408.0 + 360.0 * k) for k in range(6))
"""Two months a year without the Magellanic Clouds."""
SITE = Site(-70.692, -29.015, twilight=-12.0, lowest=32.0, clear=8.0, cloudy=2.2)


class Ogle(GroundSurvey):
    """OGLE-IV (Udalski et al. 2015, AcA 65, 1), fitted to 2,006 Cepheids of the Large Magellanic Cloud."""

    survey = "ogle"
    bands = ("I", "V")
    filters = ("I", "V")
    exposure = 100.0 / 86400.0
    frame = TimeFrame("utc", "heliocentre", 2450000.0)
    span = (FIRST, LAST)
    programmes = (
        Programme(
            SITE, band=0, first=FIRST, last=LAST, eager=0.95, wait=0.2, wait_spread=0.3, ramp=0.3,
            kept=(0.985, 0.015), spacing=30.0, spacing_spread=1.0, neglect=0.35,
            steady=(0.9, 20.0), width=1.1, pauses=WINTERS, pace=((2456350.0, 0.25),),
        ),
        Programme(
            SITE, band=1, first=FIRST, last=2457447.7, eager=0.95, wait=0.2, wait_spread=0.3, ramp=0.3,
            kept=(0.96, 0.04), spacing=75.0, spacing_spread=0.8, neglect=0.9,
            steady=(0.9, 20.0), width=0.9, spells=(5.0, 20.0), moonshy=0.3,
            pauses=(*WINTERS, (2456040.0, 2456190.0), (2457120.0, 2457280.0)),
        ),
    )  # fmt: skip
    photometry = (
        Photometry(
            noise=ErrorLaw(0.0047, 0.0042, 0.0032, 16.0), written=ErrorLaw(0.0045, 0.0038, 0.0023, 16.0),
            limit=21.0, saturation=13.8,
        ),
        Photometry(
            noise=ErrorLaw(0.00637, 0.00318, 0.00178, 16.0), written=ErrorLaw(0.0035, 0.0021, 0.0010, 16.0),
            limit=21.5, saturation=14.4,
        ),
    )  # fmt: skip
    faults = Faults(
        by_star=0.22, frames=0.07, follows=0.7, uneven=0.28, memory=((0.1, 0.05), (0.1, 4.0), (0.22, 100.0)),
        outliers=0.0016, outliers_by_star=1.0, outlier_size=0.03, outlier_spread=0.8, outlier_fainter=0.5,
        outlier_sigmas=5.0, bleeding=0.004,
    )  # fmt: skip
    late = (0.07, 330.0)
    brightness = (12.62, 13.28, 14.0, 14.66, 14.9, 15.33, 15.71, 16.1, 16.91, 18.06, 18.63)

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places in the Large Magellanic Cloud: its middle at 05:23 -69.2, a few degrees wide."""
        dec = -69.2 + 2.0 * rng.standard_normal(n)
        return 80.6 + 1.6 * rng.standard_normal(n) / np.cos(np.radians(dec)), dec
