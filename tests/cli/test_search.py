from __future__ import annotations

from pathlib import Path

import pytest

from goodricke.cli.main import main
from goodricke.models import load_bundle
from train.made import quick, write_sets

RECIPE = """
name = "tiny"
version = "1"
says = "Made stars."
protocol = "single"
steps = 20
fewest = 8

[examples]
sets = ["asas3_acvs", "crts_sss"]
groups = []
period = "none"
constant = 0.0
elsewhere = 0.0
thinned = 0.0

[[members]]
family = "network"
network = "bigru"
settings = { units = [6], directions = [2] }
training = { epochs = 3, batch = 16, learning_rate = 0.01 }

[search]
steps = [10, 20]

[search.settings]
units = [[6], [4]]
"""


def test_a_search_and_what_is_trained_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick(monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("tiny.toml").write_text(RECIPE)
    data = write_sets(tmp_path / "sets")
    shared = ["--data", str(data), "--cache", str(tmp_path / "cache"), "--jobs", "1"]
    words = ["search", "tiny.toml", *shared, "--trials", "2", "--epochs", "1", "--most", "30", "--seed", "4"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.strip() == "search-tiny/best.toml"
    assert "trial 1: complete" in said.err
    table = Path("search-tiny/trials.md").read_text()
    assert "goodricke search tiny.toml --data LIGHTCURVES_DIR --trials 2 --most 30 --epochs 1 --seed 4" in table
    assert "27 stars teach, 3 others" in table
    assert main([*words, "--quiet"]) == 0  # nothing is left to do
    assert capsys.readouterr().err == ""
    assert main(["train", "search-tiny/best.toml", *shared, "-o", "models"]) == 0
    assert load_bundle("models/tiny-1").classes == ("EA", "EW", "RRAB")


@pytest.mark.parametrize(
    ("recipe", "more", "says"),
    [
        (RECIPE.replace("units = [[6]", "unitz = [[6]"), [], "unitz"),
        (RECIPE.replace("[search]\nsteps", "[search]\nstep"), [], "did you mean 'steps'"),
        (
            RECIPE.split("[search]")[0],
            [],
            "r.toml as docs/search.md shows; of the recipes that ship, bigru has one",
        ),
        ("quick", [], "configs/quick.toml, and add one to the copy as docs/search.md shows"),
        ("variables", [], "has no table [search] of what to try; it is for recipes with one member, a network"),
        (RECIPE, ["--minutes", "0"], "--minutes"),
        (RECIPE, ["--trials", "0"], "--trials"),
        ("bigrru", [], "there is no such recipe"),
    ],
)
def test_mistakes_are_said(
    recipe: str, more: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "\n" in recipe:
        (tmp_path / "r.toml").write_text(recipe)
        recipe = str(tmp_path / "r.toml")
    assert main(["search", recipe, "--data", str(tmp_path), "-o", str(tmp_path / "out"), *more]) == 2
    assert says in capsys.readouterr().err
