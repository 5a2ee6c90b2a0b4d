from __future__ import annotations

import numpy as np
import pytest

import goodricke as gr
from goodricke.output import panels
from goodricke.output.plots import blank_figure


def eclipsing(n: int = 400, bands: int = 1, seed: int = 0) -> gr.LightCurve:
    """A star with eclipses at phases 0 and 0.5 of 2.5 d, epoch 0, at night only."""
    rng = np.random.default_rng(seed)
    time = np.sort(rng.integers(0, 400, n) + rng.normal(0.4, 0.05, n))
    phase = time / 2.5 % 1
    mag = 12 + 0.8 * np.exp(-0.5 * ((np.minimum(phase, 1 - phase)) / 0.04) ** 2)
    mag += 0.3 * np.exp(-0.5 * ((phase - 0.5) / 0.04) ** 2) + rng.normal(0, 0.01, n)
    band = np.array(["V", "g", "r", "i", "W1", "W2"])[np.arange(n) % bands]
    mag += np.arange(n) % bands
    return gr.LightCurves.from_arrays(time, mag=mag, err=np.full(n, 0.01), band=band)[0]


def axes_of() -> object:
    return blank_figure(5, 3).add_subplot()


def test_median_curve_is_the_median_of_each_bin_by_brute_force() -> None:
    rng = np.random.default_rng(3)
    phase, value = rng.uniform(0, 1, 500), rng.normal(0, 1, 500)
    value[::50] = np.nan
    x, y = panels.median_curve(phase, value, 20)
    for k in range(20):
        here = (phase >= k / 20) & (phase < (k + 1) / 20) & np.isfinite(value)
        assert y[k] == pytest.approx(np.median(value[here]))
        assert x[k] == pytest.approx(phase[here].mean())


def test_a_fold_shows_the_minimum_at_phase_zero_twice_and_magnitudes_downwards() -> None:
    axes = axes_of()
    panels.draw_fold(axes, eclipsing(), 2.5, 0.0)
    low, high = axes.get_ylim()
    assert low > high
    assert axes.get_xlim() == (-0.5, 1.5)
    points, line = axes.get_lines()
    phase, mag = points.get_data()
    assert len(phase) == 2 * 400
    assert phase.min() >= -0.5
    assert phase.max() < 1.5
    faint = phase[mag > 12.6]
    assert np.abs(faint - np.round(faint)).max() < 0.06
    assert {0.0, 1.0} == set(np.round(faint))
    x, y = line.get_data()
    assert abs(x[np.nanargmax(y)] % 1.0) < 0.03 or abs(x[np.nanargmax(y)] % 1.0) > 0.97


def test_bands_are_brought_to_one_level_in_a_fold() -> None:
    star = eclipsing(600, bands=3)
    seen = panels.folded_values(star)
    assert "median of its band" in seen.label
    for name in star.bands:
        assert np.median(seen.value[star.band == name]) == pytest.approx(0.0, abs=1e-9)
    single = eclipsing()
    assert panels.folded_values(single).value is not None
    np.testing.assert_allclose(panels.folded_values(single).value, single.mag)


def test_no_line_is_drawn_across_a_gap_of_phase() -> None:
    time = np.linspace(0.0, 0.5, 300)
    star = gr.LightCurves.from_arrays(time, flux=1 + 0.1 * np.sin(20 * time), err=np.full(300, 0.01))[0]
    axes = axes_of()
    panels.draw_fold(axes, star, 1.0, 0.0)
    x = axes.get_lines()[1].get_xdata()
    assert np.isnan(x).sum() == 3
    assert np.nanmax(np.diff(x)) < 0.15


