from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.examples import path as example
from goodricke.output import pages
from goodricke.output.reading_tables import read_table
from line.made import bad_stars, good_stars
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")

OGLE, MIRA = "OGLE-BLG-ECL-999999_I.dat", "atlas_mira.txt"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)


@pytest.fixture
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_bundle(tmp_path_factory))


@pytest.fixture
def curve() -> str:
    return str(Path(example()) / OGLE)


@pytest.fixture
def stars(tmp_path: Path) -> str:
    """Five good stars, in our own layout, with their periods."""
    lcs = good_stars().with_meta(period_days=np.array([2.1, 0.5, 0.6, 1.0, 1.3]), word=np.array(["a"] * 5))
    gr.write(lcs, tmp_path / "stars.parquet")
    return str(tmp_path / "stars.parquet")


def rows(path: str | Path) -> list[dict[str, object]]:
    return read_table(path).to_pylist()  # type: ignore[no-any-return]


# What is said and written ----------------------------------------------------------------------------------------


def test_the_examples_from_files_to_table(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", str(example()), "--model", model, "-o", "classes.ecsv"]) == 0
    said = capsys.readouterr()
    assert "wrote classes.ecsv" in said.out
    assert "of 7 stars classified" in said.out
    assert said.err == ""
    found = {str(row["object_id"]): row for row in rows("classes.ecsv")}
    assert len(found) == 7
    assert {row["model"] for row in found.values()} == {"small-1"}
    assert found["asassn_algol_type"]["period_days"] == pytest.approx(3.2173, rel=1e-3)
    assert found["OGLE-BLG-ECL-999999"]["survey"] == "ogle"
    for row in found.values():
        assert row["status"] in ("ok", "abstained")
        p = [float(row[f"prob_{name}"]) for name in ("CONST", "EA", "EW", "RRAB")]  # type: ignore[arg-type]
        assert sum(p) == pytest.approx(1.0)
        assert row["probability"] == max(p)
    assert found["TIC 9999999"]["n_points"] > 1000  # type: ignore[operator]


def test_the_table_on_the_terminal(model: str, stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", stars, "--model", model]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["star", "class", "prob", "period/d", "one", "of", "(95%)", "status", "reason"]
    assert lines[1].split()[:4] == ["good", "0", "EA", "1.000"]
    assert [line.split()[2] for line in lines[1:5]] == ["EA", "EW", "RRAB", "CONST"]
    assert "of 5 stars classified" in lines[-2] + lines[-1]
    assert not list(Path().glob("*.csv"))


def test_the_model_that_ships_is_the_default(stars: str) -> None:
    assert main(["classify", stars, "-q", "-o", "a.csv"]) == 0
    found = rows("a.csv")
    assert str(found[0]["model"]).startswith("variables-")
    assert (found[0]["object_id"], found[0]["label"]) == ("good 0", "EA")
    assert len(found) == 5


def test_with_periods_the_model_for_them_is_the_default(stars: str) -> None:
    assert main(["classify", stars, "-q", "--period", "period_days", "-o", "a.csv"]) == 0
    found = rows("a.csv")
    assert str(found[0]["model"]).startswith("variables-with-period-")
    assert found[0]["label"] == "EA"


@pytest.mark.parametrize("suffix", ["parquet", "csv", "ecsv", "fits", "xml"])
def test_every_format(suffix: str, model: str, stars: str) -> None:
    assert main(["classify", stars, "--model", model, "-q", "-o", f"classes.{suffix}"]) == 0
    found = rows(f"classes.{suffix}")
    assert [row["object_id"] for row in found] == [f"good {k}" for k in range(5)]
    assert [row["label"] for row in found][:4] == ["EA", "EW", "RRAB", "CONST"]


def test_quiet(model: str, stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", stars, "--model", model, "-q", "-o", "c.csv"]) == 0
    said = capsys.readouterr()
    assert said.out == said.err == ""
    assert main(["classify", stars, "--model", model, "-q"]) == 0
    assert "good 0" in capsys.readouterr().out  # the table is the result


def test_how_it_was_made_stands_in_the_file(model: str, stars: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    words = ["classify", stars, "--model", model, "-o", "my classes.parquet", "-q", "--prior", "EA=0.5"]
    monkeypatch.setattr("sys.argv", ["goodricke", *words])
    assert main(words) == 0
    stored = pq.read_schema("my classes.parquet").metadata
    assert (
        stored[b"command"].decode()
        == f"goodricke classify {stars} --model {model} -o 'my classes.parquet' -q --prior EA=0.5"
    )
    assert stored[b"priors"].decode().startswith("CONST=0.1")
    assert stored[b"model"] == b"small-1"


def test_more_stars_than_are_shown(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = good_stars()[:1]
    many = gr.lightcurves.concatenate([one.keep_points(np.arange(90) < 3)] * 21)
    many = gr.lightcurves.concatenate([one, many])
    names = np.array([f"s{k:02d}" for k in range(22)])
    from dataclasses import replace

    gr.write(replace(many, object_id=names), "many.parquet")
    assert main(["classify", "many.parquet", "--model", model]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "... and 2 more stars" in lines
    assert "1 of 22 stars classified: 1 EA" in lines
    assert lines[-1] == "21 failed: see the column reason"
    assert lines[2].split()[:4] == ["s01", "-", "-", "-"]
    assert lines[2].endswith("failed  3 points are too few for a period: 20 is the least")


# Exit codes ------------------------------------------------------------------------------------------------------


def test_a_bad_file_among_good_ones_is_exit_1(model: str, stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.fits").write_bytes(b"SIMPLE  =" + bytes(3000))
    assert main(["classify", stars, "bad.fits", "--model", model, "-o", "c.csv", "--log-format", "json"]) == 1
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert json.loads(line)["level"] == "error"
    assert json.loads(line)["path"].endswith("bad.fits")
    assert len(rows("c.csv")) == 5


def test_a_star_that_fails_is_exit_1(model: str, tmp_path: Path) -> None:
    gr.write(gr.lightcurves.concatenate([good_stars()[:1], bad_stars()["few"][0]]), "two.parquet")
    assert main(["classify", "two.parquet", "--model", model, "-q", "-o", "c.csv"]) == 1
    found = rows("c.csv")
    assert [row["status"] for row in found] == ["ok", "failed"]
    assert found[1]["reason"] == "8 points are too few for a period: 20 is the least"
    assert found[1]["label"] in (None, "")


def test_nothing_readable_is_exit_3(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "gone.csv", "--model", model]) == 3
    assert "no such file" in capsys.readouterr().err
    Path("empty.csv").write_bytes(b"")
    assert main(["classify", "empty.csv", "--model", model, "-o", "c.csv"]) == 3
    assert "empty.csv" in capsys.readouterr().err
    assert not Path("c.csv").exists()


def damaged(folder: Path, bundle: str, name: str, content: bytes) -> str:
    copy = folder / "small-1"
    copy.mkdir()
    for file in Path(bundle).iterdir():
        (copy / file.name).write_bytes(content if file.name == name else file.read_bytes())
    return str(copy)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("arrays.npz", b"PK", "is not the one that the manifest names"),
        ("manifest.json", b"{", "manifest.json is not JSON"),
        ("manifest.json", b"[]", "an object belongs there"),
        ("card.md", b"\xff\xfe", "card.md is not text"),
    ],
)
def test_a_bad_model_is_exit_4(
    name: str, content: bytes, says: str, tmp_path: Path, model: str, curve: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", curve, "--model", damaged(tmp_path, model, name, content), "-o", "c.csv"]) == 4
    assert says in capsys.readouterr().err
    assert not Path("c.csv").exists()


def test_no_such_model_is_exit_4(curve: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", curve, "--model", "varables"]) == 4
    assert "no model is called 'varables'; did you mean variables" in capsys.readouterr().err
    assert main(["classify", curve, "--model", str(tmp_path)]) == 4
    assert "it has no manifest.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--purity", "1.5"], "--purity 1.5 is not between 0 and 1"),
        (["--purity", "high"], "high"),
        (["-o", "x.doc"], "chooses no format"),
        (["-o", "gone/x.csv"], "the folder gone does not exist"),
        (["--prior", "EAA=0.1"], "the model has no class 'EAA'; did you mean 'EA'?"),
        (["--prior", "EA=1.1"], "a number in 0 ... 1 is wanted"),
        (["--prior", "gone.csv"], "the priors in gone.csv cannot be read"),
        (["--prior", "EA=0.1", "--estimate-priors"], "exclude each other"),
        (["--period", "-1"], "--period -1 is not a positive number of days"),
        (["--period", "nan"], "--period nan is not a positive number of days"),
        (
            ["--period", "P_days"],
            "neither a number of days nor a column that came with the stars; there are period_days",
        ),
        (["--period", "word"], "the column word holds no numbers of days"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--modle", "x"], "No such option"),
        (["--survey", "asasn"], "no survey is called"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_exit_2(
    words: list[str], says: str, model: str, stars: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a period was searched before the mistake was said")

    monkeypatch.setattr("goodricke.period.periods.search", refused)
    before = {path.name for path in Path().iterdir()}
    assert main(["classify", stars, "--model", model, *words]) == 2
    assert says in capsys.readouterr().err
    assert {path.name for path in Path().iterdir()} == before


# Options ---------------------------------------------------------------------------------------------------------


def test_one_period_for_all(model: str, stars: str) -> None:
    assert main(["classify", stars, "--model", model, "-q", "--period", "2.1", "-o", "c.csv"]) == 0
    found = rows("c.csv")
    assert {row["period_days"] for row in found} == {2.1}
    assert found[0]["label"] == "EA"


def test_periods_from_a_column_of_the_input(model: str, stars: str) -> None:
    assert main(["classify", stars, "--model", model, "-q", "--period", "period_days", "-o", "c.csv"]) == 0
    found = rows("c.csv")
    assert [row["period_days"] for row in found] == [2.1, 0.5, 0.6, 1.0, 1.3]
    assert [row["label"] for row in found][:3] == ["EA", "EW", "RRAB"]


def test_a_star_whose_period_is_missing_fails(model: str) -> None:
    gr.write(good_stars()[:2].with_meta(p=np.array([np.nan, 0.5])), "two.parquet")
    assert main(["classify", "two.parquet", "--model", model, "-q", "--period", "p", "-o", "c.csv"]) == 1
    found = rows("c.csv")
    assert [row["status"] for row in found] == ["failed", "ok"]
    assert found[0]["reason"] == "the period that was given is nan; give a positive number of days"


def test_priors_as_text_and_as_files(model: str, stars: str) -> None:
    Path("p.csv").write_text("class,share\nEA,0.97\nEW,0.01\nRRAB,0.01\nCONST,0.01\n")
    Path("p.json").write_text(json.dumps({"EA": 0.97, "EW": 0.01, "RRAB": 0.01, "CONST": 0.01}))
    for k, prior in enumerate(["EA=0.97,EW=0.01,RRAB=0.01,CONST=0.01", "p.csv", "p.json"]):
        assert main(["classify", stars, "--model", model, "-q", "--prior", prior, "-o", f"{k}.csv"]) == 0
    assert Path("0.csv").read_bytes() == Path("1.csv").read_bytes() == Path("2.csv").read_bytes()
    assert main(["classify", stars, "--model", model, "-q", "-o", "plain.csv"]) == 0
    trained = json.loads((Path(model) / "manifest.json").read_text())["priors"]
    wanted = {"EA": 0.97, "EW": 0.01, "RRAB": 0.01, "CONST": 0.01}
    for plain, shifted in zip(rows("plain.csv"), rows("0.csv"), strict=True):
        weight = {name: float(plain[f"prob_{name}"]) * wanted[name] / trained[name] for name in wanted}  # type: ignore[arg-type]
        for name in wanted:
            assert shifted[f"prob_{name}"] == pytest.approx(weight[name] / sum(weight.values()), rel=1e-9, abs=1e-300)


def test_priors_from_the_stars_themselves(model: str, stars: str) -> None:
    assert main(["classify", stars, "--model", model, "-q", "--estimate-priors", "-o", "c.parquet"]) == 0
    import pyarrow.parquet as pq

    said = pq.read_schema("c.parquet").metadata[b"priors"].decode()
    shares = {name: float(share) for name, share in (pair.split("=") for pair in said.split(","))}
    # An EA, an EW, an RRAB, a constant star and an EB that looks like one of them.
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
    assert min(shares.values()) == pytest.approx(0.2, abs=0.07)
    assert max(shares.values()) == pytest.approx(0.4, abs=0.15)


def test_purity_abstains(model: str, stars: str) -> None:
    assert main(["classify", stars, "--model", model, "-q", "--purity", "0.999", "-o", "c.csv"]) == 0
    found = rows("c.csv")
    # Of some 15 held-out stars no purity of 0.999 can be promised for every class.
    assert any("purity asked for" in str(row["reason"]) for row in found)
    assert all(row["status"] == "abstained" for row in found if row["reason"])
    assert all(row["label"] for row in found)


def test_options_from_a_file_and_the_environment(
    model: str, stars: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("goodricke.toml").write_text(f'[classify]\nmodel = "{model}"\nperiod = 2.1\noutput = "c.csv"\nquiet = true\n')
    assert main(["classify", stars]) == 0
    assert {row["period_days"] for row in rows("c.csv")} == {2.1}
    monkeypatch.setenv("GOODRICKE_CLASSIFY_PERIOD", "2.2")
    assert main(["classify", stars]) == 0
    assert {row["period_days"] for row in rows("c.csv")} == {2.2}
    assert main(["classify", stars, "--period", "2.3"]) == 0
    assert {row["period_days"] for row in rows("c.csv")} == {2.3}
    Path("goodricke.toml").write_text("[classify]\npuritty = 0.9\n")
    assert main(["classify", stars]) == 2
    assert "[classify] puritty: there is no such option; did you mean purity?" in capsys.readouterr().err


def test_a_model_of_ones_own_by_name(
    model: str, stars: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOODRICKE_MODELS", str(Path(model).parent))
    for name in ("small", "small-1"):
        assert main(["classify", stars, "--model", name, "-q", "-o", "c.csv"]) == 0
        assert rows("c.csv")[0]["model"] == "small-1"


# Pictures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """What would be written on every page, without the time that drawing takes."""
    kept = SimpleNamespace(pages={}, searched=0)

    def searched(*_: object, **__: object) -> None:
        raise AssertionError("the period was searched again")

    monkeypatch.setattr(pages, "draw_page", lambda star, page, path: kept.pages.update({star.object_id: page}))
    monkeypatch.setattr("goodricke.period.find_periods", searched)
    yield kept  # noqa: PT022


def test_pages_show_what_the_table_says(model: str, stars: str, drawn: SimpleNamespace) -> None:
    assert main(["classify", stars, "--model", model, "-o", "c.csv", "--plot", "out/pages"]) == 0
    found = {row["object_id"]: row for row in rows("c.csv")}
    assert {*drawn.pages} == {*found}
    for name, page in drawn.pages.items():
        assert page.label == found[name]["label"]
        assert page.probability == pytest.approx(found[name]["probability"])
        assert page.periods[0] == pytest.approx(found[name]["period_days"])
        assert page.model == "small-1"
        assert set(page.probabilities) == {"CONST", "EA", "EW", "RRAB"}
    names = {file.name for file in Path("out/pages").iterdir()}
    assert {"index.html", "classes.png", "periods.png"} <= names
    assert "good 3" in Path("out/pages/index.html").read_text()


@pytest.mark.slow
def test_a_real_page(model: str, curve: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", curve, "--model", model, "--plot", "p"]) == 0
    (page,) = Path("p").glob("*OGLE-BLG-ECL-999999.png")
    assert page.read_bytes().startswith(b"\x89PNG")
    assert str(page) in capsys.readouterr().out


def test_pages_of_failed_stars(model: str, drawn: SimpleNamespace) -> None:
    gr.write(gr.lightcurves.concatenate([good_stars()[:1], bad_stars()["few"][0]]), "two.parquet")
    assert main(["classify", "two.parquet", "--model", model, "--plot", "p"]) == 1
    assert drawn.pages["few"].status == "failed"
    assert drawn.pages["few"].label == ""
    assert drawn.pages["few"].reason == "8 points are too few for a period: 20 is the least"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--help"]) == 0
    said = capsys.readouterr().out
    assert "goodricke classify mystar.csv" in said
    for option in ("--prior", "--purity", "--period", "--plot", "--estimate-priors", "--config"):
        assert option in said
