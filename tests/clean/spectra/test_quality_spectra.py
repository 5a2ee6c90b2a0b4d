from __future__ import annotations

import numpy as np
import pytest

from clean.spectra.spectra_made import lamost, real, star
from goodricke.clean.spectra import SpectrumLimits, prepare
from goodricke.errors import DataError
from goodricke.spectra import LAMOST_LATTICE, MODEL_LATTICE, Spectra, concatenate

WAVE = LAMOST_LATTICE.wave


def one(wave=WAVE, flux=None, ivar=None, bad=None, snr: float = 50.0, **about) -> Spectra:
    wave = np.asarray(wave, float)
    if flux is None:
        flux = star(wave) + np.random.default_rng(3).normal(0, 1 / snr, len(wave))
    ivar = np.full(len(wave), snr**2) if ivar is None else ivar
    return Spectra.from_arrays(wave, flux, ivar, bad, **{"velocity": 0.0, **about})


def masked(part: float) -> np.ndarray:
    return np.arange(len(WAVE)) % 1000 < 1000 * part


NOISE = np.random.default_rng(1).normal(size=len(WAVE))
TIMES = np.linspace(0.0, 4900.0, 900)
NO_BLUE = np.where(WAVE < 4700, -0.2, 1.0) * star(WAVE)

