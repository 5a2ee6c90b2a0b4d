"""The sectors of the TESS mission: the stamps and configuration numbers in the names of the files of each.

A stamp is the time in UTC when the sector began: after the last point of the sector before, up to a day before the
first of its own. Source: names of the 2-min files in the archive at MAST.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["FILES", "sector_of"]

FILES: tuple[str, ...] = (
    "2018206045859-0120", "2018234235059-0121", "2018263035959-0123", "2018292075959-0124", "2018319095959-0125",
    "2018349182459-0126", "2019006130736-0131", "2019032160000-0136", "2019058134432-0139", "2019085135100-0140",
    "2019112060037-0143", "2019140104343-0144", "2019169103026-0146", "2019198215352-0150", "2019226182529-0151",
    "2019253231442-0152", "2019279210107-0161", "2019306063752-0162", "2019331140908-0164", "2019357164649-0165",
    "2020020091053-0167", "2020049080258-0174", "2020078014623-0177", "2020106103520-0180", "2020133194932-0182",
    "2020160202036-0188", "2020186164531-0189", "2020212050318-0190", "2020238165205-0193", "2020266004630-0195",
    "2020294194027-0198", "2020324010417-0200", "2020351194500-0203", "2021014023720-0204", "2021039152502-0205",
    "2021065132309-0207", "2021091135823-0208", "2021118034608-0209", "2021146024351-0210", "2021175071901-0211",
    "2021204101404-0212", "2021232031932-0213", "2021258175143-0214", "2021284114741-0215", "2021310001228-0216",
    "2021336043614-0217", "2021364111932-0218", "2022027120115-0219", "2022057073128-0221", "2022085151738-0222",
    "2022112184951-0223", "2022138205153-0224", "2022164095748-0226", "2022190063128-0227", "2022217014003-0242",
    "2022244194134-0243", "2022273165103-0245", "2022302161335-0247", "2022330142927-0248", "2022357055054-0249",
    "2023018032328-0250", "2023043185947-0254", "2023069172124-0255", "2023096110322-0257", "2023124020739-0259",
    "2023153011303-0260", "2023181235917-0261", "2023209231226-0262", "2023237165326-0264", "2023263165758-0265",
)  # fmt: skip
"""Of sectors 1 to 70: year, day of the year and time of the beginning, and the number of the configuration."""

_BREAK = 0.5
"""Days."""


def sector_of(jd: Floats) -> Ints:
    """Return the sectors (M,) of the points of one star, which are whole orbits: an orbit is never divided.

    Parameters
    ----------
    jd : numpy.ndarray, (M,)
        Julian dates, increasing. Points less than half a day apart are of one orbit, which belongs to the sector that
        its middle lies in: simulated orbits all take the same time, real ones do not, and the two differ by days. What
        is later than sector 70 counts as 70, the last one known here.

    Examples
    --------
    >>> sector_of(np.array([2458324.5, 2458683.5, 2458695.0, 2458712.0]))
    array([ 1, 14, 14, 15])
    """
    if not len(jd):
        return np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.diff(jd, prepend=-np.inf) > _BREAK)
    last = np.append(first[1:], len(jd)) - 1
    sector = np.searchsorted(_beginnings(), (jd[first] + jd[last]) / 2.0, side="right")
    return np.asarray(np.repeat(np.clip(sector, 1, len(FILES)), last - first + 1))


@cache
def _beginnings() -> Floats:
    """Julian dates of the stamps."""
    years = np.array([stamp[:4] for stamp in FILES], dtype="datetime64[Y]").astype("datetime64[s]")
    clock = [(int(s[4:7]) - 1) * 86400 + int(s[7:9]) * 3600 + int(s[9:11]) * 60 + int(s[11:13]) for s in FILES]
    begin = (years.astype(np.int64) + np.array(clock)) / 86400.0 + 2440587.5
    begin[5] -= 3.0  # the first three days of sector 6 went to tests
    return np.asarray(begin)
