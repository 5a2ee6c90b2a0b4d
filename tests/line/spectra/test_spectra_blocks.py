"""Blocks, processes, and spectra that break the line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ModelError, OptionError
from goodricke.line import Model, load_model
from goodricke.line.spectra import blocks, classify_spectra, told_of
from goodricke.line.spectra import seen as steps
from goodricke.models import list_bundles
from goodricke.predictions import Predictions
from goodricke.spectra import Spectra, concatenate
from line.spectra.spectral_model import star


@pytest.fixture(scope="module")
def many(few: Spectra) -> Spectra:
    return concatenate([few, star("more", seed=7), star("last", 0.7, 80.0, seed=8)])


@pytest.fixture(scope="module")
def found(judge: Model, many: Spectra) -> Predictions:
    return classify_spectra(many, judge)


def assert_same_rows(one: Predictions, two: Predictions) -> None:
    assert one.table.schema.equals(two.table.schema)
    for name in one.table.column_names:
        a, b = one.column(name), two.column(name)
        if a.dtype.kind == "f":
            # Sums in 32 bits differ by the size of the block, and the steps of a fit with them: far below any error.
            np.testing.assert_allclose(a, b, rtol=2e-3, atol=1e-3, err_msg=name)
        else:
            assert a.tolist() == b.tolist(), name


@pytest.mark.parametrize("jobs", [1, 2])
def test_blocks_and_processes_do_not_show(
    jobs: int, judge: Model, many: Spectra, found: Predictions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", 2)
    done: list[int] = []
    parts = classify_spectra(many, judge, jobs=jobs, on_spectra=done.append)
    assert done == [0, 2, 2, 2]
    assert_same_rows(parts, found)


def test_a_spectrum_that_breaks_the_line_stands_alone(
    judge: Model, many: Spectra, found: Predictions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = steps.prepare

    def prepare(spectra: Spectra, **more: Any) -> Any:
        if "pair" in spectra.object_id.tolist():
            raise FloatingPointError("strange pixel")
        return real(spectra, **more)

    monkeypatch.setattr(steps, "prepare", prepare)
    rows = classify_spectra(many, judge)
    assert rows[1]["status"] == "failed"
    assert rows[1]["reason"] == "FloatingPointError: strange pixel; please report this spectrum"
    keep = np.array([0, 2, 3, 4, 5])
    assert_same_rows(
        Predictions(rows.table.take(keep), rows.classes), Predictions(found.table.take(keep), found.classes)
    )


def test_a_bug_is_not_a_row(judge: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(spectra: Spectra, **more: Any) -> Any:
        raise KeyError("ours")

    monkeypatch.setattr(steps, "prepare", prepare)
    with pytest.raises(KeyError):
        classify_spectra(star(), judge)


def test_no_spectrum_has_all_columns(judge: Model, many: Spectra, found: Predictions) -> None:
    none = classify_spectra(many[:0], judge)
    assert len(none) == 0
    assert none.table.schema.equals(found.table.schema)


def test_few_blocks_are_taken_at_a_time(judge: Model) -> None:
    """A million files are not read before the first is judged."""
    taken: list[int] = []

    def batches() -> Any:
        for k in range(40):
            taken.append(k)
            yield star(str(k), seed=k)

    stream = told_of(batches(), judge)
    next(stream)
    assert not taken
    next(stream)
    assert len(taken) <= 3


def test_light_curves_and_spectra_each_take_their_own_model(judge: Model) -> None:
    lcs = gr.LightCurves.from_arrays(np.arange(30.0), flux=np.ones(30), err=np.full(30, 0.1), object_id="a")
    with pytest.raises(OptionError, match="looks at spectra, and these are light curves"):
        gr.classify(lcs, judge)
    with pytest.raises(OptionError, match="looks at light curves, and these are spectra"):
        gr.classify(star(), "variables")
    with pytest.raises(OptionError, match="no period"):
        gr.classify(star(), judge, period_days=2.0)
    assert (judge.looks_at, load_model("variables").looks_at) == ("spectra", "light curves")
    probabilities = judge.predict_proba(star())
    assert probabilities.shape == (1, 2)
    assert judge.predict(star()).tolist() == ["SINGLE"]


def test_a_representation_that_nobody_knows_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    import json

    from line.spectra import spectral_model

    folder = spectral_model.bundle(tmp_path_factory.mktemp("odd"))
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("spectrum-fluxes", ["spectrum-flux"], 3):
        (folder / "manifest.json").write_text(json.dumps(manifest | {"representation": {"name": name}}))
        with pytest.raises(ModelError, match="is not known"):
            load_model(folder)


SHIPPED = any(folder.name.startswith("spectra-binary-") for folder in list_bundles())


@pytest.mark.skipif(not SHIPPED, reason="the bundle spectra-binary is not in this checkout")
def test_the_model_that_ships_knows_double_lines_and_single_stars() -> None:
    from goodricke import examples

    spectra = gr.read_spectra(examples.spectra())
    rows = {row["path"].rsplit("/", 1)[-1]: row for row in gr.classify(spectra)}
    single, sb2 = rows["spec-made-single-coadd.fits.gz"], rows["spec-made-binary-250kms-coadd.fits.gz"]
    assert sb2["prob_BINARY"] > 0.9
    assert single["prob_BINARY"] < 0.5
    assert rows["spec-made-too-faint.fits.gz"]["status"] == "abstained"
    assert sb2["dv"] == pytest.approx(250, rel=0.4)
