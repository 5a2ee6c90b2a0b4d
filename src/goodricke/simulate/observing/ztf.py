"""ZTF: the wide camera at Palomar; g and r every second or third night, i seldom, from 2018 on (Bellm et al. 2019)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats
from goodricke.simulate.observing.cadence import Programme
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.nights import Site
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.photometry import Faults, Photometry
from goodricke.timeframes import TimeFrame

__all__ = ["Ztf"]

FIRST, LAST = 2458194.5, 2460400.5
SITE = Site(-116.865, 33.356, twilight=-12.0, lowest=23.0, clear=6.0, cloudy=2.5)
FASTER = 2459185.0
"""In December 2020 the public survey went from three nights to two."""
UNUSABLE = 32768


class Ztf(GroundSurvey):
    """ZTF data releases (Bellm et al. 2019, PASP 131, 068003; Masci et al. 2019, PASP 131, 018003).

    Cadence and errors in g are fitted to 456 stars of one southern field of release 5, three months in 2020; other
    bands have the depths of the survey's paper (20.8, 20.6 and 19.9 mag at 5 sigma).
    """

    survey = "ztf_irsa"
    bands = ("g", "r", "i")
    filters = ("g", "r", "i")
    exposure = 30.0 / 86400.0
    frame = TimeFrame("utc", "heliocentre", 0.0)
    span = (FIRST, LAST)
    programmes = (
        Programme(
            SITE, band=0, first=FIRST, last=LAST, eager=0.74, wait=1.0, wait_spread=0.2, ramp=0.3, moonshy=0.2,
            overlap=0.1, neglect=0.12, steady=(0.8, 15.0), width=1.1, pace=((FIRST, 0.6), (FASTER - 65.0, 1.0)),
        ),
        Programme(
            SITE, band=1, first=FIRST, last=LAST, eager=0.95, wait=1.0, wait_spread=0.2, ramp=0.3, overlap=0.1,
            neglect=0.12, steady=(0.8, 15.0), width=1.1, pace=((FIRST, 0.7), (FASTER - 65.0, 1.0)),
        ),
        Programme(
            SITE, band=2, first=FIRST, last=LAST, eager=0.2, wait=3.5, wait_spread=0.3, ramp=0.5, overlap=0.1,
            neglect=0.8, width=1.1,
        ),
    )  # fmt: skip
    photometry = (
        Photometry(
            noise=ErrorLaw(0.0167, 0.0346, 0.0384, 18.75), written=ErrorLaw(0.0146, 0.0294, 0.0381, 18.75),
            limit=20.8, saturation=12.7,
        ),
        Photometry(
            noise=ErrorLaw(0.0160, 0.0346, 0.0450, 18.75), written=ErrorLaw(0.0120, 0.0294, 0.0440, 18.75),
            limit=20.6, saturation=12.6,
        ),
        Photometry(
            noise=ErrorLaw(0.0170, 0.0346, 0.0450, 18.05), written=ErrorLaw(0.0130, 0.0294, 0.0440, 18.05),
            limit=19.9, saturation=12.3,
        ),
    )  # fmt: skip
    faults = Faults(
        by_star=0.15, frames=0.016, follows=1.0, uneven=0.3, memory=((0.15, 5.0),), outliers=0.004,
        outliers_by_star=1.0, outlier_size=0.05, outlier_spread=0.7, outlier_fainter=0.6, outlier_sigmas=5.0,
        bleeding=0.05,
    )  # fmt: skip
    brightness = (12.5, 13.3, 14.3, 15.6, 16.3, 17.6, 18.7, 19.1, 19.7, 20.1, 20.5)
    per_airmass = 0.7
    """Magnitudes of depth lost for every airmass beyond 1, so that the southern field has the errors it has."""
    unusable = 0.06
    """Part of the epochs with the bit for clouds or moonlight."""
    time_step = 1e-7
    mag_step = 1e-6

    def positions(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw places north of -28 degrees."""
        return stars_between(n, rng, (-28.0, 88.0), thickness=24.0)

    def depth(self, visits: Visits) -> Floats:
        """Magnitudes (N,) by which stars that stay low are measured less deep."""
        return self.per_airmass * (1.0 / np.cos(np.radians(visits.dec - SITE.latitude)) - 1.0)

    def quality(self, m: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """Draw ``catflags``."""
        return UNUSABLE * (rng.random(m) < self.unusable).astype(np.int64)
