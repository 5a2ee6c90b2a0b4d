from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from goodricke.errors import DataError, OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line.embed import embed
from goodricke.line.neighbours import Neighbours, nearest
from line import seer
from line.made import bad_stars, good_stars

N, E = 300, 8


def numbers(n: int = N, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, E)).astype(np.float32)


def table(rows: NDArray[np.float32], sha: str = "aa", kind: Any = None, **columns: Any) -> pa.Table:
    """As `embed` makes it."""
    n = len(rows)
    given = {
        "object_id": [f"s{k:03d}" for k in range(n)], "survey": ["made"] * n, "ra": np.arange(n) / 2.0,
        "dec": np.zeros(n), "label": ["EA"] * n, "probability": np.full(n, 0.9), "period_days": np.arange(n) + 1.0,
        "status": ["ok"] * n, "reason": [""] * n,
    }  # fmt: skip
    lists = pa.array(rows.tolist(), kind or pa.list_(pa.float32(), rows.shape[1]))
    return pa.table({**given, **columns, "embedding": lists}).replace_schema_metadata(
        {"model": "seer-1", "model_sha256": sha, "command": "goodricke embed x"}
    )


def test_rows_of_the_answer() -> None:
    rows = numbers()
    found = nearest(table(rows), table(numbers(2, 1), object_id=["q1", "q0"]), k=3, metric="euclidean")
    distance, row = cKDTree(rows).query(numbers(2, 1), k=3)
    assert found["query_id"].to_pylist() == ["q1"] * 3 + ["q0"] * 3
    assert found["rank"].to_pylist() == [1, 2, 3, 1, 2, 3]
    assert found["object_id"].to_pylist() == [f"s{k:03d}" for k in row.ravel()]
    np.testing.assert_allclose(found["distance"].to_numpy(), distance.ravel(), rtol=1e-6)
    np.testing.assert_array_equal(found["ra"].to_numpy(), row.ravel() / 2.0)
    np.testing.assert_array_equal(found["period_days"].to_numpy(), row.ravel() + 1.0)
    assert set(found["status"].to_pylist()) == {"ok"}
    assert found.column_names == [
        "query_id", "query_survey", "rank", "distance", "object_id", "survey", "label", "probability", "period_days",
        "ra", "dec", "status", "reason",
    ]  # fmt: skip
    assert found.schema.metadata == {b"model": b"seer-1", b"model_sha256": b"aa"}


def test_embeddings_alone_are_queries_too() -> None:
    rows = numbers()
    for queries in (rows[7], rows[7:8], rows[7].tolist()):
        found = nearest(table(rows), queries, k=2)
        assert found["object_id"].to_pylist()[0] == "s007"  # nobody knows that it is the same star
        assert found["distance"][0].as_py() == 0.0
    assert nearest(table(rows), rows[:3], k=1)["query_id"].to_pylist() == ["0", "1", "2"]


def test_the_star_itself_is_left_out_unless_asked_for() -> None:
    rows = numbers()
    stars = table(rows)
    found = nearest(stars, stars.slice(10, 3), k=N)
    assert found.num_rows == 3 * (N - 1)
    assert not any(a == b for a, b in zip(found["query_id"].to_pylist(), found["object_id"].to_pylist(), strict=True))
    with_self = nearest(stars, stars.slice(10, 3), k=1, include_self=True)
    assert with_self["object_id"].to_pylist() == ["s010", "s011", "s012"]
    # The same name in another survey is another light curve, and may well be the nearest.
    elsewhere = stars.slice(10, 1).set_column(1, "survey", pa.array(["other"]))
    assert nearest(stars, elsewhere, k=1)["object_id"].to_pylist() == ["s010"]
    # Observed twice: both rows are the star itself.
    twice = pa.concat_tables([stars, stars.slice(10, 1)])
    assert "s010" not in nearest(twice, stars.slice(10, 1), k=N)["object_id"].to_pylist()
    # A table that does not name surveys.
    bare = stars.drop_columns(["survey"])
    assert nearest(bare, bare.slice(10, 1), k=N).num_rows == N - 1


def test_ties_are_in_the_order_of_names_wherever_they_stand_in_the_table() -> None:
    rows = np.repeat(numbers(3), 40, axis=0)
    names = [f"s{k:03d}" for k in np.random.default_rng(0).permutation(120)]
    found = nearest(table(rows, object_id=names), rows[50], k=40)
    assert found["object_id"].to_pylist() == sorted(names[40:80])
    surveys = [f"survey {k:03d}" for k in np.random.default_rng(1).permutation(120)]
    found = nearest(table(rows, object_id=["one name"] * 120, survey=surveys), rows[50], k=40)
    assert found["survey"].to_pylist() == sorted(surveys[40:80])


def test_a_table_with_failed_stars_and_a_query_that_failed() -> None:
    rows = numbers()
    rows[::2] = np.nan
    stars = table(rows, reason=["8 points are too few" if k % 2 == 0 else "" for k in range(N)])
    found = nearest(stars, stars.slice(0, 2), k=2)
    failed, *ok = found.to_pylist()
    assert (failed["query_id"], failed["rank"], failed["object_id"], failed["distance"]) == ("s000", None, None, None)
    assert (failed["status"], failed["reason"]) == ("failed", "8 points are too few")
    assert [row["rank"] for row in ok] == [1, 2]
    assert all(int(row["object_id"][1:]) % 2 == 1 for row in ok)
    reasons = nearest(stars, np.array([rows[0], np.zeros(E)]))["reason"].to_pylist()
    assert reasons == ["its embedding is not finite", "its embedding is all zero"]


