"""The quarters of the Kepler mission: when each ended, and the stamp in the names of its long-cadence files.

Times are those of the Kepler Data Characteristics Handbook (KSCI-19040-005), stamps those of the archive at MAST.
"""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["STAMPS", "quarter_of"]

STAMPS: tuple[str, ...] = (
    "2009131105131", "2009166043257", "2009259160929", "2009350155506", "2010078095331", "2010174085026",
    "2010265121752", "2010355172524", "2011073133259", "2011177032512", "2011271113734", "2012004120508",
    "2012088054726", "2012179063303", "2012277125453", "2013011073258", "2013098041711", "2013131215648",
)  # fmt: skip
"""Of quarters 0 to 17: year, day of the year and time of the last cadence, as the names of files write it."""

# BKJD between the last cadence of a quarter and the first of the next.
_BETWEEN = np.array(
    [131.2, 167.0, 259.3, 351.0, 442.9, 538.8, 629.8, 727.0, 805.5, 906.3, 1000.8, 1098.8, 1182.4, 1273.6, 1372.4,
     1471.6, 1558.6]
)  # fmt: skip


def quarter_of(bkjd: Floats) -> Ints:
    """Return the quarters (M,) of times (M,) in BJD - 2454833.

    >>> quarter_of(np.array([125.0, 300.0, 1580.0]))
    array([ 0,  3, 17])
    """
    return np.asarray(np.searchsorted(_BETWEEN, bkjd, side="right"))
