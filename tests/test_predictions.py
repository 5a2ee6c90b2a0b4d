from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.errors import DataError, OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import classify
from goodricke.output.columns import COLUMNS
from goodricke.output.reading_tables import read_table
from goodricke.predictions import LEADING, Predictions
from line.made import bad_stars, good_stars, soft_model
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")

FORMATS = ["parquet", "csv", "ecsv", "fits", "xml"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Predictions:
    """Two good stars, a failed one between them, and one with a name that no file likes."""
    good = good_stars()
    odd = LightCurves.from_arrays(
        good[2:3].time, flux=good[2:3].flux, err=good[2:3].flux_err, object_id='=cmd, "β" 7', ra=10.5, dec=-20.25
    )
    stars = concatenate([good[:1], bad_stars()["few"][0], good[1:2], odd])
    rows = classify(stars, soft_model(small_bundle(tmp_path_factory)))
    return rows.with_provenance(command="goodricke classify x.csv")


def test_rows_and_columns(found: Predictions) -> None:
    assert len(found) == 4
    assert [row["object_id"] for row in found] == found.column("object_id").tolist()
    assert found[-1]["object_id"] == '=cmd, "β" 7'
    assert found[1]["status"] == "failed"
    assert found.probability_columns == ("prob_CONST", "prob_EA", "prob_EW", "prob_RRAB")
    assert found.label[[0, 2, 3]].tolist() == ["EA", "EW", "RRAB"]
    assert found.label[1] is None
    assert found.probabilities.shape == (4, 4)
    assert np.isnan(found.probabilities[1]).all()
    for k in (0, 2, 3):
        assert found[k][f"prob_{found.label[k]}"] == found.probabilities[k].max() == found[k]["probability"]
    counts = [int((found.column("status") == word).sum()) for word in ("ok", "abstained", "failed")]
    assert repr(found) == "<Predictions: 4 stars ({} ok, {} abstained, {} failed), 4 classes>".format(*counts)
    assert found.to_arrow() is found.table
    with pytest.raises(IndexError):
        found[4]
    with pytest.raises(DataError, match="there is no column 'probabilty'; there are object_id"):
        found.column("probabilty")


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(DataError, match="needs the columns survey, ra, dec, model, label, probability, prob_EA"):
        Predictions(pa.table({"object_id": ["a"]}), ("EA",))
    table = pa.table({name: pa.array([], pa.string()) for name in (*LEADING, "status", "reason")})
    none = Predictions(table, ())
    assert none.probabilities.shape == (0, 0)
    assert repr(none) == "<Predictions: 0 stars (0 ok, 0 abstained, 0 failed), 0 classes>"


def test_provenance_grows(found: Predictions) -> None:
    assert found.provenance["command"] == "goodricke classify x.csv"
    assert found.provenance["model"] == "small-1"
    more = found.with_provenance(command="another", note="β")
    assert more.provenance == {**found.provenance, "command": "another", "note": "β"}
    assert found.provenance["command"] == "goodricke classify x.csv"
    assert more.table.equals(found.table)


def test_an_astropy_table_masks_what_is_empty(found: Predictions) -> None:
    table = found.to_table()
    assert len(table) == 4
    assert table.colnames == found.table.column_names
    assert table.meta["model_sha256"] == found.provenance["model_sha256"]
    for name in table.colnames:
        null = np.asarray(found.table[name].is_null())
        assert np.array_equal(np.ma.getmaskarray(np.ma.asarray(table[name])), null), name
        kept = np.array(table[name])[~null].tolist()
        assert kept == found.table[name].filter(pa.array(~null)).to_pylist(), name
    assert table["label"].mask.tolist() == [False, True, False, False]
    assert table["n_points"].dtype.kind == "i"
    assert table["period_suspicious"].dtype.kind == "b"


def same(name: str, seen: object, there: object) -> bool:
    if there is None:
        return seen is None or seen == "" or seen != seen
    return seen == there or (isinstance(there, float) and seen == pytest.approx(there, rel=1e-14))


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_reads_back_equal(suffix: str, found: Predictions, tmp_path: Path) -> None:
    target = tmp_path / f"classes.{suffix}"
    found.write(target)
    rows = read_table(target).to_pylist()
    for row, there in zip(rows, found, strict=True):
        assert [*row] == [*there]
        for name, value in there.items():
            assert same(name, row[name], value), (name, row[name], value)


def by_astropy(path: Path) -> object:
    from astropy.table import Table

    if path.suffix == ".csv":
        return Table.read(path, format="ascii.csv")
    if path.suffix == ".ecsv":
        return Table.read(path, format="ascii.ecsv")
    return Table.read(path)


@pytest.mark.parametrize("suffix", ["parquet", "csv", "ecsv", "fits", "xml"])
def test_astropy_reads_the_same_with_units_and_ucds(suffix: str, found: Predictions, tmp_path: Path) -> None:
    target = tmp_path / f"classes.{suffix}"
    found.write(target)
    if suffix == "parquet":  # astropy wants its own header there; pandas stands in
        frame = pq.read_table(target).to_pandas()
        np.testing.assert_array_equal(frame["prob_EA"], found.column("prob_EA"))
        fields = {field.name: field.metadata or {} for field in pq.read_schema(target)}
        assert fields["period_days"][b"unit"] == b"d"
        assert fields["ra"][b"ucd"] == b"pos.eq.ra;meta.main"
        return
    table = by_astropy(target)
    assert table.colnames == found.table.column_names  # type: ignore[attr-defined]
    for name in ("prob_EA", "prob_CONST", "period_days", "epoch", "novelty", "false_alarm", "ra", "dec"):
        read = np.ma.filled(np.ma.asarray(table[name]).astype(float), np.nan)  # type: ignore[index]
        np.testing.assert_allclose(read, found.column(name).astype(float), rtol=1e-14, err_msg=name)
    assert np.asarray(table["n_points"]).tolist() == found.column("n_points").tolist()  # type: ignore[index]
    if suffix == "csv":
        return
    assert str(table["period_days"].unit) == "d"  # type: ignore[index]
    assert str(table["ra"].unit) == "deg"  # type: ignore[index]
    for name in ("period_days", "prob_EA", "label", "status", "novelty"):
        said = _card_of_fits(target, "TCOMM", name) if suffix == "fits" else table[name].description  # type: ignore[index]
        assert " ".join(said.split()) == COLUMNS[name].says, name
    ucds = {
        "ecsv": lambda name: table[name].meta["ucd"],  # type: ignore[index]
        "fits": lambda name: _card_of_fits(target, "TUCD", name),
        "xml": lambda name: _ucd_of_votable(target, name),
    }[suffix]
    for name in ("object_id", "ra", "probability", "prob_EA", "period_days", "n_points", "morphology"):
        assert ucds(name) == COLUMNS[name].ucd, name


def _card_of_fits(path: Path, key: str, name: str) -> str:
    from astropy.io import fits

    with fits.open(path) as hdus:
        k = hdus[1].columns.names.index(name) + 1
        return str(hdus[1].header[f"{key}{k}"])


def _ucd_of_votable(path: Path, name: str) -> str:
    from astropy.io.votable import parse

    return str(parse(path).get_first_table().get_field_by_id_or_name(name).ucd)


def test_every_column_says_what_it_means(found: Predictions) -> None:
    silent = [name for name in found.table.column_names if name not in COLUMNS]
    assert silent == []


def test_parquet_keeps_the_provenance(found: Predictions, tmp_path: Path) -> None:
    found.write(tmp_path / "classes.parquet")
    stored = pq.read_schema(tmp_path / "classes.parquet").metadata
    assert {key: stored[key.encode()].decode() for key in found.provenance} == dict(found.provenance)


@pytest.mark.parametrize("suffix", ["ecsv", "fits", "xml"])
def test_other_formats_keep_the_provenance(suffix: str, found: Predictions, tmp_path: Path) -> None:
    found.write(tmp_path / f"classes.{suffix}")
    content = (tmp_path / f"classes.{suffix}").read_bytes()
    assert found.provenance["model_sha256"].encode() in content


def test_a_wrong_suffix_is_said(found: Predictions, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="chooses no format"):
        found.write(tmp_path / "classes.doc")
