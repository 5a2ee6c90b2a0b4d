"""goodricke: light curves and spectra from any survey, in one batch.

>>> import goodricke as gr
>>> lcs = gr.LightCurves.from_arrays([1.0, 2.0, 3.0], mag=[2.1, 3.4, 2.1], err=[0.1, 0.1, 0.1], object_id="Algol")
>>> len(lcs), lcs[0].object_id
(1, 'Algol')

Names are loaded when first used, so that ``import goodricke`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodricke.errors import GoodrickeError, ModelError, ReadError
    from goodricke.lightcurves import LightCurve, LightCurves, concatenate
    from goodricke.line import Model, classify, load_model
    from goodricke.output import write
    from goodricke.predictions import Predictions
    from goodricke.spectra import Spectra
    from goodricke.surveys import read, scan
    from goodricke.surveys.spectra import read_spectra
    from goodricke.timeframes import TimeFrame

__version__ = "0.1.0"

_HOMES = {
    "GoodrickeError": "goodricke.errors",
    "LightCurve": "goodricke.lightcurves",
    "LightCurves": "goodricke.lightcurves",
    "Model": "goodricke.line",
    "ModelError": "goodricke.errors",
    "Predictions": "goodricke.predictions",
    "ReadError": "goodricke.errors",
    "Spectra": "goodricke.spectra",
    "TimeFrame": "goodricke.timeframes",
    "classify": "goodricke.line",
    "concatenate": "goodricke.lightcurves",
    "load_model": "goodricke.line",
    "read": "goodricke.surveys",
    "read_spectra": "goodricke.surveys.spectra",
    "scan": "goodricke.surveys",
    "write": "goodricke.output",
}

__all__ = [
    "GoodrickeError",
    "LightCurve",
    "LightCurves",
    "Model",
    "ModelError",
    "Predictions",
    "ReadError",
    "Spectra",
    "TimeFrame",
    "classify",
    "concatenate",
    "load_model",
    "read",
    "read_spectra",
    "scan",
    "write",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'goodricke' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
