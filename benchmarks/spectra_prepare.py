"""Speed and exactness of preparing spectra, beside the same formulas one spectrum after the other in the same run.

    OMP_NUM_THREADS=1 python benchmarks/spectra_prepare.py [DIR] [--spectra 2000] [--loop 40] [--picture FILE]

DIR is the folder with ``lamost_lrs_real.npz``; without it the spectra are made (a slope, a comb of lines, noise).
Prints CPU time of one process as spectra per second, the best of three. The loop is what a script would do:
``np.interp`` to the rest frame, a sum over all pixels at every pixel for the continuum (its matrix of weights is made
once, outside the clock), no search for spikes and no reasons.
"""

from __future__ import annotations

import argparse
import collections
import csv
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from goodricke.clean.spectra import SpectrumLimits, continuum, prepare
from goodricke.clean.spectra.resample import even, native, resampled
from goodricke.clean.spectra.spikes import spikes
from goodricke.spectra import LAMOST_LATTICE, MODEL_LATTICE, Spectra, concatenate
from goodricke.spectra.lattice import LIGHT_KM_S

WIDTH = 350.0  # Angstrom


def made(wave: np.ndarray, n: int, snr: float = 50.0, seed: int = 1) -> Spectra:
    """Noisy stars with lines on any pixels, at velocities up to 200 km/s."""
    rng = np.random.default_rng(seed)
    velocity = rng.uniform(-200, 200, n)
    lines = np.arange(3800.0, 7300.0, 15.0)
    depth = rng.uniform(0.0, 0.3, len(lines))
    rest = np.arange(3600.0, 9300.0, 0.25)
    one = (rest / 5500) ** 0.5 * np.exp(-(depth * np.exp(-0.5 * ((rest[:, None] - lines) / 1.5) ** 2)).sum(axis=1))
    flux = np.array([np.interp(wave / (1 + v / LIGHT_KM_S), rest, one) for v in velocity])
    flux += rng.normal(0, 1 / snr, flux.shape)
    return Spectra.from_arrays(wave, flux, np.full(flux.shape, snr**2), velocity=velocity, kind="STAR")


def real(folder: Path) -> Spectra:
    """LAMOST spectra of the pack, with masks and velocities."""
    data = np.load(folder / "lamost_lrs_real.npz")
    with (folder / "lamost_lrs_real_meta.csv").open() as lines:
        about = list(csv.DictReader(lines))
    masked = np.unpackbits(data["andmask"], axis=1)[:, : LAMOST_LATTICE.n].astype(bool)
    z = np.array([float(row["z"] or "nan") for row in about])
    return Spectra.from_arrays(
        LAMOST_LATTICE.wave, data["flux"], data["ivar"], masked, kind=[row["cls"] for row in about],
        velocity=np.where(np.abs(z) < 1, z * LIGHT_KM_S, np.nan), subclass=[row["subclass"] for row in about],
    )  # fmt: skip


