"""What is flagged because of the spectrograph and of gas in between: real singles, with a fault added to each.

OMP_NUM_THREADS=1 python benchmarks/spectra_artefacts.py DATA --model NAME [--model FOLDER ...]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.models import find, load_bundle
from goodricke.simulate.spectra import real_pairs
from goodricke.spectra import Spectra
from spectra_rungs import odds_at, real_dwarfs, scored

SODIUM = ((5891.58, 1.0), (5897.56, 0.6))
"""Interstellar lines in vacuum, Angstrom, and their relative depths."""
_LINE = 1.3  # Angstrom: standard deviation of a line at R 1800
_N, _SNR = 600, 50.0


def step(size: float) -> Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]:
    """Light of the red arm is more by `size`, from somewhere in the overlap on."""
    return lambda wave, rng: 1.0 + size / (1.0 + np.exp(-(wave - rng.uniform(5700.0, 5900.0)) / 5.0))


def sodium(depth: float) -> Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]:
    """Two lines at rest, the deeper one as deep as `depth`."""
    return lambda wave, rng: (
        1.0 - depth * sum(share * np.exp(-0.5 * ((wave - line) / _LINE) ** 2) for line, share in SODIUM)
    )


FAULTS = {
    "none": step(0.0),
    "step of 3 %": step(0.03), "step of -3 %": step(-0.03), "step of 8 %": step(0.08), "step of -8 %": step(-0.08),
    "sodium of 10 %": sodium(0.1), "sodium of 25 %": sodium(0.25),
}  # fmt: skip


def with_fault(spectra: Spectra, fault: str, seed: int = 0) -> Spectra:
    """The same spectra, each multiplied by a fault of its own."""
    rng = np.random.default_rng(seed)
    factor = np.empty(spectra.n_pixels)
    for start, stop in zip(spectra.offsets, spectra.offsets[1:], strict=False):
        factor[start:stop] = FAULTS[fault](spectra.wave[start:stop], rng)
    return replace(
        spectra,
        flux=(spectra.flux * factor).astype(np.float32),
        ivar=(spectra.ivar / factor**2).astype(np.float32),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", action="append", required=True)
    asked = parser.parse_args()
    bundles = {f"{b.folder.parent.name}/{b.name}": b for b in (load_bundle(find(name)) for name in asked.model)}
    spectra, truth = real_pairs(
        real_dwarfs(asked.data), _N, np.random.default_rng(31), snr=_SNR, dv=0.0, kinds=("twin",), binary_share=0.0
    )
    print(f"| fault | {' | '.join(f'{name}: above 0.5, above 0.8' for name in bundles)} |")
    print(f"| --- |{' --- |' * len(bundles)}")
    for fault in FAULTS:
        found = scored(with_fault(spectra, fault), truth, bundles)
        shares = [
            ", ".join(f"{(found.scores[name] >= odds_at(bundle, p)).mean():.3f}" for p in (0.5, 0.8))
            for name, bundle in bundles.items()
        ]
        print(f"| {fault} | {' | '.join(shares)} |", flush=True)


if __name__ == "__main__":
    main()
