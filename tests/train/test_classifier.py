from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from goodricke.cli.main import main
from goodricke.errors import DataError, OptionError
from goodricke.evaluate.splits import folds_of
from goodricke.labels import LEAVES, leaves_under
from goodricke.models import load_bundle
from goodricke.train import classical, classifier, members
from goodricke.train.classifier import Task
from goodricke.train.config import Config, Member, load_config
from goodricke.train.examples import Examples
from train.made import TREES, config, quick, small_folder, table, trained, workshop, write_sets

pytest.importorskip("sklearn", reason="training needs the [train] extra")

Spied = list[tuple[np.ndarray, np.ndarray, np.ndarray]]
QUICK = (Member("boosted_trees", settings={**TREES, "max_iter": 4}),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_folder(tmp_path_factory)


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spied]:
    """Values, classes and weights of every fit."""
    calls: Spied = []
    real = classical.fit

    def fit(family: str, values: Any, target: Any, n: int, weights: Any = None, *rest: Any, **more: Any) -> Any:
        calls.append(
            (np.array(values), np.array(target), np.ones(len(target)) if weights is None else np.array(weights))
        )
        return real(family, values, target, n, weights, *rest, **more)

    monkeypatch.setattr(classical, "fit", fit)
    yield calls  # noqa: PT022


def examples(words: list[tuple[str, ...]], pieces: int = 1, seed: int = 0, told: float = 3.0) -> Examples:
    """Stars of two features: the number of the star, and its first class with noise.

    Every star stands there `pieces` times, as whole and as thinned, with nearly the same values.
    """
    rng = np.random.default_rng(seed)
    n = len(words)
    number = np.tile(np.arange(n), pieces)
    first = np.array([LEAVES.index(word[0]) if word else 0 for word in words])
    values = np.stack([np.arange(n), told * first + rng.normal(size=n), rng.normal(size=n)], axis=1)[number]
    allowed = np.array([[leaf in word for leaf in LEAVES] for word in words])[number]
    kind = np.where(np.arange(len(number)) < n, "whole", "thinned")
    ids = np.array([f"star {k}" for k in number])
    return table(
        values=values.astype(np.float32), names=("number", "a", "b"), allowed=allowed, fold=number % 5, object_id=ids,
        survey=np.where(number % 3 == 0, "crts_sss", "asas3_acvs"),
        label=np.array(["/".join(words[k]) for k in number]), kind=kind,
    )  # fmt: skip


def numbers(values: np.ndarray) -> set[int]:
    return set(values[:, 0].astype(int).tolist())


# Which stars, which classes --------------------------------------------------------------------------------------


def test_classes_with_too_few_certain_stars_are_dropped() -> None:
    words = (
        [("EA",)] * 10 + [("EB",)] * 9 + [("EW",)] * 12 + [("EB", "EW")] * 7 + [("RRAB",)] * 3 + [("CEP", "RRAB")] * 50
    )
    task = Task.of(examples(words), 10)
    assert task.classes == ("EA", "EW")
    # EB alone and RR Lyrae are gone; what may be EW is EW now.
    assert len(task.examples) == 10 + 12 + 7
    assert task.allowed.sum(axis=0).tolist() == [10, 19]
    assert Task.of(examples(words), 9).classes == ("EA", "EB", "EW")
    assert Task.of(examples(words), 9).certain.sum() == 31
    with pytest.raises(DataError, match="only 1 classes have 12 stars; give more stars, or a smaller `fewest`"):
        Task.of(examples(words), 12)


def test_thinned_stars_do_not_make_a_class_large() -> None:
    words = [("EA",)] * 10 + [("EW",)] * 10 + [("EB",)] * 6
    assert Task.of(examples(words, pieces=2), 10).classes == ("EA", "EW")


def test_certain_stars_and_their_targets() -> None:
    task = Task.of(examples([("EA",), ("EW",), ("EA", "EW")] * 5), 5)
    assert task.certain.tolist() == [True, True, False] * 5
    assert task.target[task.certain].tolist() == [0, 1] * 5


# Who learns from whom --------------------------------------------------------------------------------------------


def test_no_star_of_a_fold_trains_the_model_that_judges_it(spied: Spied, tmp_path: Path) -> None:
    words = [("EA",), ("EW",), ("EA",), ("EW",), ("EA", "EW"), ("EB", "EW"), ("EB",)] * 12
    task = Task.of(examples(words, pieces=2), 5)
    said: list[str] = []
    found = classifier._unseen(workshop(task, tmp_path, said), config(QUICK), 0)
    assert said == [f"fitting: boosted_trees, fold {k}" for k in range(5)]
    assert len(spied) == 10  # a first model for the ambiguous stars, and the model
    for k in range(5):
        judged = numbers(task.examples.values[task.examples.fold == k])
        others = numbers(task.examples.values[task.examples.fold != k])
        for values, _, _ in spied[2 * k : 2 * k + 2]:
            assert not numbers(values) & judged
        assert numbers(spied[2 * k + 1][0]) == others
    assert np.isfinite(found).all()


