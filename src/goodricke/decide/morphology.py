"""One number beside EA, EB and EW, since nature does not cut there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.simplex import checked_probabilities

__all__ = ["morphology"]

_PLACE = {"EA": 0.0, "EB": 1.0, "EW": 2.0, "ELL": 3.0}
# Where two neighbours are equally likely stands the border that Matijevic et al. (2012) put between them.
_FROM = (0.0, 0.5, 1.5, 2.5, 3.0)
_TO = (0.0, 0.5, 0.7, 0.8, 1.0)


def morphology(probabilities: ArrayLike, classes: Sequence[str], least: float = 0.5) -> NDArray[np.float64]:
    """From 0 (well detached) to 1 (ellipsoidal), read off the class probabilities.

    The mean place on the row EA, EB, EW, ELL, weighted with their probabilities, is stretched so that the borders are
    those of the Kepler catalogue (Matijevic et al. 2012): below 0.5 detached, 0.5 to 0.7 semi-detached, 0.7 to 0.8
    contact, above ellipsoidal. It orders stars by the doubt of the classifier between neighbours. It is not measured
    from the light curve: 0 says that there is no doubt that the star is detached, not how wide its orbit is, and equal
    odds of EA and EW look like EB.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated.
    classes : C names
        In the order of the columns.
    least : float
        Stars whose EA, EB, EW and ELL together are less likely than this get NaN.

    Returns
    -------
    (N,) float64
        In [0, 1], or NaN.

    Examples
    --------
    >>> morphology([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.1, 0.0, 0.9]], ("EA", "EB", "RRAB"))
    array([0. , 0.5, nan])
    """
    p = checked_probabilities(probabilities)
    columns = [k for k, name in enumerate(classes) if name in _PLACE]
    places = np.array([_PLACE[classes[k]] for k in columns])
    total = p[:, columns].sum(axis=1)
    sure = (total >= least) & (total > 0)
    mean = p[:, columns] @ places / np.where(sure, total, 1.0)
    return np.where(sure, np.interp(mean, _FROM, _TO), np.nan)
