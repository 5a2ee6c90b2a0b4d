"""Simulated ASAS-SN beside the cameras of three real files, and the facts of the survey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.observing.asassn import Asassn, AsassnV


def _camera(path: Path, camera: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and errors of the detections of one camera."""
    rows = [row.split(",") for row in path.read_text().splitlines() if row and not row.startswith("#")]
    names = rows[0]
    time, error, where = (names.index(name) for name in ("HJD", "mag_err", "Camera"))
    mine = [row for row in rows[1:] if row[where] == camera and float(row[error]) < 90.0]
    order = np.argsort([float(row[time]) for row in mine])
    return tuple(np.array([float(row[k]) for row in mine])[order] for k in (time, error))  # type: ignore[return-value]


@pytest.mark.parametrize(("camera", "programme"), [("ba", 0), ("bq", 4), ("bA", 6)])
def test_nights_and_spacing_are_those_of_a_real_camera(shared_data: Path, camera: str, programme: int) -> None:
    path = shared_data / "raw/asassn_skypatrol_v1_csv/asassn_v765cas_EA_skypatrol_v1.csv"
    time, _ = _camera(path, camera)
    time = time[time > 2457290.0]  # before that the star was hardly in a field of this telescope
    wanted = replace(Asassn.programmes[programme], first=time[0], last=time[-1], overlap=0.0)

    class Camera(Asassn):
        programmes = (wanted,)

        def positions(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
            return np.full(n, 0.9), np.full(n, 59.6)

    visits = Camera().visits(40, np.random.default_rng(0))
    local = wanted.site.longitude / 360.0
    real = np.unique(np.floor(time + local))
    made = [
        np.unique(np.floor(visits.time[a:b] + local)) for a, b in zip(visits.offsets, visits.offsets[1:], strict=False)
    ]
    assert np.median([len(nights) for nights in made]) / len(real) == pytest.approx(1.0, abs=0.3)
    steps = np.concatenate([np.diff(nights) for nights in made])
    assert np.quantile(steps, (0.5, 0.75)) == pytest.approx(np.quantile(np.diff(real), (0.5, 0.75)), abs=2.0)
    within = [np.diff(t)[np.diff(t) < 0.004] * 1440.0 for t in (time, visits.time)]
    assert np.median(within[1]) == pytest.approx(np.median(within[0]), abs=0.06)  # 1.8 minutes


def test_v_ends_where_g_goes_on() -> None:
    visits = Asassn().visits(200, np.random.default_rng(1))
    v, g = visits.time[visits.band == 0], visits.time[visits.band == 1]
    assert v.max() < 2458451.0
    assert g.min() > 2458030.0
    assert len(g) > 2 * len(v)
    # Two hemispheres: no declination is left without g.
    points = np.diff(visits.offsets)
    assert points.min() > 500


def test_v_alone_is_the_catalogue_of_variables() -> None:
    visits = AsassnV().visits(500, np.random.default_rng(2))
    points = np.diff(visits.offsets)
    assert 400 < np.median(points) < 1200
    assert visits.band.max() == 0
    assert (points > 50).mean() > 0.97


def test_bright_stars_scatter_by_their_bleeding() -> None:
    spread = []
    for magnitude in (10.6, 12.5):
        visits = AsassnV().visits(40, np.random.default_rng(3))
        level = np.full(len(visits.time), magnitude)
        measured = AsassnV().measure(np.arange(40).astype(str), visits, level, np.random.default_rng(4))
        spread.append(1.4826 * np.median(np.abs(measured.value - np.median(measured.value))))
    # V765 Cas at V = 10.65 scatters by 0.06 out of eclipse; a star at 11.9 by 0.010.
    assert 0.04 < spread[0] < 0.1
    assert spread[1] < 0.02
