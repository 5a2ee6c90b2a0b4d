"""Simulations written down: the same whatever the processes, resumed after a kill, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("numba")

import goodricke as gr
from goodricke.batch import simulation
from goodricke.batch.simulation import simulate_to
from goodricke.errors import OptionError
from goodricke.output.reading_tables import read_table
from goodricke.simulate.observing.observatory import Observatory
from goodricke.simulate.sky import Simulation, simulate_sky

ASKED = Simulation(survey="asas3", n=25, seed=7, shares={"rotator": 1.0, "constant": 1.0})


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Observatory, "block", 10)


def test_what_is_written_is_what_was_made(tmp_path: Path) -> None:
    seen: list[int] = []
    done = simulate_to(
        ASKED, tmp_path / "a.parquet", tmp_path / "truth.parquet", command="as typed", on_stars=seen.append
    )
    lcs, truth = gr.read(tmp_path / "a.parquet"), read_table(tmp_path / "truth.parquet")
    assert done.n_stars == len(lcs) == len(truth) == 25
    assert done.n_points == lcs.n_points
    assert sum(seen) == 25
    assert set(done.labels) == {"ROT", "CONST"}
    assert truth.column("object_id").to_pylist() == lcs.object_id.tolist()
    about = truth.schema.metadata
    assert about[b"seed"] == b"7"
    assert about[b"command"] == b"as typed"
    assert truth.schema.field("period_days").metadata[b"unit"] == b"d"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.parquet", "truth.parquet"]


def test_a_csv_truth_has_the_same_rows(tmp_path: Path) -> None:
    simulate_to(ASKED, tmp_path / "a.parquet", tmp_path / "truth.csv")
    assert len(read_table(tmp_path / "truth.csv")) == 25


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate_to(ASKED, tmp_path / "whole.parquet", tmp_path / "whole_truth.parquet")
    make = simulation.simulate_block
    made: list[range] = []

    def dies(asked: Simulation, stars: range) -> object:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(stars)
        return make(asked, stars)

    monkeypatch.setattr(simulation, "simulate_block", dies)
    with pytest.raises(KeyboardInterrupt):
        simulate_to(ASKED, tmp_path / "b.parquet", tmp_path / "b_truth.parquet")
    assert not (tmp_path / "b.parquet").exists()
    monkeypatch.setattr(simulation, "simulate_block", make)
    with pytest.raises(OptionError, match="unfinished run of other stars"):
        simulate_to(
            Simulation(survey="asas3", n=26, seed=7, shares=ASKED.shares), tmp_path / "b.parquet",
            tmp_path / "b_truth.parquet", resume=True,
        )  # fmt: skip
    done = simulate_to(ASKED, tmp_path / "b.parquet", tmp_path / "b_truth.parquet", resume=True)
    assert done.resumed == 20
    assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert pq.read_table(tmp_path / "b_truth.parquet").equals(pq.read_table(tmp_path / "whole_truth.parquet"))


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    asked = Simulation(survey="asas3", n=1010, seed=3, shares={"constant": 1.0})  # blocks of 500 in new processes
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(Observatory, "block", 500)
        for jobs in (1, 2):
            simulate_to(asked, tmp_path / f"{jobs}.parquet", tmp_path / f"t{jobs}.parquet", jobs=jobs)
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_files_of_the_survey_read_back_as_the_same_stars(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    asked = Simulation(survey="asas3", n=4, seed=7, shares={"constant": 1.0})
    simulate_to(asked, tmp_path / "a.parquet", tmp_path / "t.parquet", files=folder)
    made, back = gr.read(tmp_path / "a.parquet"), gr.read(folder)
    assert back.n_points == made.n_points
    assert np.sort(back.time) == pytest.approx(np.sort(made.time), abs=1e-4)


def test_the_function_for_people_gives_the_same_stars(tmp_path: Path) -> None:
    simulate_to(Simulation("contact", "asas3", 3, 1), tmp_path / "a.parquet", tmp_path / "t.parquet")
    made = simulate_sky("contact", "asas3", 3, 1)
    assert np.array_equal(gr.read(tmp_path / "a.parquet").flux, made.light_curves.flux)
