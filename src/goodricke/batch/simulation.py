"""Simulate any number of stars into two files, in bounded memory, by several processes, resumable.

Blocks of stars are made by the processes and kept as parts beside the output, each renamed into place when whole, and
copied into one file of light curves while later blocks are being made; the tables of truth are joined at the end. The
cost is that of making the stars (some milliseconds each; see docs/simulate.md) and one more reading and writing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from goodricke.errors import OptionError, WriteError
from goodricke.lightcurves import LightCurves
from goodricke.output import LightCurveFile, write, write_table
from goodricke.output.atomic import whole_file
from goodricke.output.columns import described
from goodricke.simulate.sky import Simulation, simulate_block

__all__ = ["SimulatedFiles", "simulate_to"]

_THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass
class SimulatedFiles:
    """What a run made."""

    n_stars: int = 0
    n_points: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    """Stars taken over from an earlier, interrupted run."""


def simulate_to(
    asked: Simulation,
    light_curves: Path,
    truth: Path,
    *,
    files: Path | None = None,
    jobs: int = 1,
    resume: bool = False,
    command: str = "",
    on_stars: Callable[[int], None] = lambda n: None,
) -> SimulatedFiles:
    """Make stars and write them down.

    Parameters
    ----------
    asked : Simulation
        Which stars.
    light_curves, truth : Path
        Where they go; the suffix chooses the format.
    files : Path, optional
        A folder for one or more files per star in the survey's own format.
    jobs : int
        Processes. The result does not depend on it.
    resume : bool
        Go on where an interrupted run of the same simulation stopped.
    command : str
        Told in the table of truth.
    on_stars : callable
        Called with the number of stars just made (progress).

    Returns
    -------
    SimulatedFiles
        Counts.

    Raises
    ------
    OptionError
        When an interrupted run of another simulation is to be resumed.
    WriteError
        When a file cannot be written.
    """
    parts = _Parts(light_curves.with_name(f".{light_curves.name}.parts"), asked, resume)
    done = SimulatedFiles()
    todo = [stars for stars in asked.blocks() if not parts.truth(stars).exists()]
    done.resumed = asked.n - sum(map(len, todo))
    on_stars(done.resumed)
    made = _made(partial(_make, asked, parts, files), todo, jobs)
    _join_light_curves(_in_order(asked.blocks(), set(todo), parts, made, on_stars), light_curves, done)
    about = {
        "population": asked.population if not asked.shares else json.dumps(dict(asked.shares)),
        "simulated_survey": asked.survey,
        "seed": str(asked.seed),
        "goodricke_version": version("goodricke"),
        "command": command,
    }
    _join_truth([parts.truth(stars) for stars in asked.blocks()], truth, about, done)
    parts.clear()
    return done


class _Parts:
    """The folder of finished blocks. A block is finished when its truth is there; that is written last."""

    def __init__(self, folder: Path, asked: Simulation, resume: bool) -> None:
        self.folder = folder
        said = json.dumps(asdict(asked), sort_keys=True)
        note = folder / "asked.json"
        if folder.exists() and not resume:
            self.clear()
        if note.exists() and note.read_text() != said:
            raise OptionError(
                f"{folder} holds an unfinished run of other stars; run the old command with --resume, or this one "
                "without"
            )
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise WriteError(f"{folder}: cannot be made ({error.strerror}); choose another place for -o") from error
        with whole_file(note) as temporary:
            temporary.write_text(said)

    def curves(self, stars: range) -> Path:
        """Light curves of a block."""
        return self.folder / f"curves-{stars.start:09d}.parquet"

    def truth(self, stars: range) -> Path:
        """Truth of a block."""
        return self.folder / f"truth-{stars.start:09d}.parquet"

    def clear(self) -> None:
        """Remove all; what says whose they are goes first, so that a kill in between leaves nothing to resume."""
        (self.folder / "asked.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def _make(asked: Simulation, parts: _Parts, files: Path | None, stars: range) -> int:
    """Make a block and keep it; return the number of its stars."""
    made = simulate_block(asked, stars)
    if files is not None:
        from goodricke.simulate.files.table import write_files

        write_files(made.measured, asked.survey, files)
    write(made.light_curves, parts.curves(stars))
    write_table(made.truth, parts.truth(stars))
    return len(stars)


def _made(make: Callable[[range], int], todo: Sequence[range], jobs: int) -> Iterator[int]:
    """Every block in its turn, by this process or by several."""
    if jobs < 2 or len(todo) < 2:
        yield from map(make, todo)
        return
    with _one_thread(), ProcessPoolExecutor(min(jobs, len(todo)), get_context("spawn")) as pool:
        yield from pool.map(make, todo)


@contextmanager
def _one_thread() -> Iterator[None]:
    """What is started here finds itself told to use one thread."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _in_order(
    blocks: Sequence[range], todo: set[range], parts: _Parts, made: Iterator[int], on_stars: Callable[[int], None]
) -> Iterator[Path]:
    """Light curves of every block in its turn; `made` yields when the next of those to do is there."""
    for stars in blocks:
        if stars in todo:
            on_stars(next(made))
        yield parts.curves(stars)


def _join_light_curves(parts: Iterable[Path], target: Path, done: SimulatedFiles) -> None:
    with LightCurveFile(target) as out:
        for part in parts:
            lcs = LightCurves.from_arrow(pq.read_table(part))
            out.write(lcs)
            done.n_stars += len(lcs)
            done.n_points += lcs.n_points


def _join_truth(parts: Sequence[Path], target: Path, about: dict[str, str], done: SimulatedFiles) -> None:
    schema = pa.unify_schemas([pq.read_schema(part).remove_metadata() for part in parts], promote_options="permissive")
    schema = described(schema.with_metadata(about).empty_table()).schema

    def tables() -> Iterator[pa.Table]:
        for part in parts:
            table = pq.read_table(part)
            done.labels.update(table.column("label").to_pylist())
            done.kinds.update(table.column("kind").to_pylist())
            missing = [name for name in schema.names if name not in table.column_names]
            for name in missing:
                table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
            yield table.select(schema.names).cast(schema)

    if target.suffix != ".parquet":
        write_table(pa.concat_tables(tables()), target)
        return
    with whole_file(target) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as out:
        for table in tables():
            out.write_table(table)
