"""What all pulsating stars must keep, whatever their class."""

import numpy as np
import pytest

from goodricke.labels import LEAVES
from goodricke.lightcurves import LightCurves
from goodricke.period import find_periods
from goodricke.simulate.binary.band import BANDS, named_band
from goodricke.simulate.kinds.cepheids import AnomalousCepheid, Cepheid, Type2Cepheid
from goodricke.simulate.kinds.delta_scuti import DeltaScuti
from goodricke.simulate.kinds.long_period import Mira, SemiRegular
from goodricke.simulate.kinds.pulsation import band_swing, cycles
from goodricke.simulate.kinds.rr_lyrae import RRab, RRc, RRd
from goodricke.simulate.stars import Columns, Kind, Moments
from simulate.kinds.folds import one_cycle

pytest.importorskip("numba")

SPAN = (2453500.0, 2456000.0)
ALL = [RRab(), RRc(), RRd(), Cepheid(), AnomalousCepheid(), Type2Cepheid(), DeltaScuti(), Mira(), SemiRegular()]
EVERY = pytest.mark.parametrize("kind", ALL, ids=lambda kind: type(kind).__name__)


def drawn(kind: Kind, n: int = 200, seed: int = 1) -> Columns:
    return kind.draw(n, np.random.default_rng(seed), SPAN)


def moments(n: int, points: int, seed: int = 2) -> Moments:
    time = np.sort(np.random.default_rng(seed).uniform(*SPAN, (n, points)), axis=1)
    return Moments(time.ravel(), np.arange(n + 1) * points)


@EVERY
def test_columns_are_whole(kind: Kind) -> None:
    stars = drawn(kind)
    assert kind.label in LEAVES
    assert all(len(values) == 200 for values in stars.values())
    assert (stars["period_days"] > 0).all()
    assert (stars["epoch"] >= SPAN[0]).all()
    assert (stars["epoch"] <= SPAN[1]).all()
    assert ((stars["temperature"] > 2000) & (stars["temperature"] < 10000)).all()
    assert all(
        np.isfinite(values).all()
        for name, values in stars.items()
        if not name.endswith("_days") and values.dtype.kind == "f"
    )


@EVERY
@pytest.mark.parametrize("band", ["u", "V", "y", "TESS"])
def test_light_is_positive_and_about_one(kind: Kind, band: str) -> None:
    stars = drawn(kind)
    flux = kind.light(stars, moments(200, 60), band).reshape(200, 60)
    assert (flux > 0).all()
    # Mean magnitude 0; stars in two modes or in few cycles are off by some hundredths.
    assert abs(np.median(-2.5 * np.log10(flux).mean(axis=1))) < 0.05


@EVERY
def test_same_seed_same_bytes_and_seen_twice_the_same_star(kind: Kind) -> None:
    stars, again = drawn(kind), drawn(kind)
    assert all(np.array_equal(stars[name], again[name]) for name in stars)
    seen = moments(200, 30)
    flux = kind.light(stars, seen, "r")
    assert flux.tobytes() == kind.light(again, seen, "r").tobytes()
    part = Moments(seen.time[30 * 7 + 4 : 30 * 7 + 9], np.array([0, 5]))
    alone = kind.light({name: values[7:8] for name, values in stars.items()}, part, "r")
    assert np.allclose(alone, flux[30 * 7 + 4 : 30 * 7 + 9], rtol=1e-9)


@pytest.mark.parametrize(
    ("kind", "within", "share"),
    [
        # One mode: on the grid of the phases. Two: the sums of modes move the maximum. Miras: their cycles wander.
        (RRab(), 0.005, 1.0),
        (RRc(), 0.005, 1.0),
        (AnomalousCepheid(), 0.005, 1.0),
        (RRd(), 0.05, 1.0),
        (Cepheid(), 0.045, 1.0),
        (Mira(), 0.06, 0.9),
    ],
    ids=lambda value: type(value).__name__,
)
def test_epoch_is_the_maximum(kind: Kind, within: float, share: float) -> None:
    phase, flux = one_cycle(kind, drawn(kind))
    assert (np.abs(phase[flux.argmax(axis=1)]) < within).mean() >= share


