"""The closest rows beside SciPy's tree and scikit-learn, and what no other search would do: ties, NaN, exclusions."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from goodricke.line import closest as module
from goodricke.line.closest import METRICS, Metric, Pairs, Points, closest

NOBODY = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def cloud(n: int, seed: int = 0, e: int = 24) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    middle = np.random.default_rng(99).normal(size=(5, e))
    return (middle[rng.integers(5, size=n)] + 0.3 * rng.normal(size=(n, e))).astype(np.float32)


def rank(n: int) -> Callable[[], NDArray[np.int64]]:
    return lambda: np.arange(n)


def find(
    rows: NDArray[np.float32], queries: NDArray[np.float32], k: int, metric: Metric = "cosine", left_out: Pairs = NOBODY
) -> Pairs:
    return closest(Points.measured(rows), Points.measured(queries), k, metric, left_out, rank(len(rows)))


@pytest.fixture(params=["one piece", "many pieces"])
def _pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and queries in pieces whose number does not divide theirs."""
    if request.param == "many pieces":
        monkeypatch.setattr(module, "_CELLS", 7 * 143)
        monkeypatch.setattr(module, "_BLOCK", 7)
        monkeypatch.setattr(module, "_PAIRS", 50)


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize("k", [1, 10, 200])
def test_as_the_tree_of_scipy(k: int) -> None:
    rows, queries = cloud(2000), cloud(40, 1)
    distance, row = cKDTree(rows.astype(np.float64)).query(queries.astype(np.float64), k=k)
    found = find(rows, queries, k, "euclidean")
    np.testing.assert_array_equal(found.row.reshape(40, k), row.reshape(40, k))
    np.testing.assert_allclose(found.distance.reshape(40, k), distance.reshape(40, k), rtol=1e-12)
    np.testing.assert_array_equal(found.query, np.repeat(np.arange(40), k))


@pytest.mark.usefixtures("_pieces")
def test_as_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.neighbors")
    rows, queries = cloud(2000), cloud(40, 1)
    peer = sklearn.NearestNeighbors(n_neighbors=10, algorithm="brute", metric="cosine").fit(rows.astype(np.float64))
    distance, row = peer.kneighbors(queries.astype(np.float64))
    found = find(rows, queries, 10)
    np.testing.assert_array_equal(found.row.reshape(40, 10), row)
    np.testing.assert_allclose(found.distance.reshape(40, 10), distance, atol=1e-14)


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize("metric", METRICS)
def test_differences_below_the_rounding_of_the_product_are_seen(metric: Metric) -> None:
    """All rows within 1e-6 of each other and far from zero: their products in float32 are noise."""
    rng = np.random.default_rng(0)
    rows = np.float32(3.0) + (1e-6 * rng.normal(size=(500, 24))).astype(np.float32)
    queries = rows[:5] + np.float32(2e-6)
    exact, theirs = rows.astype(np.float64), queries.astype(np.float64)
    if metric == "cosine":
        exact /= np.linalg.norm(exact, axis=1)[:, None]
        theirs /= np.linalg.norm(theirs, axis=1)[:, None]
    distance = np.sqrt(((theirs[:, None] - exact) ** 2).sum(axis=2))
    found = find(rows, queries, 10, metric)
    np.testing.assert_array_equal(found.row.reshape(5, 10), np.argsort(distance, axis=1, kind="stable")[:, :10])


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize("metric", METRICS)
def test_equal_distances_are_in_the_order_of_their_rank(metric: Metric) -> None:
    rows = np.repeat(cloud(3), 400, axis=0)  # three places, 400 rows in each
    places = np.random.default_rng(1).permutation(1200)
    points = Points.measured(rows)
    found = closest(points, points[[0, 500]], 7, metric, NOBODY, lambda: places)
    for number, first in ((0, 0), (1, 400)):
        expected = first + np.argsort(places[first : first + 400])[:7]
        assert found.row[found.query == number].tolist() == expected.tolist()
    assert (found.distance == 0.0).all()


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize("metric", METRICS)
def test_rows_without_a_place_are_never_found(metric: Metric) -> None:
    rows, queries = cloud(600), cloud(9, 1)
    good = find(rows, queries, 5, metric)
    with_bad = np.insert(rows, np.arange(0, 600, 3), np.nan, axis=0)
    with_bad[np.flatnonzero(np.isnan(with_bad[:, 0]))[::2], :] = np.inf
    with_bad[::4, 3] = np.where(np.isfinite(with_bad[::4, 0]), with_bad[::4, 3], -np.inf)
    kept = np.flatnonzero(np.isfinite(with_bad).all(axis=1))
    found = find(with_bad, np.insert(queries, 4, np.nan, axis=0), 5, metric)
    np.testing.assert_array_equal(found.row, kept[good.row])
    np.testing.assert_array_equal(found.distance, good.distance)
    assert set(found.query) == {0, 1, 2, 3, 5, 6, 7, 8, 9}


