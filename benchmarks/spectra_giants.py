"""How many giants are taken for dwarfs, and dwarfs for giants: stars of MILES with white noise, told by their fits.

OMP_NUM_THREADS=1 python benchmarks/spectra_giants.py DATA
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from goodricke.clean.spectra import prepare
from goodricke.photosphere import fit_single, unlike
from goodricke.simulate.spectra import load_templates
from goodricke.spectra import Spectra

EDGES = (3000, 3900, 4300, 5300, 6000, 7500)
GIANT, DWARF = 3.3, 4.2


def main(data: Path) -> None:
    """Print a table."""
    stars = load_templates(data, ("miles",))
    teff, logg, feh = stars.labels.T
    print("| S/N | Teff of the catalogue (K) | giants, log g < 3.3 | answered | dwarfs, log g > 4.2 | answered |")
    print("| --- | --- | --- | --- | --- | --- |")
    for snr in (60.0, 20.0, 10.0):
        rng = np.random.default_rng(1)
        sigma = stars.flux.mean(axis=1, keepdims=True) / snr
        flux = stars.flux + sigma * rng.normal(size=stars.flux.shape)
        wave, ivar = stars.lattice.wave, np.broadcast_to(sigma**-2, flux.shape)
        ready = prepare(Spectra.from_arrays(wave, flux, ivar, velocity=0.0))
        answered = ready.usable & (unlike(ready, fit_single(ready)) == "")
        for low, high in pairwise(EDGES):
            some = (teff > low) & (teff <= high)
            giant, dwarf = some & (logg < GIANT), some & (logg > DWARF) & (feh > -1.0)
            counts = [giant.sum(), answered[giant].sum(), dwarf.sum(), answered[dwarf].sum()]
            print(f"| {snr:g} | {low:,} to {high:,} | {' | '.join(map(str, counts))} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
