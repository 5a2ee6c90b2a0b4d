"""Laws of limb darkening: intensity over that of the centre, mean of the disc, and light within a circle.

With m = cosine of the angle from the normal and coefficients a, b:

====== ============== ==================================
code   name           intensity
====== ============== ==================================
0      quadratic      1 - a (1 - m) - b (1 - m)^2
1      logarithmic    1 - a (1 - m) - b m ln m
2      square-root    1 - a (1 - m) - b (1 - sqrt m)
3      power-2        1 - a (1 - m^b)
====== ============== ==================================

``linear`` is quadratic with b = 0. Claret 2000, A&A 363, 1081; Maxted 2018, A&A 616, A39 for power-2.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

from goodricke.errors import OptionError
from goodricke.simulate.compiled import kernel

__all__ = ["LimbLaw", "darkening", "law_code", "light_outside", "mean_intensity"]

LimbLaw = Literal["linear", "quadratic", "logarithmic", "square-root", "power-2"]
_CODES = {"linear": 0, "quadratic": 0, "logarithmic": 1, "square-root": 2, "power-2": 3}


def law_code(name: str) -> int:
    """Number of a law.

    Raises
    ------
    OptionError
        When the name is not one of ``LimbLaw``.
    """
    if name not in _CODES:
        raise OptionError(f"limb-darkening law {name!r} is not one of {', '.join(get_args(LimbLaw))}")
    return _CODES[name]


@kernel
def darkening(law: int, a: float, b: float, m: float) -> float:
    """Intensity at `m` over that at the centre of the disc."""
    k = 1.0 - m
    if law == 0:
        return 1.0 - k * (a + b * k)
    if m <= 0.0:
        return 1.0 - a - (b if law == 2 else 0.0)
    if law == 1:
        return 1.0 - a * k - b * m * math.log(m)
    if law == 2:
        return 1.0 - a * k - b * (1.0 - math.sqrt(m))
    return 1.0 - a * (1.0 - math.pow(m, b))


@kernel
def light_outside(law: int, a: float, b: float, m: float) -> float:
    """Light of the disc, in units of pi times the central intensity, from the centre out to `m`: 2 int_m^1 I m dm."""
    m2 = m * m
    if law == 0:
        # I m = (1 - a - b) m + (a + 2 b) m^2 - b m^3
        return (1.0 - a - b) * (1.0 - m2) + 2.0 / 3.0 * (a + 2.0 * b) * (1.0 - m2 * m) - 0.5 * b * (1.0 - m2 * m2)
    if law == 3:
        return (1.0 - a) * (1.0 - m2) + 2.0 * a / (b + 2.0) * (1.0 - math.pow(m, b + 2.0))
    base = (1.0 - a) * (1.0 - m2) + 2.0 / 3.0 * a * (1.0 - m2 * m)
    if law == 1:
        log_part = m2 * m * (math.log(m) - 1.0 / 3.0) if m > 0.0 else 0.0
        return base - 2.0 / 3.0 * b * (-1.0 / 3.0 - log_part)
    return base - b * (1.0 - m2) + 0.8 * b * (1.0 - m2 * math.sqrt(m))


@kernel
def mean_intensity(law: int, a: float, b: float) -> float:
    """Mean over the disc of intensity over that of the centre."""
    return light_outside(law, a, b, 0.0)
