"""Cleaning of spectra: rest frame, lattice and continuum, and the reason where a spectrum is not to be used."""

from goodricke.clean.spectra.continuum import continuum
from goodricke.clean.spectra.prepared import Prepared, prepare
from goodricke.clean.spectra.quality import SpectrumLimits
from goodricke.clean.spectra.selection import SELECTIONS, select

__all__ = ["SELECTIONS", "Prepared", "SpectrumLimits", "continuum", "prepare", "select"]
