"""The controls that made spectra stand on, by name: an ablation switches one off to see what it was worth."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from goodricke.errors import OptionError

__all__ = ["CONTROLS", "check", "refusal"]

CONTROLS: dict[str, str] = {
    "summed": (
        "Both classes are moved in Fourier space; without, star 2 of a binary is moved, by the whole of its velocity, "
        "with straight lines between pixels, which smooths it; star 1 and both halves of a single stay sharp."
    ),
    "labels": (
        "A single has the labels that a binary of the same law looks like; without, those of its primary, and rotates "
        "and deviates from the mean star as that does."
    ),
    "alike": "Both components deviate as one real star; without, those of a binary as two different ones.",
    "widths": (
        "A single has the lines of a rotating star and no others; without, they are wider by what fits the binary best."
    ),
    "noise": "Both classes have one law of S/N; without, singles have 1.5 times that of binaries.",
}
"""Name -> what the control does, and what is made without it."""


def check(without: Sequence[str]) -> None:
    """Refuse names that are no controls.

    Parameters
    ----------
    without : names
        Some of `CONTROLS`, or none.

    Raises
    ------
    OptionError
        With the nearest name.

    Examples
    --------
    >>> check(("labels", "noise"))
    """
    if why := refusal(without):
        raise OptionError(why)


def refusal(without: Sequence[str]) -> str:
    """Why these are not names of controls; empty where they are.

    >>> refusal(("label",))
    "control 'label' is not known; did you mean 'labels'?"
    """
    if isinstance(without, str):
        return f"without is a list of names, not {without!r}; give [{without!r}]"
    for name in without:
        if name not in CONTROLS:
            near = get_close_matches(str(name), CONTROLS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(CONTROLS)}"
            return f"control {name!r} is not known; {hint}"
    return ""
