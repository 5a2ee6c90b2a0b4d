"""Epochs of one star: against brute force, at the poles, across the wrap, by name and by chains."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.spectra import Spectra
from goodricke.spectra.epochs import RADIUS_ARCSEC, same_star, star_names, unite


def by_brute_force(ra, dec, radius_arcsec):
    """Haversine distances of all pairs, and a walk through what hangs together."""
    a, d = np.radians(ra), np.radians(dec)
    half = np.sin((d[:, None] - d) / 2) ** 2 + np.cos(d[:, None]) * np.cos(d) * np.sin((a[:, None] - a) / 2) ** 2
    near = 2 * np.degrees(np.arcsin(np.sqrt(half))) * 3600 <= radius_arcsec
    group = np.full(len(ra), -1)
    for k in range(len(ra)):
        if group[k] < 0:
            walk = [k]
            while walk:
                j = walk.pop()
                if group[j] < 0:
                    group[j] = k
                    walk += np.flatnonzero(near[j] & (group < 0)).tolist()
    _, code = np.unique(group, return_inverse=True)
    return code


@pytest.mark.parametrize("place", [(0.0, 0.0), (180.0, 89.999), (12.0, -90.0), (359.999, 60.0), (200.0, 33.0)])
@pytest.mark.parametrize("radius", [0.5, 3.7, 30.0])
def test_as_brute_force_says(place, radius):
    rng = np.random.default_rng(int(place[0]) + int(radius))
    a, d = np.radians(place)
    centre = np.array([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)])
    points = centre + rng.normal(0, np.radians(8 * radius / 3600), (300, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    ra, dec = np.degrees(np.arctan2(points[:, 1], points[:, 0])) % 360, np.degrees(np.arcsin(points[:, 2]))
    ra, dec = np.append(ra, ra[:40]), np.append(dec, dec[:40])  # epochs that repeat a position
    expected = by_brute_force(ra, dec, radius)
    assert 3 < expected.max() < 300
    np.testing.assert_array_equal(same_star(ra, dec, radius_arcsec=radius), expected)


def test_across_the_wrap_and_over_the_pole():
    second = 1 / 3600
    assert same_star([359.9999, 0.0001], [0.0, 0.0], radius_arcsec=1.0).tolist() == [0, 0]
    assert same_star([0.0, 180.0], [90 - second, 90 - second], radius_arcsec=2.1).tolist() == [0, 0]
    assert same_star([0.0, 180.0], [90 - second, 90 - second], radius_arcsec=1.9).tolist() == [0, 1]
    assert same_star([10.0, 370.0], [5.0, 5.0]).tolist() == [0, 0]


def test_names_unite_where_positions_are_unknown_or_near():
    nan = np.nan
    assert same_star([nan, nan, nan], [nan] * 3, ["a", "a", "b"]).tolist() == [0, 0, 1]
    assert same_star([1.0, nan], [1.0, nan], ["a", "a"]).tolist() == [0, 0]
    # A high proper motion star has moved 20 arcsec; a counter "1" is not one star all over the sky.
    assert same_star([1.0, 1.0], [1.0, 1.0 + 20 / 3600], ["a", "a"]).tolist() == [0, 0]
    assert same_star([1.0, 90.0], [1.0, 1.0], ["1", "1"]).tolist() == [0, 1]
    # No name and no position: nothing says that they are the same.
    assert same_star([nan, nan], [nan, nan], ["", ""]).tolist() == [0, 1]


def test_chains_of_names_and_positions_are_one_star():
    ra = [10.0, 10.0001, np.nan, 50.0]
    dec = [0.0, 0.0, np.nan, 0.0]
    assert same_star(ra, dec, ["a", "b", "b", "c"]).tolist() == [0, 0, 0, 1]


def test_thousands_of_epochs_of_one_star_cost_no_pairs_and_a_million_rows_no_minutes():
    assert same_star(np.full(50_000, 3.0), np.full(50_000, 4.0)).max() == 0
    rng = np.random.default_rng(0)
    ra, dec = rng.uniform(0, 360, 100_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 100_000)))
    moved = dec[:20_000] + rng.uniform(-1, 1, 20_000) / 3600
    group = same_star(np.append(ra, ra[:20_000]), np.append(dec, moved))
    assert (group[100_000:] == group[:20_000]).all()
    # Chance neighbours: n^2 pi r^2 / (2 * 41253 deg^2) pairs within 3.7 arcsec, 0.4 of them expected.
    assert 100_000 - group.max() - 1 < 6


def test_names_of_stars():
    names = star_names(["", "LAMOST J1", "x", "x", "", ""], [10.0, 10.0, 50.0, 80.0, np.nan, np.nan], [0.0] * 6)
    assert names.tolist() == ["LAMOST J1", "LAMOST J1", "x", "x (2)", "star 4", "star 5"]


def test_a_designation_is_the_better_name():
    same = {"ra": [10.0] * 4, "dec": [0.0] * 4}
    assert set(star_names(["a.fits", "SDSS J004000.00+000000.0", "LAMOST J004000.00+000000.0", "b"], **same)) == {
        "LAMOST J004000.00+000000.0"
    }
    assert set(star_names(["a", "b", "SDSS J004000.00+000000.0", "c"], **same)) == {"SDSS J004000.00+000000.0"}
    assert set(star_names(["", "b", "a", "c"], **same)) == {"b"}


def test_unite_keeps_everything_but_the_names():
    spectra = Spectra.from_arrays([4000.0, 4001.0], np.ones((3, 2)), object_id=["a", "b", "c"], ra=[1, 1, 2], dec=0.0)
    united = unite(spectra)
    assert united.object_id.tolist() == ["a", "a", "c"]
    assert united.spectrum_id.tolist() == spectra.spectrum_id.tolist()
    assert len(unite(spectra[:0])) == 0


def test_wrong_shapes_and_radii_are_refused():
    with pytest.raises(DataError, match="shape"):
        same_star([1.0], [1.0, 2.0])
    with pytest.raises(DataError, match="names"):
        same_star([1.0], [1.0], ["a", "b"])
    with pytest.raises(DataError, match="radius"):
        same_star([1.0], [1.0], radius_arcsec=-1)


def test_repeat_visits_of_lamost(shared_data):
    """The meta table of the real spectra names stars by rounded positions; the catalogue numbers repeat visits."""
    import csv

    path = shared_data / "spectra" / "lamost_lrs_real_meta.csv"
    if not path.exists():
        pytest.skip("the real spectra are not here")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    group = same_star([float(r["ra"]) for r in rows], [float(r["dec"]) for r in rows], [r["desig"] for r in rows])
    expected = np.unique([r["star_id"] for r in rows], return_inverse=True)[1]
    together = group[:, None] == group
    assert (together == (expected[:, None] == expected)).all()
    assert np.bincount(group).max() >= 2
    assert pytest.approx(3.7) == RADIUS_ARCSEC
