"""goodricke read: any survey in, one tidy file out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options, paths_argument, reading_options, to_read_options

if TYPE_CHECKING:
    from goodricke.surveys import FileStatus, ReadOptions

_EPILOG = """\b
Examples:
  goodricke read asassn/*.csv -o lcs.parquet
  goodricke read sector_0001/ sector_0002/ --quality hard --clean -o tess.parquet
  goodricke read photometry.txt --columns time=HJD,mag=Vmag,err=e_V --time-frame HJD_UTC
"""


@click.command(epilog=_EPILOG)
@paths_argument
@click.option("--output", "-o", metavar="FILE", help="Where to write: .parquet .csv .ecsv .fits .xml, or - for csv.")
@reading_options
@click.option("--clean/--no-clean", "cleaning", default=False, show_default=True, help="Clean every star: see README.")
@click.option("--report", metavar="FILE", help="Write a row per file: status, points kept and dropped, reason.")
@click.option("--resume", is_flag=True, help="Go on where an interrupted run of the same command stopped.")
@click.option("--dry-run", is_flag=True, help="Only say which survey every file would be read as.")
@console_options
def read(
    paths: tuple[str, ...],
    output: str | None,
    cleaning: bool,
    report: str | None,
    resume: bool,
    dry_run: bool,
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Read light curves of any survey into one tidy file.

    PATH is a file, a folder, a glob, an archive (tar, zip) or - for standard input. The format is recognised from the
    content. Without -o a summary is printed and nothing is written.
    """
    options: ReadOptions = to_read_options(**reading)
    console = Console(quiet, log_format)
    if dry_run:
        return _dry_run(paths, options)
    from goodricke.batch import gather
    from goodricke.clean import CleanOptions
    from goodricke.output import write_rows
    from goodricke.output.formats import suffix_of
    from goodricke.output.summary import StarListing, summary
    from goodricke.surveys.paths import count_files

    for target in filter(None, (output, report)):
        suffix_of(target)
    listing = StarListing()
    total = None if quiet else count_files(paths)
    with console.progress(total, "file") as bar:

        def on_file(status: FileStatus) -> None:
            bar.step()
            if status.status == "failed":
                bar.say("error", status.reason, path=status.path)
            for note in status.notes:
                bar.say("warning", f"{status.path}: {note}", path=status.path)

        done = gather(
            paths,
            output,
            options,
            CleanOptions() if cleaning else None,
            resume=resume,
            on_file=on_file,
            on_batch=listing.add,
        )
    if report and done.statuses:
        write_rows([status.as_row() for status in done.statuses], report)
    if done.resumed:
        console.say("info", f"{done.resumed} files were taken over from the interrupted run")
    if not quiet:
        click.echo("\n".join(summary(done.statuses, done, listing, output)), err=output == "-")
    if not done.n_stars:
        return EXIT_NOTHING
    return EXIT_SOME_FAILED if done.count("failed") else 0


def _dry_run(paths: tuple[str, ...], options: ReadOptions) -> int:
    from goodricke.errors import ReadError
    from goodricke.surveys.paths import expand
    from goodricke.surveys.reading import row_for

    failed = found = 0
    for entry in expand(paths):
        try:
            if entry.source is None:
                raise entry.error or ReadError("nothing to read")
            click.echo(f"{row_for(entry.source, options).name:16} {entry.name}")
            found += 1
        except ReadError as error:
            failed += 1
            click.echo(f"{'-':16} {error.at(entry.name)}")
    if not found:
        return EXIT_NOTHING
    return EXIT_SOME_FAILED if failed else 0
