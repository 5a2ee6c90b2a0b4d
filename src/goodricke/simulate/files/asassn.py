"""ASAS-SN csv: fluxes go into files of Sky Patrol v2, magnitudes into files of Sky Patrol v1."""

from __future__ import annotations

from pathlib import Path

from goodricke.lightcurves import Measurements
from goodricke.simulate.files import asassn_v1, asassn_v2

__all__ = ["write"]


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``<object_id>.csv`` for every star."""
    if measured.kind == "flux":
        return asassn_v2.write(measured, folder)
    return asassn_v1.write(measured, folder)
