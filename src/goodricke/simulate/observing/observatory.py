"""What a survey provides: where and when it looks, how bright its stars are, and what it writes down."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats, Ints
from goodricke.timeframes import TimeFrame

__all__ = ["Observatory", "Visits"]


@dataclass(frozen=True)
class Visits:
    """When N stars are observed, and through which filter."""

    time: Floats
    """(M,) Julian dates of mid-exposure on the survey's own clock and place, increasing in a star."""
    band: NDArray[np.int8]
    """(M,) index into the observatory's bands."""
    offsets: Ints
    """(N + 1,) where each star begins."""
    ra: Floats
    """(N,) ICRS degrees."""
    dec: Floats
    """(N,) ICRS degrees."""


class Observatory(ABC):
    """One survey as a few numbers: cadence, depth, errors and their faults.

    To add one, write the three methods and a row in ``goodricke.simulate.observing.table``. Every number is a class
    attribute with its source: fitted to which real light curves, or taken from which paper.
    """

    survey: ClassVar[str]
    """The row of ``goodricke.surveys.table`` that would read its files."""
    bands: ClassVar[tuple[str, ...]]
    """Names of its bands as that reader gives them."""
    filters: ClassVar[tuple[str, ...]]
    """For each band the one of ``goodricke.simulate.BANDS`` through which stars are computed."""
    exposure: ClassVar[float]
    """Days of one exposure."""
    frame: ClassVar[TimeFrame]
    """What the written times mean: Julian date minus ``frame.zero_jd``."""
    span: ClassVar[tuple[float, float]]
    """First and last Julian date of the survey."""
    block: ClassVar[int] = 500
    """Stars that are made together; fewer where a star has very many points, which bounds the memory."""

    @abstractmethod
    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` places on the sky and when they are observed: seasons, nights, weather, moon, gaps."""

    @abstractmethod
    def magnitudes(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw (N,) mean magnitudes in the first band, as the survey's well-observed stars have them."""

    @abstractmethod
    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Observe stars of true magnitude (M,) at those visits, with all the survey's faults.

        Noise, errors that are not quite the noise, red noise, outliers, saturation, the limit (points marked as limits
        or missing, as the survey does), quality bits. Times are written in ``frame``.
        """
