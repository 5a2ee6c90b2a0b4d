from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.period.candidates import FEATURES
from goodricke.period.trees import load_trees
from goodricke.train import period_chooser
from period import made

pytest.importorskip("sklearn", reason="training needs the [train] extra")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three data sets, each of a dozen made stars."""
    place = tmp_path_factory.mktemp("lightcurves")
    rng = np.random.default_rng(0)
    for name, kinds in (("asas3_acvs", ("EA", "EW")), ("crts_sss", ("RRAB", "EW")), ("ogle4_lmc_cep", ("RRAB",))):
        rows, labels = [], []
        for k in range(12):
            kind, period = kinds[k % len(kinds)], float(rng.uniform(0.4, 3.0))
            lcs = made.star(kind, period, k, n=80)
            star = f"{name}-{k}"
            rows.append(
                {"object_id": [star] * 80, "band": ["V"] * 80, "time": lcs.time + 2450000.0,
                 "mag": 15 - 2.5 * np.log10(lcs.flux), "err": lcs.flux_err / lcs.flux}
            )  # fmt: skip
            labels.append({"object_id": star, "label_mapped": kind, "period_days": period})
        table = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
        pq.write_table(pa.table(table), place / f"{name}_obs.parquet")
        pq.write_table(pa.Table.from_pylist(labels), place / f"{name}_labels.parquet")
    return place


@pytest.mark.slow
def test_a_bundle_is_made_that_loads_and_says_what_the_classifier_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(period_chooser._SETTINGS, "max_iter", 12)
    period_chooser.main([str(folder), "-o", str(tmp_path / "chooser"), "--jobs", "1"])
    said = capsys.readouterr().out
    assert "| asas3_acvs | EA | 6 |" in said
    # Loading compares the arrays with the classifier's own output, which the manifest holds.
    first = load_trees(tmp_path / "chooser", FEATURES)
    period_chooser.main([str(folder), "-o", str(tmp_path / "again"), "--jobs", "2"])
    for name in ("manifest.json", "trees.npz"):
        one, two = ((tmp_path / which / name).read_bytes() for which in ("chooser", "again"))
        assert one == two or name == "manifest.json"
    assert len(first.root) == 12
