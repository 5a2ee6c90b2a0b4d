"""Stars of a population as a survey would have written them down, block by block, each with its truth."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, Measurements, assemble, concatenate
from goodricke.simulate.colours import colour
from goodricke.simulate.compiled import Floats, Ints, need_numba
from goodricke.simulate.kinds.table import kind as kind_called
from goodricke.simulate.labelling import light_and_labels
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.table import observatory as observatory_called
from goodricke.simulate.populations.binaries import Binary
from goodricke.simulate.populations.mixtures import Population, kinds_of, population
from goodricke.simulate.stars import Columns, Kind, Moments
from goodricke.simulate.truth import truth_table
from goodricke.surveys.table import find

__all__ = ["Simulated", "Simulation", "blocks", "simulate_block", "simulate_sky"]

_FAINTEST = 1e-12
"""Least flux: a star that sends nothing is 30 magnitudes fainter than its mean."""


@dataclass(frozen=True)
class Simulation:
    """What is to be simulated; the same numbers give the same stars, whatever the machine's number of cores."""

    population: str = "sky"
    """One of ``POPULATIONS``; ignored where `shares` says what to mix."""
    survey: str = "asas3"
    """One of ``OBSERVATORIES``."""
    n: int = 1000
    """Stars."""
    seed: int = 0
    """Of everything."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """A mixture of one's own: kind -> share."""

    def __post_init__(self) -> None:
        need_numba()
        if self.n < 1:
            raise OptionError(f"{self.n} stars are asked for; at least 1 can be made")
        if self.seed < 0:
            raise OptionError(f"seed {self.seed} is negative; give 0 or more")
        observatory_called(self.survey)
        self.mixture()

    def mixture(self) -> Population:
        """The population that is meant.

        Raises
        ------
        OptionError
            When there is none of that name, or a share is not a positive number.
        """
        if not self.shares:
            return population(self.population)
        for name, share in self.shares.items():
            kind_called(name)
            if not (isinstance(share, int | float) and 0 < share < np.inf):
                raise OptionError(f"the share of {name} is {share!r}; give a positive number")
        return Population("own", "a mixture of the user's own", dict(self.shares))

    def blocks(self) -> list[range]:
        """The numbers of the stars of every block."""
        size = observatory_called(self.survey).block
        return [range(first, min(first + size, self.n)) for first in range(0, self.n, size)]


@dataclass(frozen=True)
class Simulated:
    """Stars as a survey wrote them down, and the truth about them."""

    light_curves: LightCurves
    """N stars, as ``goodricke.read`` would give them."""
    truth: pa.Table
    """One row per star in the same order: class, period, eclipses, every parameter; see ``docs/simulate.md``."""
    measured: Measurements
    """The same stars with everything that reading drops, for ``goodricke.simulate.files``."""


def simulate_block(asked: Simulation, stars: range) -> Simulated:
    """Make one of ``asked.blocks()``. Its chance comes from the seed and the number of its first star alone."""
    survey = observatory_called(asked.survey)
    mixture = asked.mixture()
    rng = [np.random.default_rng([asked.seed, stars.start, stage]) for stage in range(4)]
    n = len(stars)
    names = np.array([f"sim-{asked.seed}-{number:09d}" for number in stars])
    visits = survey.visits(n, rng[0])
    mean = survey.magnitudes(n, rng[1])
    row = find(survey.survey)
    chosen = _with_own_junk(kinds_of(mixture, n, rng[2]), from_space=row.load().STITCH)
    magnitude = np.repeat(mean, np.diff(visits.offsets))
    parts: list[tuple[Ints, Kind, Columns]] = []
    for name in np.unique(chosen):
        rows = np.flatnonzero(chosen == name)
        made = kind_called(str(name))
        own = np.random.default_rng([asked.seed, stars.start, zlib.crc32(str(name).encode())])
        drawn = _in_view(made.draw(len(rows), own, survey.span), rows, visits, survey.span)
        parts.append((rows, made, _add_light(magnitude, rows, made, drawn, visits, survey)))
    measured = survey.measure(names, visits, magnitude, rng[3])
    lcs = assemble(measured, row.name, row.load().QUALITY.mask("default"))
    return Simulated(lcs, truth_table(chosen, parts, lcs, mean, _ranges(magnitude, visits)), measured)


def _with_own_junk(kinds: NDArray[np.str_], from_space: bool) -> NDArray[np.str_]:
    """Trouble as the survey has it: nights and the Moon from the ground, orbits and wheels in space."""
    return np.where(kinds == "junk", "space_junk" if from_space else "ground_junk", kinds)


