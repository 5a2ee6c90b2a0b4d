from __future__ import annotations

from pathlib import Path

import pytest

from goodricke.errors import OptionError
from goodricke.train.spectra.recipe import is_spectral, load_spectral, shipped_spectral


@pytest.mark.parametrize("name", sorted(shipped_spectral()))
def test_those_that_ship_are_whole(name: str) -> None:
    recipe = load_spectral(name)
    assert recipe.name == name
    assert recipe.says.endswith(".")


def test_seed_s_recipe_is_the_seed_s() -> None:
    recipe = load_spectral("spectra-residual")
    assert recipe.network == "residual"
    assert recipe.training["learning_rate"] == 1e-4
    assert recipe.kept == pytest.approx(1 / 18, rel=1e-2)


BASE = 'name = "a"\nversion = "1"\nsays = "A."\nnetwork = "companions"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing 4 required"),
        (BASE + "shard = 3", "did you mean 'shards'"),
        (BASE.replace("companions", "compenions"), "there are companions, residual"),
        (BASE + 'libraries = ["miles", "xsl"]', "miles, stelib, boss"),
        (BASE + "q = [0.9, 0.3]", "q goes from above 0"),
        (BASE + 'noise = "pink"', "white"),
        (BASE + "kept = 0.0", "kept is a share"),
        (BASE + 'without = ["label"]', "did you mean 'labels'"),
        (BASE + 'without = "labels"', "a list of names"),
        ("name = [", "not a readable TOML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(OptionError, match=says):
        load_spectral(path)


def test_a_recipe_is_told_from_one_of_light_curves(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(BASE)
    assert is_spectral(path)
    assert not is_spectral("folds")
    assert not is_spectral(tmp_path / "nothing.toml")
    with pytest.raises(OptionError, match="there is no such recipe"):
        load_spectral(tmp_path / "nothing.toml")
