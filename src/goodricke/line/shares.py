"""What every window of a light curve adds to a decision, from what the model says with it alone and with all but it.

Either question alone misleads. Without one of two like eclipses a star is still an eclipsing binary, so that neither
would count; and a dip alone on level light looks like an eclipse whatever the rest says. Their mean has the first and
the last term of the Shapley value of the window (Shapley 1953; Strumbelj & Kononenko 2010): what it adds, whatever else
is there. Within a window the effect is shared in proportion to how far the light is from its level, since where it is
level nothing is changed; and so is what the windows lack to the whole, so that all shares add up to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["part_of_all", "shares", "states"]

Floats = NDArray[np.float64]

# Half windows. Narrower windows cut wide minima to pieces that say little, wider ones hold two things: of 2, 3, 4 and 6
# steps out of 24, 4 comes nearest to Shapley values from many orders, on stars of ASAS-3.
_WIDTH = 8
_NEVER_NOTHING = 1e-3  # of the mean change: a window in which all is level shares what little effect it has evenly


def states(halves: int, around: bool, width: int = _WIDTH, step: int = 2) -> NDArray[np.bool_]:
    """Which half windows are as they are, in every state that the model is asked about (1 + 2 K, H).

    None; those of each window alone; all but those of each window. Where the axis has ends, a window may stand out over
    them, so that all are in as many windows.

    Parameters
    ----------
    halves : int
        H, a multiple of `step`.
    around : bool
        Whether the last is the neighbour of the first.
    width : int
        Half windows in a window.
    step : int
        Half windows from the beginning of a window to that of the next.

    Examples
    --------
    >>> states(48, True).shape, states(48, False).shape
    ((49, 48), (55, 48))
    """
    window = _windows(halves, around, width, step)
    return np.concatenate([np.zeros((1, halves), dtype=bool), window, ~window])


def shares(answers: Floats, whole: float, change: Floats, around: bool, width: int = _WIDTH, step: int = 2) -> Floats:
    """What every half window adds to the log odds (H,).

    Parameters
    ----------
    answers : (1 + 2 K,)
        Log odds in the `states`.
    whole : float
        Log odds of the star as it is. The shares add up to it less the first answer.
    change : (H,)
        How far the light is from its level.
    around, width, step
        As for `states`.

    Examples
    --------
    >>> change = np.zeros(48)
    >>> change[[1, 24]] = 1.0
    >>> answers = states(48, True) @ change  # of a model that adds up what it sees
    >>> shares(answers, 2.0, change, True)[[0, 1, 2, 24]].round(1).tolist()
    [0.0, 1.0, 0.0, 1.0]
    """
    window = _windows(len(change), around, width, step)
    alone, without = answers[1:].reshape(2, -1)
    effect = 0.5 * ((alone - answers[0]) + (whole - without))
    matters = change + _NEVER_NOTHING * (change.mean() or 1.0)
    part = window * matters
    found = (effect / part.sum(axis=1)) @ part / window.sum(axis=0)
    return np.asarray(found + (whole - answers[0] - found.sum()) * matters / matters.sum())


def part_of_all(halves: int) -> float:
    """Which part of the light curve is in a window.

    >>> round(1.0 / part_of_all(48), 6)
    6.0
    """
    return min(_WIDTH / halves, 1.0)


def _windows(halves: int, around: bool, width: int, step: int) -> NDArray[np.bool_]:
    """Half windows of every window (K, H)."""
    away = np.arange(halves) - np.arange(0 if around else step - width, halves, step)[:, None]
    return np.asarray((away % halves if around else away) < width) & (around | (away >= 0))
