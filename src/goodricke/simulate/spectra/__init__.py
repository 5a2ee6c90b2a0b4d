"""Made spectra of single stars and binaries: templates, orbits, noise and how they are put together."""

from goodricke.simulate.spectra.composites import Source, Truth, fold_of, made, made_blocks, source_of
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE, NoiseBank, load_noise
from goodricke.simulate.spectra.population import Population, load_population
from goodricke.simulate.spectra.templates import Templates, load_templates

__all__ = [
    "OBSERVED_LATTICE",
    "NoiseBank",
    "Population",
    "Source",
    "Templates",
    "Truth",
    "fold_of",
    "load_noise",
    "load_population",
    "load_templates",
    "made",
    "made_blocks",
    "source_of",
]
