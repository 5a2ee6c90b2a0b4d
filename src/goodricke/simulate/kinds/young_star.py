"""Young stars: spots that turn, matter that falls in by fits and starts, and dust that passes in front."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.kinds.rotators import spot_temperature, with_spots
from goodricke.simulate.kinds.spot_groups import spotted_light
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["YoungStar"]


class YoungStar(Kind):
    """T Tauri stars: bursters, dippers and wanderers (the families of Cody et al. 2014, AJ 147, 82), all with spots.

    A wanderer's magnitude is a damped random walk of 2 to 30 days; a burster shows only the bright excursions of such a
    walk, a dipper only the faint ones. Blue light swings more.
    """

    label: ClassVar[str] = "YSO"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars: the columns of ``spotted_light``, ``young_type``, ``wander_days``, ``wander_mag`` (in I)."""
        period = 10.0 ** rng.uniform(0.0, 1.1, n)
        temperature = rng.uniform(3300.0, 5200.0, n)
        stars: Columns = {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": temperature,
            "seed": new_seeds(n, rng),
            "young_type": rng.choice(["wanderer", "burster", "dipper"], n, p=[0.5, 0.2, 0.3]),
            "wander_mag": 10.0 ** rng.normal(-0.8, 0.25, n),
            "wander_days": 10.0 ** rng.uniform(0.3, 1.5, n),
            "inclination_deg": np.rad2deg(np.arccos(rng.uniform(0.0, 0.94, n))),
            "amplitude_mag": 10.0 ** rng.normal(-1.1, 0.3, n),
            "spot_radius_deg": rng.uniform(20.0, 60.0, n),
            "spot_temperature": spot_temperature(temperature),
            "spot_life_days": np.maximum(10.0 ** rng.normal(2.5, 0.3, n), 4.0 * period),
            "shear": np.zeros(n),
        }
        return with_spots(stars)

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux over that of the star without spots, in its usual state."""
        star = moments.star
        walk = damped_walk(stars["seed"], stars["epoch"], stars["wander_days"], moments, 64, nodes=20)
        kinds = stars["young_type"][star]
        # Only excursions beyond half a spread count, and count more, for those that go one way.
        beyond = 1.5 * np.maximum(np.abs(walk) - 0.5, 0.0)
        up = np.select([kinds == "burster", kinds == "dipper"], [beyond * (walk > 0), -beyond * (walk < 0)], walk)
        bluer = (BANDS[band][0] / BANDS["I"][0]) ** -0.7
        swing = np.clip(bluer * stars["wander_mag"][star] * up, -4.0, 4.0)
        return np.asarray(spotted_light(stars, moments, band) * 10.0 ** (0.4 * swing))
