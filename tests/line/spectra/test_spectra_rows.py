"""Decisions: shares, purity, selections, and what a row holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from astropy.io.votable.ucd import check_ucd
from astropy.units import Unit

from goodricke.errors import OptionError
from goodricke.line import Model
from goodricke.line.spectra import classify_spectra
from goodricke.line.spectra.rows import correlation_of, spectral_priors
from goodricke.output.columns import COLUMNS, described, meaning_of
from goodricke.output.spectral_catalogue import stars_of
from goodricke.predictions import Predictions
from goodricke.spectra import Spectra, concatenate
from line.spectra import spectral_model
from line.spectra.spectral_model import log_odds, star


@pytest.fixture(scope="module")
def found(judge: Model, few: Spectra) -> Predictions:
    return classify_spectra(few, judge)


def test_a_row_says_what_was_seen(found: Predictions) -> None:
    single, _, sb2, quasar = found
    assert (single["label"], sb2["label"], quasar["label"]) == ("SINGLE", "BINARY", None)
    assert single["prob_SINGLE"] + single["prob_BINARY"] == pytest.approx(1.0)
    assert single["probability"] == single["prob_SINGLE"]
    assert single["teff"] == pytest.approx(5800, abs=60)
    assert single["snr"] == pytest.approx(80, rel=0.05)
    assert single["q"] is None  # of a single star it would mean nothing
    assert sb2["q"] == pytest.approx(0.8)
    assert sb2["dv"] == pytest.approx(30 * np.expm1(1.0))
    assert 0 < single["found_share"] < 1
    assert "would have been found" in single["detectability"]
    assert (quasar["status"], quasar["prob_BINARY"], quasar["teff"]) == ("abstained", None, None)
    assert found.provenance["model"] == "judge-1"
    assert found.provenance["correlation"] == "0.5"
    assert "period_chooser_sha256" not in found.provenance


def test_every_column_has_a_meaning(found: Predictions) -> None:
    stars = stars_of(found.table, prior=0.5, correlation=0.5)
    for table in (found.table, stars):
        for field in described(table).schema:
            meaning = meaning_of(field)
            assert meaning == COLUMNS.get(field.name), field.name
            assert meaning.says[:1].isupper(), field.name
            assert check_ucd(meaning.ucd, check_controlled_vocabulary=True, has_colon=False), field.name
            Unit(meaning.unit, format="vounit")


@pytest.mark.parametrize(("asked", "share"), [("BINARY=0.2", 0.2), ("1:2", 1 / 3), ({"BINARY": 0.9}, 0.9)])
def test_priors_move_log_odds_by_their_own(
    asked: str | dict[str, float], share: float, judge: Model, few: Spectra, found: Predictions
) -> None:
    moved = classify_spectra(few, judge, priors=asked)
    before, after = (log_odds(np.array([row["prob_BINARY"] for row in table][:2])) for table in (found, moved))
    np.testing.assert_allclose(after - before, np.log(share / (1 - share)), atol=1e-6)
    assert moved.provenance["priors"].startswith("SINGLE=")


def test_words_that_mean_nothing_are_refused_before_the_work(judge: Model) -> None:
    one = star()
    for wish, said in (
        ({"priors": "EA=0.3"}, "no class 'EA'"),
        ({"priors": "0:1"}, "above 0"),
        ({"priors": "estimate"}, "are not estimated"),
        ({"purity": 1.5}, "purity"),
        ({"selection": "jing2024"}, "no selection is called"),
    ):
        with pytest.raises(OptionError, match=said):
            classify_spectra(one, judge, **wish)  # type: ignore[arg-type]


def test_purity_abstains_and_keeps_the_probability(judge: Model) -> None:
    unsure = classify_spectra(star("pair", 0.8, 0.0, 150.0, seed=1), judge, purity=0.9999)[0]
    assert unsure["status"] == "abstained"
    assert "purity" in unsure["reason"]
    assert unsure["prob_BINARY"] is not None


def test_a_selection_leaves_stars_out_with_the_cut(judge: Model) -> None:
    hot = star("hot", teff=7000.0)
    rows = classify_spectra(concatenate([star("sun"), hot, star("faint", snr=12.0)]), judge, selection="jing2025")
    assert [row["status"] for row in rows] == ["ok", "abstained", "abstained"]
    assert "outside the selection jing2025: Teff of" in rows[1]["reason"]
    assert "S/N in g" in rows[2]["reason"]
    assert rows[1]["prob_BINARY"] is None


def test_what_came_with_the_star_goes_on(judge: Model) -> None:
    rows = classify_spectra(star(parallax=4.5, bp_rp=0.8, path="a.fits", unrelated=3.0), judge)
    assert (rows[0]["parallax"], rows[0]["bp_rp"], rows[0]["path"]) == (4.5, 0.8, "a.fits")
    assert "unrelated" not in rows.table.column_names


def test_chance_is_read_from_the_curve_of_the_bundle(judge: Model, tmp_path_factory: pytest.TempPathFactory) -> None:
    from goodricke.line.spectra.told import chance_of

    curve = spectral_model.CURVE
    d = np.array([[[0.0, 1.0, 6.0, 50.0, np.nan]]])
    np.testing.assert_allclose(chance_of(d, judge)[0, 0], [0.05, 0.125, 0.9, 1.0, np.nan])
    without = spectral_model.model(tmp_path_factory.mktemp("plain"), detectability=None, correlation=None)
    assert np.isnan(chance_of(d, without)).all()
    row = classify_spectra(star(), without)[0]
    assert (row["status"], row["found_share"], row["detectability"]) == ("ok", None, "")
    assert curve["found"][-1] == 1.0
    assert (correlation_of(judge), correlation_of(without)) == (0.5, 1.0)


def test_priors_by_default_are_those_of_training(judge: Model) -> None:
    assert spectral_priors(judge, None).tolist() == [0.5, 0.5]


def test_a_model_that_sees_flux_alone(tmp_path_factory: pytest.TempPathFactory, few: Spectra) -> None:
    model = spectral_model.model(tmp_path_factory.mktemp("flux"), name="flux", flux_only=True)
    rows = classify_spectra(few, model)
    assert [row["status"] for row in rows] == ["ok", "ok", "ok", "abstained"]
    assert {row["q"] for row in rows} == {None}
    assert isinstance(rows.table, pa.Table)
