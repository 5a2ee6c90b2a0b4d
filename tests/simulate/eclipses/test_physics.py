"""Classes by what the stars are, and how often curves say the same."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate import Systems, light_curves
from goodricke.simulate.eclipses import curve_labels, eclipse_labels, label_physics, lobe_filling
from goodricke.simulate.roche.lobes import lobe_radius

PHASE = np.arange(200) / 200


def test_the_table_of_rules() -> None:
    systems = Systems(
        q=[0.5, 0.5, 0.5, 0.5, 0.5, -1.0],
        inclination=[80.0, 5.0, 80.0, 88.0, 30.0, 80.0],
        fillout=[0.3, 0.0, np.nan, np.nan, np.nan, 0.3],
        radius1=0.15,
        radius2=[1, 1, np.inf, 0.1, np.inf, 1],
    )
    labels = label_physics(systems, eclipse_labels(systems))
    assert labels["label_physics"].tolist() == ["EW", "ELL", "EB", "EA", "ELL", "none"]
    assert labels["lobe_filling_2"][[0, 2]].tolist() == [1.0, 1.0]
    assert labels["lobe_filling_1"][3] == pytest.approx(0.15 / lobe_radius(0.5), rel=0.01)


def test_a_contact_binary_seen_from_near_its_pole_is_told_by_its_amplitude() -> None:
    systems = Systems(q=0.4, inclination=[25.0, 25.0, 25.0, 60.0], fillout=0.3)
    geometry = eclipse_labels(systems)
    assert geometry["eclipse_2"].tolist() == ["none", "none", "none", "partial"]
    with_curve = geometry | {"amplitude": np.array([0.12, 0.05, np.nan, np.nan])}
    assert label_physics(systems, with_curve)["label_physics"].tolist() == ["EW", "ELL", "ELL", "EW"]


def test_a_star_near_its_lobe_at_periastron_is_a_beta_lyrae_star() -> None:
    near = 0.95 * lobe_radius(1.0) * 0.7
    systems = Systems(q=1.0, radius1=0.1, radius2=near, eccentricity=[0.3, 0.0])
    assert label_physics(systems, eclipse_labels(systems))["label_physics"].tolist() == ["EB", "EA"]
    assert lobe_filling(systems)[:, 1] == pytest.approx([0.95, 0.95 * 0.7], rel=0.01)


def test_curves_mostly_say_what_the_stars_are() -> None:
    rng = np.random.default_rng(0)
    n = 150
    incl = np.degrees(np.arccos(rng.uniform(0, 0.6, n)))
    t1 = rng.uniform(4500, 9000, n)
    small, large = np.sort(rng.uniform(0.03, 0.26, (2, n)), axis=0)
    sorts = {
        "EW": Systems(q=rng.uniform(0.1, 1, n), inclination=incl, fillout=rng.beta(0.8, 1.8, n), temperature1=t1,
                      temperature2=t1 * rng.uniform(0.9, 1.06, n)),
        "EB": Systems(q=rng.uniform(0.1, 0.8, n), inclination=incl, radius1=rng.uniform(0.1, 0.3, n), temperature1=t1,
                      temperature2=t1 * rng.uniform(0.4, 0.9, n)),
        "EA": Systems(q=rng.uniform(0.3, 1, n), inclination=incl, radius1=large, radius2=small, temperature1=t1,
                      temperature2=t1 * rng.uniform(0.5, 1, n)),
    }  # fmt: skip
    # Semi-detached Algols with deep, sharp eclipses look detached, as they do to observers.
    least = {"EW": 0.97, "EB": 0.5, "EA": 0.8}
    for name, systems in sorts.items():
        flux, _ = light_curves(systems, PHASE)
        seen = curve_labels(PHASE, flux)
        shape = seen["label_shape"]
        physics = label_physics(systems, eclipse_labels(systems))["label_physics"]
        assert (shape[physics == name] == name).mean() > least[name]
        # Below 5 mmag the shape is that of the noise of the fast grid.
        waves = (physics == "ELL") & (seen["amplitude"] > 0.005)
        assert (shape[waves] == "ELL").sum() >= 0.97 * waves.sum()


def test_contacts_of_spheres_are_where_the_circles_touch() -> None:
    r1, r2, incl = 0.12, 0.06, np.array([90.0, 86.0])
    systems = Systems(q=1, radius1=r1, radius2=r2, inclination=incl, gravity1=0.0, gravity2=0.0)
    fine = np.arange(1000) / 1000
    flux, _ = light_curves(systems, fine, grid="fine")
    labels = curve_labels(fine, flux)
    touch = np.arcsin(np.sqrt((r1 + r2) ** 2 - np.cos(np.radians(incl)) ** 2) / np.sin(np.radians(incl))) / np.pi
    # The curve bends away slowly at first contact (limb darkening): the fifth of the slope lies a little inside.
    for name in ("width_1", "width_2"):
        assert (labels[name] < touch).all()
        assert labels[name] == pytest.approx(touch, rel=0.08)
