"""From spectra to logits: velocities, broad lines, and every kind of bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.clean.spectra import prepare
from goodricke.line import Model
from goodricke.line.spectra import classify_spectra, see
from goodricke.line.spectra.seen import at_rest
from goodricke.photosphere import distances, fit_single
from goodricke.represent.spectra import looked
from goodricke.spectra import Spectra, concatenate
from line.spectra import spectral_model
from line.spectra.spectral_model import star


def test_the_steps_are_those_of_training(judge: Model, few: Spectra) -> None:
    seen = see(few, judge)
    prepared = prepare(few)
    single = fit_single(prepared)
    expected = judge.bundle.outputs(judge.spectral.make(looked(prepared, single)), ["logits", "quantities"])
    np.testing.assert_allclose(seen.logits, expected["logits"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(seen.quantities, expected["quantities"], rtol=1e-5)
    told = prepared.ivar * prepared.independent[:, None].astype(np.float32)
    np.testing.assert_allclose(seen.distance, distances(single, told), rtol=1e-6)
    assert seen.reason.tolist()[:3] == ["", "", ""]
    assert "unexplained" in seen.reason[3]


def test_a_velocity_that_is_not_given_is_measured() -> None:
    given = [star("a", velocity=120.0), star("b", 0.8, 50.0, velocity=-80.0, seed=1), star("c", velocity=30.0)]
    unknown = [replace(one, velocity=np.array([np.nan])) for one in given[:2]]
    prepared, measured = at_rest(concatenate([*unknown, given[2]]))
    assert measured.tolist() == [True, True, False]
    # The primary of the pair, whose lines are the stronger, moves by 22 km/s.
    np.testing.assert_allclose(prepared.velocity, [120.0, -80.0, 30.0], atol=22.0)
    assert "was measured from its lines" in prepared.note[0]
    assert prepared.note[2] == ""
    asked = prepare(concatenate([*unknown, given[2]]), velocity=prepared.velocity)
    # Sums over other rows at once may round otherwise.
    np.testing.assert_allclose(prepared.flux, asked.flux, rtol=2e-6)


def test_temperatures_that_the_model_has_not_learnt_from(tmp_path: Path, few: Spectra) -> None:
    cool = spectral_model.model(tmp_path / "cool", known_teff=[3800.0, 5000.0])
    assert "not learnt from dwarfs of 5," in see(few, cool).reason[0]
    for odd in (None, "5000", [5000.0], ["a", "b"]):
        assert see(few[:1], spectral_model.model(tmp_path / str(odd), known_teff=odd)).reason[0] == ""


def test_noise_has_no_velocity_and_no_answer(judge: Model) -> None:
    rng = np.random.default_rng(0)
    wave = np.linspace(3800.0, 7300.0, 3500)
    noise = Spectra.from_arrays(wave, 1 + 0.02 * rng.normal(size=3500), np.full(3500, 2500.0), object_id="noise")
    row = classify_spectra(noise, judge)[0]
    assert (row["status"], row["prob_BINARY"]) == ("abstained", None)
    assert "too unlike a star's" in row["reason"]


def test_errors_of_velocities_as_they_are_given(judge: Model) -> None:
    z = star("z", z_err=1e-5)
    wild = star("wild", z_err=9.0)
    ours = replace(star("ours", z_err=1e-5), velocity=np.array([np.nan]))
    seen = see(concatenate([z, wild, ours]), judge)
    assert seen.velocity_error[0] == pytest.approx(2.998, abs=0.01)
    assert np.isnan(seen.velocity_error[1])
    assert 0 < seen.velocity_error[2] < 20  # of the fit, since the survey's is of no use without its velocity
    assert seen.velocity[2] == pytest.approx(20.0, abs=6.0)


def bad() -> dict[str, tuple[Spectra, str, str]]:
    """What is wrong -> the spectrum, its status, and what the reason must say."""
    one = star("bad")
    n = one.n_pixels
    giant = star("giant", teff=4000.0, subclass="gM2")
    nothing = np.zeros(n, np.float32)
    return {
        "galaxy": (star("g", kind="GALAXY"), "abstained", "GALAXY"),
        "quasar": (star("g", kind="QSO", velocity=400.0), "abstained", "QSO"),
        "white dwarf": (star("wd", subclass="WDMagnetic"), "abstained", "no main-sequence star"),
        "M giant": (giant, "abstained", "no main-sequence star"),
        "S/N 2": (star("faint", snr=2.0), "abstained", "signal-to-noise"),
        "all masked": (replace(one, bad=np.ones(n, bool)), "failed", "masked"),
        "no inverse variance, flat": (replace(one, ivar=nothing, flux=np.ones(n, np.float32)), "failed", ""),
        "wrong unit": (replace(one, wave=one.wave / 10.0), "failed", "nanometres"),
        "another range": (replace(one, wave=one.wave + 6000.0), "failed", "nothing between"),
        "half of it": (one_half(one), "abstained", "cover"),
        "no flux": (replace(one, flux=nothing), "failed", ""),
        "negative": (replace(one, flux=-one.flux), "failed", ""),
        "a light curve": (light_curve(), "failed", "is it a spectrum"),
        "too fast": (replace(one, velocity=np.array([9e4])), "abstained", "beyond the limit"),
    }


def one_half(one: Spectra) -> Spectra:
    keep = np.arange(one.n_pixels // 2)
    return Spectra.from_arrays(one.wave[keep], one.flux[keep], one.ivar[keep], velocity=20.0, object_id="half")


def light_curve() -> Spectra:
    """Days and relative flux, as if they were wavelengths and light."""
    time = np.linspace(1683.3, 1710.1, 1200)
    return Spectra.from_arrays(time, 1 + 0.01 * np.sin(time), np.full(1200, 1e6), velocity=0.0, object_id="lc")


@pytest.mark.parametrize("what", list(bad()))
def test_bad_input_gets_no_probability_and_says_why(what: str, judge: Model) -> None:
    spectrum, status, says = bad()[what]
    row = classify_spectra(spectrum, judge)[0]
    assert row["status"] in ((status, "abstained") if not says else (status,)), row["reason"]
    assert says in row["reason"]
    assert row["reason"]
    for name in ("probability", "prob_SINGLE", "prob_BINARY", "label", "q", "dv", "teff", "found_share"):
        assert row[name] is None, name
    assert row["object_id"] == spectrum.object_id[0]


def test_double_lines_are_no_galaxy(judge: Model) -> None:
    """Lines as broad as those of two stars 300 km/s apart have to pass, if two stars explain them."""
    seen = see(star("sb2", 1.0, 320.0, 100.0), judge)
    assert seen.single.broadening[0] > 5.0
    assert seen.doubt[0] == ""