def test_crowded_curves_are_thinned_without_losing_the_eclipse() -> None:
    time = np.linspace(0, 27, 20_000)
    phase = time / 3.0 % 1
    rng = np.random.default_rng(1)
    flux = np.where(np.minimum(phase, 1 - phase) < 0.004, 0.5, 1.0) + rng.normal(0, 1e-3, len(time))
    star = gr.LightCurves.from_arrays(time, flux=flux, err=np.full(len(time), 0.001))[0]
    axes = axes_of()
    panels.draw_fold(axes, star, 3.0, 0.0)
    x, y = axes.get_lines()[0].get_data()
    assert len(x) < 30_000
    assert y.min() < 0.51


def test_thinning_keeps_the_highest_peak_of_every_step() -> None:
    rng = np.random.default_rng(2)
    period = np.sort(10 ** rng.uniform(-2, 3, 200_000))
    power = rng.uniform(0, 0.2, len(period))
    power[123_456] = 0.97
    x, y = panels.thinned(period, power, 1000)
    assert len(x) <= 1001
    assert y.max() == 0.97
    assert x[np.argmax(y)] == period[123_456]
    edges = np.log(period[0]) + np.arange(1001) / 1000 * np.log(period[-1] / period[0])
    for k in rng.integers(0, 1000, 30):
        inside = (np.log(period) >= edges[k]) & (np.log(period) < edges[k + 1])
        mine = (np.log(x) >= edges[k]) & (np.log(x) < edges[k + 1])
        if inside.any() and mine.any():
            assert y[mine].max() == pytest.approx(power[inside].max(), abs=1e-12)


def test_periodogram_agrees_with_astropy() -> None:
    from astropy.timeseries import LombScargle

    star = eclipsing()
    period, power = panels.periodogram(star)
    assert (np.diff(period) > 0).all()
    some = np.random.default_rng(0).choice(len(period), 50, replace=False)
    expected = LombScargle(star.time, star.flux, star.flux_err).power(1 / period[some])
    np.testing.assert_allclose(power[some], expected, atol=1e-4)  # single-precision fluxes


def test_marks_and_aliases_stand_where_they_should() -> None:
    star = eclipsing()
    axes = axes_of()
    panels.draw_periodogram(axes, star, [2.5, 2.5001, 1.25, 9e9])
    texts = {text.get_text(): text.xy for text in axes.texts}
    assert set(texts) == {"1", "2", "3"}
    assert texts["1"][0] == 2.5
    assert texts["2"][1] > texts["1"][1]  # one floor up: it would stand on the first
    assert texts["3"][1] == texts["1"][1]
    assert axes.get_xscale() == "log"
    period, power = panels.periodogram(star)
    peak = 1 / period[np.argmax(power)]
    # A dotted line is drawn with `axvline`, whose x data are in days.
    dotted = [float(line.get_xdata()[0]) for line in axes.get_lines() if str(line.get_color()) == "#D55E00"]
    assert dotted
    for days in dotted:
        assert np.abs(np.abs(peak + np.array([-2, -1, 1, 2])) * days - 1).min() < 1e-9


def test_sampling_around_the_clock_has_no_daily_aliases() -> None:
    time = np.linspace(0, 27, 2000)
    star = gr.LightCurves.from_arrays(time, flux=1 + 0.1 * np.sin(time * 2), err=np.full(2000, 0.01))[0]
    axes = axes_of()
    panels.draw_periodogram(axes, star, [np.pi])
    assert not [line for line in axes.get_lines() if str(line.get_color()) == "#D55E00"]


def test_bars_show_their_numbers_and_the_prediction_set_in_bold() -> None:
    axes = axes_of()
    panels.draw_bars(axes, ["EW", "EB", "EA"], [0.9, 0.1, 0.001], ["EW", "EB"], is_class=True)
    assert [bar.get_width() for bar in axes.patches] == [0.9, 0.1, 0.001]
    assert [text.get_text().strip() for text in axes.texts] == ["0.90", "0.10", "<0.01"]
    assert [label.get_fontweight() for label in axes.get_yticklabels()] == ["bold", "bold", "normal"]
    assert axes.patches[2].get_alpha() < axes.patches[0].get_alpha()
    low, high = axes.get_ylim()
    assert low > high  # the first on top
