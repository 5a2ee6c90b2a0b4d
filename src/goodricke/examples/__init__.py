"""Examples that ship with the package: made light curves and made spectra in the file formats of real surveys."""

from __future__ import annotations

from pathlib import Path

__all__ = ["path", "spectra"]


def path(pattern: str = "") -> str:
    """Where the examples lie; with a pattern such as ``"*.csv"`` something ``gr.read`` accepts.

    >>> path("*.dat").endswith("*.dat")
    True
    """
    folder = Path(__file__).parent / "data"
    return str(folder / pattern) if pattern else str(folder)


def spectra(pattern: str = "") -> str:
    """Where the example spectra lie; with a pattern something ``gr.read_spectra`` accepts.

    >>> spectra("*moving*").endswith("*moving*")
    True
    """
    folder = Path(__file__).parent / "spectra"
    return str(folder / pattern) if pattern else str(folder)
