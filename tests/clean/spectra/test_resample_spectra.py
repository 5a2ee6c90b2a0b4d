import numpy as np
import pytest

from clean.spectra.spectra_made import lamost, loop_resample, plain_continuum, real, star
from goodricke.clean.spectra import prepare
from goodricke.clean.spectra.resample import even, native, resampled
from goodricke.spectra import LAMOST_LATTICE, MODEL_LATTICE, Spectra, concatenate


def on_lattice(spectra: Spectra, velocity: np.ndarray, regular: bool):
    """What `resampled` gives, in the unit of the spectra."""
    pixels = native(spectra, MODEL_LATTICE, velocity, even=regular)
    flux, ivar, covered, independent = resampled(pixels, MODEL_LATTICE)
    return flux * pixels.scale[:, None], ivar / pixels.scale[:, None] ** 2, covered, independent


def with_step(step: float, low: float = 3700.0, high: float = 7400.0, velocity: float = 0.0, **about) -> Spectra:
    wave = np.arange(low, high, step)
    return Spectra.from_arrays(wave, star(wave, velocity), np.full(len(wave), 1e4), velocity=velocity, **about)


def test_real_spectra_as_a_loop_over_pixels_has_them(shared_data) -> None:
    spectra = real(shared_data)[::24]
    velocity = np.nan_to_num(spectra.velocity)
    flux, ivar, _, _ = on_lattice(spectra, velocity, True)
    assert even(spectra, MODEL_LATTICE).all()
    for k, one in enumerate(spectra):
        plain_flux, plain_ivar = loop_resample(one, float(velocity[k]))
        known = plain_ivar > 0
        assert np.array_equal(known, ivar[k] > 0)
        np.testing.assert_allclose(flux[k, known], plain_flux[known], rtol=1e-3, atol=1e-5 * np.abs(one.flux).mean())
        # The shift is a number between pixels that is known to 1e-6 of one.
        np.testing.assert_allclose(ivar[k, known], plain_ivar[known], rtol=1e-3)


def test_the_whole_of_prepare_is_the_formulas_of_the_paper() -> None:
    spectra = lamost(2, velocity=[33.3, -120.0])
    ready = prepare(spectra)
    for k, one in enumerate(spectra):
        flux, ivar = loop_resample(one, float(spectra.velocity[k]))
        smooth = plain_continuum(flux[None], ivar[None], MODEL_LATTICE)[0]
        np.testing.assert_allclose(ready.flux[k], flux / smooth, atol=1e-4)
        np.testing.assert_allclose(ready.ivar[k], ivar * smooth**2, rtol=1e-3)
        assert ready.snr[k] == pytest.approx(np.median(flux * np.sqrt(ivar)), rel=1e-3)


def test_the_general_way_gives_the_same_as_the_fast_one() -> None:
    velocity = np.array([0.0, 34.5, -200.0, 69.0])
    spectra = lamost(4, velocity=velocity)
    broken = np.array(spectra.bad)
    broken[500:520] = True
    spectra = Spectra(**{**vars(spectra), "bad": broken})
    for fast, general in zip(on_lattice(spectra, velocity, True), on_lattice(spectra, velocity, False), strict=True):
        np.testing.assert_allclose(fast.astype(float), general.astype(float), rtol=2e-4, atol=1e-5)


def test_spectra_on_a_ladder_with_another_beginning_are_even_too() -> None:
    shifted = LAMOST_LATTICE.wave[7:3700] * 10**0.37e-4
    boss = Spectra.from_arrays(shifted, star(shifted), np.full(len(shifted), 1e4), velocity=10.0)
    assert even(boss, MODEL_LATTICE).all()
    flux, ivar, covered, _ = on_lattice(boss, boss.velocity, True)
    general = on_lattice(boss, boss.velocity, False)
    np.testing.assert_allclose(flux, general[0], rtol=1e-4)
    np.testing.assert_allclose(ivar, general[1], rtol=1e-4)
    assert covered.all()


@pytest.mark.parametrize("velocity", [-300.0, 0.0, 41.0, 512.0])
@pytest.mark.parametrize("step", [0.1, 0.5, 0.8, 1.0, None])
def test_a_star_at_any_velocity_and_sampling_is_the_star_at_rest(velocity: float, step: float | None) -> None:
    if step is None:
        wave = LAMOST_LATTICE.wave
        spectra = Spectra.from_arrays(wave, star(wave, velocity), np.full(len(wave), 1e4), velocity=velocity)
    else:
        spectra = with_step(step, velocity=velocity)
    ready = prepare(spectra)
    truth = star(MODEL_LATTICE.wave)
    truth = truth / plain_continuum(truth[None], np.ones((1, len(truth))), MODEL_LATTICE)[0]
    # Lines of sigma 1.3 Angstrom on pixels of 1: a line between two pixels cuts h^2 / 8 of the second derivative.
    assert np.abs(ready.flux[0] - truth)[5:-5].max() < 0.035
    shift = np.gradient(truth)[5:-5]
    moved = -np.sum((ready.flux[0] - truth)[5:-5] * shift) / np.sum(shift**2)
    assert abs(moved) * MODEL_LATTICE.km_s < 1.5  # km/s


