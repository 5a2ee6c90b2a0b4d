from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.batch import gather
from goodricke.batch.spool import Spool
from goodricke.clean import CleanOptions
from goodricke.errors import OptionError
from goodricke.examples import path as example
from goodricke.surveys import FileStatus, ReadOptions


def write_many(folder: Path, n_stars: int = 12, n_files: int = 3, points: int = 40) -> None:
    """Every star in several files that lie far apart in the reading order."""
    rng = np.random.default_rng(5)
    for part in range(n_files):
        for k in range(n_stars):
            times = 5000 + 100 * part + np.sort(rng.uniform(0, 90, points))
            rows = "".join(f"{t:.5f} {15 + 0.1 * part + rng.normal(0, 0.01):.3f} 0.010\n" for t in times)
            place = folder / f"run{part}" / f"OGLE-LMC-ECL-{k:05d}.dat"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(rows)


def same(a: gr.LightCurves, b: gr.LightCurves) -> None:
    assert sorted(a.object_id) == sorted(b.object_id)
    for name in a.object_id:
        np.testing.assert_array_equal(a[str(name)].time, b[str(name)].time)
        # The scale goes through float32 once more when a star was united on disk.
        np.testing.assert_allclose(a[str(name)].flux, b[str(name)].flux, rtol=5e-7)


@pytest.mark.parametrize("batch_points", [10, 150, 700, 10**6])
def test_whatever_the_memory_the_stars_are_the_same(batch_points: int, tmp_path: Path) -> None:
    write_many(tmp_path / "in")
    expected = gr.read(tmp_path / "in")
    assert len(expected) == 12
    done = gather([tmp_path / "in"], tmp_path / "out.parquet", ReadOptions(batch_points=batch_points))
    same(gr.read(tmp_path / "out.parquet"), expected)
    assert (done.n_stars, done.n_points) == (12, 12 * 3 * 40)
    assert not list(tmp_path.glob(".*"))


def test_without_merging_every_file_is_a_row(tmp_path: Path) -> None:
    write_many(tmp_path / "in")
    done = gather([tmp_path / "in"], tmp_path / "out.parquet", ReadOptions(batch_points=100, merge=False))
    assert done.n_stars == 36


def test_examples_with_all_their_different_columns(tmp_path: Path) -> None:
    done = gather([example()], tmp_path / "o.parquet", ReadOptions(batch_points=200), cleaning=CleanOptions())
    assert done.count("failed") == 0
    lcs = gr.read(tmp_path / "o.parquet")
    assert len(lcs) == done.n_stars == 7
    assert lcs["TIC 9999999"].meta["exposure_s"] == 1800.0
    assert np.isnan(lcs["Gaia DR3 4999999999999999999"].meta["exposure_s"])


def test_failures_are_rows_and_nothing_else_is_lost(tmp_path: Path) -> None:
    write_many(tmp_path / "in", n_files=1)
    (tmp_path / "in" / "bad.fits").write_bytes(b"SIMPLE  =                    T" + b" " * 100)
    done = gather([tmp_path / "in"], tmp_path / "out.csv")
    assert (done.count("ok"), done.count("failed"), done.n_stars) == (12, 1, 12)
    only_bad = gather([tmp_path / "in" / "bad.fits"], tmp_path / "none.csv")
    assert only_bad.n_stars == 0
    assert not (tmp_path / "none.csv").exists()


class Killed(Exception):
    pass


def test_an_interrupted_run_resumes_without_reading_again(tmp_path: Path) -> None:
    write_many(tmp_path / "in")
    options = ReadOptions(batch_points=200)
    seen: list[str] = []

    def die_late(status) -> None:
        seen.append(status.path)
        if len(seen) == 20:
            raise Killed

    with pytest.raises(Killed):
        gather([tmp_path / "in"], tmp_path / "out.parquet", options, on_file=die_late)
    assert not (tmp_path / "out.parquet").exists()
    again: list[str] = []
    done = gather(
        [tmp_path / "in"], tmp_path / "out.parquet", options, resume=True, on_file=lambda s: again.append(s.path)
    )
    assert done.resumed >= 15
    assert len(again) + done.resumed == 36
    same(gr.read(tmp_path / "out.parquet"), gr.read(tmp_path / "in"))
    assert len(done.statuses) == 36


def test_another_command_does_not_resume_it(tmp_path: Path) -> None:
    write_many(tmp_path / "in")

    def die(status) -> None:
        if status.path.endswith("run2/OGLE-LMC-ECL-00005.dat"):
            raise Killed

    with pytest.raises(Killed):
        gather([tmp_path / "in"], tmp_path / "o.parquet", ReadOptions(batch_points=200), on_file=die)
    with pytest.raises(OptionError, match="other paths or options"):
        gather([tmp_path / "in"], tmp_path / "o.parquet", ReadOptions(batch_points=200, quality="hard"), resume=True)
    done = gather([tmp_path / "in"], tmp_path / "o.parquet", ReadOptions(batch_points=200))
    assert (done.resumed, done.n_stars) == (0, 12)


def test_pieces_of_a_file_that_was_not_finished_do_not_count(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", "f", resume=False)
    lcs = gr.LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 1.0], err=[0.1, 0.1])
    spool.keep([lcs], [], piece_of="large.parquet")
    spool.keep([lcs], [])
    with (tmp_path / "s" / "journal.jsonl").open("a") as file:
        file.write('{"part": "part-0000')  # the kill came here
    again = Spool(tmp_path / "s", "f", resume=True)
    assert [part.name for part in again.parts] == ["part-000001.parquet"]
    assert not (tmp_path / "s" / "part-000000.parquet").exists()
    assert json.loads((tmp_path / "s" / "journal.jsonl").read_text().splitlines()[0]) == {"fingerprint": "f"}
    # The file is read again, in a part of the same number, and finished; the forgotten piece must not come back.
    again.keep([lcs], [], piece_of="large.parquet")
    again.keep([], [FileStatus("large.parquet")])
    assert len(Spool(tmp_path / "s", "f", resume=True).parts) == 2


@pytest.mark.slow
def test_kill_minus_nine_loses_nothing(tmp_path: Path) -> None:
    write_many(tmp_path / "in", n_stars=40, n_files=3, points=400)
    code = (
        "import sys; from goodricke.batch import gather; from goodricke.surveys import ReadOptions\n"
        "gather([sys.argv[1]], sys.argv[2], ReadOptions(batch_points=2000), resume=True)"
    )
    out = tmp_path / "out.parquet"
    rng = np.random.default_rng(0)
    kills = 0
    for _ in range(12):
        run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "in"), str(out)])
        try:
            run.wait(timeout=float(rng.uniform(0.4, 1.4)))
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
            kills += 1
        if out.exists():
            break  # renamed into place: whole, even if the kill came before the process ended
    else:
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "in"), str(out)], check=True)
    same(gr.read(out), gr.read(tmp_path / "in"))
    assert kills > 0
