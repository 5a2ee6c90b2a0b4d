"""LightCurves to and from the objects of other libraries.

What comes in is recognised by what it can do, never by its class, so none of these libraries is needed to import this
file: Arrow tables, nested-pandas and pandas frames, astropy Tables and TimeSeries, lightkurve light curves and
collections, mappings of arrays, and lists of any of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import DataError, MissingDependency, ReadError
from goodricke.lightcurves.arrow import REQUIRED_COLUMNS
from goodricke.lightcurves.assemble import assemble
from goodricke.lightcurves.batch import LightCurves, concatenate
from goodricke.lightcurves.guess import Column, guess_columns
from goodricke.lightcurves.layout import columns_of, nest_guessed, points_of_rows, points_of_nest
from goodricke.lightcurves.measurements import Measurements
from goodricke.lightcurves.tables import measured
from goodricke.timeframes import UNKNOWN, TimeFrame

if TYPE_CHECKING:
    from astropy.table import Table
    from astropy.timeseries import TimeSeries
    from nested_pandas import NestedFrame

__all__ = ["from_object", "to_nested", "to_table", "to_timeseries"]
