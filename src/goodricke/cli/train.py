"""goodricke train: make a bundle from its recipe."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from goodricke.cli.console import Console
from goodricke.cli.options import console_options

if TYPE_CHECKING:
    from goodricke.models import Bundle

Make: TypeAlias = "Callable[[Path, Path, Path, str, int, Callable[[str], None]], Bundle]"
"""Folder of the data, of the cache, of the output, the command, processes, where to say how it goes -> a bundle."""

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
    from goodricke.train.described import cache_folder
    from goodricke.train.spectra.recipe import is_spectral

    make, words = (_of_spectra if is_spectral(recipe) else _of_light_curves)(recipe, seed, single_fold)
    for folder in filter(None, (output, cache)):
        made(folder)
    bundle = make(
        Path(data),
        cache_folder(Path(cache) if cache else None),
        Path(output),
        f"goodricke train {shlex.quote(Path(recipe).name)} --data {words}",
        jobs or os.cpu_count() or 1,
        lambda text: console.say("info", text),
    )
    click.echo(str(bundle.folder))
    return 0


def _of_light_curves(recipe: str, seed: int | None, single_fold: bool) -> tuple[Make, str]:
    """What trains a recipe of light curves, and how its command goes on after ``--data``."""
    from goodricke.train.classifier import train
    from goodricke.train.config import load_config

    config, words = load_config(recipe), "LIGHTCURVES_DIR"
    if seed is not None:
        config = replace(config, members=tuple(replace(one, seed=seed) for one in config.members))
        words += f" --seed {seed}"
    if single_fold:
        config, words = replace(config, protocol="single"), f"{words} --single-fold"
    return partial(train, config), words


def _of_spectra(recipe: str, seed: int | None, single_fold: bool) -> tuple[Make, str]:
    """The same of a recipe of spectra."""
    from goodricke.errors import OptionError
    from goodricke.train.spectra.classifier import train_spectral
    from goodricke.train.spectra.recipe import load_spectral

    if single_fold:
        raise OptionError("--single-fold is for light curves; a model of spectra has one split as it is")
    config, words = load_spectral(recipe), "SPECTRA_DIR"
    if seed is not None:
        config, words = replace(config, seed=seed), f"{words} --seed {seed}"
    return partial(train_spectral, config), words