def test_errors_are_those_of_the_noise() -> None:
    rng = np.random.default_rng(8)
    for step in (0.1, 0.4, 0.8, 1.5):
        wave = np.arange(3800.0, 7300.0, step)
        sigma = 0.02 * (1 + (wave > 5000))
        flux = 1 + rng.normal(size=(300, len(wave))) * sigma
        made = Spectra.from_arrays(wave, flux, np.broadcast_to(sigma**-2.0, flux.shape), velocity=25.0)
        light, ivar, _, independent = on_lattice(made, made.velocity, False)
        pull = ((light - light.mean(axis=0)) * np.sqrt(ivar)).std(axis=0)
        assert abs(pull.mean() - 1) < 0.01
        assert 0.8 < pull.min() < pull.max() < 1.2
        # The mean of 40 pixels together: what neighbours share is taken off by `independent`.
        wide = slice(1000, 1040)
        together = light[:, wide].mean(axis=1).std()
        told = np.sqrt(1 / (40 * ivar[0, wide].mean() * independent[0]))
        assert together == pytest.approx(told, rel=0.15)


def test_the_light_is_kept_where_pixels_are_averaged() -> None:
    spectra = with_step(0.05)
    flux, _, _, _ = on_lattice(spectra, np.zeros(1), False)
    wave = MODEL_LATTICE.wave
    edges = np.sqrt(wave[1:] * wave[:-1])
    width = np.diff(edges)
    inside = (spectra.wave > edges[0]) & (spectra.wave < edges[-1])
    total = (flux[0, 1:-1] * width).sum()
    assert total == pytest.approx(spectra.flux[inside].sum(dtype=float) * 0.05, rel=1e-4)


def test_ripples_finer_than_a_pixel_do_not_come_back_as_wide_ones() -> None:
    wave = np.arange(3700.0, 7400.0, 0.05)
    ripple = 1 + 0.5 * np.sin(2 * np.pi * wave / 0.31)
    fine = Spectra.from_arrays(wave, ripple, np.full(len(wave), 1e4))
    flux, _, _, _ = on_lattice(fine, np.zeros(1), False)
    assert flux[0].std() / flux[0].mean() < 0.06  # picking single pixels leaves 0.35


def test_mean_over_a_pixel_as_a_loop_over_overlaps_has_it() -> None:
    rng = np.random.default_rng(3)
    wave = np.sort(rng.uniform(4000.0, 4200.0, 900))
    one = Spectra.from_arrays(wave, rng.normal(5, 1, 900), rng.uniform(1, 4, 900))
    flux, ivar, _, _ = on_lattice(one, np.zeros(1), False)
    place = (np.log10(wave) - MODEL_LATTICE.first) / MODEL_LATTICE.step + 0.5
    typical = np.median(np.diff(place))
    widest = min(1.5 * typical, 1.0) / 2
    left = np.r_[typical / 2, np.diff(place) / 2]
    right = np.r_[np.diff(place) / 2, typical / 2]
    low, high = place - np.minimum(left, widest), place + np.minimum(right, widest)
    compared = 0
    for k in np.flatnonzero(ivar[0]):
        share = np.clip(np.minimum(high, k + 1) - np.maximum(low, k), 0, None)
        mean = (share * one.flux).sum() / share.sum()
        variance = (share**2 / one.ivar).sum() / share.sum() ** 2
        assert flux[0, k] == pytest.approx(mean, rel=1e-5)
        assert ivar[0, k] == pytest.approx(1 / variance, rel=1e-5)
        compared += 1
    assert compared > 100


def test_no_line_is_drawn_over_a_gap() -> None:
    wave = np.r_[np.arange(3800.0, 5000.0, 1.0), np.arange(5100.0, 7300.0, 1.0)]
    _, ivar, covered, _ = on_lattice(
        Spectra.from_arrays(wave, np.ones(len(wave)), np.ones(len(wave))), np.zeros(1), False
    )
    at = MODEL_LATTICE.wave
    gap = (at > 4999.0) & (at < 5100.0)
    assert not covered[0, gap].any()
    assert not ivar[0, gap].any()
    assert covered[0, ~gap].all()


def test_a_batch_of_all_kinds_gives_what_each_alone_gives() -> None:
    many = [
        with_step(0.3, velocity=20.0),
        lamost(3, velocity=[1.0, 2.0, 3.0]),
        with_step(0.9),
        with_step(2.5),
        lamost(2),
    ]
    together = prepare(concatenate(many))
    alone = [prepare(each) for each in many]
    for name in ("flux", "ivar", "snr", "velocity", "independent"):
        expected = np.concatenate([getattr(each, name) for each in alone])
        np.testing.assert_allclose(getattr(together, name), expected, rtol=1e-5)


def test_many_spectra_in_blocks_are_the_same_as_one_by_one() -> None:
    many = lamost(150, velocity=np.linspace(-300, 300, 150))
    together = prepare(many)
    for k in (0, 127, 128, 149):
        np.testing.assert_allclose(prepare(many[k]).flux[0], together.flux[k], atol=1e-5)
