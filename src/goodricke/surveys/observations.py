"""A flat table of observations: a row per point with ``object_id``, ``time``, ``mag`` or ``flux``, and more.

Columns ``band``, ``err``, ``ra``, ``dec`` and ``time_frame`` are used when they are there. The same table with the time
column called after its clock (``mjd``, ``hjd``, ``bjd`` ...), as in the partitions of HATS source catalogues, is read too.
What the times count from is not in such a file: it is guessed from the name and the values, star by star, and said.

Parquet is read in pieces. Rows of a star that stand together stay together; a star whose rows are scattered over pieces
is united when the files of a star are merged, as they are by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.guess import Guess, guess_columns
from goodricke.lightcurves.layout import columns_of, points_of_rows
from goodricke.lightcurves.tables import measured
from goodricke.surveys import alerce, lsst
from goodricke.surveys.containers.parquet import batches, whole_stars
from goodricke.surveys.containers.arrays import arrow_table, text_columns
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source

"""placeholder"""
