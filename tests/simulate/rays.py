"""An independent, slow answer: rays from the sky towards the exact potential, in plain numpy."""

from __future__ import annotations

import itertools

import numpy as np


def roche(x, y, z, q):
    """Potential in star 1's frame, written anew."""
    return (
        1 / np.sqrt(x**2 + y**2 + z**2)
        + q * (1 / np.sqrt((x - 1) ** 2 + y**2 + z**2) - x)
        + 0.5 * (1 + q) * (x**2 + y**2)
    )


def first_hit(u, v, angle, inclination, q, level1, level2, split):
    """Depth where each ray from the observer first meets a star, and which star (0: none).

    Star 1 is where the potential is above `level1` and x < split, star 2 above `level2` and x > split.
    """
    ca, sa, ci, si = np.cos(angle), np.sin(angle), np.cos(inclination), np.sin(inclination)
    line = np.array([si * ca, -si * sa, ci])
    right, up = np.array([sa, ca, 0.0]), np.array([-ci * ca, ci * sa, si])
    base = u[:, None] * right + v[:, None] * up
    steps = np.linspace(1.7, -1.1, 450)
    # Far out the potential rises again: look only where the stars are.
    out = np.linspace(0.0, 1.0, 4001)[1:]
    back = out[np.argmax(roche(-out, 0, 0, q) < level1)]
    ahead = 1 + out[np.argmax(roche(1 + out, 0, 0, q) < level2)]
    wide = 1.1 * max(out[np.argmax(roche(x, out, 0, q) < lv)] for x, lv in ((0.0, level1), (1.0, level2)))
    depth, star = np.full(u.size, np.nan), np.zeros(u.size, int)

    def inside(s, rows):
        p = base[rows] + s[:, None] * line
        value = roche(p[:, 0], p[:, 1], p[:, 2], q)
        near = (p[:, 0] > -back) & (p[:, 0] < ahead) & (np.hypot(p[:, 1], p[:, 2]) < wide)
        one = (value > level1) & (p[:, 0] < split) & near
        two = (value > level2) & (p[:, 0] >= split) & near
        return one * 1 + two * 2

    for before, s in itertools.pairwise(steps):
        open_rows = np.flatnonzero(star == 0)
        found = inside(np.full(open_rows.size, s), open_rows)
        rows = open_rows[found > 0]
        star[rows] = found[found > 0]
        high, low = np.full(rows.size, before), np.full(rows.size, s)
        for _ in range(30):
            middle = 0.5 * (high + low)
            hit = inside(middle, rows) > 0
            low, high = np.where(hit, middle, low), np.where(hit, high, middle)
        depth[rows] = low
    return depth, star, base, line


def uniform_flux(angle, inclination, q, level1, level2, split, limb, n=200):
    """Light of two stars of equal surface brightness with linear limb darkening `limb`, by counting rays."""
    step = 3.1 / n
    across, high = (np.arange(n) - 0.5 * n + 0.3) * step, (np.arange(n) - 0.5 * n + 0.4) * step
    u, v = (g.ravel() for g in np.meshgrid(across, high[np.abs(high) < 1.0]))
    cell = step * step
    depth, star, base, line = first_hit(u, v, angle, inclination, q, level1, level2, split)
    hit = star > 0
    p = base[hit] + depth[hit, None] * line
    gradient = np.stack(
        [
            roche(*(p + d).T, q) - roche(*(p - d).T, q)
            for d in (np.array([1e-6, 0, 0]), np.array([0, 1e-6, 0]), np.array([0, 0, 1e-6]))
        ],
        axis=1,
    )
    mu = np.abs(gradient @ line) / np.linalg.norm(gradient, axis=1)
    return cell * np.sum(1 - limb * (1 - np.minimum(mu, 1.0)))
