"""Spectra: many spectra in flat arrays, their wavelengths, and which of them show the same star."""

from __future__ import annotations

from goodricke.spectra.batch import Spectra, concatenate
from goodricke.spectra.lattice import LAMOST_LATTICE, MODEL_LATTICE, Lattice

__all__ = ["LAMOST_LATTICE", "MODEL_LATTICE", "Lattice", "Spectra", "concatenate"]
