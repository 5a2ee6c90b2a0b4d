"""Made spectra for the tests of binaries: stars that scatter as the emulator's do, with no file but those that ship."""

from __future__ import annotations

import functools

import numpy as np

from goodricke.clean.spectra import prepare
from goodricke.photosphere import emulator, fit_single
from goodricke.represent.spectra import looked
from goodricke.simulate.spectra import Source, made
from goodricke.simulate.spectra.blends import gaussian
from goodricke.simulate.spectra.population import dwarf_gravity

DWARF = np.array([5800.0, float(dwarf_gravity(np.array([5800.0]))[0]), 0.0])


@functools.cache
def from_emulator() -> Source:
    """Stars whose deviations have exactly the covariance of the emulator's components: a plus and a minus of each."""
    ours = emulator()
    n = len(ours.variances)
    each = np.sqrt(n * ours.variances)[:, None] * ours.components
    names = np.array([f"{sign} component {k}" for sign in "+-" for k in range(n)])
    return Source(ours, names, np.repeat(DWARF[None], 2 * n, axis=0), np.concatenate([each, -each]).astype(np.float32))


def scattered(source: Source, n: int, rng: np.random.Generator) -> Source:
    """As many Gaussian stars as spectra."""
    return gaussian(source, n, rng)


def seen_spectra(source, n, rng, q=0.8, snr=50.0, dv=0.0):
    """What models see of spectra with white noise, which are binaries, and of which star."""
    spectra, truth = made(n, rng, source, "white", teff=float(DWARF[0]), q=q, dv=dv, snr=snr)
    ready = prepare(spectra)
    single = fit_single(ready, source.emulator)
    fine = ready.usable & np.isfinite(single.teff)
    return looked(ready, single)[fine], truth.binary[fine], truth.star[fine]


def auc(score, positive) -> float:
    """Area under the ROC by ranks (ties do not occur)."""
    rank = np.asarray(score).argsort().argsort() + 1.0
    n = positive.sum()
    return float((rank[positive].sum() - n * (n + 1) / 2) / n / (~positive).sum())
