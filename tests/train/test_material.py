"""What networks learn from is what the line will give them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.period import Periods
from goodricke.represent.sequences import sequences
from goodricke.represent.table import REPRESENTATIONS, representation
from goodricke.train import examples as room
from goodricke.train.datasets import Labelled
from goodricke.train.examples import Examples, gather, parts_of
from goodricke.train.material import Material, material_of
from train.made import config, quick, small_folder

RECIPE = config().examples
UNASKED = replace(RECIPE, period="none", groups=("log_n", "moments"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_folder(tmp_path_factory)


def made(name: str, folder: Path) -> tuple[Material, list[Labelled], list[Periods]]:
    """The material of all stars, its parts, and the periods that they were given."""
    row = representation(name)
    recipe = RECIPE if row.needs_periods else UNASKED
    parts = parts_of(recipe, folder / "sets", row.cleaning)
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        found = gather(recipe, folder / "sets", folder / "cache", say=lambda _: None, parts=parts)
        periods = list(room._periods(parts, recipe, folder / "cache", 1, lambda _: None))
    about: dict[str, Any] = {"name": name, "names": list(found.names), "steps": 50}
    return material_of(name, about, found, parts), parts, periods


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_inputs_are_those_of_the_line(name: str, folder: Path) -> None:
    """Of the same cleaned light curves and periods, whatever stars are asked for."""
    material, parts, periods = made(name, folder)
    row, found = representation(name), material.examples
    assert len(found) > 60
    rows = np.random.default_rng(0).permutation(len(found))[:40]
    given = material.inputs(rows)
    whole = [row.make(part.lcs, known, material.about) for part, known in zip(parts, periods, strict=True)]
    for key, array in given.items():
        for k, star in enumerate(rows):
            wanted = whole[found.part[star]][key][found.place[star]]
            mine = array[k]
            if key == "sequence":  # as long as the longest of the batch
                longest = min(len(mine), len(wanted))
                assert not mine[longest:].any()
                assert not wanted[longest:].any()
                mine, wanted = mine[:longest], wanted[:longest]
            np.testing.assert_array_equal(mine, wanted, err_msg=f"{key} of star {star}")


def test_the_points_are_those_of_the_stars_that_stayed(folder: Path) -> None:
    material, parts, _ = made("sequences", folder)
    found = material.examples
    for rows in (np.arange(5), np.array([30, 2])):
        values, lengths = material.inputs(rows)["sequence"], material.inputs(rows)["lengths"]
        for k, star in enumerate(rows):
            own = sequences(parts[found.part[star]].lcs[found.place[star] : found.place[star] + 1]).values[-50:]
            assert lengths[k] == len(own) == material.lengths[star]
            np.testing.assert_array_equal(values[k, : lengths[k]], own)


@pytest.mark.parametrize("name", ["folds", "steps", "features"])
def test_where_inputs_have_one_size_all_stars_are_alike(name: str, folder: Path) -> None:
    material, _, _ = made(name, folder)
    assert set(material.lengths.tolist()) == {1}


def test_other_points_and_candidates_of_the_same_stars(folder: Path) -> None:
    material, _, _ = made("folds", folder)
    assert material.points is not None
    rows = np.array([4, 9])
    plain = material.inputs(rows)
    tried = material.examples.tried[rows] * 1.01
    assert not np.array_equal(material.inputs(rows, tried=tried)["folds"], plain["folds"])
    own = material.points.some(rows)
    half = own.keep(np.arange(len(own.time)) % 2 == 0)
    fewer = material.inputs(rows, half)
    assert (fewer["steps"][:, :, 4].sum(axis=1) <= plain["steps"][:, :, 4].sum(axis=1)).all()
    np.testing.assert_array_equal(fewer["features"], plain["features"])
    np.testing.assert_array_equal(fewer["strengths"], plain["strengths"])


def test_morphology_is_the_catalogues(folder: Path) -> None:
    recipe = replace(UNASKED, thinned=0.0, constant=0.5)
    parts = parts_of(recipe, folder / "sets")
    rng = np.random.default_rng(0)
    parts = [
        part if part.kind == "constant" else replace(part, morphology=rng.integers(-1, 7, len(part.lcs)))
        for part in parts
    ]
    found = gather(recipe, folder / "sets", folder / "cache", say=lambda _: None, parts=parts)
    material = material_of("steps", {"steps": 9}, found, parts)
    wanted = [parts[part].morphology[place] for part, place in zip(found.part, found.place, strict=True)]
    np.testing.assert_array_equal(material.morphology, wanted)
    assert (material.morphology[found.kind == "constant"] == -1).all()


def test_some_of_the_examples_keep_their_points(folder: Path) -> None:
    """Classes with few stars leave gaps in the places."""
    _, parts, _ = made("steps", folder)
    found: Examples = gather(UNASKED, folder / "sets", folder / "cache", say=lambda _: None, parts=parts)
    about = {"names": list(found.names), "steps": 50}
    whole = material_of("steps", about, found, parts)
    few = np.flatnonzero(found.label == "RRAB")
    some = material_of("steps", about, found.some(few), parts)
    for name, array in some.inputs(np.arange(len(few))).items():
        np.testing.assert_array_equal(array, whole.inputs(few)[name])
