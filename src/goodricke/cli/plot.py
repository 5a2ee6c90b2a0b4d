"""goodricke plot: what a person looks at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, paths_argument, reading_options, to_read_options
from goodricke.cli.reading import read_all

if TYPE_CHECKING:
    import pyarrow as pa

    from goodricke.lightcurves import LightCurves

_MOST_ON_SHEET = 60

_EPILOG = """\b
Examples:
  goodricke plot mystar.csv -o plots
  goodricke plot lcs.parquet --predictions classes.parquet -o pages
  goodricke plot classes.parquet --charts -o charts
"""


@click.command(epilog=_EPILOG)
@paths_argument
@click.option("--output", "-o", default="plots", show_default=True, metavar="DIR", help="Folder for the pictures.")
@click.option("--pages", is_flag=True, help="A page per star: the default, to be asked for beside --sheet.")
@click.option("--sheet", is_flag=True, help=f"One picture with the curves of all stars (up to {_MOST_ON_SHEET}).")
@click.option(
    "--charts", is_flag=True, help="Add pictures of the whole table: classes, periods, sky. PATH may be a table."
)
@click.option("--predictions", metavar="FILE", help="Table written by classify or period; its rows go onto the pages.")
@click.option(
    "--no-period", is_flag=True, help="Search no periods: without --predictions the pages show the curve only."
)
@click.option("--limit", default=1000, show_default=True, help="Draw at most this many stars.")
@reading_options
@console_options
def plot(
    paths: tuple[str, ...],
    output: str,
    pages: bool,
    sheet: bool,
    charts: bool,
    predictions: str | None,
    no_period: bool,
    limit: int,
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Draw stars: the whole curve, folds at half, once and twice the period, periodogram, classes; and tables of stars.

    Without --predictions the periods are searched. DIR gets a PNG per star and index.html, which lists them.
    """
    options = to_read_options(**reading)
    from goodricke.errors import OptionError

    if limit < 1:
        raise OptionError(f"--limit {limit} leaves no star to draw; give 1 or more")
    console = Console(quiet, log_format)
    if charts and not (pages or sheet or predictions) and (table := _table_alone(paths)) is not None:
        _draw_table(table, made(output), console)
        return 0
    given = _table(predictions) if predictions else None
    lcs, failed = read_all(paths, options, console)
    lcs = lcs[lcs.lengths > 0]
    if not len(lcs):
        return EXIT_NOTHING
    folder = made(output)
    drawn = lcs[:limit]
    if sheet:
        _draw_sheet(drawn, folder)
    if pages or charts or not sheet:
        draw_stars(drawn, given, no_period, folder, charts, console)
    if len(lcs) > (min(limit, _MOST_ON_SHEET) if sheet and not pages else limit):
        console.say("warning", f"{len(lcs):,} stars were read; only the first were drawn (see --limit)")
    return EXIT_SOME_FAILED if failed else 0


def made(output: str) -> Path:
    from goodricke.errors import WriteError

    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be made ({error.strerror}); choose another folder with -o") from error
    return folder


def _table(path: str) -> pa.Table:
    from goodricke.errors import OptionError
    from goodricke.output.reading_tables import read_table

    table = read_table(path)
    if "object_id" not in table.column_names:
        raise OptionError(
            f"{path}: there is no column object_id; give a table written by goodricke classify or goodricke period"
        )
    return table


def _table_alone(paths: tuple[str, ...]) -> pa.Table | None:
    """The table that the one PATH holds, when that is no table of light curves but of periods or classes."""
    from goodricke.errors import ReadError
    from goodricke.output.reading_tables import read_table

    if len(paths) != 1 or not Path(paths[0]).is_file():
        return None
    try:
        table = read_table(paths[0])
    except ReadError:
        return None
    names = set(table.column_names)
    of_stars = "object_id" in names and names & {"label", "period_days"} and names & {"status", "reason", "probability"}
    return table if of_stars else None


