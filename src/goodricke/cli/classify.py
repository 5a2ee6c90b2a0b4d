"""goodricke classify: what kind of star each is, from its light curve or its spectrum."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.explaining import check_class, draw_explanations, explained, explanation_lines
from goodricke.cli.kinds import of_one_kind
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import (
    console_options,
    paths_argument,
    reading_options,
    to_read_options,
    to_spectrum_options,
)
from goodricke.cli.reading import read_all

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from goodricke.lightcurves import LightCurves
    from goodricke.line import Model

_EPILOG = """\b
Examples:
  goodricke classify mystar.csv
  goodricke classify survey/*.csv -o classes.fits --plot pages
  goodricke classify lcs.parquet --period period_days --prior EA=0.1,EW=0.3 --purity 0.95 -o classes.ecsv
  goodricke classify mystar.csv --as-of 12 --plot early
  goodricke classify mystar.csv --explain --plot pages
  goodricke classify spec-*.fits -o binaries.csv --prior 1:2 --hosts planets.csv --plot pictures
"""


@click.command(epilog=_EPILOG)
@paths_argument
@click.option("--output", "-o", metavar="FILE", help="Where to write: .parquet .csv .ecsv .fits .xml.")
@click.option(
    "--model",
    metavar="NAME",
    help="Bundle, or its folder; see goodricke models. Default: variables, or variables-with-period with --period; "
    "spectra-binary for spectra.",
)
@click.option(
    "--period", metavar="DAYS|COLUMN", help="Known period of every star, or the column of the input that holds it."
)
@click.option(
    "--prior",
    metavar="FILE|CLASS=P,...|B:S",
    help="How common the classes are among your stars; the rest keeps its proportions. Of spectra also the ratio of "
    "binaries to singles, such as 1:2.",
)
@click.option(
    "--estimate-priors", is_flag=True, help="Estimate how common the classes are from the stars themselves, and use it."
)
@click.option("--purity", type=float, metavar="P", help="Abstain from stars whose class is not this pure, 0 to 1.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default all cores when there are many stars.")
@click.option(
    "--as-of",
    multiple=True,
    metavar="WHEN,...",
    help="Judge by the points up to then, a row per moment: 12 (so many moments), all, 100p (the first 100 points), "
    "2021-03-01, 58849.5 or 58849d (days). May be repeated.",
)
@click.option("--explain", is_flag=True, help="Say which part of each light curve carried the decision, and draw it.")
@click.option("--explain-class", metavar="CLASS", help="Say what speaks for and against this class instead.")
@click.option(
    "--plot",
    "pages",
    metavar="DIR",
    help="Draw a page per star and charts of the table into this folder; with --as-of, what was known when.",
)
@click.option("--wavelengths", default="", metavar="WORDS", help="Spectra: air or vacuum, a unit such as nm, or both.")
@click.option("--selection", metavar="NAME", help="Spectra: only stars that a published sample took, such as jing2025.")
@click.option("--hosts", metavar="FILE", help="Spectra: a table of stars with planets, to find binaries among them.")
@reading_options
@console_options
def classify(
    paths: tuple[str, ...],
    output: str | None,
    model: str | None,
    period: str | None,
    prior: str | None,
    estimate_priors: bool,
    purity: float | None,
    jobs: int | None,
    as_of: tuple[str, ...],
    explain: bool,
    explain_class: str | None,
    pages: str | None,
    wavelengths: str,
    selection: str | None,
    hosts: str | None,
    quiet: bool,
    log_format: str,
    **reading: Any,
) -> int:
    """Tell eclipsing binaries and other variables, with probabilities, periods and reasons.

    Of spectra: tell binaries from single stars, with what could have been seen at all. Where files of both kinds are
    named, light curves are classified unless --model is one of spectra.

    Every star or spectrum is a row of the table, also when it fails (status failed, with the reason) or when the model
    would not swear to it (status abstained). Nothing is sent anywhere: models ship with the package.
    """
    console = Console(quiet, log_format)
    from goodricke.errors import OptionError, WriteError
    from goodricke.line import load_model
    from goodricke.line.batches import classify as line
    from goodricke.line.batches import classify_keeping_periods
    from goodricke.output.formats import suffix_of
    from goodricke.output.summary import prediction_lines

    if output:
        suffix_of(output)
        if not Path(output).parent.is_dir():
            raise WriteError(f"{output}: the folder {Path(output).parent} does not exist; make it first")
    if purity is not None and not 0.0 < purity < 1.0:
        raise OptionError(f"--purity {purity} is not between 0 and 1")
    given = load_model(model) if model else None
    kind, paths = of_one_kind(paths, given, reading["survey"], console)
    others = {
        "--period": period, "--estimate-priors": estimate_priors, "--as-of": as_of, "--explain-class": explain_class,
        "--band": reading["bands"], "--time-frame": reading["time_frame"], "--quality": reading["quality"] != "default",
    }  # fmt: skip
    _check_options(kind, others if kind == "spectra" else {
        "--wavelengths": wavelengths, "--selection": selection, "--hosts": hosts,
    })  # fmt: skip
    if kind == "spectra":
        from goodricke.cli.spectra import SpectralWishes, classify_spectra

        spectral = to_spectrum_options(reading["survey"], wavelengths, reading["columns"])
        wishes = SpectralWishes(prior, purity, selection, jobs, explain, reading["separate"], hosts, output, pages)
        return classify_spectra(paths, given or load_model("spectra-binary"), spectral, wishes, console)
    options = to_read_options(**reading)
    if prior and estimate_priors:
        raise OptionError("--prior and --estimate-priors exclude each other; give one")
    if as_of:
        _check_moments(as_of, estimate_priors)
    if as_of and (explain or explain_class):
        raise OptionError("--explain looks at whole stars; leave out --as-of")
    loaded = given or load_model("variables-with-period" if period else "variables")
    if explain_class:
        check_class(loaded, explain_class)
    lcs, failed = read_all(paths, options, console)
    if not len(lcs):
        return EXIT_NOTHING
    known = _periods(lcs, period) if period else None
    asked: dict[str, Any] = {
        "period_days": known,
        "priors": "estimate" if estimate_priors else prior,
        "purity": purity,
        "jobs": jobs or os.cpu_count() or 1,
    }
    if as_of:
        early = _early(lcs, loaded, ",".join(as_of), asked, output, pages, console)
        return EXIT_SOME_FAILED if failed or early else 0
    why = None
    with console.progress(len(lcs), "star") as bar:
        if explain or explain_class:
            found, periods = classify_keeping_periods(lcs, loaded, **asked, on_stars=bar.step)
        else:
            found, periods = line(lcs, loaded, **asked, on_stars=bar.step), None
    found = found.with_provenance(command=_command())
    if periods is not None:
        found, why = explained(found, periods, lcs, loaded, explain_class, console)
    if output:
        found.write(output)
    if not quiet or not output:
        click.echo("\n".join(prediction_lines(found.to_arrow(), output)))
    if why and not quiet:
        click.echo("\n".join(["", *explanation_lines(why)]))
    if pages:
        _draw(lcs, found.to_arrow(), Path(pages), console)
    if why and pages:
        draw_explanations(why, Path(pages), console)
    return EXIT_SOME_FAILED if failed or (found.column("status") == "failed").any() else 0


def _check_options(kind: str, others: dict[str, Any]) -> None:
    """Raise OptionError for an option that means nothing for this kind of files."""
    from goodricke.errors import OptionError

    for name, value in others.items():
        if value:
            raise OptionError(f"{name} means nothing for {kind}, which these files are; leave it out")


def _command() -> str:
    return shlex.join(["goodricke", *(sys.argv[1:] or ["classify"])])


def _periods(lcs: LightCurves, period: str) -> NDArray[np.float64]:
    """One number for all stars, or a column that came with them."""
    import numpy as np

    from goodricke.errors import OptionError

    try:
        days = float(period)
    except ValueError:
        if period not in lcs.meta:
            there = ", ".join(lcs.meta) or "none"
            seen = f"--period {period!r} is neither a number of days nor a column that came with the stars"
            raise OptionError(f"{seen}; there are {there}") from None
        try:
            return np.asarray(lcs.meta[period], dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise OptionError(f"the column {period} holds no numbers of days ({error})") from error
    if not days > 0:
        raise OptionError(f"--period {period} is not a positive number of days")
    return np.full(len(lcs), days)


def _draw(lcs: LightCurves, table: Any, folder: Path, console: Console) -> None:
    from goodricke.cli.plot import draw_stars, made

    draw_stars(lcs, table, no_period=True, folder=made(str(folder)), charts=True, console=console)


def _check_moments(as_of: tuple[str, ...], estimate_priors: bool) -> None:
    from goodricke.errors import OptionError
    from goodricke.line.moments import moments_of

    moments_of(",".join(as_of))
    if estimate_priors:
        raise OptionError("--estimate-priors looks at whole stars, later points too; give --prior beside --as-of")


def _early(
    lcs: LightCurves,
    model: Model,
    moments: str,
    wishes: dict[str, Any],
    output: str | None,
    pages: str | None,
    console: Console,
) -> bool:
    """What was known of every star and when: table, pictures; whether a star failed at its last moment."""
    import numpy as np

    from goodricke.line.early import classify_as_of
    from goodricke.line.moments import moments_of, when
    from goodricke.output.early import as_of_lines

    star = when(lcs, moments_of(moments)).star
    with console.progress(len(star), "row") as bar:
        found = classify_as_of(lcs, model, moments, **wishes, on_rows=bar.step).with_provenance(command=_command())
    if output:
        found.write(output)
    if not console.quiet or not output:
        click.echo("\n".join(as_of_lines(found.to_arrow(), star.tolist(), output)))
    if pages:
        _draw_early(lcs, found.to_arrow(), star, Path(pages), console)
    last = np.append(star[1:] != star[:-1], np.ones(min(len(star), 1), dtype=bool))
    return bool((found.column("status")[last] == "failed").any())


def _draw_early(lcs: LightCurves, table: Any, star: NDArray[np.int64], folder: Path, console: Console) -> None:
    from goodricke.clean import clean
    from goodricke.cli.plot import made
    from goodricke.output.early import draw_early, early_name

    made(str(folder))
    with console.progress(len(lcs), "picture") as bar:
        for k, one in enumerate(clean(lcs)):
            target, rows = folder / early_name(one.object_id, k), table.filter(star == k)
            bar.step()
            if len(one) and rows["as_of"].null_count < len(rows):
                draw_early(one, rows, target)
                click.echo(str(target))
            else:
                console.say("info", f"not drawn: {one.object_id} has no points at the moments asked for")
