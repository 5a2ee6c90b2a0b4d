"""LightCurve: a view of one star of a batch, for people and plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.timeframes import TimeFrame

if TYPE_CHECKING:
    from goodricke.lightcurves.batch import LightCurves

__all__ = ["LightCurve"]


@dataclass(frozen=True, eq=False, repr=False)
class LightCurve:
    """One star. ``lcs[i]`` makes one; ``star.batch`` is the same star as a batch of one.

    Examples
    --------
    >>> from goodricke import LightCurves
    >>> star = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol", band="V")[0]
    >>> star
    <LightCurve Algol: 2 points, bands: V, span 1 d, TIME>
    >>> star.mag.round(3)
    array([9. , 9.5])
    """

    batch: LightCurves

    @property
    def object_id(self) -> str:
        """Name of the star."""
        return str(self.batch.object_id[0])

    @property
    def survey(self) -> str:
        """Row of the survey table that read it."""
        return str(self.batch.survey[0])

    @property
    def time(self) -> NDArray[np.float64]:
        """Days in ``time_frame`` (n,)."""
        return self.batch.time

    @property
    def time_frame(self) -> TimeFrame:
        """Clock, place and zero point of ``time``."""
        return self.batch.time_frame(0)

    @property
    def flux(self) -> NDArray[np.float32]:
        """Relative flux, median 1 in every band (n,)."""
        return self.batch.flux

    @property
    def flux_err(self) -> NDArray[np.float32]:
        """One standard deviation of ``flux`` (n,)."""
        return self.batch.flux_err

    @property
    def mag(self) -> NDArray[np.float64]:
        """Magnitudes (n,); NaN where the zero point is unknown or the flux is not positive."""
        with np.errstate(invalid="ignore", divide="ignore"):
            faded = -2.5 * np.log10(self.flux.astype(np.float64))
        return np.where(np.isfinite(faded), self.batch.ref_mag[0, self.batch.band] + faded, np.nan)

    @property
    def mag_err(self) -> NDArray[np.float64]:
        """One standard deviation of ``mag`` (n,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(np.isfinite(self.mag), 2.5 / np.log(10) * self.flux_err / self.flux, np.nan)

    @property
    def band(self) -> NDArray[np.str_]:
        """Band name of every point (n,)."""
        return np.asarray(self.batch.bands, dtype=str)[self.batch.band]

    @property
    def bands(self) -> tuple[str, ...]:
        """Bands that the star has points in."""
        return tuple(self.batch.bands[k] for k in np.unique(self.batch.band))

    @property
    def ra(self) -> float:
        """ICRS right ascension in degrees; NaN when unknown."""
        return float(self.batch.ra[0])

    @property
    def dec(self) -> float:
        """ICRS declination in degrees; NaN when unknown."""
        return float(self.batch.dec[0])

    @property
    def ref_mag(self) -> dict[str, float]:
        """Magnitude at flux 1, for the bands that have one."""
        row = self.batch.ref_mag[0]
        return {name: float(value) for name, value in zip(self.batch.bands, row, strict=True) if np.isfinite(value)}

    @property
    def dropped(self) -> dict[str, int]:
        """Points lost so far, by reason."""
        from goodricke.lightcurves.batch import DROP_REASONS

        return {reason: int(n) for reason, n in zip(DROP_REASONS, self.batch.dropped[0], strict=True) if n}

    @property
    def meta(self) -> dict[str, Any]:
        """Whatever else is known of the star."""
        return {key: value[0].item() if value[0].ndim == 0 else value[0] for key, value in self.batch.meta.items()}

    def select_band(self, *names: str) -> LightCurve:
        """Return the star in the named bands only."""
        return LightCurve(self.batch.select_band(*names))

    def __len__(self) -> int:
        return self.batch.n_points

    def __repr__(self) -> str:
        n = len(self)
        span = float(self.time[-1] - self.time[0]) if n else 0.0
        return (
            f"<LightCurve {self.object_id}: {n:,} point{'s' * (n != 1)}, bands: {', '.join(self.bands) or 'none'}, "
            f"span {span:.4g} d, {self.time_frame}>"
        )
