"""What every kind here promises: the same light again, in any company, through any band; finite and not negative."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.labels import LEAVES
from goodricke.simulate.kinds.be_star import BeStar
from goodricke.simulate.kinds.constants import Constant
from goodricke.simulate.kinds.flares import FlareStar
from goodricke.simulate.kinds.junk import GroundJunk, Junk, SpaceJunk
from goodricke.simulate.kinds.microlensing import Microlensing
from goodricke.simulate.kinds.planets import Planet
from goodricke.simulate.kinds.quasar import Quasar
from goodricke.simulate.kinds.rotators import Rotator
from goodricke.simulate.kinds.supernovae import Supernova
from goodricke.simulate.kinds.young_star import YoungStar
from goodricke.simulate.stars import Columns, Kind, Moments

KINDS = [
    Rotator,
    Planet,
    FlareStar,
    Microlensing,
    Supernova,
    Constant,
    Junk,
    GroundJunk,
    SpaceJunk,
    Quasar,
    BeStar,
    YoungStar,
]
SPAN = (2458000.0, 2460000.0)
N, POINTS = 40, 60


def drawn(kind: type[Kind], seed: int = 7) -> Columns:
    return kind().draw(N, np.random.default_rng(seed), SPAN)


def times() -> np.ndarray:
    return np.sort(np.random.default_rng(8).uniform(*SPAN, (N, POINTS)), axis=1)


@pytest.fixture(params=KINDS, ids=lambda k: k.__name__)
def kind(request: pytest.FixtureRequest) -> type[Kind]:
    return request.param  # type: ignore[no-any-return]


def test_columns_are_what_a_kind_returns(kind: type[Kind]) -> None:
    made = drawn(kind)
    assert {"period_days", "epoch", "temperature"} <= set(made)
    assert all(len(column) == N for column in made.values())
    assert ((made["temperature"] > 2000) & (made["temperature"] < 50_000)).all()
    assert kind.label in LEAVES
    if "seed" in made:
        assert made["seed"].dtype == np.int64


def test_same_seed_same_bytes(kind: type[Kind]) -> None:
    one, two, other = drawn(kind), drawn(kind), drawn(kind, 9)
    for name, column in one.items():
        assert column.tobytes() == two[name].tobytes()
    assert one["temperature"].tobytes() != other["temperature"].tobytes() or kind is Quasar
    moments = Moments(times().ravel(), np.arange(N + 1) * POINTS)
    assert kind().light(one, moments, "V").tobytes() == kind().light(two, moments, "V").tobytes()


@pytest.mark.parametrize("band", ["U", "V", "y", "TESS"])
def test_flux_is_finite_and_not_negative(kind: type[Kind], band: str) -> None:
    flux = kind().light(drawn(kind), Moments(times().ravel(), np.arange(N + 1) * POINTS, 0.02), band)
    assert flux.shape == (N * POINTS,)
    assert np.isfinite(flux).all()
    assert (flux >= 0).all()


def test_a_star_is_the_same_alone_and_at_fewer_times(kind: type[Kind]) -> None:
    made, time = drawn(kind), times()
    flux = kind().light(made, Moments(time.ravel(), np.arange(N + 1) * POINTS), "V").reshape(N, POINTS)
    for i in (0, 3, 17):
        alone = {name: column[i : i + 1] for name, column in made.items()}
        some = kind().light(alone, Moments(time[i, 5::7], np.array([0, len(time[i, 5::7])])), "V")
        # Vector code may round otherwise than its last, single elements.
        np.testing.assert_allclose(some, flux[i, 5::7], rtol=1e-9, atol=1e-9)


def test_no_stars_and_stars_without_moments_do_no_harm(kind: type[Kind]) -> None:
    none = kind().draw(0, np.random.default_rng(1), SPAN)
    assert kind().light(none, Moments(np.zeros(0), np.array([0])), "V").shape == (0,)
    made = drawn(kind)
    offsets = np.concatenate([[0], np.repeat(5, N - 1), [5]])
    assert kind().light(made, Moments(np.linspace(*SPAN, 5), offsets), "V").shape == (5,)
