"""A made catalogue of binaries, and the figures drawn of it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodricke.output.catalogue_charts import draw_catalogue


def stars(n: int = 1500, **changes: object) -> pa.Table:
    rng = np.random.default_rng(0)
    colour = rng.uniform(0.6, 1.6, n)
    p = rng.beta(0.4, 0.6, n)
    p[:3] = np.nan
    distance = 10 ** rng.uniform(2, 4.2, n)
    columns: dict[str, object] = {
        "object_id": [f"s{k}" for k in range(n)],
        "prob_BINARY": p,
        "ra": rng.uniform(0, 360, n),
        "dec": np.degrees(np.arcsin(rng.uniform(-1, 1, n))),
        "parallax": 1000 / distance,
        "phot_g_mean_mag": 4 + 3 * (colour - 0.8) - 0.75 * (p > 0.5) + 5 * np.log10(distance / 10),
        "bp_rp": colour,
        "rv_difference": np.where(rng.random(n) < 0.5, rng.exponential(15, n), np.nan),
    }
    columns |= changes
    return pa.table({name: values for name, values in columns.items() if values is not None})


def column(table: pa.Table, name: str) -> np.ndarray:
    return table[name].to_numpy(zero_copy_only=False)


def drawn(charts: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """The figures that `charts` would have saved, by the names of their files."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(charts, "save_figure", lambda figure, path: kept.update({path.stem: figure}))
    draw_catalogue(stars(), folder, spectra=stars(4000))
    return kept
