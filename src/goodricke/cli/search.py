"""goodricke search: try settings of a recipe's network."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from goodricke.cli.console import Console
from goodricke.cli.options import console_options

if TYPE_CHECKING:
    from goodricke.train.config import Config

_EPILOG = """\b
Examples:
  goodricke search bigru --data lightcurves -o search-bigru --trials 60
  goodricke search bigru --data lightcurves --most 2000 --epochs 8 --minutes 120
  goodricke train search-bigru/best.toml --data lightcurves
"""


@click.command(epilog=_EPILOG)
@click.argument("recipe", metavar="CONFIG")
@click.option(
    "--data",
    required=True,
    metavar="DIR",
    help="Folder of the data sets: NAME_obs.parquet and NAME_labels.parquet for every set of the recipe.",
)
@click.option("--output", "-o", metavar="DIR", help="Folder of the search; default search-NAME.")
@click.option("--cache", metavar="DIR", help="Where intermediate results are kept; default ~/.cache/goodricke.")
@click.option(
    "--trials", type=click.IntRange(min=1), default=50, show_default=True, help="In all, earlier ones counted."
)
@click.option(
    "--minutes", type=click.FloatRange(min=0.0, min_open=True), help="Stop after so long; no limit otherwise."
)
@click.option(
    "--most", type=click.IntRange(min=2), metavar="STARS", help="Of a random choice of so many; all otherwise."
)
@click.option("--epochs", type=click.IntRange(min=1), help="Of every trial; otherwise as the recipe says.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of what is tried, and of --most."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes and threads; default all cores.")
@console_options
def search(
    recipe: str,
    data: str,
    output: str | None,
    cache: str | None,
    trials: int,
    minutes: float | None,
    most: int | None,
    epochs: int | None,
    seed: int,
    jobs: int | None,
    quiet: bool,
    log_format: str,
) -> int:
    """Search the settings of CONFIG: the name of a recipe that ships (bigru), or a TOML file with a table [search].

    Every trial trains the network on stars of all folds but the first, and is judged by others of the same folds; the
    first fold, the test, is not looked at. What is tried next follows what has done well; a trial that does worse than
    most did by then is ended. The same command goes on with a search that was stopped.

    In the folder: trials.csv, trials.md (the best ten), trials.png, best.toml (a recipe for goodricke train).
    """
    console = Console(quiet, log_format)
    from goodricke.cli.plot import made
    from goodricke.train.config import load_config
    from goodricke.train.described import cache_folder
    from goodricke.train.search import SearchOptions
    from goodricke.train.search import search as look

    config = load_config(recipe)
    if not config.search:
        _nothing_to_try(recipe, config)
    place = Path(output or f"search-{config.name}")
    for folder in filter(None, (str(place), cache)):
        made(folder)
    options = SearchOptions(trials, minutes or 0.0, most or 0, epochs or 0, seed)
    named = {"trials": trials, "minutes": minutes, "most": most, "epochs": epochs, "seed": seed or None}
    given = "".join(f" --{name} {value:g}" for name, value in named.items() if value)
    look(
        config,
        Path(data),
        cache_folder(Path(cache) if cache else None),
        place,
        f"goodricke search {shlex.quote(Path(recipe).name)} --data LIGHTCURVES_DIR{given}",
        options,
        jobs or os.cpu_count() or 1,
        lambda text: console.say("info", text),
    )
    click.echo(str(place / "best.toml"))
    return 0


def _nothing_to_try(recipe: str, config: Config) -> NoReturn:
    """Raise OptionError for a recipe that names no settings to search, with what can be done about it."""
    from goodricke.errors import OptionError
    from goodricke.train.config import load_config, shipped_configs

    shipped = shipped_configs()
    having = [name for name in shipped if load_config(name).search]
    if [one.family for one in config.members] != ["network"]:
        remedy = "it is for recipes with one member, a network: see docs/search.md"
    elif recipe in shipped:
        remedy = f"copy {shipped[recipe]}, and add one to the copy as docs/search.md shows"
    else:
        remedy = f"add one to {recipe} as docs/search.md shows"
    also = f"of the recipes that ship, {' and '.join(having)} {'has' if len(having) == 1 else 'have'} one"
    raise OptionError(f"the recipe {config.name} has no table [search] of what to try; {remedy}; {also}")
