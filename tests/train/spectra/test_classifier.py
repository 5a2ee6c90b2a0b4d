"""From a recipe to a bundle, small: a few hundred made spectra."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.line import load_model
from goodricke.models import load_bundle
from goodricke.train.spectra import material as rooms
from goodricke.train.spectra.classifier import CLASSES, train_spectral
from goodricke.train.spectra.material import PARTS, material
from goodricke.train.spectra.recipe import SpectralRecipe, load_spectral

pytest.importorskip("torch", reason="networks are trained here")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SpectralRecipe:
    monkeypatch.setattr(rooms, "_SHARD", 192)
    recipe = load_spectral("spectra-binary")
    training = {**recipe.training, "epochs": 1, "batch": 64}
    settings = {"widths": [4, 8], "hidden": 16, "filters": 40}
    return replace(recipe, shards=2, judged=1, blends=100, training=training, settings=settings)


@pytest.mark.slow
def test_parts_share_no_star_and_are_made_once(small: SpectralRecipe, shared_data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    parts = {part: material(small, part, shared_data / "spectra", tmp_path, 1, said.append) for part in PARTS}
    stars = [set(part.truth["star"]) for part in parts.values()]
    assert sum(map(len, stars)) == len(set.union(*stars))
    assert len(said) == 4
    again = material(small, "test", shared_data / "spectra", tmp_path, 1, said.append)
    assert len(said) == 4
    np.testing.assert_array_equal(again.seen.left, parts["test"].seen.left)
    binary = parts["learn"].truth["binary"]
    assert 0.4 < binary.mean() < 0.6
    assert np.isnan(parts["learn"].truth["q"][~binary]).all()


@pytest.mark.slow
@pytest.mark.parametrize("network", ["companions", "residual"])
def test_a_recipe_becomes_a_bundle(small: SpectralRecipe, shared_data: Path, tmp_path: Path, network: str) -> None:
    settings = small.settings if network == "companions" else {"widths": [4, 8], "hidden": 16, "positions": 8}
    recipe = replace(small, network=network, settings=settings, kept=1.0 if network == "companions" else 0.1)
    bundle = train_spectral(recipe, shared_data / "spectra", tmp_path, tmp_path / "out", "goodricke train ...", 1, len)
    assert bundle.classes == CLASSES
    assert load_model(str(bundle.folder)).looks_at == "spectra"
    assert load_bundle(bundle.folder).manifest["priors"] == {"SINGLE": 0.5, "BINARY": 0.5}
    about = bundle.manifest["settings"]
    found = about["detectability"]
    assert len(found["d"]) == len(found["found"]) > 3
    assert (np.diff(found["found"]) >= 0).all()
    assert 0.0 <= about["correlation"] <= 1.0
    low, high = about["known_teff"]
    assert 3500.0 < low < 4800.0 < 6000.0 < high < 7700.0
    learnt, stop, *_ = bundle.manifest["data"]
    singles = learnt["spectra"] - learnt["binaries"]
    assert learnt["binaries"] < (1.3 if network == "companions" else 0.11) * singles
    assert stop["real_stars"] > 0
    assert "q 0.7 to 0.9" in bundle.manifest["metrics"]["cells"]
    assert ("quantities" in bundle.extras) == (network == "companions")
    card = (bundle.folder / "card.md").read_text()
    assert "It learnt from made spectra" in card


def test_a_folder_without_templates_says_what_is_wanted(small: SpectralRecipe, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="templates/ and catalogues/"):
        material(small, "learn", tmp_path, tmp_path)
