"""Example light curves that ship with the package: synthetic stars in the file formats of real surveys."""

from __future__ import annotations

from pathlib import Path

__all__ = ["path"]


def path(pattern: str = "") -> str:
    """Where the examples lie; with a pattern such as ``"*.csv"`` something ``gr.read`` accepts.

    >>> path("*.dat").endswith("*.dat")
    True
    """
    folder = Path(__file__).parent / "data"
    return str(folder / pattern) if pattern else str(folder)
