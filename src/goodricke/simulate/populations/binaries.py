"""What all binaries at random share: columns, the systems they mean, and their light."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.binary.samples import curves_at
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.populations.columns import round_radii, sphere_depths, systems_of
from goodricke.simulate.populations.geometry import brightness, second_conjunction
from goodricke.simulate.populations.spotted import draw_spots
from goodricke.simulate.populations.surfaces import albedo, gravity
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Binary", "draw_third_light", "redrawn", "systems_of"]

_ROUND = 1e-4
"""Part of the flux to which stars may be taken as round."""
_DIM = 1e-3
"""Part of the light below which reflection is left out of an eccentric orbit."""


def redrawn(n: int, drawn: Callable[[Ints], tuple[Columns, NDArray[np.bool_]]]) -> Columns:
    """Draw `n` stars, those that are not good again until all are.

    `drawn` makes the stars of those rows and says which are good; what is chosen beforehand for a row stays.
    """
    made, good = drawn(np.arange(n))
    while not good.all():
        rows = np.flatnonzero(~good)
        again, good[rows] = drawn(rows)
        for name, values in again.items():
            made[name][rows] = values
    return made


def draw_third_light(n: int, share: float, rng: np.random.Generator) -> Floats:
    """Third light of 1 to 50%, small ones more often, in a `share` of the stars and none in the others."""
    return np.where(rng.random(n) < share, 0.01 + 0.49 * rng.random(n) ** 1.5, 0.0)


class Binary(Kind):
    """Two stars, from physics. A kind of binary draws parameters; surfaces, spots, times and light are made here.

    Columns are the fields of ``Systems`` by name (without limb darkening, which the band decides), masses and
    semi-major axis in suns, up to two spots, and ``conjunction``: the Julian date of star 1's superior conjunction,
    phase 0 of ``Systems``. ``epoch`` is that of the deeper minimum (without spots): the same, or the other conjunction.
    """

    spotted_share: ClassVar[float] = 0.2
    """Part of the stars that have spots; only those with a star below 6,700 K can."""
    hot_spots: ClassVar[float] = 0.0
    """Part of the spots that are hot."""

    @abstractmethod
    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw ``period_days``, masses, temperatures and geometry of `n` possible binaries."""

    def first_deeper(self, stars: Columns) -> NDArray[np.bool_]:
        """Whether the minimum at star 1's superior conjunction is the deeper one: here, of round stars."""
        first, second = sphere_depths(stars)
        return first >= second

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` binaries; see the class for the columns."""
        stars = self.parameters(n, rng)
        one, two = stars["temperature1"], stars["temperature2"]
        stars |= {"gravity1": gravity(one), "gravity2": gravity(two), **_albedos(stars)}
        active = (np.minimum(one, two) < 6700.0) & (stars["eccentricity"] == 0)
        count = np.where(active & (rng.random(n) < self.spotted_share), 1 + (rng.random(n) < 0.3), 0)
        epoch = rng.uniform(*span, n)
        between = second_conjunction(stars["eccentricity"], stars["periastron"]) * stars["period_days"]
        return {
            "period_days": stars.pop("period_days"),
            "epoch": epoch,
            "conjunction": np.where(self.first_deeper(stars), epoch, epoch - between),
            "temperature": _mean_temperature(stars),
            **stars,
            **draw_spots(count, self.hot_spots, rng),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars, in units of their mean light over all directions."""
        star, period = moments.star, stars["period_days"]
        phase = (moments.time - stars["conjunction"][star]) / period[star]
        phase -= np.floor(phase + 0.5)
        smear = moments.exposure / period
        flux, _ = curves_at(systems_of(stars, band), phase, moments.offsets, band, spheres=_ROUND, smear=smear)
        return flux


def _albedos(stars: Columns) -> Columns:
    """Columns of both albedos; 0 in eccentric orbits where less than ``_DIM`` is reflected, as it is costly there."""
    kelvin = stars["temperature1"], stars["temperature2"]
    sizes = [np.square(radius / (1.0 - stars["eccentricity"])) for radius in round_radii(stars)]
    light = [size * own**4 for size, own in zip(sizes, kelvin, strict=True)]
    sent = albedo(kelvin[0]) * sizes[0] * light[1] + albedo(kelvin[1]) * sizes[1] * light[0]
    kept = (stars["eccentricity"] == 0) | (sent > _DIM * (light[0] + light[1]))
    return {f"albedo{star}": np.where(kept, albedo(own), 0.0) for star, own in enumerate(kelvin, 1)}


def _mean_temperature(stars: Columns) -> Floats:
    """Kelvin: of both stars by their light in V."""
    kelvin = stars["temperature1"], stars["temperature2"]
    light = [radius**2 * brightness(own) for radius, own in zip(round_radii(stars), kelvin, strict=True)]
    return np.asarray((kelvin[0] * light[0] + kelvin[1] * light[1]) / (light[0] + light[1]))
