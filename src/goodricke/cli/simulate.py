"""goodricke simulate: made stars as a survey would have seen them, and the truth about them."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.options import console_options

if TYPE_CHECKING:
    from goodricke.batch.simulation import SimulatedFiles
    from goodricke.simulate.sky import Simulation

_EPILOG = """\b
Examples:
  goodricke simulate --population contact --survey asassn -n 1000 --seed 1 -o contact.parquet
  goodricke simulate --share detached=1,rrab=2,constant=7 --survey ztf -n 500 -o mix.parquet
  goodricke simulate --population eclipsing --survey tess_30min -n 5 -o few.parquet --files as-downloaded
  goodricke classify contact.parquet -o classes.parquet
  goodricke evaluate classes.parquet contact_truth.parquet
"""


@click.command(epilog=_EPILOG)
@click.argument("recipe", metavar="[CONFIG]", required=False)
@click.option("--population", metavar="NAME", help="Which stars; --list shows them all. Default sky.")
@click.option("--share", "shares", metavar="KIND=P,...", help="A mixture of your own of kinds of stars, instead.")
@click.option("--survey", metavar="NAME", help="Who observes them; --list shows them all. Default asas3.")
@click.option("-n", "count", type=click.IntRange(min=1), help="Stars. Default 1000.")
@click.option("--seed", type=click.IntRange(min=0), help="Same seed, same stars. Default 0.")
@click.option("--output", "-o", metavar="FILE", help="Where the light curves go: .parquet .csv .ecsv .fits .xml.")
@click.option("--truth", metavar="FILE", help="Where the truth goes. Default: beside -o, with _truth in its name.")
@click.option("--files", metavar="DIR", help="Write every star in the survey's own file format too, into this folder.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default all cores when there are many stars.")
@click.option("--resume", is_flag=True, help="Go on where an interrupted run of the same stars stopped.")
@click.option("--list", "listing", is_flag=True, help="List populations, kinds of stars and surveys, and stop.")
@console_options
def simulate(
    recipe: str | None,
    output: str | None,
    truth: str | None,
    files: str | None,
    jobs: int | None,
    resume: bool,
    listing: bool,
    quiet: bool,
    log_format: str,
    **wishes: Any,
) -> int:
    """Simulate binaries and other stars from physics, observed with a survey's cadence, noise and faults.

    CONFIG is a TOML file with the keys population or [shares], survey, n and seed; options go before it. The light
    curves are as goodricke read would give them. The table of truth has the class, the period, what is eclipsed and
    every parameter of each star, and is what goodricke evaluate takes.
    """
    console = Console(quiet, log_format)
    if listing:
        click.echo("\n".join(_everything()))
        return 0
    from goodricke.batch.simulation import simulate_to
    from goodricke.errors import OptionError
    from goodricke.output.formats import suffix_of

    asked = _asked(recipe, wishes)
    if output is None:
        raise OptionError("say where the light curves go, with -o FILE, such as -o sims.parquet")
    target = Path(output)
    beside = Path(truth) if truth else target.with_name(f"{target.stem}_truth{target.suffix}")
    for path in (target, beside):
        suffix_of(str(path))
        if not path.parent.is_dir():
            raise OptionError(f"{path}: the folder {path.parent} does not exist; make it first")
    if files:
        from goodricke.cli.plot import made

        made(files)
    with console.progress(asked.n, "star") as bar:
        done = simulate_to(
            asked,
            target,
            beside,
            files=Path(files) if files else None,
            jobs=jobs or os.cpu_count() or 1,
            resume=resume,
            command=shlex.join(["goodricke", *(sys.argv[1:] or ["simulate"])]),
            on_stars=bar.step,
        )
    if not quiet:
        click.echo("\n".join(_summary(asked, done, target, beside)))
    return 0


def _asked(recipe: str | None, wishes: dict[str, Any]) -> Simulation:
    from goodricke.errors import OptionError
    from goodricke.simulate.configuration import load_simulation, parsed_shares
    from goodricke.simulate.sky import Simulation

    given: dict[str, Any] = load_simulation(Path(recipe)) if recipe else {}
    if wishes["population"] and wishes["shares"]:
        raise OptionError("--population and --share exclude each other; give one")
    shares = parsed_shares(wishes["shares"]) if wishes["shares"] else None
    if wishes["population"]:
        given.pop("shares", None)
    flags = {
        "population": wishes["population"],
        "shares": shares,
        "survey": wishes["survey"],
        "n": wishes["count"],
        "seed": wishes["seed"],
    }
    return Simulation(**given | {name: value for name, value in flags.items() if value is not None})


def _everything() -> list[str]:
    from goodricke.simulate.kinds.table import KINDS
    from goodricke.simulate.observing.table import OBSERVATORIES
    from goodricke.simulate.populations.mixtures import POPULATIONS

    wide = max(map(len, POPULATIONS))
    lines = ["populations:"]
    for name, population in POPULATIONS.items():
        lines.append(f"  {name:{wide}}  {population.meaning}")
    return [*lines, f"kinds:    {', '.join(KINDS)}", f"surveys:  {', '.join(OBSERVATORIES)}"]


def _summary(asked: Simulation, done: SimulatedFiles, curves: Path, truth: Path) -> list[str]:
    labels = ", ".join(f"{name} {n:,}" for name, n in done.labels.most_common())
    lines = [f"{done.n_stars:,} stars as {asked.survey} sees them, {done.n_points:,} points: {labels}"]
    if done.resumed:
        lines.append(f"{done.resumed:,} of them were made by an earlier run")
    return [*lines, f"wrote {curves} and {truth}"]
