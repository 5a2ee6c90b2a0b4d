"""The line from a light curve as read to one that is ready for a period search."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields, replace

from goodricke.clean.detrend import detrend
from goodricke.clean.error_clip import error_clip
from goodricke.clean.flux_clip import flux_clip
from goodricke.clean.order import sort_and_merge
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves
from goodricke.lightcurves.assemble import renormalised

__all__ = ["CleanOptions", "clean"]


@dataclass(frozen=True)
class CleanOptions:
    """What ``clean`` does, and its numbers."""

    tolerance_days: float = 0.0
    """Points of one star and band at times that differ by no more than this are merged."""
    error_clip: bool = True
    """Drop points with an unusual uncertainty."""
    error_sigma: float = 3.0
    """Standard deviations allowed between an uncertainty and the mean uncertainty."""
    error_iterations: int = 5
    """How often the clip on uncertainties is repeated."""
    error_factor: float = 1.5
    """Uncertainties within this factor of the mean are kept, however equal the others are; 1 is the published clip."""
    spare_variation: bool = True
    """Keep points whose uncertainty is unusual because their flux is, as in an eclipse; False is the published clip."""
    flux_clip: bool = True
    """Drop lone points far above the star. Faint points stay unless `lower_sigma` is set."""
    upper_sigma: float = 5.0
    """Standard deviations allowed above the median flux."""
    lower_sigma: float | None = None
    """Standard deviations allowed below the median flux, for dense data only; None keeps all faint points."""
    detrend: bool = False
    """Divide by a slow trend: for space photometry."""
    window_days: float | None = None
    """What varies faster than about a third of this survives detrending; None chooses from the length of the data."""


def clean(lcs: LightCurves, options: CleanOptions | None = None, **changes: float | bool | None) -> LightCurves:
    """Sort, merge, clip and, if asked to, detrend; the median of every star and band is 1 again at the end.

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points.
    options : CleanOptions, optional
        What to do; the defaults when left out.
    **changes
        Fields of ``CleanOptions`` to set otherwise, as in ``clean(lcs, detrend=True)``.

    Returns
    -------
    LightCurves
        The same stars, also those that lost every point; ``dropped`` counts what was lost and why.

    Raises
    ------
    OptionError
        If a field does not exist or a number makes no sense.

    Examples
    --------
    >>> flux = [1.0, 1.1, 0.9, 1.0, 1.1, 5.0, 1.0, 0.9, 1.1, 1.0, 0.1, 0.9]
    >>> lcs = LightCurves.from_arrays(range(12), flux=flux, err=[0.1] * 12)
    >>> clean(lcs)[0].dropped, clean(lcs, flux_clip=False)[0].dropped
    ({'flux_clip': 1}, {})
    """
    chosen = _with(options or CleanOptions(), changes)
    lcs = sort_and_merge(lcs, chosen.tolerance_days)
    if chosen.error_clip:
        lcs = error_clip(
            lcs,
            chosen.error_sigma,
            chosen.error_iterations,
            factor=chosen.error_factor,
            spare_variation=chosen.spare_variation,
        )
    if chosen.flux_clip:
        lcs = flux_clip(lcs, chosen.upper_sigma, chosen.lower_sigma)
    if chosen.detrend:
        lcs = detrend(lcs, chosen.window_days)
    return renormalised(lcs)


def _with(options: CleanOptions, changes: dict[str, float | bool | None]) -> CleanOptions:
    known = [field.name for field in fields(CleanOptions)]
    for name in changes:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise OptionError(f"clean has no option {name!r}; {hint}")
    return replace(options, **changes)  # type: ignore[arg-type]
