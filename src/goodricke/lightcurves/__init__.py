"""The currency of the program: many light curves in one ragged batch."""

from goodricke.lightcurves.assemble import assemble
from goodricke.lightcurves.batch import DROP_REASONS, LightCurves
from goodricke.lightcurves.measurements import Measurements
from goodricke.lightcurves.stacking import concatenate
from goodricke.lightcurves.star import LightCurve

__all__ = ["DROP_REASONS", "LightCurve", "LightCurves", "Measurements", "assemble", "concatenate"]