# A name, the spectrum, and words that its reason has to hold.
BAD = {
    "galaxy": (one(kind="GALAXY"), "calls it GALAXY, not a star"),
    "quasar, small letters": (one(kind="qso"), "calls it QSO, not a star"),
    "white dwarf": (one(kind="STAR", subclass="WD"), "calls it WD, no main-sequence star"),
    "M giant": (one(kind="STAR", subclass="gM3"), "calls it gM3, no main-sequence star"),
    "all masked": (one(bad=np.ones(len(WAVE), bool)), "all 3,980 pixels are masked"),
    "many masked": (one(bad=masked(0.4)), "% of its pixels are masked; 20% is the limit"),
    "S/N 2": (one(snr=2.0), "per pixel is below the limit of 5"),
    "velocity": (one(velocity=-1500.0), "a velocity of -1,500 km/s is beyond the limit of 1,000 km/s"),
    "velocity of -9999 * c": (one(velocity=-9999 * 299792.458), "km/s is beyond the limit"),
    "nanometres": (one(WAVE / 10, star(WAVE)), "look like nanometres; give Angstrom in vacuum"),
    "micrometres": (one(WAVE / 1e4, star(WAVE)), "look like micrometres"),
    "metres": (one(WAVE / 1e10, star(WAVE)), "look like metres"),
    "logarithms": (one(np.log10(WAVE), star(WAVE)), "3.567 to 3.965, look like log10 of Angstrom"),
    "a light curve in days": (one(np.linspace(2459000.1, 2459900, 800), np.ones(800)), "is it a spectrum, in"),
    "a light curve from zero": (one(TIMES, TIMES**0), "from 0 to 4900 Angstrom cover 38% of"),
    "negative times": (one(np.linspace(-500.0, 500, 900), np.ones(900)), "have nothing between 3850 and 7249 Angstrom"),
    "infrared": (one(np.linspace(15000.0, 17000, 900), np.ones(900)), "is it a spectrum, in Angstrom?"),
    "red arm only": (one(WAVE[WAVE > 5700]), "Angstrom cover 38% of 3850 to 7249 Angstrom in the rest frame; 80%"),
    "no pixels": (one()[:0], ""),
    "too coarse": (one(np.arange(3700.0, 7400, 5.0)), "times as wide as those of the lattice (69 km/s); 3 times"),
    "negative": (one(flux=-star(WAVE)), "pixels are far below zero"),
    "noise around zero": (one(flux=NOISE, ivar=NOISE**0), "its flux is not positive (mean -0.002"),
    "no light in the blue": (one(flux=NO_BLUE, snr=20.0), "its smooth light is zero or less in"),
    "zeros": (one(flux=np.zeros(len(WAVE))), "its flux is not positive (mean 0)"),
    "nothing known and constant": (one(flux=np.ones(len(WAVE)), ivar=np.zeros(len(WAVE))), "no inverse variance, and"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_spectrum_has_its_reason_and_numbers_that_are_numbers(name: str) -> None:
    spectrum, words = BAD[name]
    ready = prepare(spectrum)
    if name == "no pixels":
        assert len(ready) == 0
        return
    assert not ready.usable[0], ready
    assert words in ready.reason[0], ready.reason[0]
    assert np.isfinite(ready.flux).all()
    assert np.isfinite(ready.ivar).all()
    assert (ready.ivar >= 0).all()


def test_bad_ones_do_not_touch_the_good_one_between_them() -> None:
    good = one(kind="STAR", subclass="G5")
    alone = prepare(good)
    batch = concatenate(
        [*(spectrum for spectrum, _ in BAD.values()), good, *(spectrum for spectrum, _ in BAD.values())]
    )
    ready = prepare(batch)
    assert ready.usable.sum() == 1
    place = int(np.flatnonzero(ready.usable)[0])
    np.testing.assert_allclose(ready.flux[place], alone.flux[0], rtol=1e-5)
    assert ready[place].snr[0] == pytest.approx(alone.snr[0])
    assert repr(ready).startswith(f"<Prepared: {len(batch)} spectra, 1 usable")


def test_a_spectrum_without_pixels_in_a_batch() -> None:
    empty = Spectra.from_arrays(np.zeros(0), np.zeros((1, 0)))
    for batch in (concatenate([empty, one()]), concatenate([one(), empty]), empty):
        ready = prepare(batch)
        assert (ready.reason == "it has no pixels").sum() == 1
        assert ready.usable.sum() == len(batch) - 1


def test_limits_are_the_users() -> None:
    weak, half = one(snr=3.0), one(bad=masked(0.4))
    assert prepare(weak, limits=SpectrumLimits(min_snr=2.0)).usable[0]
    assert prepare(half, limits=SpectrumLimits(max_masked=0.5)).usable[0]
    red = one(WAVE[WAVE > 5700])
    assert prepare(red, limits=SpectrumLimits(min_coverage=0.3)).usable[0]
    assert prepare(one(kind="GALAXY"), limits=SpectrumLimits(kinds=())).usable[0]
    assert prepare(one(subclass="WD"), limits=SpectrumLimits(subclasses=())).usable[0]


def test_a_spectrum_without_errors_is_used_and_says_so() -> None:
    with_errors = prepare(one(snr=30.0))
    without = prepare(one(ivar=np.zeros(len(WAVE)), flux=one(snr=30.0).flux))
    assert without.usable[0]
    assert "no inverse variance is given" in without.note[0]
    assert with_errors.note[0] == ""
    assert without.snr[0] == pytest.approx(with_errors.snr[0], rel=0.2)


def test_an_unknown_velocity_is_zero_and_noted() -> None:
    ready = prepare(lamost(2, velocity=[np.nan, 12.0]))
    assert ready.velocity.tolist() == [0.0, 12.0]
    assert ready.note.tolist() == ["no velocity is known: none was taken out", ""]
    given = prepare(lamost(2, velocity=[np.nan, 12.0]), velocity=[5.0, 6.0])
    assert given.velocity.tolist() == [5.0, 6.0]
    assert prepare(lamost(2), velocity=7.0).velocity.tolist() == [7.0, 7.0]
    with pytest.raises(DataError, match=r"velocity has shape \(3,\); 2 spectra ask for \(2,\)"):
        prepare(lamost(2), velocity=[1.0, 2.0, 3.0])


@pytest.mark.parametrize("unit", [1e-17, 1e-15, 1.0, 1e6])
def test_the_unit_of_the_flux_does_not_matter(unit: float) -> None:
    base = one()
    other = Spectra.from_arrays(WAVE, base.flux * unit, base.ivar.astype(float) / unit**2, velocity=0.0)
    expected, ready = prepare(base), prepare(other)
    np.testing.assert_allclose(ready.flux, expected.flux, rtol=2e-5)
    assert ready.snr[0] == pytest.approx(expected.snr[0], rel=1e-4)


def test_real_spectra_and_what_is_said_of_them(shared_data) -> None:
    spectra = real(shared_data)
    ready = prepare(spectra)
    assert ready.usable.mean() > 0.9
    assert not ready.usable[spectra.kind == "GALAXY"].any()
    assert all(reason for reason in ready.reason[~ready.usable])
    assert ready.flux.dtype == ready.ivar.dtype == np.float32
    assert ready.flux.shape == (len(spectra), MODEL_LATTICE.n)
    # Native S/N against the lattice's: independent takes off what neighbours share.
    usable = ready[ready.usable]
    assert np.all((usable.independent >= 0.499) & (usable.independent <= 1))
    assert np.all(usable.flux[usable.ivar == 0] == 1)


def test_two_epochs_of_a_real_star_agree_to_their_errors(shared_data) -> None:
    """The pull of repeat visits, where the noise of photons is the larger part (blue, S/N below 80)."""
    spectra = real(shared_data)
    ready = prepare(spectra)
    pulls = []
    for name in np.unique(spectra.object_id):
        epochs = np.flatnonzero((spectra.object_id == name) & ready.usable & (ready.snr < 100) & (ready.snr > 30))
        for k in epochs[1:]:
            first = epochs[0]
            known = (ready.ivar[first] > 0) & (ready.ivar[k] > 0)
            known[1647:] = False  # 4000 to 5600 Angstrom and what lies before
            known[:167] = False
            apart = (ready.flux[first] - ready.flux[k])[known]
            error = np.sqrt(1 / ready.ivar[first][known] + 1 / ready.ivar[k][known])
            pulls.append(1.4826 * np.median(np.abs(apart / error)))
    assert len(pulls) > 10
    assert 0.8 < np.median(pulls) < 1.3


def test_the_limit_of_signal_to_noise_is_the_same_at_every_velocity() -> None:
    velocity = np.linspace(-200, 200, 60)
    ready = prepare(lamost(60, snr=20.0, velocity=velocity))
    native = ready.snr * np.sqrt(ready.independent)
    assert np.ptp(native) < 0.1 * native.mean()
    assert np.ptp(ready.snr) > 0.3 * native.mean()
    among = SpectrumLimits(min_snr=1.2 * native.mean())
    assert not prepare(lamost(60, snr=20.0, velocity=velocity), limits=among).usable.any()


def test_raw_files_of_lamost_and_sdss_go_through(shared_data) -> None:
    from goodricke.surveys.spectra import read_spectra

    folder = shared_data / "spectra"
    files = [str(path) for name in ("lamost_raw", "sdss_raw") for path in sorted(folder.glob(f"{name}/**/*.fit*"))]
    if not files:
        pytest.skip("raw spectra are not here")
    ready = prepare(read_spectra(files))
    assert len(ready) == len(files)
    assert ready.usable.mean() > 0.9
    # Cool and hot stars alike: the upper envelope of what is left is flat.
    good = ready[ready.usable]
    assert np.all(np.abs(np.median(good.flux, axis=1) - 1) < 0.15)
    assert np.all(good.snr > 5)
