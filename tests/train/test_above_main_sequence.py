from __future__ import annotations

import csv

import numpy as np
import pytest

from goodricke.output.reading_tables import read_table
from goodricke.train.above_main_sequence import CLASSES, label, main, report
from train.dwarfs import population


def test_the_command(tmp_path, capsys) -> None:
    stars = population(1500)
    source, target, picture = tmp_path / "stars.csv", tmp_path / "labels.parquet", tmp_path / "ridge.png"
    renamed = {("metals" if name == "feh" else name): values for name, values in stars.items()}
    with source.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["source_id", *renamed])
        rows.writerows((f"star {k}", *each) for k, each in enumerate(zip(*renamed.values(), strict=True)))
    with pytest.raises(SystemExit) as stopped:
        main([str(source), "-o", str(target)])
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert "no column holds [Fe/H] (feh, fe_h, feh_lasp, mh_gspphot)" in said
    assert "--column feh=NAME" in said
    assert not target.exists()
    main([str(source), "-o", str(target), "--column", "feh=metals", "--picture", str(picture)])
    said = capsys.readouterr().out
    made = label(stars)
    assert said.splitlines()[0] == report(made)[0]
    written = read_table(target)
    assert written["source_id"].to_pylist()[3] == "star 3"
    np.testing.assert_allclose(written["delta_m_g"].to_numpy(), made.delta, atol=1e-6)
    assert [written["ms_label"].to_pylist().count(name) for name in CLASSES] == list(made.counts().values())
    assert picture.read_bytes()[:4] == b"\x89PNG"
    for wrong in (["--column", "metals"], ["--column", "feh=iron"], ["--selection", "liu"]):
        with pytest.raises(SystemExit):
            main([str(source), "-o", str(target), *wrong])
    with pytest.raises(SystemExit):
        main([str(tmp_path / "absent.csv"), "-o", str(target)])
    assert "absent.csv" in capsys.readouterr().err