def _draw_table(table: pa.Table, folder: Path, console: Console) -> tuple[Path, ...]:
    """Charts of a table and the page that lists its stars."""
    from goodricke.output.gallery import write_gallery

    files = _draw_charts(table, folder, console)
    write_gallery(table, folder, folder / "index.html", files, "Stars of the table")
    click.echo(str(folder / "index.html"))
    return files


def _draw_charts(table: pa.Table, folder: Path, console: Console) -> tuple[Path, ...]:
    from goodricke.output.charts import draw_charts

    done = draw_charts(table, folder)
    for file in done.files:
        click.echo(str(file))
    for reason in done.left_out:
        console.say("info", f"not drawn: {reason}")
    return done.files


def _draw_sheet(lcs: LightCurves, folder: Path) -> None:
    from goodricke.output.plots import draw_sheet

    target = folder / "sheet.png"
    draw_sheet(lcs[:_MOST_ON_SHEET], target)
    click.echo(str(target))


def draw_stars(
    lcs: LightCurves, given: pa.Table | None, no_period: bool, folder: Path, charts: bool, console: Console
) -> None:
    """A page per star, the charts when asked for, and the page that lists them."""
    from goodricke.clean import clean
    from goodricke.output.gallery import write_gallery
    from goodricke.output.pages import StarPage, draw_page
    from goodricke.output.plots import page_name

    lcs = clean(lcs)
    table = _rows_of(lcs, given, console) if given is not None else _found(lcs, no_period, console)
    with console.progress(len(lcs), "page") as bar:
        for k, (star, row) in enumerate(zip(lcs, table.to_pylist(), strict=True)):
            target = folder / page_name(star.object_id, k)
            draw_page(star, StarPage.from_row(row), target)
            bar.step()
            click.echo(str(target))
    pictures = _draw_charts(table, folder, console) if charts else ()
    write_gallery(table, folder, folder / "index.html", pictures)
    click.echo(str(folder / "index.html"))


def _found(lcs: LightCurves, no_period: bool, console: Console) -> pa.Table:
    """A table of the periods found, or of names alone."""
    import pyarrow as pa

    if no_period:
        return pa.table({"object_id": lcs.object_id.tolist(), "survey": lcs.survey.tolist()})
    from goodricke.period import find_periods

    with console.progress(len(lcs), "star") as bar:
        found = find_periods(lcs, on_star=lambda _: bar.step()).to_arrow()
    return found.append_column("ra", pa.array(lcs.ra, from_pandas=True)).append_column(
        "dec", pa.array(lcs.dec, from_pandas=True)
    )


def _rows_of(lcs: LightCurves, given: pa.Table, console: Console) -> pa.Table:
    """The rows of the given table in the order of the stars; a star without one says so."""
    import pyarrow as pa

    names = [str(name) for name in given.column("object_id").to_pylist()]
    surveys = given.column("survey").to_pylist() if "survey" in given.column_names else [""] * len(names)
    by_both = {key: k for k, key in reversed(list(enumerate(zip(names, surveys, strict=True))))}
    by_name = {key: k for k, key in reversed(list(enumerate(names)))}
    rows, absent = given.to_pylist(), 0
    chosen = []
    for name, survey in zip(lcs.object_id.tolist(), lcs.survey.tolist(), strict=True):
        k = by_both.get((name, survey), by_name.get(name))
        absent += k is None
        empty = {"object_id": name, "status": "failed", "reason": "not in the table of predictions"}
        chosen.append({"survey": survey} | (empty if k is None else rows[k]))
    if absent:
        console.say("warning", f"{absent:,} of {len(lcs):,} stars are not in the table of predictions")
    return pa.Table.from_pylist(chosen, schema=_with_text(given.schema, "survey", "status", "reason"))


def _with_text(schema: pa.Schema, *names: str) -> pa.Schema:
    import pyarrow as pa

    for name in names:
        if name not in schema.names:
            schema = schema.append(pa.field(name, pa.string()))
    return schema
