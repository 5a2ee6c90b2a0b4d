from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.errors import OptionError
from goodricke.labels import CATALOGUES, LEAVES
from goodricke.train.datasets import SETS, load
from train.made import POINTS, write_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sets(tmp_path_factory.mktemp("sets"))


def test_curves_and_what_the_catalogue_says_stand_side_by_side(folder: Path) -> None:
    found = load(folder, "asas3_acvs")
    labels = {row["object_id"]: row for row in pq.read_table(folder / "asas3_acvs_labels.parquet").to_pylist()}
    assert len(found.lcs) == len(labels) == 35
    for k, name in enumerate(found.lcs.object_id):
        assert found.label[k] == labels[name]["label_mapped"]
        assert found.period[k] == labels[name]["period_days"]
    assert found.lcs.lengths.max() == POINTS
    assert found.lcs.lengths.min() > 0.9 * POINTS
    content = [(folder / f"asas3_acvs_{kind}.parquet").read_bytes() for kind in ("obs", "labels")]
    assert found.sha256 == hashlib.sha256(b"".join(content)).hexdigest()
    assert (found.kind, found.title) == ("whole", "asas3_acvs")


def test_words_become_the_leaves_that_they_may_mean(folder: Path) -> None:
    meant = {}
    for name in ("asas3_acvs", "crts_sss", "ogle2_misc_small"):
        found = load(folder, name)
        meant |= {(name, word): leaves for word, leaves in zip(found.label.tolist(), found.leaves, strict=True)}
    assert meant["asas3_acvs", "EA"] == ("EA",)
    assert meant["asas3_acvs", "ECL"] == ("EA", "EB", "EW")
    assert meant["crts_sss", "EW_EB"] == ("EB", "EW")
    assert meant["crts_sss", "RRAB"] == ("RRAB",)
    assert meant["ogle2_misc_small", "VAR"] == ()  # says nothing there
    assert meant["ogle2_misc_small", "CEP"] == ("CEP",)


def test_the_table_of_sets_uses_words_that_there_are() -> None:
    for about in SETS.values():
        assert about.says
        assert about.catalogue in CATALOGUES
        assert all(leaf in LEAVES for leaves in about.teaches.values() for leaf in leaves)


def test_a_random_choice_of_stars(folder: Path) -> None:
    whole, some = load(folder, "asas3_acvs"), load(folder, "asas3_acvs", most=10, seed=4)
    assert len(some.lcs) == len(some.label) == len(some.leaves) == 10
    again, other = load(folder, "asas3_acvs", most=10, seed=4), load(folder, "asas3_acvs", most=10, seed=5)
    assert some.lcs.object_id.tolist() == again.lcs.object_id.tolist() != other.lcs.object_id.tolist()
    places = [whole.lcs.object_id.tolist().index(name) for name in some.lcs.object_id]
    assert places == sorted(places)
    np.testing.assert_array_equal(whole.period[places], some.period)
    assert len(load(folder, "asas3_acvs", most=1000).lcs) == 35


def test_what_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="data set 'asas' is not known; there are asas3_acvs, crts_sss"):
        load(folder, "asas")
    with pytest.raises(OptionError, match=r"eros1_ramp_obs\.parquet: there is no such file"):
        load(folder, "eros1_ramp")
    (tmp_path / "crts_sss_obs.parquet").write_bytes((folder / "crts_sss_obs.parquet").read_bytes())
    with pytest.raises(OptionError, match=r"crts_sss_labels\.parquet: there is no such file"):
        load(tmp_path, "crts_sss")


def test_a_star_without_a_period_has_none(folder: Path, tmp_path: Path) -> None:
    for kind in ("obs", "labels"):
        (tmp_path / f"crts_sss_{kind}.parquet").write_bytes((folder / f"crts_sss_{kind}.parquet").read_bytes())
    rows = pq.read_table(tmp_path / "crts_sss_labels.parquet").to_pylist()
    rows[0]["period_days"], rows[1]["period_days"] = None, 0.0
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "crts_sss_labels.parquet")
    found = load(tmp_path, "crts_sss")
    blank = {rows[0]["object_id"], rows[1]["object_id"]}
    assert {str(name) for name in found.lcs.object_id[np.isnan(found.period)]} == blank


@pytest.mark.parametrize("name", ["ogle2_misc_small", "css_lsstepo_small"])
def test_real_sets(name: str, shared_data: Path) -> None:
    found = load(shared_data / "lightcurves", name)
    rows = pq.read_table(shared_data / "lightcurves" / f"{name}_labels.parquet").to_pylist()
    assert len(found.lcs) == len(rows)
    assert {leaf for leaves in found.leaves for leaf in leaves} <= set(LEAVES)
