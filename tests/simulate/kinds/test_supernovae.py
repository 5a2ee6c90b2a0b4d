"""Supernovae: positive, with their host, and the shapes of real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.kinds.supernovae import Supernova, plateau, thermonuclear
from goodricke.simulate.stars import Columns, Moments

SPAN = (2459000.0, 2460000.0)


def one(kind: str, **changes: float) -> Columns:
    made: dict[str, float] = {"epoch": 0.0, "stretch": 1.0, "host_share": 0.05, **changes}
    return {"supernova_type": np.array([kind]), **{k: np.array([v]) for k, v in made.items()}}


def light(stars: Columns, time: np.ndarray, band: str = "R") -> np.ndarray:
    return Supernova().light(stars, Moments(time, np.array([0, len(time)])), band)


@pytest.mark.parametrize("band", list(BANDS))
@pytest.mark.parametrize("kind", ["Ia", "Ibc", "II"])
def test_light_is_the_hosts_outside_and_about_one_at_the_peak(band: str, kind: str) -> None:
    time = np.linspace(-400, 3000, 7000)
    flux = light(one(kind), time, band)
    assert np.isfinite(flux).all()
    assert flux.min() >= 0.05
    np.testing.assert_allclose(flux[time < -60], 0.05, atol=1e-3)
    np.testing.assert_allclose(flux[-1], 0.05, atol=1e-3)
    assert 0.8 < flux.max() < 1.1


def test_type_ia_falls_by_the_known_amounts() -> None:
    # Mean decline of type Ia in 15 days: 1.1 mag in B, 0.6 to 0.7 in R; rise in 17 to 19 days (Riess et al. 1999).
    days = np.linspace(-30, 60, 9001)
    for band, low, high in (("g", 0.6, 1.1), ("R", 0.4, 0.8)):
        flux = thermonuclear(days, band)
        top = np.argmax(flux)
        fallen = -2.5 * np.log10(flux[top + 1500] / flux[top])
        assert low < fallen < high
        assert 12 < days[top] - days[np.argmax(flux > 0.03 * flux[top])] < 22


def test_only_type_ia_has_a_second_peak_in_the_red() -> None:
    days = np.linspace(10, 45, 200)
    bend = np.diff(light(one("Ia"), days), 2), np.diff(light(one("Ibc"), days), 2)
    assert bend[0].min() < 0 < bend[1][20:].min() + 1e-4


def test_plateau_lasts_and_drops() -> None:
    # Anderson et al. 2014: V falls 1.27 mag in 100 days on the plateau (spread 0.9), which ends after 84 days.
    days = np.arange(0.0, 300.0)
    mag = -2.5 * np.log10(np.maximum(plateau(days, np.ones(300), "V"), 1e-9))
    assert (mag[65] - mag[25]) / 0.40 == pytest.approx(1.27, abs=0.3)
    steepest = np.argmax(np.diff(mag[40:150])) + 40
    assert steepest == pytest.approx(84, abs=8)
    # The tail of cobalt fades by 0.98 mag in 100 days.
    assert mag[290] - mag[190] == pytest.approx(0.98, abs=0.02)


def test_shares_are_those_of_a_survey_limited_by_magnitude() -> None:
    made = Supernova().draw(5000, np.random.default_rng(1), SPAN)
    for kind, share in (("Ia", 0.72), ("II", 0.22), ("Ibc", 0.06)):
        assert (made["supernova_type"] == kind).mean() == pytest.approx(share, abs=0.03)
    # Spread of the stretch of 1,281 type Ia about one shape: 0.12.
    assert made["stretch"][made["supernova_type"] == "Ia"].std() == pytest.approx(0.12, abs=0.015)


def test_real_type_ia_follow_the_shape(shared_data: Path) -> None:
    table = pq.read_table(shared_data / "lightcurves" / "ztf_bts_snia_obs.parquet").to_pandas()
    left = []
    for _, star in table[table.band.isin(["g", "R"])].groupby("object_id"):
        if len(left) == 20 or star.band.value_counts().min() < 8 or star.band.nunique() < 2:
            continue
        flux = 10 ** (-0.4 * (star.mag.to_numpy() - 18))
        time, band = star.time.to_numpy(), star.band.to_numpy()
        best = np.inf
        for peak in time[np.argmax(flux)] + np.arange(-10, 10.5, 1.25):
            for stretch in (0.8, 0.9, 1.0, 1.1, 1.2):
                part = np.empty(len(time))
                for b in ("g", "R"):
                    y, f = thermonuclear((time[band == b] - peak) / stretch, b), flux[band == b]
                    # Equal relative errors: the height is the median of the ratios.
                    part[band == b] = f / y / np.median(f / y) - 1
                best = min(best, float(np.median(np.abs(part))))
        left.append(best)
    assert len(left) == 20
    # Their errors are 0.04 to 0.1 mag; a straight line in magnitude leaves 0.25.
    assert np.median(left) < 0.07
