"""Names of what is seen in spectra of stars: lines and bands with their wavelengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError

__all__ = ["FEATURES", "Feature", "features_in", "reasons_in_words", "share_by_feature"]


@dataclass(frozen=True)
class Feature:
    """A line, a blend or a band.

    Parameters
    ----------
    name : str
        As astronomers call it.
    low, high : float
        Where it is seen at low resolution, Angstrom in vacuum, in the star's rest frame.
    is_band : bool
        Of a molecule: drawn as a bar and not as a tick.
    is_strong : bool
        Whether its name comes first where there is room for few.
    """

    name: str
    low: float
    high: float
    is_band: bool = False
    is_strong: bool = False

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return (self.low + self.high) / 2


def _line(name: str, *at: float, room: float = 6.0, strong: bool = False) -> Feature:
    return Feature(name, min(at) - room, max(at) + room, False, strong)


FEATURES: tuple[Feature, ...] = (
    Feature("CN", 3850.0, 3884.5, True),
    _line("Ca K", 3934.78, room=10.0, strong=True),
    _line("Ca H, Hε", 3969.59, 3971.20, room=10.0, strong=True),
    _line("Hδ", 4102.89, room=10.0, strong=True),
    Feature("CN", 4143.0, 4178.0, True),
    _line("Ca I", 4227.92),
    Feature("G band (CH)", 4282.0, 4317.0, True, True),
    _line("Hγ", 4341.68, room=10.0, strong=True),
    _line("Fe 4383", 4384.78),
    _line("Fe 4405", 4405.99),
    _line("Fe 4668", 4668.0, room=18.0),
    Feature("TiO", 4762.0, 4850.0, True),
    _line("Hβ", 4862.68, room=10.0, strong=True),
    Feature("TiO", 4956.0, 5060.0, True),
    Feature("MgH", 5102.0, 5162.0, True),
    _line("Mg b", 5168.76, 5174.13, 5185.05, strong=True),
    _line("Fe 5270", 5271.0, room=10.0),
    _line("Fe 5335", 5329.9, 5342.5),
    _line("Fe 5406", 5407.3),
    Feature("TiO", 5450.0, 5550.0, True),
    _line("Fe 5709", 5711.0),
    Feature("TiO", 5849.0, 5885.0, True),
    _line("Na D", 5891.58, 5897.56, strong=True),
    _line("Ca I 6162", 6163.88, room=4.0),
    Feature("TiO", 6160.0, 6270.0, True),
    _line("Ba II, Fe", 6498.7),
    _line("Hα", 6564.61, room=10.0, strong=True),
    Feature("CaH", 6760.0, 7040.0, True),
    Feature("TiO", 7055.0, 7160.0, True),
    _line("Ca II 8500", 8500.36),
    _line("Ca II 8544", 8544.44),
    _line("Ca II 8665", 8664.52),
)
"""Rising in wavelength. Lines after Allen's Astrophysical Quantities and NIST, bands after the Lick indices (Worthey et
al. 1994) and the heads of Pearse & Gaydon, all brought to vacuum."""


def features_in(low: float, high: float) -> tuple[Feature, ...]:
    """Features whose middle lies between two wavelengths.

    >>> [feature.name for feature in features_in(5100, 5300)]
    ['MgH', 'Mg b', 'Fe 5270']
    """
    return tuple(feature for feature in FEATURES if low <= feature.middle <= high)


def share_by_feature(wave: ArrayLike, share: ArrayLike, most: int = 4) -> tuple[tuple[str, float], ...]:
    """Which features what was said of each pixel comes from: names with their sums, the largest first.

    Pixels in two features count for the narrower one; what lies in none is summed as ``elsewhere``.

    Parameters
    ----------
    wave : (P,)
        Angstrom in vacuum, rest frame.
    share : (P,)
        Log odds by pixel; NaN counts as nothing.
    most : int
        How many to name.

    Examples
    --------
    >>> share_by_feature([5169.0, 5174.0, 5600.0, 6564.0], [0.5, 0.25, 0.125, -0.5])
    (('Mg b', 0.75), ('Hα', -0.5), ('elsewhere', 0.125))
    """
    at, said = np.asarray(wave, dtype=np.float64), np.nan_to_num(np.asarray(share, dtype=np.float64))
    if at.shape != said.shape or at.ndim != 1:
        raise DataError(f"as many shares as wavelengths are wanted; their shapes are {said.shape} and {at.shape}")
    left: NDArray[np.bool_] = np.ones(len(at), dtype=bool)
    total: dict[str, float] = {}
    for feature in sorted(FEATURES, key=lambda one: one.high - one.low):
        mine = left & (at >= feature.low) & (at <= feature.high)
        if mine.any():
            total[feature.name] = total.get(feature.name, 0.0) + float(said[mine].sum())
            left &= ~mine
    if left.any():
        total["elsewhere"] = float(said[left].sum())
    ranked = sorted(total.items(), key=lambda item: -abs(item[1]))
    return tuple((name, value) for name, value in ranked[:most] if value)


_TOLD_FOR, _TOLD_AGAINST = 3, 2
_WORTH_TELLING = 0.05  # log odds
_WIDEST = 60.0  # Angstrom


def reasons_in_words(wave: ArrayLike, share: ArrayLike) -> str:
    """Where a decision comes from, in a sentence: lines, bands, and what lies between them, with their wavelengths.

    Parameters
    ----------
    wave, share : (P,)
        As for `share_by_feature`. Empty text when every share is NaN.

    Examples
    --------
    >>> reasons_in_words([5164.0, 5170.0, 5186.0, 6560.0], [0.5, 0.25, 0.0, -0.5])
    'most speaks for a binary: Mg b 5164-5186 (+0.8); against: Hα 6560-6560 (−0.5)'
    >>> reasons_in_words([5164.0, 5170.0], [0.0, 0.01])
    'no stretch of wavelengths speaks for or against a binary'
    """
    at, said = np.asarray(wave, dtype=np.float64), np.asarray(share, dtype=np.float64)
    if not np.isfinite(said).any():
        return ""
    said = np.nan_to_num(said)
    owner = np.full(len(at), -1)
    for place, feature in sorted(enumerate(FEATURES), key=lambda one: one[1].low - one[1].high):
        owner[(at >= feature.low) & (at <= feature.high)] = place
    # A band may be cut in two by a line: each piece is told by itself, as is each gap between features. Wide ones are
    # cut further, else they would come first for their width alone.
    whole = np.split(np.arange(len(at)), np.flatnonzero(np.diff(owner)) + 1)
    pieces = [
        part
        for piece in whole
        for part in np.array_split(piece, min(len(piece), 1 + int((at[piece[-1]] - at[piece[0]]) / _WIDEST)))
    ]
    names = [f"{FEATURES[owner[piece[0]]].name} " if owner[piece[0]] >= 0 else "" for piece in pieces]
    told = [
        (f"{name}{at[piece[0]]:.0f}-{at[piece[-1]]:.0f}", float(said[piece].sum()))
        for name, piece in zip(names, pieces, strict=True)
    ]
    best = sorted((one for one in told if one[1] >= _WORTH_TELLING), key=lambda one: -one[1])[:_TOLD_FOR]
    worst = sorted((one for one in told if one[1] <= -_WORTH_TELLING), key=lambda one: one[1])[:_TOLD_AGAINST]
    words = [
        f"{head}: " + ", ".join(f"{name} ({f'{value:+.1f}'.replace('-', '−')})" for name, value in part)
        for head, part in (("most speaks for a binary", best), ("against", worst))
        if part
    ]
    return "; ".join(words) or "no stretch of wavelengths speaks for or against a binary"
