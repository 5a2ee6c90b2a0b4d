"""goodricke similar: stars like this one."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, reading_options, to_read_options
from goodricke.cli.reading import read_all

if TYPE_CHECKING:
    import pyarrow as pa

    from goodricke.lightcurves import LightCurve, LightCurves
    from goodricke.line.neighbours import Neighbours
    from goodricke.surveys import ReadOptions

_EPILOG = """\b
Examples:
  goodricke similar stars.parquet "V0123 Cyg"
  goodricke similar stars.parquet mystar.csv --k 20 -o like_mine.csv
  goodricke similar stars.parquet mystar.csv --curves "survey/*.csv" --plot sheets
"""


@click.command(epilog=_EPILOG)
@click.argument("table", metavar="TABLE")
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@click.option("--k", "-k", default=10, show_default=True, type=click.IntRange(min=1), help="Stars for each query.")
@click.option("--output", "-o", metavar="FILE", help="Where to write: .parquet .csv .ecsv .fits .xml.")
@click.option(
    "--metric", type=click.Choice(["cosine", "euclidean"]), default="cosine", show_default=True,
    help="Angle between embeddings, or length of their difference.",
)  # fmt: skip
@click.option("--model", metavar="NAME", help="Folder of the model of TABLE, when it is not installed.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes for queries that are files; default all cores.")
@click.option("--plot", "sheets", metavar="DIR", help="Draw each query and its neighbours, folded, into this folder.")
@click.option(
    "--curves", multiple=True, metavar="PATH", help="Where their light curves are, for --plot; may be repeated."
)
@reading_options
@console_options
def similar(
    table: str,
    queries: tuple[str, ...],
    k: int,
    output: str | None,
    metric: Any,
    model: str | None,
    jobs: int | None,
    sheets: str | None,
    curves: tuple[str, ...],
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Find the stars of a table that are most like yours, by the numbers in which a network sees them.

    TABLE is written by goodricke embed. A QUERY is the name of a star in it, or files of light curves, which are
    embedded with the model of the table. The star itself is left out.
    """
    options = to_read_options(**reading)
    console = Console(quiet, log_format)
    from goodricke.cli.plot import made
    from goodricke.errors import OptionError, WriteError
    from goodricke.line.neighbours import Neighbours
    from goodricke.output import write_table
    from goodricke.output.formats import suffix_of
    from goodricke.output.provenance import noted, of_schema
    from goodricke.output.summary import similar_lines

    if output:
        suffix_of(output)
        if not Path(output).parent.is_dir():
            raise WriteError(f"{output}: the folder {Path(output).parent} does not exist; make it first")
    if bool(sheets) != bool(curves):
        raise OptionError("--plot and --curves belong together: the table holds no light curves that could be drawn")
    ready = Neighbours.from_table(_read(table))
    names, paths = _sorted_out(queries, ready, table)
    folder = made(sheets) if sheets else None
    asked, mine, failed = [ready.rows(names)] if names else [], None, False
    if paths:
        mine, failed = read_all(paths, options, console)
        if not len(mine) and not names:
            return EXIT_NOTHING
        asked.append(_embedded(mine, ready, model, jobs or os.cpu_count() or 1, console))
    stars = _together(asked)
    found = ready.nearest(stars, k, metric)
    if output:
        command = shlex.join(["goodricke", *(sys.argv[1:] or ["similar"])])
        write_table(noted(found, {**of_schema(found.schema), "command": command}), output)
    if not quiet or not output:
        click.echo("\n".join(similar_lines(found, output)))
    if folder:
        needed = {name for some in (stars, found) for name in some["object_id"].to_pylist() if name}
        _draw(stars, found, ready, _curves(curves, options, mine, needed, console), folder, console)
    return EXIT_SOME_FAILED if failed or "failed" in found["status"].to_pylist() else 0


