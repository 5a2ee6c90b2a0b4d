"""Made-up variable stars with ground-based sampling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import goodricke as gr

Floats = NDArray[np.float64]


def nights(rng: np.random.Generator, n: int = 300, days: float = 1500.0) -> Floats:
    """A visit a night at about the same hour, in seasons."""
    every = np.arange(int(days)) + rng.normal(0.0, 0.08, int(days))
    return np.sort(rng.choice(every[np.mod(every, 365.25) < 220.0], n, replace=False))


def eclipse(phase: Floats, centre: float, depth: float, width: float) -> Floats:
    """Flux lost in an eclipse of full width `width`."""
    distance = np.abs((phase - centre + 0.5) % 1.0 - 0.5) / (0.5 * width)
    return np.asarray(depth * np.maximum(1.0 - distance**2, 0.0) ** 0.7)


def star(kind: str, period: float, seed: int = 0, noise: float = 0.01, n: int = 300) -> gr.LightCurves:
    """An EA, EB, EW, RRAB or constant star; primary minimum (or maximum) is at time 0."""
    rng = np.random.default_rng(seed)
    time = nights(rng, n)
    phase = time / period % 1.0
    flux = {
        "EA": lambda: 1.0 - eclipse(phase, 0.0, 0.45, 0.1) - eclipse(phase, 0.5, 0.15, 0.1),
        "EB": lambda: 0.95 + 0.06 * np.cos(4 * np.pi * (phase - 0.25)) - eclipse(phase, 0.0, 0.3, 0.25)
        - eclipse(phase, 0.5, 0.15, 0.25),
        "EW": lambda: 0.85 - 0.15 * np.cos(4 * np.pi * phase) - eclipse(phase, 0.0, 0.08, 0.3)
        - eclipse(phase, 0.5, 0.05, 0.3),
        "RRAB": lambda: 0.7 + 0.6 * np.exp(-4.0 * phase) + 0.5 * np.maximum(0.0, phase - 0.85) / 0.15,
        "CONST": lambda: np.ones(n),
    }[kind]()  # fmt: skip
    return gr.LightCurves.from_arrays(
        time, flux=flux + rng.normal(0.0, noise, n), err=np.full(n, noise), object_id=f"{kind} {period}"
    )
