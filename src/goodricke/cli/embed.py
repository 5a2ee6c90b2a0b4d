"""goodricke embed: every star as numbers in which like stars are near each other."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, paths_argument, reading_options, to_read_options
from goodricke.cli.reading import read_all

_EPILOG = """\b
Examples:
  goodricke embed survey/*.csv -o stars.parquet
  goodricke similar stars.parquet "V0123 Cyg" --k 20
"""


@click.command(epilog=_EPILOG)
@paths_argument
@click.option("--output", "-o", required=True, metavar="FILE", help="Where to write: .parquet, which can hold lists.")
@click.option("--model", default="variables", show_default=True, metavar="NAME", help="Bundle with a network.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default all cores when there are many stars.")
@reading_options
@console_options
def embed(
    paths: tuple[str, ...],
    output: str,
    model: str,
    jobs: int | None,
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Describe every star by the numbers in which a network sees it, for goodricke similar and for methods of your own.

    The table has a row per star: name, place on the sky, class, period, and the list embedding. Like stars have like
    lists. Lists of different models cannot be compared.
    """
    options = to_read_options(**reading)
    console = Console(quiet, log_format)
    from goodricke.errors import OptionError, WriteError
    from goodricke.line.embed import embed as line
    from goodricke.line.embed import embedder
    from goodricke.output import write_table
    from goodricke.output.provenance import noted, of_schema

    if Path(output).suffix.lower() not in (".parquet", ".pq"):
        raise OptionError(f"{output}: lists of numbers are written to Parquet alone; give a name that ends in .parquet")
    if not Path(output).parent.is_dir():
        raise WriteError(f"{output}: the folder {Path(output).parent} does not exist; make it first")
    loaded = embedder(model)
    lcs, failed = read_all(paths, options, console)
    if not len(lcs):
        return EXIT_NOTHING
    with console.progress(len(lcs), "star") as bar:
        found = line(lcs, loaded, jobs=jobs or os.cpu_count() or 1, on_stars=bar.step)
    command = shlex.join(["goodricke", *(sys.argv[1:] or ["embed"])])
    write_table(noted(found, {**of_schema(found.schema), "command": command}), output)
    lost = sum(word == "failed" for word in found["status"].to_pylist())
    if not quiet:
        width = found.schema.field("embedding").type.list_size
        click.echo(f"{len(lcs) - lost:,} of {len(lcs):,} stars in {width} numbers each, by {loaded.name}")
        if lost:
            click.echo(f"{lost:,} failed: see the column reason")
        click.echo(f"wrote {output}")
    return EXIT_SOME_FAILED if failed or lost else 0
