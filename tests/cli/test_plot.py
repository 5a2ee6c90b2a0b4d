from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.examples import path as example
from goodricke.output import pages

STARS = ["OGLE-BLG-ECL-999999_I.dat", "atlas_mira.txt"]


@pytest.fixture
def stars() -> list[str]:
    return [str(Path(example()) / name) for name in STARS]


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    table = pa.table(
        {
            "object_id": ["atlas_mira", "OGLE-BLG-ECL-999999", "elsewhere"],
            "label": ["LPV", "EW", "EA"],
            "probability": [0.8, 0.9, 0.7],
            "prob_LPV": [0.8, 0.02, 0.1],
            "prob_EW": [0.1, 0.9, 0.2],
            "period_days": [287.3, 0.39126, 3.0],
            "amplitude": [2.0, 0.6, 1.0],
        }
    )
    pq.write_table(table, tmp_path / "predictions.parquet")
    return tmp_path / "predictions.parquet"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, pages.StarPage]:
    """What would be written on every page, without the time that drawing takes."""
    kept: dict[str, pages.StarPage] = {}
    monkeypatch.setattr(pages, "draw_page", lambda star, page, path: kept.update({star.object_id: page}))
    return kept


def test_a_page_per_star_with_the_period_found(stars, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", stars[0], "-o", str(tmp_path / "p")]) == 0
    said = capsys.readouterr().out.split()
    assert said == [str(tmp_path / "p" / name) for name in ("00000_OGLE-BLG-ECL-999999.png", "index.html")]
    assert (tmp_path / "p" / "00000_OGLE-BLG-ECL-999999.png").read_bytes().startswith(b"\x89PNG")
    listing = (tmp_path / "p" / "index.html").read_text()
    assert 'src="00000_OGLE-BLG-ECL-999999.png"' in listing


def test_periods_are_those_of_the_search(stars, drawn, tmp_path: Path) -> None:
    assert main(["plot", *stars, "-o", str(tmp_path / "p")]) == 0
    # The example is a contact binary of 0.39126 d; its period or a relative of it comes first.
    found = drawn["OGLE-BLG-ECL-999999"].periods[0]
    assert np.abs(found * np.array([0.5, 1.0, 2.0]) / 0.39126 - 1.0).min() < 1e-3
    assert np.isfinite(drawn["OGLE-BLG-ECL-999999"].epoch)
    assert drawn["atlas_mira"].label == ""


def test_predictions_go_onto_the_pages_of_their_stars(stars, drawn, predictions: Path, tmp_path: Path, capsys) -> None:
    assert main(["plot", *stars, "--predictions", str(predictions), "-o", str(tmp_path / "p")]) == 0
    assert drawn["OGLE-BLG-ECL-999999"].label == "EW"
    assert drawn["OGLE-BLG-ECL-999999"].periods == (0.39126,)
    assert drawn["atlas_mira"].probabilities == {"LPV": 0.8, "EW": 0.1}
    third = str(Path(example()) / "crts_rrc.csv")
    assert main(["plot", stars[0], third, "--predictions", str(predictions), "-o", str(tmp_path / "p")]) == 0
    assert "1 of 2 stars are not in the table" in capsys.readouterr().err
    assert drawn["1009999000001"].status == "failed"
    assert drawn["1009999000001"].reason == "not in the table of predictions"


def test_a_star_of_one_name_in_two_surveys_gets_its_own_row(stars, drawn, tmp_path: Path) -> None:
    name = "OGLE-BLG-ECL-999999"
    table = pa.table({"object_id": [name, name], "survey": ["asas3", "ogle"], "label": ["EA", "EW"]})
    pq.write_table(table, tmp_path / "two.parquet")
    assert main(["plot", stars[0], "--predictions", str(tmp_path / "two.parquet"), "-o", str(tmp_path / "p")]) == 0
    assert drawn[name].label == "EW"


def test_without_periods_nothing_is_searched(stars, drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import goodricke.period

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a period was searched")

    monkeypatch.setattr(goodricke.period, "find_periods", refused)
    assert main(["plot", stars[0], "--no-period", "-o", str(tmp_path / "p")]) == 0
    assert drawn["OGLE-BLG-ECL-999999"].periods == ()


def test_a_table_alone_becomes_charts_and_a_listing(predictions: Path, tmp_path: Path, capsys) -> None:
    assert main(["plot", str(predictions), "--charts", "-o", str(tmp_path / "c")]) == 0
    said = capsys.readouterr()
    assert {Path(line).name for line in said.out.split()} == {
        "classes.png", "amplitudes.png", "periods.png", "certainty.png", "index.html",
    }  # fmt: skip
    assert "not drawn: sky: no ra and no dec in the table" in said.err
    assert "elsewhere" in (tmp_path / "c" / "index.html").read_text()


def test_charts_beside_pages_and_sheet(stars, drawn, predictions: Path, tmp_path: Path) -> None:
    arguments = ["plot", *stars, "--predictions", str(predictions), "--charts", "--sheet", "--pages"]
    assert main([*arguments, "-o", str(tmp_path / "p")]) == 0
    assert len(drawn) == 2
    names = {file.name for file in (tmp_path / "p").iterdir()}
    assert {"sheet.png", "classes.png", "amplitudes.png", "index.html"} <= names
    assert "elsewhere" not in (tmp_path / "p" / "index.html").read_text()


def test_charts_of_light_curves_are_charts_of_their_periods(stars, drawn, tmp_path: Path) -> None:
    assert main(["plot", stars[0], "--charts", "-o", str(tmp_path / "p")]) == 0
    assert (tmp_path / "p" / "periods.png").exists()


def test_a_sheet_is_one_picture(stars, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", *stars, "--sheet", "-o", str(tmp_path / "s")]) == 0
    assert [file.name for file in (tmp_path / "s").iterdir()] == ["sheet.png"]
    assert capsys.readouterr().out.strip() == str(tmp_path / "s" / "sheet.png")


def test_limit_is_said(stars, drawn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", *stars, "--no-period", "--limit", "1", "-o", str(tmp_path / "p")]) == 0
    assert len(drawn) == 1
    assert "2 stars were read; only the first were drawn" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["gone.csv"], 3, "no such file"),
        (["gone.csv", "--charts"], 3, "no such file"),
        (["x.csv", "--limit", "0"], 2, "--limit 0 leaves no star"),
        (["x.csv", "--predictions", "gone.parquet"], 3, "gone.parquet"),
        (["x.csv", "--predictions", "other.csv"], 2, "no column object_id"),
        (["x.csv", "--no-period", "-o", "x.csv"], 2, "cannot be made"),
        (["empty.parquet"], 3, "no points"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_explained(
    arguments: list[str], code: int, says: str, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.csv").write_text("time,mag,err\n" + "".join(f"{k},12.{k % 7},0.01\n" for k in range(30)))
    lcs = gr.read("x.csv")
    gr.write(lcs.keep_points(np.zeros(lcs.n_points, dtype=bool)), "empty.parquet")
    Path("other.csv").write_text("a,b\n1,2\n3,4\n")
    assert main(["plot", *arguments]) == code
    assert says in capsys.readouterr().err


def test_a_bad_file_among_good_ones_is_exit_1(stars, drawn, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("")
    assert main(["plot", *stars, str(tmp_path / "bad.csv"), "--no-period", "-o", str(tmp_path / "p")]) == 1
    assert len(drawn) == 2
