from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.train.spectra import material
from goodricke.train.spectra.recipe import load_spectral

RECIPE = load_spectral("spectra-binary")


def test_a_control_switched_off_is_another_material(tmp_path: Path) -> None:
    keys = [
        material._key(replace(RECIPE, without=without), tmp_path)
        for without in ((), ("labels",), ("noise",), ("labels", "noise"), ("noise", "labels"))
    ]
    assert len(set(keys)) == 4
    assert keys[3] == keys[4]


def test_no_control_switched_off_is_the_key_of_a_recipe_without_the_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    dumps = material.json.dumps
    monkeypatch.setattr(material.json, "dumps", lambda own, **options: told.append(dumps(own, **options)) or told[-1])
    material._key(RECIPE, tmp_path)
    assert "without" not in told[0]


def test_controls_of_the_recipe_reach_the_spectra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Seen(Exception):
        pass

    def made(*_: object, **options: object) -> None:
        assert options["without"] == ("labels",)
        raise Seen

    monkeypatch.setattr(material, "source_for", lambda data, libraries: _source())
    monkeypatch.setattr(material, "_noise", lambda data: None)
    monkeypatch.setattr(material, "_population", lambda data: None)
    monkeypatch.setattr(material, "made", made)
    with pytest.raises(Seen):
        material._made(replace(RECIPE, without=("labels",), blends=0), "learn", tmp_path, 0)


def _source() -> material.Source:
    mean = material.shipped()
    names = np.array([f"s{k}" for k in range(20)])
    return material.Source(
        mean, names, np.tile([5600.0, 4.4, 0.0], (20, 1)), np.zeros((20, mean.lattice.n), np.float32)
    )
    residues = np.zeros((20, mean.lattice.n), np.float32)
    return material.Source(mean, names, np.tile([5600.0, 4.4, 0.0], (20, 1)), residues)
