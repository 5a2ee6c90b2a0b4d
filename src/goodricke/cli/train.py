"""goodricke train: make a bundle from its recipe."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path

import click

from goodricke.cli.console import Console
from goodricke.cli.options import console_options

_EPILOG = """\b
Examples:
  goodricke train variables --data lightcurves -o my-models
  GOODRICKE_MODELS=my-models goodricke classify mystar.csv --model variables
"""


@click.command(epilog=_EPILOG)
@click.argument("recipe", metavar="CONFIG")
@click.option(
    "--data",
    required=True,
    metavar="DIR",
    help="Folder of the data sets: NAME_obs.parquet and NAME_labels.parquet for every set of the recipe; for models "
    "of spectra the folder with templates/, catalogues/ and isochrones/.",
)
@click.option(
    "--output", "-o", default="models", show_default=True, metavar="DIR", help="Where the bundle's folder goes."
)
@click.option("--cache", metavar="DIR", help="Where intermediate results are kept; default ~/.cache/goodricke.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes and threads; default all cores.")
@click.option(
    "--single-fold",
    is_flag=True,
    help="Learn from all folds of the stars but the first, which is the test: a fifth of the work.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Of the members' training; otherwise as the recipe says.")
@console_options
def train(
    recipe: str,
    data: str,
    output: str,
    cache: str | None,
    jobs: int | None,
    seed: int | None,
    single_fold: bool,
    quiet: bool,
    log_format: str,
) -> int:
    """Train a model from CONFIG: the name of a recipe that ships (variables, spectra-binary ...), or a TOML file.

    Stars are split by name, periods are chosen and probabilities calibrated by models that never saw the star, and the
    figures of merit stand in the card of the bundle. A run that was killed goes on from its cache. The same recipe and
    data give the same bytes on one machine.
    """
    console = Console(quiet, log_format)
    from goodricke.cli.plot import made
    from goodricke.train.classifier import train as make
    from goodricke.train.config import load_config
    from goodricke.train.described import cache_folder
    from goodricke.train.spectra.recipe import is_spectral

    if is_spectral(recipe):
        return _of_spectra(recipe, data, output, cache, jobs, single_fold, seed, console)
    config = load_config(recipe)
    for folder in filter(None, (output, cache)):
        made(folder)
    command = f"goodricke train {shlex.quote(Path(recipe).name)} --data LIGHTCURVES_DIR"
    if seed is not None:
        config = replace(config, members=tuple(replace(one, seed=seed) for one in config.members))
        command += f" --seed {seed}"
    if single_fold:
        config, command = replace(config, protocol="single"), f"{command} --single-fold"
    bundle = make(
        config,
        Path(data),
        cache_folder(Path(cache) if cache else None),
        Path(output),
        command,
        jobs or os.cpu_count() or 1,
        lambda text: console.say("info", text),
    )
    click.echo(str(bundle.folder))
    return 0


def _of_spectra(
    recipe: str,
    data: str,
    output: str,
    cache: str | None,
    jobs: int | None,
    single_fold: bool,
    seed: int | None,
    console: Console,
) -> int:
    from goodricke.cli.plot import made
    from goodricke.errors import OptionError
    from goodricke.train.described import cache_folder
    from goodricke.train.spectra.classifier import train_spectral
    from goodricke.train.spectra.recipe import load_spectral

    if single_fold:
        raise OptionError("--single-fold is for light curves; a model of spectra has one split as it is")
    config = load_spectral(recipe)
    for folder in filter(None, (output, cache)):
        made(folder)
    command = f"goodricke train {shlex.quote(Path(recipe).name)} --data SPECTRA_DIR"
    if seed is not None:
        config, command = replace(config, seed=seed), f"{command} --seed {seed}"
    bundle = train_spectral(
        config,
        Path(data),
        cache_folder(Path(cache) if cache else None),
        Path(output),
        command,
        jobs or os.cpu_count() or 1,
        lambda text: console.say("info", text),
    )
    click.echo(str(bundle.folder))
    return 0
