"""Cleaning: LightCurves in, LightCurves out, what was removed counted per star."""

from goodricke.clean.bjd import to_bjd
from goodricke.clean.detrend import default_window, detrend, trend
from goodricke.clean.error_clip import error_clip
from goodricke.clean.flux_clip import flux_clip
from goodricke.clean.gaps import Segments, median_cadence, segments, split_at_gaps
from goodricke.clean.order import sort_and_merge
from goodricke.clean.pipeline import CleanOptions, clean

__all__ = [
    "CleanOptions",
    "Segments",
    "clean",
    "default_window",
    "detrend",
    "error_clip",
    "flux_clip",
    "median_cadence",
    "segments",
    "sort_and_merge",
    "split_at_gaps",
    "to_bjd",
    "trend",
]