def test_no_star_of_a_survey_trains_the_model_that_never_saw_it(spied: Spied, tmp_path: Path) -> None:
    task = Task.of(examples([("EA",), ("EW",)] * 20), 5)
    recipe = config(QUICK, left_out=("crts_sss", "eros1_ramp"))
    found = classifier._strangers(workshop(task, tmp_path), recipe, [1.0])
    assert [*found] == ["crts_sss"]
    there = task.examples.survey == "crts_sss"
    assert len(found["crts_sss"]) == there.sum()
    (call,) = spied
    assert numbers(call[0]) == numbers(task.examples.values[~there])


def test_the_whole_run_keeps_stars_and_their_judges_apart(
    spied: Spied, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the made sets, from files to bundle: rows are recognised by their features."""
    shutil.copytree(folder / "cache", tmp_path / "cache", ignore=shutil.ignore_patterns("logits-*"))
    said: list[str] = []
    marks: list[tuple[str, int]] = []

    class Saying(list):  # type: ignore[type-arg]
        def append(self, line: str) -> None:
            marks.append((line, len(spied)))

    trained(config(), folder / "sets", tmp_path / "cache", tmp_path / "models", Saying(said))
    with np.load(next((tmp_path / "cache").glob("examples-*"))) as arrays:
        values, fold, names = arrays["values"], arrays["fold"], arrays["object_id"]
    name_of = {row.tobytes(): name for row, name in zip(values, names, strict=True)}
    fold_of = dict(zip(names.tolist(), fold.tolist(), strict=True))
    checked = 0
    for (line, first), (_, last) in zip(marks, [*marks[1:], ("", len(spied))], strict=True):
        if line.startswith("fitting: boosted_trees, fold"):
            k = int(line.split()[-1])
            assert last > first
            for rows, _, _ in spied[first:last]:
                stars = {str(name_of[row.astype(np.float32).tobytes()]) for row in rows}
                assert {fold_of[star] for star in stars} == {0, 1, 2, 3, 4} - {k}
                checked += 1
    assert checked >= 5


def test_labels_without_meaning_are_not_learned(tmp_path: Path) -> None:
    """Every star stands there three times with nearly the same numbers: folds that split it would give it away."""
    rng = np.random.default_rng(1)
    n = 300
    words = [("EA",) if one else ("EW",) for one in rng.random(n) < 0.6]
    leaky = examples(words, pieces=3, told=0.0)
    task = Task.of(leaky, 5)
    majority = np.mean([word == ("EA",) for word in words])
    recipe = config((Member("knn", settings={"n_neighbors": 1}),))
    logits = classifier._unseen(workshop(task, tmp_path), recipe, 0)
    right = np.mean(logits.argmax(axis=1) == task.target)
    assert right < majority + 3 * np.sqrt(0.25 / n)
    # The same with folds by row, to see that the test can fail.
    by_row = leaky.some(np.arange(3 * n))
    by_row.fold[:] = rng.integers(0, 5, 3 * n)
    split = Task.of(by_row, 5)
    logits = classifier._unseen(workshop(split, tmp_path), recipe, 0)
    assert np.mean(logits.argmax(axis=1) == split.target) > 0.9


# Ambiguous stars -------------------------------------------------------------------------------------------------


def test_an_ambiguous_star_teaches_only_what_it_may_be(spied: Spied, tmp_path: Path) -> None:
    words = [("EA",)] * 60 + [("EB",)] * 60 + [("EW",)] * 60 + [("RRAB",)] * 60
    words += [("EB", "EW")] * 10 + [("EA", "RRAB")] * 10 + [tuple(leaves_under("ECLIPSING"))] * 10
    # Mixed, so that the number of a star, which is its first feature, tells nothing.
    words = [words[k] for k in np.random.default_rng(0).permutation(len(words))]
    task = Task.of(examples(words), 5)
    everybody = np.ones(len(task.examples), dtype=bool)
    workshop(task, tmp_path).fitted(QUICK[0], everybody, "all")
    first, final = spied
    certain = np.array([len(word) == 1 for word in words])
    assert numbers(first[0]) == set(np.flatnonzero(certain).tolist())  # the first model knows the certain ones alone
    assert (first[2] == 1).all()
    star, column, weight = final[0][:, 0].astype(int), final[1], final[2]
    assert task.allowed[star, column].all()
    assert set(star.tolist()) == set(range(len(words)))
    total = np.bincount(star, weight)
    np.testing.assert_array_equal(total[certain], 1.0)
    assert total[~certain].max() <= 1 + 1e-12
    assert total[~certain].min() > 1 - 0.1 * 3  # classes under a tenth are not worth a row
    assert (weight > 0).all()
    # Stars that look like EB are mostly EB.
    looks = [k for k, word in enumerate(words) if word == ("EB", "EW")]
    assert np.mean([weight[(star == k) & (column == 1)].sum() for k in looks]) > 0.6


def test_members_are_averaged(tmp_path: Path) -> None:
    task = Task.of(examples([("EA",), ("EW",), ("EB",)] * 15), 5)
    shop, everybody = workshop(task, tmp_path), np.ones(len(task.examples), dtype=bool)
    parts = [shop.fitted(one, everybody, "all") for one in (*QUICK, Member("naive_bayes"))]
    both = classical.averaged(parts, [0.3, 0.7])
    logits = [shop.asked(one, np.arange(9)) for one in (both, *parts)]
    logs = [one - np.log(np.exp(one).sum(axis=1, keepdims=True)) for one in logits]
    mean = 0.3 * logs[1] + 0.7 * logs[2]
    np.testing.assert_allclose(logs[0], mean - np.log(np.exp(mean).sum(axis=1, keepdims=True)), atol=1e-5)


# The bundle ------------------------------------------------------------------------------------------------------


def test_the_bundle_loads_and_says_where_it_comes_from(folder: Path) -> None:
    bundle = load_bundle(folder / "models" / "small-1")
    manifest = bundle.manifest
    assert bundle.classes == ("CONST", "EA", "EW", "RRAB")  # of EB there are 3, of CEP 2, and 8 are the fewest
    assert manifest["settings"]["recipe"]["examples"]["sets"] == ["asas3_acvs", "crts_sss", "ogle2_misc_small"]
    assert manifest["settings"]["recipe"]["members"][0]["settings"] == TREES
    assert "search" not in manifest["settings"]["recipe"]
    assert manifest["split"]["folds"] == 5
    assert manifest["command"] == "goodricke train small.toml --data LIGHTCURVES_DIR"
    assert sum(manifest["priors"].values()) == pytest.approx(1.0)
    # Of the third set stayed the sampling of one star, as a constant star.
    assert {row["name"]: row["stars"] for row in manifest["data"]} == {
        "asas3_acvs": 32, "crts_sss": 18, "ogle2_misc_small": 0,
    }  # fmt: skip
    assert manifest["data"][0]["classes"] == "EA 14, EW 14"
    assert (manifest["data"][0]["stars"], manifest["data"][0]["ambiguous"]) == (32, 4)
    groups = {"sampling" if name == "log_n" else name for name in config().examples.groups}
    assert {row["group"] for row in manifest["importance"]} == groups
    card = (folder / "models" / "small-1" / "card.md").read_text()
    for words in ("Made stars.", manifest["command"], "ASAS-3", "Catalina", "EA 14, EW 14"):
        assert words in card


def test_beside_it_stand_the_answers_for_unseen_stars(folder: Path) -> None:
    table = pq.read_table(folder / "models" / "small-1-unseen.parquet")
    rows = table.to_pylist()
    assert len(rows) == 32 + 18
    assert {row["truth"] for row in rows} == {"EA", "EW", "RRAB", "EA/EW"}
    for row in rows:
        assert sum(row[f"prob_{name}"] for name in ("CONST", "EA", "EW", "RRAB")) == pytest.approx(1.0)
    right = [row[f"prob_{row['truth']}"] > 0.5 for row in rows if "/" not in row["truth"]]
    assert np.mean(right) > 0.85  # made stars are easy


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.slow
def test_the_same_recipe_and_data_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """From nothing: another folder, another cache."""
    write_sets(tmp_path / "sets")
    trained(config(), tmp_path / "sets", tmp_path / "cache", tmp_path / "new" / "models")
    assert content(tmp_path / "new" / "models" / "small-1") == content(folder / "models" / "small-1")


def test_a_killed_run_goes_on_where_it_was(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(folder / "cache", tmp_path / "cache", ignore=shutil.ignore_patterns("logits-*"))
    real, calls = classical.fit, []

    def fit(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        if len(calls) == stop:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(classical, "fit", fit)
    stop = 5
    with pytest.raises(KeyboardInterrupt):
        trained(config(), folder / "sets", tmp_path / "cache", tmp_path / "models")
    kept = {path.name for path in (tmp_path / "cache").glob("logits-*")}
    assert 1 <= len(kept) < 6
    assert not (tmp_path / "models" / "small-1").exists()
    stop, calls[:] = 0, []
    said: list[str] = []
    trained(config(), folder / "sets", tmp_path / "cache", tmp_path / "models", said)
    assert sum(line.startswith("fitting") for line in said) == 6 - len(kept)
    assert content(tmp_path / "models" / "small-1") == content(folder / "models" / "small-1")
    # Only the last fit and that of the importance are left to do.
    calls.clear()
    next((tmp_path / "cache").glob("logits-*")).unlink()
    said.clear()
    trained(config(), folder / "sets", tmp_path / "cache", tmp_path / "models", said)
    assert sum(line.startswith("fitting") for line in said) == 1
    assert content(tmp_path / "models" / "small-1") == content(folder / "models" / "small-1")


def test_logits_are_kept_by_what_they_are_made_of(tmp_path: Path) -> None:
    def kept(task: Task, recipe: Config) -> int:
        classifier._unseen(workshop(task, tmp_path), recipe, 0)
        return len(list(tmp_path.glob("logits-*")))

    task = Task.of(examples([("EA",), ("EW",)] * 20), 5)
    assert kept(task, config(QUICK)) == 5
    assert kept(task, config(QUICK, name="other", seed=9)) == 5  # neither name nor the seed of the examples matters
    assert kept(task, config((Member("naive_bayes"),))) == 10
    swapped = Task(task.examples, task.classes, task.allowed[:, ::-1])
    assert kept(swapped, config(QUICK)) == 15
    other = task.examples.some(np.arange(len(task.examples)))
    other.values[0, 1] += 1
    assert kept(Task(other, task.classes, task.allowed), config(QUICK)) == 20


def test_a_recipe_for_nothing_says_so(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="only 0 classes have 1000 stars"):
        trained(config(fewest=1000), folder / "sets", folder / "cache", tmp_path)
    with pytest.raises(OptionError, match=r"asas3_acvs_obs\.parquet: there is no such file"):
        trained(config(), tmp_path, tmp_path, tmp_path)


def test_the_manifest_is_json_without_nan(folder: Path) -> None:
    def refused(word: str) -> float:
        raise AssertionError(word)

    json.loads((folder / "models" / "small-1" / "manifest.json").read_text(), parse_constant=refused)


# One fold, and teachers ------------------------------------------------------------------------------------------

WISE = """
name = "wise"
version = "1"
says = "Made stars."
fewest = 8

[examples]
sets = ["asas3_acvs", "crts_sss", "ogle2_misc_small"]
groups = ["log_n", "moments", "percentiles"]
period = "given"
thinned = 0.2
constant = 0.3
elsewhere = 0.0
seed = 3

[[members]]
family = "boosted_trees"
settings = { max_iter = 12, max_leaf_nodes = 7, min_samples_leaf = 3, learning_rate = 0.2 }
"""
PUPIL = WISE[: WISE.index("[[")].replace("wise", "pupil").replace(', "percentiles"', "").replace("given", "none")
PUPIL += """[[members]]
family = "network"
network = "quick"
settings = { raw_widths = [4], hidden = 8 }
training = { epochs = 2, batch = 16 }
teacher = "wise.toml"
teacher_share = 0.25
"""


def commanded(recipe: str, folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundle that `goodricke train RECIPE --single-fold` makes."""
    quick(monkeypatch)
    others = shutil.ignore_patterns("logits-*", "examples-*")
    shutil.copytree(folder / "cache", place / "cache", ignore=others, dirs_exist_ok=True)
    for name, text in (("wise", WISE), ("pupil", PUPIL)):
        (place / f"{name}.toml").write_text(text)
    words = ["--data", str(folder / "sets"), "--cache", str(place / "cache"), "-o", str(place), "--jobs", "1"]
    assert main(["train", str(place / f"{recipe}.toml"), *words, "--single-fold"]) == 0
    return place / f"{recipe}-1"


def folds_learned(call: tuple[np.ndarray, ...], cache: Path) -> set[int]:
    """The folds of the stars of a fit, known by their numbers."""
    fold_of: dict[bytes, int] = {}
    for path in cache.glob("examples-*"):
        with np.load(path) as stored:
            fold_of |= {row.tobytes(): int(k) for row, k in zip(stored["values"], stored["fold"], strict=True)}
    return {fold_of[row.tobytes()] for row in call[0].astype(np.float32)}


def test_with_a_single_fold_the_model_that_is_tested_is_the_one_that_ships(
    spied: Spied, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = load_bundle(commanded("wise", folder, tmp_path, monkeypatch))
    first, final = spied  # of the certain stars, for the ambiguous ones; and the model: no third for the importance
    assert bundle.manifest["command"] == "goodricke train wise.toml --data LIGHTCURVES_DIR --single-fold"
    assert "the first is the test" in bundle.manifest["split"]["how"]
    assert bundle.manifest["importance"]
    assert "left out" not in bundle.manifest["metrics"]
    with np.load(next((tmp_path / "cache").glob("examples-*"))) as arrays:
        values, fold, kind, names, label = (arrays[key] for key in ("values", "fold", "kind", "object_id", "label"))
    assert folds_learned(final, tmp_path / "cache") == {1, 2, 3, 4}
    assert len(first[0]) < len(final[0])
    rows = pq.read_table(tmp_path / "wise-1-unseen.parquet").to_pylist()
    judges = (fold == 0) & (kind == "whole") & ~np.isin(label, ("EB", "CEP"))  # of which there are too few
    assert {row["object_id"] for row in rows} == set(names[judges].tolist())
    assert set(folds_of([row["object_id"] for row in rows], 5).tolist()) == {0}
    # It gives what was judged: probabilities differ by the calibration alone, which keeps the order of the classes.
    here = dict(zip(names[kind == "whole"].tolist(), values[kind == "whole"], strict=True))
    logits = bundle.logits({"features": np.stack([here[row["object_id"]] for row in rows])})
    said = np.array([[row[f"prob_{name}"] for name in bundle.classes] for row in rows])
    assert np.mean(logits.argmax(axis=1) == said.argmax(axis=1)) > 0.9


@pytest.mark.slow
def test_a_pupil_and_its_teacher_from_recipes_to_bundle(
    spied: Spied, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[tuple[Any, ...]] = []
    real = members.fit_network

    def fit_network(*all_of: Any) -> classical.Fitted:
        given.append(all_of)
        return real(*all_of)

    monkeypatch.setattr(members, "fit_network", fit_network)
    bundle = load_bundle(commanded("pupil", folder, tmp_path, monkeypatch))
    said = capsys.readouterr().err
    assert "fitting: boosted_trees, teacher of quick, all folds but one" in said
    assert len(spied) == 2  # one teacher
    ((material, seen, target, *_),) = given
    examples = material.examples
    np.testing.assert_array_equal(seen, examples.fold != 0)
    assert f"the teacher wise has {len(seen)} of the {len(seen)} stars" in said
    # The teacher has not a star of the fold that tests its pupil, though it sees other numbers of the same stars.
    assert spied[1][0].shape[1] > examples.values.shape[1]
    assert folds_learned(spied[1], tmp_path / "cache") == {1, 2, 3, 4}
    may = np.array([[leaf in leaves_under(name) for leaf in LEAVES] for name in bundle.classes])
    allowed = (examples.allowed[:, None, :] & may).any(axis=2)
    several = allowed.sum(axis=1) > 1
    assert 0 < several.sum() < len(several)
    np.testing.assert_array_equal(target[~seen], allowed[~seen])
    np.testing.assert_allclose(target[seen].sum(axis=1), 1.0, atol=1e-5)
    assert (target[several & seen][~allowed[several & seen]] == 0).all()
    certain = seen & ~several
    assert target[certain][allowed[certain]].min() >= 0.75
    assert target[certain][~allowed[certain]].max() <= 0.25
    assert target[certain][~allowed[certain]].max() > 0.0
    # The recipe in the bundle has all of the teacher's, and nothing of the place where it lay.
    (member,) = bundle.manifest["settings"]["recipe"]["members"]
    assert member["teacher_share"] == 0.25
    assert member["teacher"]["members"][0]["settings"]["max_iter"] == 12
    assert member["teacher"]["examples"]["groups"] == ["log_n", "moments", "percentiles"]
    assert str(tmp_path) not in json.dumps(bundle.manifest)


def test_a_teacher_of_other_classes_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wise.toml").write_text(WISE.replace("fewest = 8", "fewest = 3"))
    (tmp_path / "pupil.toml").write_text(PUPIL)
    shutil.copytree(folder / "cache", tmp_path / "cache")
    with pytest.raises(OptionError, match=r"the teacher wise tells apart .*, and pupil .*; give both the same"):
        trained(load_config(tmp_path / "pupil.toml"), folder / "sets", tmp_path / "cache", tmp_path)
