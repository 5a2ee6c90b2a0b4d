"""goodricke plot: what a person looks at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, paths_argument, reading_options, to_read_options
from goodricke.cli.reading import read_all


@click.command(epilog="Example: goodricke plot mystar.csv -o plots")
@paths_argument
@click.option("--output", "-o", default="plots", show_default=True, metavar="DIR", help="Folder for the PNG files.")
@click.option("--sheet", is_flag=True, help="One picture with all stars (up to 60) instead of one each.")
@click.option("--limit", default=1000, show_default=True, help="Draw at most this many stars.")
@reading_options
@console_options
def plot(
    paths: tuple[str, ...], output: str, sheet: bool, limit: int, quiet: bool, log_format: str, **reading: Any
) -> int:
    """Draw light curves: flux or magnitude against time, every band in its colour, eclipses pointing down."""
    options = to_read_options(**reading)
    from goodricke.errors import ReadError, WriteError
    from goodricke.output.plots import draw_sheet, draw_star, file_name

    console = Console(quiet, log_format)
    lcs, failed = read_all(paths, options, console)
    if not len(lcs):
        return EXIT_NOTHING
    lcs = lcs[lcs.lengths > 0]
    if not len(lcs):
        raise ReadError("no star has a point to draw", "try --quality none")
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be made ({error.strerror}); choose another folder with -o") from error
    if sheet:
        target = folder / "sheet.png"
        draw_sheet(lcs[: min(limit, 60)], target)
        click.echo(str(target))
    else:
        with console.progress(min(len(lcs), limit), "star") as bar:
            for k, star in enumerate(lcs[:limit]):
                target = folder / file_name(star, k)
                draw_star(star, target)
                bar.step()
                click.echo(str(target))
    if len(lcs) > (min(limit, 60) if sheet else limit):
        console.say("warning", f"{len(lcs):,} stars were read; only the first were drawn (see --limit)")
    return EXIT_SOME_FAILED if failed else 0
