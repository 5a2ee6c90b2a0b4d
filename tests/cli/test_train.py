from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from goodricke.cli.main import main
from goodricke.models import load_bundle
from goodricke.train import classifier
from goodricke.train.spectra import classifier as spectral_classifier
from train.made import quick, write_sets

pytest.importorskip("sklearn", reason="training needs scikit-learn")

RECIPE = """
name = "small"
version = "2"
says = "Made stars."
fewest = 8
left_out = []

[examples]
sets = ["asas3_acvs", "crts_sss"]
groups = ["log_n", "moments", "percentiles", "periodogram", "fourier"]
thinned = 0.0
constant = 0.3
elsewhere = 0.2

[[members]]
family = "boosted_trees"
settings = { max_iter = 8, max_leaf_nodes = 7, min_samples_leaf = 3 }
"""


def test_a_recipe_becomes_a_bundle_and_the_cache_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick(monkeypatch)
    recipe = tmp_path / "small.toml"
    recipe.write_text(RECIPE)
    data, cache, out = write_sets(tmp_path / "sets"), tmp_path / "cache", tmp_path / "models"
    words = ["train", str(recipe), "--data", str(data), "--cache", str(cache), "-o", str(out), "--jobs", "1"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(out / "small-2")
    assert "fitting: boosted_trees, fold 0" in said.err
    assert set(load_bundle(out / "small-2").classes) == {"CONST", "EA", "EW", "RRAB"}
    first = (out / "small-2" / "arrays.npz").read_bytes(), (out / "small-2" / "manifest.json").read_bytes()
    assert (out / "small-2-unseen.parquet").exists()
    assert main(words) == 0  # from the cache, the same bytes
    assert "fitting:" not in capsys.readouterr().err
    assert ((out / "small-2" / "arrays.npz").read_bytes(), (out / "small-2" / "manifest.json").read_bytes()) == first


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        ("variabels", "variables"),
        (RECIPE.replace("fewest", "fewst"), "fewst"),
        (RECIPE.replace("crts_sss", "crts_ssss"), "crts_ssss"),
        (RECIPE.replace('"fourier"', '"furrier"'), "furrier"),
    ],
)
def test_a_mistake_in_the_recipe_is_said(
    recipe: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "\n" in recipe:
        (tmp_path / "r.toml").write_text(recipe)
        recipe = str(tmp_path / "r.toml")
    assert main(["train", recipe, "--data", str(tmp_path), "-o", str(tmp_path / "models")]) == 2
    assert says in capsys.readouterr().err


def test_absent_data_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "train",
        "variables",
        "--data",
        str(tmp_path / "gone"),
        "-o",
        str(tmp_path / "m"),
        "--cache",
        str(tmp_path),
    ]
    assert main(words) == 2
    assert "asas3_acvs_obs.parquet: there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "seeds", "protocol", "ending"),
    [
        ([], [0], "folds", ""),
        (["--seed", "7"], [7], "folds", " --seed 7"),
        (["--single-fold", "--seed", "2"], [2], "single", " --seed 2 --single-fold"),
    ],
)
def test_what_the_options_change_of_the_recipe(
    words: list[str], seeds: list[int], protocol: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def train(*all_of: Any) -> Any:
        given.extend(all_of)
        return SimpleNamespace(folder=tmp_path)

    monkeypatch.setattr(classifier, "train", train)
    (tmp_path / "r.toml").write_text(RECIPE)
    shared = ["--data", str(tmp_path), "-o", str(tmp_path), "--cache", str(tmp_path / "cache"), "--jobs", "3"]
    assert main(["train", str(tmp_path / "r.toml"), *shared, *words]) == 0
    config, _, _, _, command, jobs, _ = given
    assert [member.seed for member in config.members] == seeds
    assert config.protocol == protocol
    assert command == f"goodricke train r.toml --data LIGHTCURVES_DIR{ending}"
    assert jobs == 3


def test_what_the_options_change_of_a_recipe_of_spectra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[Any] = []

    def train(*all_of: Any) -> Any:
        given.extend(all_of)
        return SimpleNamespace(folder=tmp_path)

    monkeypatch.setattr(spectral_classifier, "train_spectral", train)
    words = ["train", "spectra-binary", "--data", str(tmp_path), "-o", str(tmp_path), "--cache", str(tmp_path / "c")]
    assert main([*words, "--seed", "5"]) == 0
    recipe, data, _, output, command, _, _ = given
    assert (recipe.seed, data, output) == (5, tmp_path, tmp_path)
    assert command == "goodricke train spectra-binary --data SPECTRA_DIR --seed 5"
    assert capsys.readouterr().out.strip() == str(tmp_path)
    assert main([*words, "--single-fold"]) == 2
    assert "--single-fold is for light curves" in capsys.readouterr().err
