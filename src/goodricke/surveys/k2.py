"""K2 light curves, long and short cadence, as served by MAST (``ktwo*_llc.fits``, ``ktwo*_slc.fits``).

The layout is that of ``kepler``; the header's mission, or a campaign number, tells the two apart. Stars have EPIC
numbers. Reference: K2 Handbook, KSCI-19116-003.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.surveys.kepler import is_k2, is_kepler, spacecraft_star
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import KEPLER_QUALITY, SPACE_COLUMNS

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

QUALITY = KEPLER_QUALITY
STITCH = True
COLUMNS = SPACE_COLUMNS


def recognises(source: Source) -> bool:
    """Light curves of the second mission."""
    return is_kepler(source) and is_k2(source)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    yield spacecraft_star(source, options, "EPIC")
