from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import DataError
from goodricke.evaluate.grouping import answers_from, groups_seen, to_groups
from goodricke.labels import LEAVES, in_view


def test_words_that_mean_several_classes_count_only_where_these_are_one_group() -> None:
    words = np.array(["ECL", "EA", "EW_EB", "UNLABELLED", "RR", ""])
    four = to_groups(words, "", "4class")
    assert four.name.tolist() == ["", "EA", "", "", "VAR", ""]
    assert four.ambiguous == {"ECL": 1, "EW_EB": 1}
    assert four.unknown == {"UNLABELLED": 1, "(empty)": 1}
    assert to_groups(words, "", "eclipsing").name.tolist() == ["ECLIPSING", "ECLIPSING", "ECLIPSING", "", "OTHER", ""]
    assert to_groups(np.array(["EB"]), "gaia", "4class").ambiguous == {"EB": 1}


def said(table: pa.Table, view: str, groups: tuple[str, ...]):
    n = len(table)
    return answers_from(table, np.arange(n), np.zeros(n, dtype=np.int64), groups, view, np.arange(n), "model")


def test_probabilities_are_summed_as_the_views_say() -> None:
    p = np.random.default_rng(0).dirichlet(np.ones(len(LEAVES)), 40)
    table = pa.table({"object_id": [str(k) for k in range(40)], **{f"prob_{w}": p[:, k] for k, w in enumerate(LEAVES)}})
    for view in ("4class", "7class", "eclipsing", "leaves"):
        expected, names = in_view(p, LEAVES, view)
        groups = groups_seen([table], np.array([names[0]]), view)
        found, odd = said(table, view, groups)
        assert groups == names
        np.testing.assert_allclose(found.probability, expected)
        np.testing.assert_array_equal(found.label, expected.argmax(axis=1))
        assert not any(odd.values())


def test_rows_without_an_answer_fail_and_sums_are_rescaled() -> None:
    table = pa.table({
        "prob_EA": [0.4, np.nan, 0.0, None, 0.2, -0.5], "prob_EW": [0.4, 0.5, 0.0, 0.5, 0.8, 1.5],
        "status": ["ok", "ok", "ok", "failed", "abstained", "ok"],
    })  # fmt: skip
    found, odd = said(table, "4class", ("EA", "EW"))
    assert found.status.tolist() == ["ok", "failed", "failed", "failed", "abstained", "failed"]
    assert found.label.tolist() == [0, -1, -1, -1, 1, -1]
    np.testing.assert_allclose(found.probability[0], 0.5)
    assert odd == {"no_answer": 3, "rescaled": 1}


def test_labels_alone_will_do() -> None:
    table = pa.table({"label": ["EA", "RRC", "ECL", "EW"], "status": ["ok", "ok", "ok", "skipped"]})
    groups = groups_seen([table], np.array(["EB"]), "4class")
    assert groups == ("EA", "EB", "EW", "VAR")
    found, odd = said(table, "4class", groups)
    assert found.probability is None
    assert found.label.tolist() == [0, 3, -1, -1]
    assert odd == {"no_answer": 1}


def test_prediction_sets_are_taken_into_the_view() -> None:
    table = pa.table({"prob_EA": [0.5, 1.0], "prob_EW": [0.5, 0.0], "prediction_set": ["EA RRC RRAB", ""]})
    found, _ = said(table, "4class", ("EA", "EW", "VAR"))
    assert found.sets.tolist() == [[True, False, True], [False, False, False]]


def test_columns_that_a_view_cannot_show_are_an_error() -> None:
    with pytest.raises(DataError, match="'prob_ECL' cannot be shown in the view '4class': its leaves EA, EB, EW"):
        groups_seen([pa.table({"prob_ECL": [1.0]})], np.array(["EA"]), "4class")
    with pytest.raises(DataError, match="the tree has no such class"):
        groups_seen([pa.table({"prob_XYZ": [1.0]})], np.array(["EA"]), "4class")
    with pytest.raises(DataError, match="no column 'label'; it has object_id"):
        groups_seen([pa.table({"object_id": ["a"]})], np.array(["EA"]), "4class")
