"""Objects that carry astropy times: TimeSeries, Tables with a Time column, lightkurve light curves. Recognised by shape.

lightkurve is not needed: its light curves have ``time`` (an astropy Time in the format btjd or bkjd, or in version 1 an
array with ``time_format``), ``flux``, ``flux_err`` and ``meta`` with TICID or KEPLERID.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError
from goodricke.lightcurves.assemble import assemble
from goodricke.lightcurves.batch import LightCurves
from goodricke.lightcurves.measurements import Measurements
from goodricke.timeframes import UNKNOWN, Scale, TimeFrame

__all__ = ["has_times", "light_curve_of", "table_of"]

_AUTHORS = {"SPOC": "tess_spoc", "TESS-SPOC": "tess_spoc_ffi", "QLP": "tess_qlp", "KEPLER": "kepler", "K2": "k2"}
"""Who made a light curve, as lightkurve names it -> the row that reads the same product from a file."""
