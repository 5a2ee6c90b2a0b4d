"""Both stars of one system at one separation: shapes, temperatures and light of every cell."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.band import log_intensity
from goodricke.simulate.binary.heating import warm
from goodricke.simulate.binary.limb import mean_intensity
from goodricke.simulate.binary.spotting import spot_cover
from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.lobes import contact_bodies, set_star
from goodricke.simulate.roche.surface import AREA, LIGHT, LOG_T, fill_cells

__all__ = ["build"]

# Columns of the numbers of one system (``Systems.numbers``): those of both, then those of star 1, then of star 2.
Q, INCLINATION, FILLOUT, ECCENTRICITY, PERIASTRON, THIRD = 0, 1, 2, 3, 4, 5
FIRST = 6
RADIUS, TEMPERATURE, GRAVITY, ALBEDO, SPIN, LIMB_A, LIMB_B, LIMB_BOL = 0, 1, 2, 3, 4, 5, 6, 7
PER_STAR = 8
BEAMING, LIGHT_TIME = 22, 24


@kernel
def _temperatures(cells: Floats, log_gravity: Floats, effective: float, exponent: float) -> None:
    """Gravity darkening, T^4 ~ g^exponent, that keeps the star's luminosity (von Zeipel 1924: 1; Lucy 1967: 0.32)."""
    area, flux = 0.0, 0.0
    for k in range(log_gravity.size):
        area += cells[AREA, k]
        flux += cells[AREA, k] * math.exp(exponent * log_gravity[k])
    base = math.log(effective) + 0.25 * math.log(area / flux)
    for k in range(log_gravity.size):
        cells[LOG_T, k] = base + 0.25 * exponent * log_gravity[k]


@kernel
def _light(
    cells: Floats, gain: Floats, numbers: Floats, star: int, spots: Floats, law: int, band: Floats, table: Floats
) -> float:
    """Fill the light of every cell; returns the star's mean light without spots and reflection."""
    at = FIRST + PER_STAR * star
    share = 1.0 / mean_intensity(law, numbers[at + LIMB_A], numbers[at + LIMB_B])
    mean = 0.0
    for k in range(gain.size):
        plain = math.exp(log_intensity(band[0], band[1], table, cells[LOG_T, k]))
        mean += 0.25 * cells[AREA, k] * plain
        here = plain
        if gain[k] > 0.0:
            here = math.exp(log_intensity(band[0], band[1], table, cells[LOG_T, k] + gain[k]))
        for s in range(spots.shape[0]):
            if spots[s, 0] == star + 1:
                part = spot_cover(cells, k, spots[s, 1], spots[s, 2], spots[s, 3])
                if part > 0.0:
                    # The spot changes T before the light of the companion is added (T^4 adds).
                    four = spots[s, 4] ** 4
                    raised = 0.25 * math.log(four + math.exp(4.0 * gain[k]) - 1.0)
                    spotted = math.exp(log_intensity(band[0], band[1], table, cells[LOG_T, k] + raised))
                    here += part * (spotted - here)
        cells[LIGHT, k] = cells[AREA, k] * here * share
    return mean


@kernel
def build(
    numbers: Floats,
    d: float,
    spots: Floats,
    law: int,
    band: Floats,
    table: Floats,
    grid: tuple[Floats, Floats, int],
    one: Floats,
    two: Floats,
    cells1: Floats,
    cells2: Floats,
) -> tuple[int, float]:
    """Fill bodies and cells of both stars at separation `d`; a status (0: fine) and the mean light of both."""
    cosines, weights, n_azimuth = grid
    a, b = FIRST, FIRST + PER_STAR
    q = numbers[Q]
    status = 0
    if math.isnan(numbers[FILLOUT]):
        # Radii keep the star's volume along an eccentric orbit.
        if set_star(one, q, numbers[a + SPIN], d, numbers[a + RADIUS], cosines, weights, n_azimuth) != 0:
            return 1, 0.0
        if set_star(two, 1.0 / q, numbers[b + SPIN], d, numbers[b + RADIUS], cosines, weights, n_azimuth) != 0:
            return 2, 0.0
    else:
        contact_bodies(one, two, q, numbers[FILLOUT])
    n = cells1.shape[1]
    gravity = np.empty(n)
    gain1, gain2 = np.zeros(n), np.zeros(n)
    fill_cells(one, cosines, weights, n_azimuth, cells1, gravity)
    _temperatures(cells1, gravity, numbers[a + TEMPERATURE], numbers[a + GRAVITY])
    fill_cells(two, cosines, weights, n_azimuth, cells2, gravity)
    _temperatures(cells2, gravity, numbers[b + TEMPERATURE], numbers[b + GRAVITY])
    # Star 2 by the light of star 1 alone, star 1 by star 2 so warmed, and star 2 once more: with one pass three of
    # PHOEBE's irradiated binaries (C05, C17, S04) were 0.3 to 0.5 mmag (rms) away, now they are below 0.2.
    none = np.zeros(n)
    if numbers[b + ALBEDO] > 0.0:
        warm(cells2, cells1, d, numbers[b + ALBEDO], numbers[a + LIMB_BOL], n_azimuth, 1, spots, none, gain2)
    if numbers[a + ALBEDO] > 0.0:
        warm(cells1, cells2, d, numbers[a + ALBEDO], numbers[b + LIMB_BOL], n_azimuth, 2, spots, gain2, gain1)
        if numbers[b + ALBEDO] > 0.0:
            warm(cells2, cells1, d, numbers[b + ALBEDO], numbers[a + LIMB_BOL], n_azimuth, 1, spots, gain1, gain2)
    mean = _light(cells1, gain1, numbers, 0, spots, law, band, table)
    mean += _light(cells2, gain2, numbers, 1, spots, law, band, table)
    if not (mean > 0.0 and mean < math.inf):
        status = 3
    return status, mean
