"""goodricke period: the true periods of stars."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import version
from typing import Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, paths_argument, reading_options, to_read_options
from goodricke.cli.reading import read_all


@click.command(epilog="Example: goodricke period mystar.csv -o periods.ecsv")
@paths_argument
@click.option("--output", "-o", metavar="FILE", help="Where to write: .parquet .csv .ecsv .fits .xml.")
@click.option(
    "--shortest", type=float, metavar="DAYS", help="Shortest period to try; default 0.05 d, less for a dense cadence."
)
@click.option("--longest", type=float, metavar="DAYS", help="Longest period to try; default the span of the data.")
@click.option(
    "--boxes", is_flag=True, help="Look for narrow shallow eclipses too, such as of planets; four times slower."
)
@reading_options
@console_options
def period(
    paths: tuple[str, ...],
    output: str | None,
    shortest: float | None,
    longest: float | None,
    boxes: bool,
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Find the period of every star, with alternatives, after cleaning its light curve.

    The probability is that of the chooser, a small ensemble of trees trained on the periods of three catalogues, and
    calibrated on stars that it had not seen (see its card). An eclipsing binary's period is its orbit, with two
    eclipses.
    """
    options = to_read_options(**reading)
    console = Console(quiet, log_format)
    from goodricke.clean import clean
    from goodricke.errors import OptionError
    from goodricke.line.memory import keep_freed_memory
    from goodricke.output import write_table
    from goodricke.output.formats import suffix_of
    from goodricke.output.summary import period_lines
    from goodricke.period import find_periods
    from goodricke.period.choice import chooser

    if output:
        suffix_of(output)
    if (shortest is not None and shortest <= 0) or (shortest and longest and longest <= shortest):
        raise OptionError(f"--shortest {shortest} and --longest {longest} leave no period between them")
    keep_freed_memory()
    lcs, failed = read_all(paths, options, console)
    if not len(lcs):
        return EXIT_NOTHING
    lcs = clean(lcs)
    with console.progress(len(lcs), "star") as bar:
        found = find_periods(lcs, shortest, longest, on_star=lambda _: bar.step(), boxes=boxes)
    if output:
        made = {
            "period_chooser_sha256": chooser().sha256,
            "goodricke_version": version("goodricke"),
            "command": shlex.join(["goodricke", *(sys.argv[1:] or ["period"])]),
        }
        write_table(found.to_arrow().replace_schema_metadata(made), output)
    if not quiet:
        click.echo("\n".join(period_lines(found.to_arrow(), output)))
    return EXIT_SOME_FAILED if failed or (found.status == "failed").any() else 0
