from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from astropy.io.votable.ucd import check_ucd
from astropy.units import Unit

import goodricke as gr
from goodricke.clean import clean
from goodricke.lightcurves import concatenate
from goodricke.output.columns import COLUMNS, described, meaning_of
from goodricke.period import find_periods

EXAMPLES = Path(gr.__file__).parent / "examples" / "data"
NAMES = ("asassn_algol_type.csv", "ztf_rrab.csv")


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """What is written of two example stars, by the models that come with the package."""
    lcs = concatenate([gr.read(EXAMPLES / name) for name in NAMES])
    return {
        "read": lcs.to_arrow(),
        "classify": gr.classify(lcs).to_arrow(),
        "period": find_periods(clean(lcs)).to_arrow(),
    }


@pytest.mark.parametrize("command", ["read", "classify", "period"])
def test_every_column_of_every_table_has_a_meaning(command: str, tables: dict[str, pa.Table]) -> None:
    table = tables[command]
    assert table.num_rows == len(NAMES)
    if "status" in table.column_names:
        assert "failed" not in table["status"].to_pylist()
    for field in described(table).schema:
        meaning = meaning_of(field)
        assert meaning == COLUMNS.get(field.name), field.name
        assert meaning.says[:1].isupper(), field.name
        assert check_ucd(meaning.ucd, check_controlled_vocabulary=True, has_colon=False), field.name
        Unit(meaning.unit, format="vounit")


def test_times_have_units(tables: dict[str, pa.Table]) -> None:
    for table in tables.values():
        for field in described(table).schema:
            in_days = field.name.startswith(("period_days", "epoch", "time", "span")) or field.name == "period_error"
            if in_days and field.name != "time_frame":
                assert Unit(meaning_of(field).unit) == Unit("d"), field.name


def test_meanings_given_stay_and_unknown_columns_have_none() -> None:
    own = pa.field("ra", pa.float64(), metadata={"description": "Mine"})
    table = pa.table([[1.0], [None]], schema=pa.schema([own, pa.field("extra", pa.null())], metadata={"model": "x"}))
    found = described(table)
    assert meaning_of(found.schema.field("ra")).says == "Mine"
    assert meaning_of(found.schema.field("extra")).ucd == ""
    assert found.schema.field("extra").type == pa.string()
    assert found.schema.metadata == {b"model": b"x"}
