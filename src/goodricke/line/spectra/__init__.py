"""The line for spectra: spectra in, one row per spectrum out."""

from goodricke.line.spectra.blocks import classify_spectra, told_of
from goodricke.line.spectra.explain import explain_spectra
from goodricke.line.spectra.seen import SeenSpectra, see
from goodricke.line.spectra.told import Told

__all__ = ["SeenSpectra", "Told", "classify_spectra", "explain_spectra", "see", "told_of"]
