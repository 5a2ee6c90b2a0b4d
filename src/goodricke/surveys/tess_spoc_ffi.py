"""TESS-SPOC light curves from full-frame images (Caldwell et al. 2020, RNAAS 4, 201), at 30 min, 10 min or 200 s.

The layout is that of the 2-min files (``tess_spoc``); the cadence in the header tells the two apart. Cadences of one
star are united: they come from different sectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import SPACE_COLUMNS, TESS_QUALITY
from goodricke.surveys.tess_spoc import LONGEST, cadence, is_spoc, spoc_star

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

QUALITY = TESS_QUALITY
STITCH = True
COLUMNS = SPACE_COLUMNS


def recognises(source: Source) -> bool:
    """SPOC light curves with the cadence of full-frame images."""
    return is_spoc(source) and cadence(source) > LONGEST


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    yield spoc_star(source, options)