def loop(spectra: Spectra, kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flux over continuum and its inverse variance, one spectrum after the other, in double precision."""
    flux, ivar = np.ones((2, len(spectra), MODEL_LATTICE.n))
    wanted = np.log(MODEL_LATTICE.wave)
    for k, one in enumerate(spectra):
        rest = np.log(one.wave) - np.log1p(np.nan_to_num(one.velocity[0]) / LIGHT_KM_S)
        light, weight = one.flux.astype(float), np.where(one.bad, 0.0, one.ivar)
        right = np.clip(np.searchsorted(rest, wanted), 1, len(rest) - 1)
        part = (wanted - rest[right - 1]) / (rest[right] - rest[right - 1])
        known = (weight[right - 1] > 0) & (weight[right] > 0)
        variance = 1 / np.where(weight > 0, weight, np.inf)
        here = np.interp(wanted, rest, light)
        told = (1 - part) ** 2 * variance[right - 1] + part**2 * variance[right]
        inverse = np.where(known, 1 / np.where(known, told, 1.0), 0.0)
        smooth = (kernel @ (here * inverse)) / (kernel @ inverse)
        flux[k] = np.where(known, here / smooth, 1.0)
        ivar[k] = inverse * smooth**2
    return flux, ivar


def seconds(work: Callable[[], object], repeat: int = 3) -> float:
    """CPU time of the fastest of `repeat` runs."""
    best = np.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def report(name: str, n: int, work: Callable[[], object], repeat: int = 3) -> float:
    """Print one row; return spectra per second."""
    rate = n / seconds(work, repeat)
    print(f"{name:58s} {rate:12,.0f} {1e6 / rate:12.1f}")
    return rate


def rows(spectra: Spectra, n: int) -> Spectra:
    """The spectra again and again until there are n."""
    return concatenate([spectra] * -(-n // len(spectra)))[:n]


def stages(spectra: Spectra) -> None:
    """What one block of LAMOST spectra costs, step by step."""
    block = spectra[:128]
    velocity = np.nan_to_num(block.velocity)
    pixels = native(block, MODEL_LATTICE, velocity, even=True)
    flux, ivar, _, _ = resampled(pixels, MODEL_LATTICE)
    n = len(block)
    report("  are the pixels even?", n, lambda: even(block, MODEL_LATTICE))
    report("  native pixels side by side", n, lambda: native(block, MODEL_LATTICE, velocity, even=True))
    report("  spikes", n, lambda: spikes(pixels.flux, pixels.ivar, 8.0))
    report("  rest frame and lattice", n, lambda: resampled(pixels, MODEL_LATTICE))
    report("  continuum", n, lambda: continuum(flux, ivar, MODEL_LATTICE))


def exactness(spectra: Spectra, kernel: np.ndarray) -> None:
    """Largest difference between the fast continuum and the sums over all pixels, for masks of several widths."""
    flux, ivar, _, _ = resampled(
        native(spectra, MODEL_LATTICE, np.nan_to_num(spectra.velocity), even=True), MODEL_LATTICE
    )
    rng = np.random.default_rng(1)
    print(f"\n{'continuum against the sum over all pixels':58s} {'worst':>12s}")
    for gap in (0, 100, 400, 1000):
        weight = ivar.copy()
        for row, start in enumerate(rng.integers(0, MODEL_LATTICE.n - gap, len(weight))):
            weight[row, start : start + gap] = 0
        enough = (weight > 0).sum(axis=1) > 500
        light, kept = flux[enough].astype(float), weight[enough].astype(float)
        plain = (light * kept) @ kernel / (kept @ kernel)
        # Where the mean of the flux itself vanishes, a relative difference means nothing.
        counts = (kept > 0) & (plain > 0.02)
        apart = np.abs(continuum(light, kept, MODEL_LATTICE) / plain - 1)
        print(f"{f'  {len(light)} spectra, {gap} pixels masked in each':58s} {apart[counts].max():12.1e}")


def judged(spectra: Spectra) -> None:
    """How many spectra are used, and why the others are not."""
    ready = prepare(spectra)
    print(f"\n{ready}; native S/N, 16 / 50 / 84%: ", end="")
    print(
        *(f"{each:.0f}" for each in np.nanpercentile((ready.snr * ready.independent**0.5)[ready.usable], [16, 50, 84]))
    )
    print(f"spikes masked in {np.mean(ready.spikes[ready.usable] > 0):.0%} of the used spectra")
    words = collections.Counter("".join(c for c in why if not c.isdigit()) for why in ready.reason if why)
    first = {"".join(c for c in why if not c.isdigit()): why for why in ready.reason[::-1]}
    for key, count in words.most_common():
        print(f"{count:6d}  {first[key]}")


def picture(spectra: Spectra, path: str) -> None:
    """Six spectra as they came, with their continuum, and as models see them."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    ready = prepare(spectra)
    order = np.flatnonzero(ready.usable)[np.argsort(ready.snr[ready.usable])]
    chosen = order[np.linspace(0, len(order) - 1, 6).astype(int)]
    figure, axes = plt.subplots(6, 2, figsize=(15, 15), sharex=True)
    wave = MODEL_LATTICE.wave
    for (left, right), k in zip(axes, chosen, strict=True):
        one = spectra[int(k)]
        flux, ivar, _, _ = resampled(native(one, MODEL_LATTICE, np.nan_to_num(one.velocity), even=True), MODEL_LATTICE)
        known = ivar[0] > 0
        left.plot(wave, np.where(known, flux[0], np.nan), lw=0.5, color="0.4")
        left.plot(wave, continuum(flux, ivar, MODEL_LATTICE)[0], color="tab:red")
        left.set_title(f"{one.subclass[0]}, S/N {ready.snr[k]:.0f}, {ready.velocity[k]:.0f} km/s", fontsize=9)
        shown = np.where(ready.ivar[k] > 0, ready.flux[k], np.nan)
        right.plot(wave, shown, lw=0.5, color="0.2")
        right.set_ylim(np.nanpercentile(shown, 0.1) - 0.1, np.nanpercentile(shown, 99.9) + 0.1)
        right.set_title(f"{ready.spikes[k]} pixels lost to spikes, {np.sum(ready.ivar[k] == 0)} unknown", fontsize=9)
    for axis in axes[-1]:
        axis.set_xlabel("rest wavelength in vacuum (Angstrom)")
    axes[3, 0].set_ylabel("flux over its mean, with continuum")
    axes[3, 1].set_ylabel("flux over continuum")
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    print(f"\ndrawn: {Path(path).name}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="folder with lamost_lrs_real.npz")
    parser.add_argument("--spectra", type=int, default=2000)
    parser.add_argument("--loop", type=int, default=40, help="spectra of the loop")
    parser.add_argument("--picture", help="where to draw six of them (PNG)")
    chosen = parser.parse_args()
    sample = real(chosen.folder) if chosen.folder else made(LAMOST_LATTICE.wave, 300)
    many = rows(sample, chosen.spectra)
    kernel = np.exp(-(((MODEL_LATTICE.wave[:, None] - MODEL_LATTICE.wave) / WIDTH) ** 2))
    print(f"{'real' if chosen.folder else 'made'}: {many}\n{'step':58s} {'spectra/s':>12s} {'us each':>12s}")
    ours = report("prepare, LAMOST pixels", len(many), lambda: prepare(many))
    stages(many)
    others = {
        "prepare, BOSS pixels (the same step, another phase)": 10 ** (3.5535 + 0.37e-4 + 1e-4 * np.arange(4600)),
        "prepare, pixels of 0.8 Angstrom (DESI)": np.arange(3600.0, 9800.0, 0.8),
        "prepare, pixels of 0.25 Angstrom, averaged": np.arange(3700.0, 7400.0, 0.25),
    }
    for name, wave in others.items():
        ragged = made(wave, 200)
        report(name, len(ragged), lambda ragged=ragged: prepare(ragged))
    few = many[: chosen.loop]
    peer = report(f"loop of np.interp and full sums ({len(few)} spectra)", len(few), lambda: loop(few, kernel), 1)
    print(f"prepare / loop: {ours / peer:.0f}x")
    stars = few[np.char.upper(few.kind) == "STAR"]
    plain, ready = loop(stars, kernel), prepare(stars, limits=SpectrumLimits(spike_sigma=1e9))
    both = (ready.ivar > 0) & (plain[1] > 0) & (ready.snr > 10)[:, None]
    apart = np.abs(ready.flux - plain[0])[both]
    print(f"largest difference of a prepared flux from the loop's, S/N above 10: {apart.max():.1e}")
    exactness(sample, kernel)
    judged(sample)
    if chosen.picture:
        picture(sample, chosen.picture)


if __name__ == "__main__":
    main()