def test_nothing_has_no_direction_but_a_place() -> None:
    rows = np.vstack([np.zeros((1, 24), np.float32), cloud(5)])
    assert 0 not in find(rows, rows[1:2], 9).row
    assert len(find(rows, rows[:1], 9).row) == 0
    assert find(rows, rows[:1], 9, "euclidean").row[0] == 0


@pytest.mark.parametrize("metric", METRICS)
def test_very_long_and_very_short_rows(metric: Metric) -> None:
    """Lengths from 1e-12 to 1e12 in one table: no square overflows or vanishes, and no neighbour is lost."""
    rng = np.random.default_rng(0)
    rows = (cloud(400) * 10.0 ** rng.uniform(-12, 12, (400, 1))).astype(np.float32)
    exact = rows.astype(np.float64)
    unit = exact / np.linalg.norm(exact, axis=1)[:, None]
    found = find(rows, rows[:20], 5, metric)
    for k in range(20):
        other = 1 - unit @ unit[k] if metric == "cosine" else np.linalg.norm(exact - exact[k], axis=1)
        mine = found.distance[found.query == k]
        np.testing.assert_allclose(mine, np.sort(other)[:5], rtol=1e-9, atol=1e-15)


@pytest.mark.usefixtures("_pieces")
def test_pairs_that_do_not_count_leave_their_place_to_the_next() -> None:
    rows, queries = cloud(600), cloud(9, 1)
    all_of_them = find(rows, queries, 12)
    of_four = all_of_them.some((all_of_them.query == 4) & (np.arange(12 * 9) % 12 < 9))  # its nine closest
    found = find(rows, queries, 3, left_out=of_four)
    expected = all_of_them.row.reshape(9, 12)[:, :3]
    expected[4] = all_of_them.row.reshape(9, 12)[4, 9:]
    np.testing.assert_array_equal(found.row.reshape(9, 3), expected)


def test_more_than_there_are() -> None:
    rows = cloud(6)
    found = find(rows, rows[:2], 50)
    assert np.bincount(found.query).tolist() == [6, 6]
    assert set(found.row[:6]) == set(range(6))
    for nothing in (find(rows[:0], rows[:2], 5), find(rows, rows[:0], 5)):
        assert [len(column) for column in nothing] == [0, 0, 0]


@pytest.mark.parametrize("metric", METRICS)
def test_a_query_has_the_same_distances_alone_and_among_others(metric: Metric) -> None:
    rows, queries = cloud(3000), cloud(70, 1)
    together = find(rows, queries, 10, metric)
    for k in (0, 33, 69):
        alone, mine = find(rows, queries[k : k + 1], 10, metric), together.query == k
        np.testing.assert_array_equal(alone.row, together.row[mine])
        np.testing.assert_array_equal(alone.distance, together.distance[mine])


@pytest.mark.parametrize("same", [False, True])
def test_memory_is_bounded(same: bool) -> None:
    """Also when every distance is a tie, and every row stays a candidate to the end."""
    rows = np.ones((60_000, 16), np.float32) if same else cloud(60_000, e=16)
    points = Points.measured(rows)
    tracemalloc.start()
    found = closest(points, points[:200], 10, "cosine", NOBODY, rank(len(rows)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 600e6  # 4 million pairs at once in the worst case, of some 100 bytes each
    if same:
        np.testing.assert_array_equal(found.row, np.tile(np.arange(10), 200))
