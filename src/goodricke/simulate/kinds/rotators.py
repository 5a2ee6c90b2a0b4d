"""Stars with spots that turn: active ones whose spots come and go, chemically peculiar ones whose spots stay."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds
from goodricke.simulate.kinds.spot_groups import covered_light, spot_contrast, spotted_light
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Rotator", "spot_temperature", "with_spots"]

_PHASES = 32


def spot_temperature(temperature: Floats) -> Floats:
    """Temperature of the spots of cool stars (K), Maehara et al. 2017 (PASJ 69, 41), eq. 4, after Berdyugina 2005.

    Examples
    --------
    >>> spot_temperature(np.array([3500.0, 5772.0])).round()
    array([2998., 3950.])
    """
    cooler = 3.58e-5 * temperature**2 + 0.249 * temperature - 808.0
    return np.asarray(temperature - np.maximum(cooler, 200.0))


def with_spots(stars: Columns) -> Columns:
    """Set the cover of the spots so that the star varies by ``amplitude_mag`` in V about its epoch, as far as they can.

    The light that spots hide goes as their cover, at most 1: a few steps with that come within a thousandth.
    ``amplitude_mag`` becomes what was reached.
    """
    n = len(stars["epoch"])
    turns = (np.arange(_PHASES) + 0.5) / _PHASES - 0.5
    time = stars["epoch"][:, None] + turns * stars["period_days"][:, None]
    covered = covered_light(stars, Moments(time.ravel(), np.arange(n + 1) * _PHASES), "V").reshape(n, _PHASES)
    lost = np.abs(spot_contrast(stars, "V"))[:, None] * np.stack([covered.max(axis=1), covered.min(axis=1)], axis=1)
    bright = spot_contrast(stars, "V") < 0.0
    wanted, cover = stars["amplitude_mag"], np.full(n, 0.3)
    for _ in range(5):
        flux = 1.0 + np.where(bright, 1.0, -1.0)[:, None] * cover[:, None] * lost
        swing = 2.5 * np.abs(np.log10(np.maximum(flux[:, 0], 0.05) / np.maximum(flux[:, 1], 0.05)))
        cover, before = np.minimum(cover * wanted / np.maximum(swing, 1e-4), 1.0), cover
    return {**stars, "spot_cover": before, "amplitude_mag": swing}


class Rotator(Kind):
    """Spotted stars: active (BY Dra, RS CVn; over half), changing like the Sun, and chemically peculiar (ACV).

    Of the 2,561 stars that CRTS calls rotators, 84% have two waves in a catalogued period: they are stretched binaries
    (its class is "ELL / RS CVn"). Active stars have periods, amplitudes and steadiness of the 407 with one wave:
    seven years folded together swing by 0.22 mag (0.13 to 0.36: from 16 to 84% of the stars; real ones 0.22, 0.13 to
    0.35), and the mean of the seasons keeps 0.86 (0.60 to 0.97; real 0.87, 0.63 to 0.98) of the power of single ones.
    Peculiar stars have those of the 44 ACV of ASAS-3 with a clear period. Changing ones have spots that live for 30 to
    300 days (Giles, Collier Cameron & Haywood 2017, MNRAS 472, 1618).
    """

    label: ClassVar[str] = "ROT"
    shares: ClassVar[dict[str, float]] = {"active": 0.55, "changing": 0.2, "peculiar": 0.25}
    """Column ``rotator_type`` -> its part of the stars."""

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; see ``spotted_light`` for the columns, and ``rotator_type``."""
        kinds = rng.choice(list(self.shares), n, p=list(self.shares.values()))
        of_kind = [kinds == "active", kinds == "changing", kinds == "peculiar"]
        # Active: a crowd near 0.33 d (46%), and all the rest up to eight months.
        active = np.where(rng.random(n) < 0.46, rng.normal(-0.47, 0.10, n), rng.uniform(-0.35, 2.4, n))
        slow, odd = rng.uniform(0.5, 1.6, n), np.clip(rng.normal(0.42, 0.35, n), -0.3, 2.0)
        period = 10.0 ** np.select(of_kind, [active, slow, odd])
        means, spreads = np.select(of_kind, [-0.44, -1.6, -1.09]), np.select(of_kind, [0.18, 0.3, 0.15])
        peculiar = of_kind[2]
        temperature = np.where(peculiar, rng.uniform(8000.0, 14000.0, n), rng.uniform(3500.0, 6000.0, n))
        # A group lives for a few rotations at least, or it would be no rotator.
        lasting = np.maximum(10.0 ** rng.normal(3.95, 0.4, n), 4.0 * period)
        fading = np.maximum(10.0 ** rng.uniform(1.5, 2.5, n), 2.0 * period)
        shear = 10.0 ** rng.normal(-1.7, 0.5, n) * np.minimum(period / 10.0, 1.0)
        hot = temperature * rng.uniform(1.03, 1.10, n)
        stars: Columns = {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": temperature,
            "seed": new_seeds(n, rng),
            "rotator_type": kinds,
            "inclination_deg": np.rad2deg(np.arccos(rng.uniform(0.0, 0.94, n))),
            "amplitude_mag": 10.0 ** rng.normal(means, spreads),
            "spot_radius_deg": rng.uniform(20.0, 60.0, n),
            "spot_temperature": np.where(peculiar, hot, spot_temperature(temperature)),
            "spot_life_days": np.select(of_kind, [lasting, fading, np.full(n, np.inf)]),
            "shear": np.where(peculiar, 0.0, shear),
        }
        return with_spots(stars)

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 without spots."""
        return spotted_light(stars, moments, band)