def _read(path: str) -> pa.Table:
    """The table with its lists, which are left out of the flat tables that other commands read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from goodricke.errors import ReadError

    try:
        return pq.read_table(path)
    except FileNotFoundError as error:
        raise ReadError("there is no such file", "make it with goodricke embed", path) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0][:120]
        raise ReadError(f"this is no Parquet table ({said})", "make one with goodricke embed", path) from error


def _sorted_out(queries: tuple[str, ...], ready: Neighbours, table: str) -> tuple[list[str], tuple[str, ...]]:
    """Names of stars in the table, and files."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from goodricke.errors import OptionError

    column = ready.stars["object_id"].cast(pa.string())
    there = set(column.filter(pc.is_in(column, value_set=pa.array(queries, pa.string()))).to_pylist())
    paths = tuple(query for query in queries if query not in there)
    for path in paths:
        if path != "-" and not Path(path).exists() and not set(path) & set("*?["):
            alike = column.filter(pc.match_substring(column, path, ignore_case=True)).slice(0, 3).to_pylist()
            hint = (
                f"did you mean {' or '.join(map(repr, alike))}?" if alike else "names are compared letter for letter."
            )
            raise OptionError(f"{path!r} is neither a star of {table} nor a file; {hint}")
    return [query for query in dict.fromkeys(queries) if query in there], paths


def _embedded(lcs: LightCurves, ready: Neighbours, model: str | None, jobs: int, console: Console) -> pa.Table:
    """Stars of files, with the model of the table."""
    from goodricke.errors import ModelError
    from goodricke.line.embed import embed, embedder

    if not (model or ready.model):
        raise ModelError("the table does not say which model made it, so no other star can join it; make it again")
    loaded = embedder(model or ready.model)
    with console.progress(len(lcs), "star") as bar:
        return embed(lcs, loaded, jobs=jobs, on_stars=bar.step)


def _together(tables: list[pa.Table]) -> pa.Table:
    """One table of queries; the first says which model."""
    import pyarrow as pa

    return tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="permissive")


def _curves(
    paths: tuple[str, ...], options: ReadOptions, mine: LightCurves | None, names: set[str], console: Console
) -> dict[tuple[str, str], LightCurve]:
    """Cleaned light curves by name and survey: of these names, others are not kept in memory, and of my own stars."""
    import numpy as np

    from goodricke.clean import clean
    from goodricke.surveys import FileStatus, scan
    from goodricke.surveys.merge import merge

    report: list[FileStatus] = []
    wanted = np.array(sorted(names))
    lcs = merge([batch[np.isin(batch.object_id, wanted)] for batch in scan(paths, options, report)])
    for status in report:
        if status.status == "failed":
            console.say("error", status.reason, path=status.path)
    both = [lcs] if mine is None else [lcs, mine]
    return {(star.object_id, star.survey): star for some in both for star in clean(some)}


def _draw(
    stars: pa.Table, found: pa.Table, ready: Neighbours, curves: dict[tuple[str, str], LightCurve], folder: Path,
    console: Console,
) -> None:  # fmt: skip
    """A sheet per query, and the page that lists them."""
    from goodricke.output.gallery import write_gallery
    from goodricke.output.plots import page_name
    from goodricke.output.similar import SheetStar, draw_similar

    def sheet_star(row: dict[str, Any], distance: float = float("nan")) -> SheetStar:
        return SheetStar(row, curves.get(_star(row)), distance)

    listed, answers = stars.drop_columns(["embedding"]), found.to_pylist()
    names = [name for name in found["object_id"].to_pylist() if name]
    known = {_star(row): row for row in ready.rows(names).drop_columns(["embedding"]).to_pylist()}
    starts = [k for k, row in enumerate(answers) if row["rank"] in (None, 1)]
    with console.progress(len(listed), "sheet") as bar:
        for k, (row, first, last) in enumerate(
            zip(listed.to_pylist(), starts, [*starts[1:], len(answers)], strict=True)
        ):
            target = folder / page_name(row["object_id"], k)
            near = [answer for answer in answers[first:last] if answer["rank"]]
            draw_similar(
                sheet_star(row), [sheet_star(known[_star(one)], one["distance"]) for one in near], target
            )  # fmt: skip
            bar.step()
            click.echo(str(target))
    write_gallery(listed, folder, folder / "index.html", title="Stars, and others like them")
    click.echo(str(folder / "index.html"))


def _star(row: dict[str, Any]) -> tuple[str, str]:
    return row["object_id"], row.get("survey") or ""
