"""One door for both senses: light curves and spectra each take their own line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from goodricke.errors import OptionError
from goodricke.line.model import Model
from goodricke.predictions import Predictions
from goodricke.spectra import Spectra

if TYPE_CHECKING:
    from goodricke.lightcurves import LightCurves

__all__ = ["classify"]


def classify(
    seen: LightCurves | Spectra,
    model: str | Model | None = None,
    *,
    period_days: ArrayLike | None = None,
    priors: str | Mapping[str, float] | None = None,
    purity: float | None = None,
    jobs: int = 1,
    on_stars: Callable[[int], None] | None = None,
) -> Predictions:
    """Class of every light curve or spectrum, with probabilities, and what else can be said of it.

    Parameters
    ----------
    seen : LightCurves or Spectra
        N of them, as read.
    model : str or Model, optional
        Name of a bundle that ships, folder of one, or a loaded model. Default: ``variables`` for light curves,
        ``spectra-binary`` for spectra.
    period_days : (N,) or float, optional
        Periods that are known, of light curves; see `goodricke.line.batches.classify`.
    priors : str or mapping, optional
        How common the classes are among these stars: ``"EA=0.1,EW=0.3"``, or ``"estimate"``; of spectra
        ``"BINARY=0.33"`` or the ratio ``"1:2"``.
    purity : float, optional
        Abstain from every star whose class cannot be told with this purity.
    jobs : int
        Processes.
    on_stars : callable, optional
        Called with the number of stars or spectra just done.

    Returns
    -------
    Predictions
        One row each, in their order; what cannot be classified is a row with the reason.

    Examples
    --------
    >>> import numpy as np
    >>> from goodricke.lightcurves import LightCurves
    >>> rng = np.random.default_rng(0)
    >>> time = np.sort(rng.uniform(0, 500, 300))
    >>> flux = 1 - 0.4 * np.exp(-0.5 * (((time / 2.5) % 1 - 0.5) / 0.03) ** 2) + rng.normal(0, 0.01, 300)
    >>> lcs = LightCurves.from_arrays(time, flux=flux, err=np.full(300, 0.01), object_id="made")
    >>> classify(lcs)[0]["label"]
    'EA'
    """
    if isinstance(seen, Spectra):
        from goodricke.line.spectra import classify_spectra

        if period_days is not None:
            raise OptionError("a spectrum has no period; leave out period_days")
        return classify_spectra(
            seen, model or "spectra-binary", priors=priors, purity=purity, jobs=jobs, on_spectra=on_stars
        )
    from goodricke.line.batches import classify as classify_light_curves

    return classify_light_curves(
        seen, model or "variables", period_days=period_days, priors=priors, purity=purity, jobs=jobs, on_stars=on_stars
    )
