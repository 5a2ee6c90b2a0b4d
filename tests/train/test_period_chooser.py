from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.evaluate.splits import folds_of
from goodricke.period.candidates import FEATURES
from goodricke.period.trees import load_trees
from goodricke.train import period_chooser
from goodricke.train.augment import all_parts
from goodricke.train.described import described
from period import made

pytest.importorskip("sklearn", reason="training needs the [train] extra")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three data sets, each of a dozen made stars."""
    place = tmp_path_factory.mktemp("lightcurves")
    rng = np.random.default_rng(0)
    for name, kinds in (("asas3_acvs", ("EA", "EW")), ("crts_sss", ("RRAB", "EW")), ("ogle4_lmc_cep", ("RRAB",))):
        rows, labels = [], []
        for k in range(12):
            kind, period = kinds[k % len(kinds)], float(rng.uniform(0.4, 3.0))
            lcs = made.star(kind, period, k, n=80)
            star = f"{name}-{k}"
            rows.append(
                {"object_id": [star] * 80, "band": ["V"] * 80, "time": lcs.time + 2450000.0,
                 "mag": 15 - 2.5 * np.log10(lcs.flux), "err": lcs.flux_err / lcs.flux}
            )  # fmt: skip
            labels.append({"object_id": star, "label_mapped": kind, "period_days": period})
        table = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
        pq.write_table(pa.table(table), place / f"{name}_obs.parquet")
        pq.write_table(pa.Table.from_pylist(labels), place / f"{name}_labels.parquet")
    return place


@pytest.mark.slow
def test_a_bundle_is_made_that_loads_and_says_what_the_classifier_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(period_chooser._SETTINGS, "max_iter", 12)
    monkeypatch.setitem(period_chooser._SETTINGS, "max_bins", 15)  # with weights, scikit-learn takes long to find 255
    three = ("asas3_acvs", "crts_sss", "ogle4_lmc_cep")
    monkeypatch.setattr(period_chooser, "SETS", {name: period_chooser.SETS[name] for name in three})
    words = [str(folder), "--cache", str(tmp_path)]
    period_chooser.main([*words, "-o", str(tmp_path / "chooser"), "--jobs", "1"])
    said = capsys.readouterr().out
    assert "| asas3_acvs | EA | 6 |" in said
    # Loading compares the arrays with the classifier's own output, which the manifest holds.
    first = load_trees(tmp_path / "chooser", FEATURES)
    for odds in tmp_path.glob("odds-*"):
        odds.unlink()
    period_chooser.main([*words, "-o", str(tmp_path / "again"), "--jobs", "2"])
    for name in ("manifest.json", "trees.npz"):
        one, two = ((tmp_path / which / name).read_bytes() for which in ("chooser", "again"))
        assert one == two or name == "manifest.json"
    assert len(first.root) == 12


def candidates_of(n: int, seed: int = 0) -> period_chooser.Examples:
    """Stars with four candidates, one of which is right; the first feature is the number of the star."""
    rng = np.random.default_rng(seed)
    period = rng.uniform(0.5, 5.0, n)
    owner = np.repeat(np.arange(n), 4)
    ratio = np.array([1.0, 2.0, 0.5, 0.37])
    features = rng.normal(size=(4 * n, len(FEATURES))).astype(np.float32)
    features[:, 0] = owner
    return period_chooser.Examples(
        survey=np.full(n, "crts_sss"), object_id=np.array([f"star {k}" for k in range(n)]), label=np.full(n, "RRAB"),
        period=period, span=np.full(n, 1000.0), frequency=1.0 / (period[:, None] * ratio).ravel(), features=features,
        owner=owner,
    )  # fmt: skip


class Remembering:
    """In place of the trees: says for every candidate the number of the fit."""

    def __init__(self) -> None:
        self.taught: list[set[str]] = []

    def fit(self, examples: period_chooser.Examples, stars: np.ndarray, seed: int) -> object:
        self.taught.append(set(examples.object_id[stars].tolist()))
        number = float(len(self.taught) - 1)
        return type("Trees", (), {"decision_function": lambda _, rows: np.full(len(rows), number)})()


def test_every_star_is_judged_by_trees_of_the_other_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    remembering = Remembering()
    monkeypatch.setattr(period_chooser, "_fit", remembering.fit)
    trusted, everybody = candidates_of(40), candidates_of(70, seed=1)
    seen, others = period_chooser.odds_unseen(trusted, 0, everybody)
    for examples, odds in ((trusted, seen), (everybody, others)):
        for k, name in enumerate(examples.object_id):
            judges = set(odds[examples.owner == k].tolist())
            assert len(judges) == 1
            assert name not in remembering.taught[int(judges.pop())]
    # The trees of fold k of the classifier are those of fold k here: no star of it taught either.
    assert seen.astype(int).tolist() == folds_of(trusted.object_id[trusted.owner], 5).tolist()
    assert all(len(names) > 20 for names in remembering.taught)


def test_right_is_within_two_thousandths() -> None:
    one = candidates_of(5)
    assert one.right.reshape(5, 4).tolist() == [[True, False, False, False]] * 5
    near = period_chooser.Examples(**{**vars(one), "frequency": one.frequency / 1.0019})
    far = period_chooser.Examples(**{**vars(one), "frequency": one.frequency / 1.0021})
    assert near.right.sum() == 5
    assert far.right.sum() == 0
    assert one.offsets.tolist() == [0, 4, 8, 12, 16, 20]


def test_only_trusted_periods_teach(folder: Path, tmp_path: Path) -> None:
    parts = all_parts(folder, ("asas3_acvs", "crts_sss"), fewer=0.0, flat=0.5, other=0.0)
    sets = [(one, described(one, tmp_path)) for one in parts]
    trusted, everybody = period_chooser.examples_of(sets), period_chooser.examples_of(sets, all_stars=True)
    assert "CONST" not in trusted.label  # a constant star has no period
    assert set(everybody.label) == {*trusted.label, "CONST"}
    assert np.isfinite(trusted.period).all()
    assert len(trusted.period) < len(everybody.period)
    assert set(trusted.survey) == {"asas3_acvs", "crts_sss"}
    assert (np.diff(everybody.offsets) > 0).all()


def test_odds_are_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembering = Remembering()
    monkeypatch.setattr(period_chooser, "_fit", remembering.fit)
    sets = [(one, described(one, tmp_path)) for one in all_parts(folder, ("crts_sss",), flat=0.0)]
    first = period_chooser.chosen_unseen(sets, tmp_path, 0)
    again = period_chooser.chosen_unseen(sets, tmp_path, 0)
    assert len(remembering.taught) == 5
    np.testing.assert_array_equal(first[3], again[3])
    assert first[4] == again[4]
    period_chooser.chosen_unseen(sets, tmp_path, 1)
    period_chooser.chosen_unseen(sets[:1], tmp_path, 0)
    assert len(remembering.taught) == 15


def test_the_calibration_makes_the_probabilities_true() -> None:
    """Odds that are twice as sure as they should be are halved."""
    rng = np.random.default_rng(0)
    n = 4000
    true = rng.normal(0, 1.5, (n, 4))
    p = np.exp(true) / (np.exp(true).sum(axis=1, keepdims=True) + 1.0)  # one more for "none of them"
    draw = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    one = candidates_of(n)
    period = np.where(draw < 4, one.period * np.array([1.0, 2.0, 0.5, 0.37, 1.0])[draw], one.period * 77.7)
    scale, none = period_chooser.calibrated(replace(one, period=period), 2.0 * true.ravel())
    assert scale == pytest.approx(0.5, abs=0.04)
    assert none == pytest.approx(0.0, abs=0.1)
