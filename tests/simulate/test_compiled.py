"""The compiled kernels against the same functions in plain Python."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest

pytest.importorskip("numba")


def answers() -> list[np.ndarray]:
    """Curves of one star of each kind, by freshly imported kernels."""
    phases = importlib.import_module("goodricke.simulate.binary.phases")
    systems = importlib.import_module("goodricke.simulate.binary.systems")
    surface = importlib.import_module("goodricke.simulate.roche.surface")
    spheres = importlib.import_module("goodricke.simulate.spheres")
    spots = systems.Spots([0, 0], [1, 2], 60.0, 100.0, 30.0, 0.8)
    kinds = [
        systems.Systems(q=0.4, inclination=80.0, fillout=0.4, albedo1=0.5, albedo2=0.5, spots=spots),
        systems.Systems(q=2.0, inclination=88.0, radius1=0.2, eccentricity=0.1, albedo1=0.5, limb_law="logarithmic"),
        systems.Systems(q=0.7, radius1=0.3, radius2=0.2, inclination=86.0, limb_law="square-root"),
        systems.Systems(q=0.7, radius1=0.3, radius2=0.2, inclination=60.0, limb_law="power-2"),
    ]
    at = np.array([[0.0, 0.03, 0.2, 0.26, 0.5]])
    table = np.linspace(0.0, 20.0, 50)
    made = []
    for system in kinds:
        flux, status = np.zeros(5), np.zeros(1, np.int64)
        law = systems.law_code(system.limb_law)
        shared = (system.numbers(), *system.spot_table(1), law, np.array([5.0, 0.2]), table, (*surface.fejer(8), 8), 12)
        phases.many_curves(*shared, (0, 0, 0), at[0], np.array([0, 5]), np.zeros(1), flux, status)
        made.append(flux)
        flux = np.zeros((1, 5))
        spheres.sphere_curves(np.nan_to_num(system.numbers(), posinf=0.3), np.array([-0.3]), law, at, flux)
        made.append(flux)
    return made


def test_plain_python_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = answers()
    names = [name for name in sys.modules if name.startswith("goodricke.simulate")]
    held = {name: sys.modules.pop(name) for name in names}
    monkeypatch.setitem(sys.modules, "numba", None)
    try:
        plain = answers()
    finally:
        for name in [name for name in sys.modules if name.startswith("goodricke.simulate")]:
            del sys.modules[name]
        sys.modules.update(held)
    # The order of sums differs, and the root of an iteration by its tolerance.
    for one, two in zip(compiled, plain, strict=True):
        assert one == pytest.approx(two, rel=1e-6)