def test_swing_in_other_bands_comes_from_temperature_and_radius() -> None:
    # A star made of black-body surfaces whose radius follows its temperature, by the band tables.
    warm = np.array([6000.0])
    kelvin = np.log(np.array([5950.0, 6050.0]))
    rise = {
        band: np.diff(np.interp(kelvin, named_band(band).log_temperature, named_band(band).log_brightness))[0]
        for band in "BVRI"
    }
    shrink = (rise["I"] - 0.6 * rise["V"]) / 0.4
    for band in "BRI":
        ratio = (rise[band] - shrink) / (rise["V"] - shrink)
        # The bands of the tables are some 100 nm wide, the ratios for their middles: 2%.
        assert band_swing(warm, band, 0.6)[0] == pytest.approx(ratio, rel=0.03)
    assert all(band_swing(np.array([2500.0]), band, 0.6)[0] > 0 for band in BANDS)


def test_swing_is_largest_in_the_blue_and_cepheids_are_late_in_the_red() -> None:
    kind = Cepheid()
    stars = drawn(kind)
    single = stars["second_share"] == 0
    light = {band: -2.5 * np.log10(one_cycle(kind, stars, band)[1][single]) for band in "BVI"}
    ranges = {band: np.ptp(mag, axis=1) for band, mag in light.items()}
    assert (ranges["B"] > 1.2 * ranges["V"]).all()
    assert np.median(ranges["I"] / ranges["V"]) == pytest.approx(0.59, abs=0.01)
    late = light["I"].argmin(axis=1) - light["V"].argmin(axis=1)
    assert np.median(late) / 256 == pytest.approx(0.033, abs=1 / 256)


def test_long_exposures_flatten_short_periods() -> None:
    kind = DeltaScuti()
    stars = drawn(kind, 100)
    one = np.flatnonzero(stars["modes"] == 1)[:20]
    stars = {name: values[one] for name, values in stars.items()}
    middle = np.tile(stars["epoch"][:, None] + np.arange(40) / 40 * stars["period_days"][:, None], 1)
    offsets, width = np.arange(21) * 40, 0.02
    flux = kind.light(stars, Moments(middle.ravel(), offsets, width), "V").reshape(20, 40)
    steps = ((np.arange(25) + 0.5) / 25 - 0.5) * width
    exact = np.mean(
        [kind.light(stars, Moments((middle + s).ravel(), offsets), "V").reshape(20, 40) for s in steps], axis=0
    )
    # Averaging magnitudes and not light costs half the variance of the log light within an exposure: 2% where it
    # scatters by 0.2 (steep rises, exposures of a fifth of a cycle), for most points far less.
    assert np.abs(flux / exact - 1.0).max() < 0.02
    assert np.median(np.abs(flux / exact - 1.0)) < 0.002
    assert np.ptp(flux, axis=1).mean() < 0.97 * np.ptp(one_cycle(kind, stars)[1], axis=1).mean()


def test_slow_change_of_period_is_that_of_the_rate() -> None:
    stars = {"period_days": np.array([2.0]), "epoch": np.array([0.0]), "period_change": np.array([1e-6])}
    time = np.array([20000.0])
    # N cycles take P N + P dP/dt N^2 / 2 days.
    n = cycles(stars, Moments(time, np.array([0, 1])))[0]
    assert 2.0 * n + 2.0 * 1e-6 * n**2 / 2.0 == pytest.approx(20000.0, rel=1e-4)


@pytest.mark.parametrize("kind", [RRab(), RRc(), Cepheid(), AnomalousCepheid(), Mira()], ids=lambda k: type(k).__name__)
def test_period_is_found_again(kind: Kind) -> None:
    n, points = 12, 250
    stars, seen = drawn(kind, n, 5), moments(n, points)
    flux = kind.light(stars, seen, "V").reshape(n, points)
    right = 0
    for star in range(n):
        time = seen.time.reshape(n, points)[star]
        lcs = LightCurves.from_arrays(time, flux=flux[star], err=np.full(points, 0.005), object_id="a")
        found = find_periods(lcs).period[0, :2] / stars["period_days"][star]
        right += bool(np.abs(found - 1.0).min() < 0.01)
    # One of twelve may be given twice its period.
    assert right >= 11
