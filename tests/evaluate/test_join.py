from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import DataError
from goodricke.evaluate.join import match, number_columns, text_column


def table(ids: list, **columns: list) -> pa.Table:
    return pa.table({"object_id": ids, **columns})


def test_partners_are_found_and_strangers_counted() -> None:
    said = table(["c", "a", "x"], label=["EA", "EW", "EB"])
    known = table(["a", "b", "c", " a "], label=["EW", "EB", "EA", "EW"])
    found = match({"m": said}, known, "label")
    assert found.object_id.tolist() == ["c", "a"]
    assert found.truth.tolist() == [2, 0]
    assert found.counts["predictions_without_truth"] == 1
    assert found.counts["truth_without_predictions"] == 2


def test_a_truth_that_contradicts_itself_is_left_out() -> None:
    known = table(["a", "a", "b", "b"], label=["EW", "EB", "EA", "EA"])
    found = match({"m": table(["a", "b"])}, known, "label")
    assert found.object_id.tolist() == ["b"]
    assert found.counts["contradicting_truth"] == 1


def test_surveys_part_stars_of_one_name() -> None:
    said = table(["1", "1"], survey=["asas", "crts"])
    known = table(["1", "1"], survey=["crts", "asas"], label=["EW", "EA"])
    found = match({"m": said}, known, "label")
    assert found.truth.tolist() == [1, 0]
    assert not found.notes
    alone = match({"m": said}, table(["1"], label=["EA"]), "label")
    assert alone.truth.tolist() == [0, 0]
    other = match({"m": table(["1"], survey=["asas3_acvs"])}, table(["1"], survey=["ASAS"], label=["EA"]), "label")
    assert "other names" in other.notes[0]


def test_numbers_and_words_name_the_same_star() -> None:
    for ids in (pa.array([7, 8]), pa.array([7.0, 8.0]), pa.array(["7", "8"]).dictionary_encode()):
        found = match({"m": pa.table({"object_id": ids})}, table(["8", "7"], label=["EA", "EW"]), "label")
        assert found.truth.tolist() == [1, 0]


def test_a_star_without_a_name_matches_none() -> None:
    found = match({"m": table(["", "a", None])}, table(["", "a"], label=["EA", "EB"]), "label")
    assert found.object_id.tolist() == ["a"]
    assert found.counts["predictions_without_truth"] == 2


def test_only_stars_of_all_models_are_compared() -> None:
    models = {"m": table(["a", "b", "c"]), "n": table(["c", "a"])}
    found = match(models, table(["a", "b", "c"], label=["EA"] * 3), "label")
    assert found.object_id.tolist() == ["a", "c"]
    assert found.rows["n"].tolist() == [1, 0]
    assert found.counts["missing_in_n"] == 1
    with pytest.raises(DataError, match="one by one"):
        match({"m": table(["a"]), "n": table(["b"])}, table(["a"], label=["EA"]), "label")


def test_errors_say_what_there_is() -> None:
    known = table(["a"], label_mapped=["EA"])
    with pytest.raises(DataError, match="no column 'label'; it has object_id, label_mapped"):
        match({"m": table(["a"])}, known, "label")
    with pytest.raises(DataError, match="m has no column 'object_id'; it has name"):
        match({"m": pa.table({"name": ["a"]})}, known, "label_mapped")
    with pytest.raises(DataError, match=r"several rows for 1 of its stars \(as 'a'\)"):
        match({"m": table(["a", "a"])}, known, "label_mapped")
    with pytest.raises(DataError, match=r"'z' \.\.\., in the truth 'a'"):
        match({"m": table(["z"])}, known, "label_mapped")


def test_columns() -> None:
    t = pa.table({"a": [1, 2], "b": ["x", None], "c": [1.5, 2.0]})
    assert number_columns(t) == ["a", "c"]
    assert text_column(t, "b", "t").tolist() == ["x", ""]
    assert text_column(t, "c", "t").tolist() == ["1.5", "2"]
    assert isinstance(text_column(t, "a", "t"), np.ndarray)
