"""Candidates: the peaks of the periodogram and their relatives, refined, and described in numbers.

An eclipsing binary with two like eclipses has its strongest peak at half the orbit, one with narrow eclipses at a third
or a quarter, a pulsator at its period; a night's sampling adds aliases. So every peak is tried at 1/2, 1, 2, 3 and 4
times its period, and the evidence in each folded curve is written down for the chooser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.period.folds import binned, scatter

__all__ = ["FEATURES", "Candidates", "candidates_of"]

Floats = NDArray[np.float64]

MULTIPLES = (1.0, 2.0, 3.0, 4.0, 0.5)
COMB_MULTIPLES = (1.0, 2.0, 0.5)
N_PEAKS = 8
COMBS = ((10, 5), (4, 4))
"""How many harmonics are summed, and how many peaks of the sum are tried."""
_BINS = 30
_HALF = 50  # bins in half a cycle, where odd and even eclipses are compared
_STEPS = np.linspace(-0.25, 0.25, 13)  # units of 1/span: a peak is known to a tenth of its width, twice that at P/2

FEATURES = (
    "log_period", "cycles", "multiple", "rank", "relative_power", "power", "power_half", "evidence", "gain_over_half",
    "gain_of_double", "log_reduction", "depth", "second_depth", "second_phase", "n_minima", "asymmetry", "below_middle",
    "sharp_minimum", "sharp_maximum", "a2", "a3", "a4", "phi21_cos", "phi21_sin", "phi31_cos", "phi31_sin", "skew",
    "log_amplitude", "signal_to_noise", "log_n", "day_alias", "filled", "best_of_family", "from_comb",
    "odd_even", "odd_even_of_double", "second_significance", "primary_significance", "evidence_fine",
    "halves_depth", "halves_ratio", "halves_shape", "halves_depth_of_double", "halves_ratio_of_double",
    "halves_shape_of_double",
)  # fmt: skip
"""What is known of a candidate, in the order of the columns of ``Candidates.features``."""


@dataclass(frozen=True)
class Candidates:
    """Trial periods of one star (C,) and what each looks like (C, len(FEATURES))."""

    frequency: Floats
    features: Floats


def candidates_of(
    time: Floats, flux: Floats, err: Floats, peak: tuple[Floats, Floats], combs: Sequence[tuple[Floats, Floats]]
) -> Candidates:
    """Describe the relatives of the peaks.

    Parameters
    ----------
    time : (n,)
        Days from the first point.
    flux, err : (n,)
        Relative flux, and its error (no tiny ones: see ``goodricke.period.search.floored``).
    peak : frequencies (k,) and powers (k,)
        Peaks of the periodogram, highest first.
    combs : pairs like `peak`
        Peaks of its harmonic sums, the one with the most harmonics first.

    Notes
    -----
    Cost: some 50 trial periods times 13 refining steps times n points.
    """
    span = float(time[-1])
    weight = 1.0 / err**2
    weight /= weight.mean()
    value = flux - np.sum(weight * flux) / np.sum(weight)
    from_combs = [_relatives(*comb, COMB_MULTIPLES, 1.0 / (k + 1)) for k, comb in enumerate(combs)]
    tried = np.concatenate([_relatives(*peak, MULTIPLES, 0.0), *from_combs])
    tried = _once(tried[tried[:, 0] > 0.5 / span], 0.2 / span)
    trial, strength, multiple, rank, is_comb = tried.T
    frequency, chi2, n_used = _refined(time, value, weight, trial, span)
    features = _described(time, value, weight, err, frequency, chi2, n_used)
    evidence, fine = FEATURES.index("evidence"), FEATURES.index("evidence_fine")
    best = int(np.argmin(features[:, evidence]))
    features[:, evidence] -= features[best, evidence]
    features[:, fine] -= features[:, fine].min()
    family = np.isin(np.round(frequency / frequency[best] * 12.0, 1), (3.0, 4.0, 6.0, 12.0, 24.0, 36.0))
    given = {
        "multiple": multiple,
        "rank": rank,
        "relative_power": strength,
        "power": np.full(len(trial), peak[1][0]),
        "best_of_family": family.astype(np.float64),
        "from_comb": is_comb,
    }
    for name, column in given.items():
        features[:, FEATURES.index(name)] = column
    return Candidates(frequency, features)


def _relatives(frequency: Floats, power: Floats, multiples: tuple[float, ...], comb: float) -> Floats:
    """Rows (k * m, 5): trial frequency, power over that of the highest peak, multiple of the period, rank, comb."""
    k, m = len(frequency), len(multiples)
    times = np.tile(np.array(multiples), k)
    strength = np.repeat(power / power[0], m)
    rank = np.repeat(np.arange(k, dtype=np.float64), m)
    return np.stack([np.repeat(frequency, m) / times, strength, times, rank, np.full(k * m, comb)], axis=1)


def _once(tried: Floats, apart: float) -> Floats:
    """The rows without those whose frequency another row, of a higher peak, has already."""
    by_frequency = np.argsort(tried[:, 0], kind="stable")
    group = np.concatenate([[0], np.cumsum(np.diff(tried[by_frequency, 0]) > apart)])
    first = np.full(group[-1] + 1, len(tried))
    np.minimum.at(first, group, by_frequency)
    return np.asarray(tried[np.sort(first)])


def _refined(time: Floats, value: Floats, weight: Floats, trial: Floats, span: float) -> tuple[Floats, Floats, Floats]:
    """The frequency near each trial whose fold scatters least, that scatter, and its number of filled bins."""
    near = (trial[:, None] + _STEPS / span).ravel()
    chi2, filled = scatter(time, value, weight, near, _BINS)
    chi2, filled = chi2.reshape(len(trial), -1), filled.reshape(len(trial), -1)
    line, best = np.arange(len(trial)), np.argmin(chi2, axis=1)
    inner = np.clip(best, 1, len(_STEPS) - 2)
    before, here, after = (chi2[line, inner + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = np.where((best == inner) & (bend > 0), 0.5 * (before - after) / bend, 0.0)
    step = (_STEPS[1] - _STEPS[0]) / span
    return near.reshape(len(trial), -1)[line, best] + step * shift, chi2[line, best], filled[line, best]


def _described(
    time: Floats, value: Floats, weight: Floats, err: Floats, frequency: Floats, chi2: Floats, filled: Floats
) -> Floats:
    n, c = len(time), len(frequency)
    out = np.zeros((c, len(FEATURES)))

    def put(name: str, column: Floats | float) -> None:
        out[:, FEATURES.index(name)] = column

    half, half_bins = scatter(time, value, weight, 2.0 * frequency, _BINS // 2)
    double, double_bins = scatter(time, value, weight, 0.5 * frequency, 2 * _BINS)
    fine, fine_bins = scatter(time, value, weight, frequency, 3 * _BINS)
    log_n = np.log(n)
    information = n * np.log(chi2 / n) + filled * log_n
    put("evidence", information / n)
    put("gain_over_half", (n * np.log(half / n) + half_bins * log_n - information) / n)
    put("gain_of_double", (information - n * np.log(double / n) - double_bins * log_n) / n)
    put("evidence_fine", (n * np.log(fine / n) + fine_bins * log_n) / n)
    put("log_reduction", np.log(chi2 / np.sum(weight * value**2)))
    put("log_period", -np.log10(frequency))
    put("cycles", np.log10(frequency * time[-1]))
    put("power_half", np.log(half / chi2))
    put("filled", filled / _BINS)
    put("log_n", np.log10(n))
    put("day_alias", np.abs(frequency - np.round(frequency)))
    low, middle, high = np.quantile(value, [0.05, 0.5, 0.95])
    put("skew", (high + low - 2.0 * middle) / max(high - low, 1e-9))
    put("log_amplitude", np.log10(max(high - low, 1e-6)))
    put("signal_to_noise", np.log10(max(high - low, 1e-6) / np.median(err)))
    variance = chi2 / np.maximum(n - filled, 1.0)
    for name, column in _odd_even(time, value, weight, frequency, variance).items():
        put(name, column)
    for ending, trial in (("", frequency), ("_of_double", 0.5 * frequency)):
        for name, column in _halves(*binned(time, value, weight, trial, 2 * _HALF), variance).items():
            put(name + ending, column)
    for name, column in _shape(*binned(time, value, weight, frequency, _BINS)).items():
        put(name, column)
    return out


def _odd_even(time: Floats, value: Floats, weight: Floats, frequency: Floats, variance: Floats) -> dict[str, Floats]:
    """Differences of depth in standard deviations (C,), as logarithms that keep the sign.

    Between the primary minimum and the point half a cycle later, at the period and at its double (odd and even
    eclipses); and of the primary and of the deepest other dip from the level outside.
    """
    b = 2 * _BINS
    found: dict[str, Floats] = {}
    for name, trial in (("odd_even", frequency), ("odd_even_of_double", 0.5 * frequency)):
        depth, sigma = _dips(*binned(time, value, weight, trial, b), variance)
        line, primary = np.arange(len(trial)), np.argmax(np.where(np.isfinite(sigma), depth, -np.inf), axis=1)
        opposite = (primary + b // 2) % b
        spread = np.hypot(sigma[line, primary], sigma[line, opposite])
        found[name] = _signed_log((depth[line, primary] - depth[line, opposite]) / spread)
        if name == "odd_even":
            away = np.abs((np.arange(b) - primary[:, None] + b // 2) % b - b // 2) > b // 5
            other = np.argmax(np.where(away & np.isfinite(sigma), depth, -np.inf), axis=1)
            found["primary_significance"] = _signed_log(depth[line, primary] / sigma[line, primary])
            found["second_significance"] = _signed_log(depth[line, other] / sigma[line, other])
    return found


def _halves(profile: Floats, total: Floats, variance: Floats) -> dict[str, Floats]:
    """How the two halves of a cycle differ where they dip: the test of odd against even eclipses.

    What both halves have in common is the template; its depth is fitted to either half. ``depth`` is the difference in
    standard deviations and ``ratio`` the same relative to the deeper, ``shape`` the excess of the bins' differences
    inside the dip, in standard deviations of chi square.
    """
    first, second = profile[:, :_HALF], profile[:, _HALF:]
    w1, w2 = total[:, :_HALF], total[:, _HALF:]
    first, second = np.where(w1 > 0, first, 0.0), np.where(w2 > 0, second, 0.0)
    both = (w1 > 0) & (w2 > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        common = np.where(w1 + w2 > 0, (first * w1 + second * w2) / (w1 + w2), np.nan)
        level = np.nanmedian(common, axis=1)[:, None]
        template = np.nan_to_num(np.maximum(level - common, 0.0))
        template[template < 0.2 * template.max(axis=1, keepdims=True)] = 0.0
        norm1, norm2 = np.sum(w1 * template**2, axis=1), np.sum(w2 * template**2, axis=1)
        depth1 = np.sum(w1 * template * (level - first), axis=1) / norm1
        depth2 = np.sum(w2 * template * (level - second), axis=1) / norm2
        sigma = np.sqrt(variance * (1.0 / norm1 + 1.0 / norm2))
        inside = both & (template > 0)
        square = np.where(inside, (first - second) ** 2 / (1.0 / w1 + 1.0 / w2), 0.0).sum(axis=1) / variance
    degrees = np.maximum(inside.sum(axis=1), 1)
    difference = np.abs(depth1 - depth2)
    deeper = np.maximum(np.maximum(depth1, depth2), 1e-9)
    return {
        "halves_depth": _signed_log(np.where(sigma > 0, difference / np.where(sigma > 0, sigma, 1.0), 0.0)),
        "halves_ratio": np.clip(np.nan_to_num(difference / deeper), 0.0, 3.0),
        "halves_shape": _signed_log((square - degrees) / np.sqrt(2.0 * degrees)),
    }


def _dips(profile: Floats, total: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """How far three neighbouring bins lie below the median of the curve (C, b), and its error; inf when empty."""
    weight = total + np.roll(total, 1, 1) + np.roll(total, -1, 1)
    product = np.where(total > 0, profile, 0.0) * total
    with np.errstate(invalid="ignore", divide="ignore"):
        level = (product + np.roll(product, 1, 1) + np.roll(product, -1, 1)) / weight
        sigma = np.sqrt(variance[:, None] / weight)
    return np.nanmedian(level, axis=1)[:, None] - np.nan_to_num(level), np.where(weight > 0, sigma, np.inf)


def _signed_log(z: Floats) -> Floats:
    return np.asarray(np.sign(z) * np.log1p(np.abs(np.nan_to_num(z, posinf=0.0, neginf=0.0))))


def _shape(profile: Floats, total: Floats) -> dict[str, Floats]:
    """Shape of folded curves (C, bins): depths, minima, symmetry, sharpness and Fourier ratios, smoothed a little."""
    c, b = profile.shape
    profile = _gaps_filled(profile, total)
    smooth = (np.roll(profile, 1, 1) + 2.0 * profile + np.roll(profile, -1, 1)) / 4.0
    line = np.arange(c)
    bottom = np.argmin(smooth, axis=1)
    # Phase 0 at the deepest point; rows are copies, so that every curve can be looked at alike.
    turned = smooth[line[:, None], (bottom[:, None] + np.arange(b)) % b]
    floor, roof = turned.min(axis=1), turned.max(axis=1)
    height = np.maximum(roof - floor, 1e-9)
    curve = (turned - floor[:, None]) / height[:, None]
    middle = curve[:, b // 4 : -(b // 4)]
    second = np.argmin(middle, axis=1)
    is_minimum = (curve < np.roll(curve, 1, 1)) & (curve <= np.roll(curve, -1, 1)) & (curve < 0.7)
    fourier = np.fft.rfft(curve, axis=1)[:, 1:5]
    first = np.maximum(np.abs(fourier[:, 0]), 1e-9)
    phase = np.angle(fourier)
    phi21, phi31 = phase[:, 1] - 2.0 * phase[:, 0], phase[:, 2] - 3.0 * phase[:, 0]
    mirrored = curve[:, (-np.arange(b)) % b]
    return {
        "depth": np.log10(height),
        "second_depth": 1.0 - middle[line, second],
        "second_phase": (second + b // 4) / b,
        "n_minima": is_minimum.sum(axis=1).astype(np.float64),
        "asymmetry": np.sqrt(np.mean((curve - mirrored) ** 2, axis=1)),
        "below_middle": np.mean(curve < 0.5, axis=1),
        "sharp_minimum": (curve[:, 1] + curve[:, -1]) / 2.0,
        "sharp_maximum": 1.0 - np.sort(curve, axis=1)[:, -4],
        "a2": np.abs(fourier[:, 1]) / first,
        "a3": np.abs(fourier[:, 2]) / first,
        "a4": np.abs(fourier[:, 3]) / first,
        "phi21_cos": np.cos(phi21),
        "phi21_sin": np.sin(phi21),
        "phi31_cos": np.cos(phi31),
        "phi31_sin": np.sin(phi31),
    }


def _gaps_filled(profile: Floats, total: Floats) -> Floats:
    """Empty bins take the value of the nearest filled bin before them, around the circle."""
    c, b = profile.shape
    filled = total > 0
    twice = np.concatenate([filled, filled], axis=1)
    last = np.maximum.accumulate(np.where(twice, np.arange(2 * b), -1), axis=1)[:, b:] % b
    return np.asarray(profile[np.arange(c)[:, None], last])
