"""How a curve looks: depths, widths, a class and a continuous morphology, from the noise-free curve alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from goodricke.errors import OptionError
from goodricke.simulate.compiled import Floats
from goodricke.simulate.eclipses.minima import Minimum, two_minima
from goodricke.simulate.stars import Columns

__all__ = ["curve_labels"]

# Widths of cos(4 pi phase), by the definitions of ``minima``.
_COSINE_WIDTH, _COSINE_HALF = 0.468, 0.25
# Where fullness passes from one class to the next, and the morphology there: the borders of the Kepler catalogue.
_DETACHED, _SEMI, _CONTACT = 0.3, 0.5, 0.98
_FULLNESS = (0.0, _DETACHED, _SEMI, _CONTACT, 1.1)
_MORPHOLOGY = (0.0, 0.5, 0.7, 0.8, 1.0)
_LIKE = 0.6
_SMALL = 0.1
_SMOOTH_HALF = 0.23
_LEAST_FLUX = 1e-12


def curve_labels(phase: ArrayLike, flux: ArrayLike) -> Columns:
    """Depths, widths, class and morphology of N curves without noise.

    Parameters
    ----------
    phase : array_like, (P,)
        Equal steps over one cycle, the end left out; 0 is the conjunction at which star 1 is behind.
    flux : array_like, (N, P)
        Linear, in any unit.

    Returns
    -------
    dict of numpy.ndarray, (N,)
        ``depth_1``, ``depth_2``: magnitudes of the minima below the maximum, 0 for none; minimum 1 is within 0.15 of
        phase 0, minimum 2 the one that stands out most elsewhere (at least 0.1 away). ``width_1``, ``width_2``: cycles
        from contact to contact, where a contact is the place, outwards from the steepest point of a flank, at which the
        curve (in magnitudes) rises a fifth as fast; about 0.47 for a sine wave, which has no contacts.
        ``secondary_phase``: middle of minimum 2 at half its depth. ``amplitude``: magnitudes from maximum to minimum.
        ``eclipsed_light``: part of the light at maximum that is missing at minimum. ``fullness``: widths over those of
        cos(4 pi phase), mean of those between contacts and at half depth, of both minima weighted by depth.
        ``morphology``: fullness stretched so that the borders are those of Matijevic et al. (2012, AJ 143, 123):
        below 0.5 detached, to 0.7 semi-detached, to 0.8 contact, above ellipsoidal. ``label_shape``: see below. NaN and
        ``none`` for a curve that is not all positive numbers.

    Raises
    ------
    OptionError
        When the phases are not equal steps of one cycle, or shapes do not agree.

    Notes
    -----
    Classes follow the words of the General Catalogue of Variable Stars (Samus et al. 2017, ARep 61, 80), first match:

    ======  ===========================================================================================
    ELL     fullness above 0.98 (as smooth as a sine); or amplitude below 0.1 mag, half widths above 0.23
    EA      fullness below 0.3: flat, or nearly, between eclipses with sharp contacts
    EB      fullness below 0.5, or depths unlike: the lesser below 0.6 of the greater
    EW      the rest: always changing, minima of like depth
    ======  ===========================================================================================

    Examples
    --------
    >>> phase = np.arange(200) / 200
    >>> labels = curve_labels(phase, 1 - 0.1 * np.cos(4 * np.pi * phase)[None])
    >>> labels["label_shape"].tolist(), labels["secondary_phase"].round(3).tolist()
    (['ELL'], [0.5])
    """
    start, curves = _from_zero(np.asarray(phase, float), np.atleast_2d(np.asarray(flux, float)))
    good = np.isfinite(curves).all(axis=1) & (curves.max(axis=1, initial=0.0) > 0)
    curves = np.where(good[:, None], np.maximum(curves, _LEAST_FLUX), 1.0)
    mag = -2.5 * np.log10(curves / curves.max(axis=1, keepdims=True))
    first, second = two_minima(start, mag)
    full = _fullness(first, second)
    amplitude = mag.max(axis=1)
    numbers = {
        "depth_1": first.depth,
        "depth_2": second.depth,
        "width_1": first.width,
        "width_2": second.width,
        "secondary_phase": second.phase,
        "amplitude": amplitude,
        "eclipsed_light": 1.0 - 10.0 ** (-0.4 * amplitude),
        "fullness": full,
        "morphology": np.interp(full, _FULLNESS, _MORPHOLOGY),
    }
    labels: Columns = {name: np.where(good, values, np.nan) for name, values in numbers.items()}
    labels["label_shape"] = np.where(good, _classes(first, second, full, amplitude), "none")
    return labels


def _from_zero(phase: Floats, flux: Floats) -> tuple[float, Floats]:
    """Phase of the first point from 0 on, and the curves from there."""
    if phase.ndim != 1 or flux.shape[1:] != phase.shape or phase.size < 20:
        raise OptionError(f"phases {phase.shape}, fluxes {flux.shape}: give (P,) and (N, P) with 20 phases or more")
    turned = phase % 1.0
    turned[turned > 1.0 - 1e-9] = 0.0
    order = np.argsort(turned)
    steps = np.diff(np.append(turned[order], 1.0 + turned[order[0]]))
    if not np.allclose(steps, 1.0 / phase.size, rtol=0.0, atol=1e-6):
        raise OptionError(f"phases step by {steps.min():.4g} to {steps.max():.4g}: give equal steps without the end")
    return float(turned[order[0]]), flux[:, order]


def _fullness(first: Minimum, second: Minimum) -> Floats:
    wide = _weighted(first.depth, first.width, second.depth, second.width) / _COSINE_WIDTH
    return 0.5 * (wide + _weighted(first.depth, first.half_width, second.depth, second.half_width) / _COSINE_HALF)


def _weighted(depth: Floats, width: Floats, other_depth: Floats, other_width: Floats) -> Floats:
    """Mean width weighted by depth; half a cycle for a constant curve, which is as smooth as can be."""
    total = depth + other_depth
    both = np.where(depth > 0, depth * width, 0.0) + np.where(other_depth > 0, other_depth * other_width, 0.0)
    return np.where(total > 0, both / np.where(total > 0, total, 1.0), 0.5)


def _classes(first: Minimum, second: Minimum, full: Floats, amplitude: Floats) -> Floats:
    """Class of each curve, by the table of ``curve_labels``."""
    lesser, greater = np.minimum(first.depth, second.depth), np.maximum(first.depth, second.depth)
    half = _weighted(first.depth, first.half_width, second.depth, second.half_width)
    smooth = (full > _CONTACT) | ((half > _SMOOTH_HALF) & (amplitude < _SMALL))
    rules = [smooth, full < _DETACHED, (full < _SEMI) | (lesser < _LIKE * greater)]
    return np.select(rules, ["ELL", "EA", "EB"], "EW")