def test_nothing_to_find_and_nothing_to_look_for() -> None:
    stars = table(numbers())
    for empty in (stars.slice(0, 0), stars.schema.empty_table()):
        found = nearest(empty, stars.slice(0, 2))
        assert found["status"].to_pylist() == ["failed", "failed"]
        assert found["reason"].to_pylist() == ["the table has no other star with an embedding"] * 2
        assert found.schema.equals(nearest(stars, stars.slice(0, 1)).schema)
        assert nearest(stars, empty).num_rows == 0
    alone = nearest(stars.slice(3, 1), stars.slice(3, 1))
    assert alone["reason"].to_pylist() == ["the table has no other star with an embedding"]
    assert nearest(stars, stars.slice(0, 1), k=10**6).num_rows == N - 1


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.large_list(pa.float32()), pa.list_(pa.float32(), E)])
def test_lists_of_every_kind_in_pieces_and_with_nulls(kind: pa.DataType) -> None:
    rows = numbers()
    whole = table(rows, kind=kind)
    lists: list[Any] = rows.tolist()
    lists[4] = None
    holes = whole.set_column(whole.num_columns - 1, "embedding", pa.array(lists, kind))
    pieces = pa.concat_tables([holes.slice(0, 3), holes.slice(3, 100), holes.slice(103)])
    assert pieces["embedding"].num_chunks == 3
    expected = rows.copy()
    expected[4] = np.nan
    np.testing.assert_array_equal(Neighbours.from_table(pieces).points.vectors, expected)
    np.testing.assert_array_equal(Neighbours.from_table(pieces.slice(2, 7)).points.vectors, expected[2:9])
    none = whole.slice(0, 2).set_column(whole.num_columns - 1, "embedding", pa.array([None, None], kind))
    assert not np.isfinite(Neighbours.from_table(none).points.lengths).any()
    assert nearest(none, whole.slice(0, 1))["status"].to_pylist() == ["failed"]


def test_what_is_no_table_of_embeddings() -> None:
    stars = table(numbers())
    with pytest.raises(DataError, match="has a column object_id; there are survey, ra"):
        Neighbours.from_table(stars.drop_columns(["object_id"]))
    with pytest.raises(DataError, match="a list of numbers per star; there is none"):
        Neighbours.from_table(stars.drop_columns(["embedding"]))
    with pytest.raises(DataError, match="a list of numbers per star; there it is string"):
        Neighbours.from_table(pa.table({"object_id": ["a"], "embedding": ["0.5 0.1"]}))
    with pytest.raises(DataError, match=r"have one length; there are \[1, 2\]"):
        Neighbours.from_table(pa.table({"object_id": ["a", "b"], "embedding": [[0.1], [0.2, 0.3]]}))


def test_tables_of_another_model_are_refused() -> None:
    stars = table(numbers(), sha="a" * 64)
    with pytest.raises(
        DataError, match=r"with seer-1 \(SHA-256 bbbb.*\), the table with seer-1 \(SHA-256 aaaaaaaaaaaa\)"
    ):
        nearest(stars, table(numbers(1), sha="b" * 64))
    with pytest.raises(DataError, match=r"with an unknown model \(SHA-256 not stated\)"):
        nearest(stars, table(numbers(1)).replace_schema_metadata(None))
    with pytest.raises(DataError, match="embeddings of 3 numbers, the table of 8"):
        nearest(stars, [0.1, 0.2, 0.3])
    with pytest.raises(DataError, match=r"have the shape \(2, 2, 8\)"):
        nearest(stars, np.zeros((2, 2, 8)))


def test_wishes_that_cannot_be_granted() -> None:
    stars = table(numbers())
    with pytest.raises(OptionError, match="0 neighbours were asked for; 1 is the least"):
        nearest(stars, stars, k=0)
    with pytest.raises(OptionError, match="metric 'cosinus' is not known; there are cosine, euclidean"):
        nearest(stars, stars, metric="cosinus")  # type: ignore[arg-type]


def test_stars_by_name() -> None:
    stars = table(numbers(), survey=["a", "b"] * (N // 2), object_id=[f"s{k // 2:03d}" for k in range(N)])
    ready = Neighbours.from_table(stars)
    rows = ready.rows(["s007", "s001", "nobody", "s007"])
    assert rows.equals(stars.take([14, 15, 2, 3]))
    assert rows.schema.metadata == stars.schema.metadata
    found = ready.nearest(rows, k=1)
    assert found["query_survey"].to_pylist() == ["a", "b", "a", "b"]
    assert (len(ready), ready.model) == (N, "seer-1")
    assert repr(ready) == "<Neighbours: 300 stars, embeddings of seer-1>"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, LightCurves, Path]:
    folder = seer.bundle(tmp_path_factory.mktemp("models"))
    stars = concatenate([good_stars(), bad_stars()["few"][0]])
    return embed(stars, str(folder)), stars, folder


def test_stars_through_the_line_find_themselves(seen: tuple[pa.Table, LightCurves, Path]) -> None:
    stars, lcs, folder = seen
    found = nearest(stars, embed(lcs[2:3], str(folder)), k=9, include_self=True)
    assert found["object_id"][0].as_py() == "good 2"
    assert found["distance"][0].as_py() < 1e-9
    assert found.num_rows == 5  # not the failed one
    assert nearest(stars, embed(lcs[5:], str(folder)))["reason"].to_pylist() == [stars["reason"][5].as_py()]


def test_other_weights_are_another_model(seen: tuple[pa.Table, LightCurves, Path], tmp_path: Path) -> None:
    other = embed(seen[1][:1], str(seer.bundle(tmp_path, seed=1)))
    with pytest.raises(DataError, match="embeddings of different models cannot be compared; embed both with the same"):
        nearest(seen[0], other)
