"""Made spectra of single stars and binaries: templates, orbits, noise and how they are put together."""

from goodricke.simulate.spectra.composites import made, made_blocks
from goodricke.simulate.spectra.controls import CONTROLS
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE, NoiseBank, load_noise
from goodricke.simulate.spectra.population import Population, load_population
from goodricke.simulate.spectra.real_sums import RealStars, load_real, real_pairs
from goodricke.simulate.spectra.source import Source, fold_of, source_of
from goodricke.simulate.spectra.templates import Templates, load_templates
from goodricke.simulate.spectra.truth import Truth

__all__ = [
    "CONTROLS",
    "OBSERVED_LATTICE",
    "NoiseBank",
    "Population",
    "RealStars",
    "Source",
    "Templates",
    "Truth",
    "fold_of",
    "load_noise",
    "load_population",
    "load_real",
    "load_templates",
    "made",
    "made_blocks",
    "real_pairs",
    "source_of",
]