def _in_view(drawn: Columns, rows: Ints, visits: Visits, span: tuple[float, float]) -> Columns:
    """Events of one time fall into the time that their own star is watched, a tenth more at both ends."""
    first, last = (edge(visits.time, visits.offsets)[rows] for edge in (ragged.minima, ragged.maxima))
    once = np.isnan(drawn["period_days"]) & np.isfinite(drawn["epoch"]) & (last > first)
    share = (drawn["epoch"] - span[0]) / (span[1] - span[0])
    epoch = first + (1.2 * share - 0.1) * (last - first)
    return {**drawn, "epoch": np.where(once, epoch, drawn["epoch"])}


def _add_light(
    magnitude: Floats, rows: Ints, made: Kind, drawn: Columns, visits: Visits, survey: Observatory
) -> Columns:
    """Add colour and variation of the stars `rows` to the magnitudes of all points; their columns, with labels."""
    points, offsets = ragged.take(visits.offsets, rows)
    star = ragged.segment_ids(offsets)
    columns = drawn
    for code, band in enumerate(survey.filters):
        seen = visits.band[points] == code
        moments = Moments(visits.time[points[seen]], ragged.compressed_offsets(seen, offsets), survey.exposure)
        if code == 0 and isinstance(made, Binary):
            light, columns = light_and_labels(made, drawn, moments, band)
        else:
            light = made.light(drawn, moments, band) if seen.any() else np.empty(0)
        tint = colour(drawn["temperature"], band, survey.filters[0])
        magnitude[points[seen]] += tint[star[seen]] - 2.5 * np.log10(np.maximum(light, _FAINTEST))
    return columns


def _ranges(magnitude: Floats, visits: Visits) -> Floats:
    """Range of the magnitudes in the first band, NaN where nothing was seen in it."""
    first = visits.band == 0
    offsets = ragged.compressed_offsets(first, visits.offsets)
    return ragged.maxima(magnitude[first], offsets) - ragged.minima(magnitude[first], offsets)


def blocks(asked: Simulation) -> Iterator[Simulated]:
    """Make a simulation block by block, in bounded memory."""
    return (simulate_block(asked, stars) for stars in asked.blocks())


def simulate_sky(population: str = "sky", survey: str = "asas3", n: int = 1000, seed: int = 0) -> Simulated:
    """Simulate stars as a survey would have observed them, with the truth about each.

    Parameters
    ----------
    population : str
        One of ``goodricke.simulate.POPULATIONS``, such as ``contact``, ``variables`` or ``sky``.
    survey : str
        One of ``goodricke.simulate.OBSERVATORIES``, such as ``asassn`` or ``tess_30min``.
    n : int
        Stars. All are held in memory; ``goodricke simulate`` writes millions in bounded memory.
    seed : int
        Of everything.

    Returns
    -------
    Simulated
        Light curves as ``goodricke.read`` would give them, and the table of truth.

    Raises
    ------
    OptionError
        When a name is unknown.

    Examples
    --------
    >>> made = simulate_sky("constants", "asas3", n=3)
    >>> len(made.light_curves), made.truth.column("label").to_pylist()
    (3, ['CONST', 'CONST', 'CONST'])
    """
    parts = list(blocks(Simulation(population, survey, n, seed)))
    truth = pa.concat_tables([part.truth for part in parts], promote_options="permissive")
    measured = parts[0].measured if len(parts) == 1 else joined([part.measured for part in parts])
    return Simulated(concatenate([part.light_curves for part in parts]), truth, measured)


def joined(parts: list[Measurements]) -> Measurements:
    """Measurements of one survey, one behind the other."""
    first = np.cumsum([0] + [len(part.object_id) for part in parts])

    def column(name: str) -> NDArray[np.generic] | None:
        values = [getattr(part, name) for part in parts]
        return None if values[0] is None else np.concatenate(values)

    stars = [np.zeros(len(p.time), np.int64) if p.star is None else p.star for p in parts]
    return Measurements(
        object_id=np.concatenate([part.object_id for part in parts]),
        star=np.concatenate([star + at for star, at in zip(stars, first, strict=False)]),
        **{name: column(name) for name in ("time", "value", "error", "band", "limit", "quality", "ra", "dec")},  # type: ignore[arg-type]
        **{name: getattr(parts[0], name) for name in ("kind", "bands", "frame", "zero_point", "variant", "notes")},
        meta={name: np.concatenate([part.meta[name] for part in parts]) for name in parts[0].meta},
    )
