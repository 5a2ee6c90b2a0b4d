"""Made dwarfs with and without companions, by what is known of their colours."""

from __future__ import annotations

import numpy as np

# Mass in that of the Sun, M_G and G - Ks of dwarfs, from F8 to M4 (Pecaut & Mamajek 2013, version 2024.05.15).
DWARFS = np.array(
    [
        (1.16, 3.9, 1.163), (1.07, 4.325, 1.282), (1.0, 4.635, 1.409), (0.965, 4.914, 1.505), (0.93, 5.098, 1.568),
        (0.89, 5.34, 1.647), (0.86, 5.553, 1.743), (0.82, 5.83, 1.88), (0.76, 6.22, 2.04), (0.72, 6.59, 2.31),
        (0.7, 6.85, 2.45), (0.67, 7.15, 2.59), (0.64, 7.57, 2.76), (0.6, 7.9, 2.87), (0.56, 8.45, 3.09),
        (0.51, 8.82, 3.19), (0.45, 9.29, 3.305), (0.36, 10.05, 3.5), (0.29, 10.82, 3.72), (0.24, 11.21, 3.85),
    ]
)[::-1]  # fmt: skip


def dwarf(mass: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """M_G and M_Ks of single dwarfs."""
    bright, colour = (np.interp(mass, DWARFS[:, 0], DWARFS[:, k]) for k in (1, 2))
    return bright, bright - colour


def population(n: int = 8000, pairs: float = 0.4, seed: int = 1, noise: float = 0.04) -> dict[str, np.ndarray]:
    """Dwarfs on a sequence that metals lift, some with a companion of a mass ratio from 0.3 to 1."""
    rng = np.random.default_rng(seed)
    mass = rng.uniform(0.6, 1.05, n)
    binary = rng.random(n) < pairs
    q = np.where(binary, rng.uniform(0.3, 1.0, n), 0.0)
    g, ks = dwarf(mass)
    g2, ks2 = dwarf(np.maximum(q * mass, 0.2))
    both_g = np.where(binary, -2.5 * np.log10(10 ** (-0.4 * g) + 10 ** (-0.4 * g2)), g)
    both_ks = np.where(binary, -2.5 * np.log10(10 ** (-0.4 * ks) + 10 ** (-0.4 * ks2)), ks)
    feh = rng.normal(-0.1, 0.2, n)
    parallax = rng.uniform(3.5, 10.0, n)
    m_g = both_g - 0.8 * feh + rng.normal(0, noise, n)
    return {
        "g_ks0": both_g - both_ks,
        "phot_g_mean_mag": m_g - 5 * np.log10(parallax) + 10 + rng.normal(0, 0.02, n) * 5 / np.log(10),
        "parallax": parallax,
        "parallax_over_error": np.full(n, 50.0),
        "feh": feh,
        "teff": np.full(n, 5500.0),
        "logg": np.full(n, 4.5),
        "snr_g": np.full(n, 60.0),
        "ruwe": np.full(n, 1.0),
        "q": q,
        "true_delta": both_g - np.interp(both_g - both_ks, DWARFS[::-1, 2], DWARFS[::-1, 1]),
    }
