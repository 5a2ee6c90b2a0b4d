"""The class tree: every leaf once in every view, every catalogue word a leaf, sums that agree between levels."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from goodricke.errors import OptionError
from goodricke.labels import (
    CATALOGUES,
    LEAVES,
    MEANINGS,
    TREE,
    VIEWS,
    group_of,
    in_view,
    leaf_of,
    leaves_under,
    lineage,
    parent_of,
    view_of,
)


def test_the_tree_has_no_loop_and_every_name_a_meaning():
    assert set(TREE) == set(MEANINGS)
    for name in TREE:
        assert TREE[lineage(name)[-1]] == ""
        assert parent_of(name) == (lineage(name)[1:] or ("",))[0]


@pytest.mark.parametrize("view", VIEWS)
def test_every_leaf_is_in_exactly_one_group(view):
    members = [leaf for group in VIEWS[view].values() for leaf in group]
    assert sorted(members) == sorted(LEAVES)


def test_the_four_classes_are_those_of_the_gru_paper():
    assert set(VIEWS["4class"]) == {"EA", "EB", "EW", "VAR"}
    assert "CONST" in VIEWS["4class"]["VAR"]
    assert not {"EA", "EB", "EW"} & set(VIEWS["4class"]["VAR"])


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_word_means_leaves(catalogue):
    for word, leaves in CATALOGUES[catalogue].items():
        assert leaves
        assert set(leaves) <= set(LEAVES)
        assert leaf_of(catalogue, f" {word.lower()}") == leaves


def test_words_that_fool_people():
    assert leaf_of("gaia", "EB") != leaf_of("acvs", "ESD")  # Gaia's EB is any eclipsing binary
    assert leaf_of("ogle", "ED") == ("EA",)
    assert leaf_of("", "JUNK") == ()
    assert group_of(leaf_of("", "ECL"), "eclipsing") == "ECLIPSING"
    assert group_of(leaf_of("", "ECL"), "4class") == ""
    assert group_of((), "4class") == ""


def test_levels_never_contradict_each_other():
    p = np.random.default_rng(1).dirichlet(np.ones(len(LEAVES)), 50)
    four, names = in_view(p, LEAVES, "4class")
    two, groups = in_view(p, LEAVES, "eclipsing")
    np.testing.assert_allclose(four.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(
        four[:, [names.index(x) for x in ("EA", "EB", "EW")]].sum(axis=1), two[:, groups.index("ECLIPSING")], rtol=1e-12
    )


def test_unknown_names_say_what_there_is():
    with pytest.raises(OptionError, match="RRAB"):
        leaves_under("RRABB")
    with pytest.raises(OptionError, match="4class"):
        view_of("5class")
    with pytest.raises(OptionError, match="acvs"):
        leaf_of("nosuch", "EA")


def test_all_labels_of_the_training_sets_are_understood(shared_data):
    silent = {"UNLABELLED", "NONEB?", "PLANET_IN_EBCAT"}
    for path in (shared_data / "lightcurves").glob("*_labels.parquet"):
        for word in set(pq.read_table(path)["label_mapped"].to_pylist()) - silent:
            assert leaf_of("", word), (path.name, word)
