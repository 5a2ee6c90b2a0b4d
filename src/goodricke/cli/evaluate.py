"""goodricke evaluate: how good are these predictions?"""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodricke.cli.console import Console
from goodricke.cli.options import console_options

if TYPE_CHECKING:
    import pyarrow as pa

    from goodricke.evaluate import EvaluationOptions


@click.command(epilog="Example: goodricke evaluate classes.parquet truth.csv --view 4class -o report")
@click.argument("predictions", metavar="PREDICTIONS")
@click.argument("truth", metavar="TRUTH")
@click.option("--output", "-o", default="evaluation", show_default=True, metavar="DIR", help="Folder for the report.")
@click.option(
    "--view",
    default="4class",
    show_default=True,
    metavar="NAME",
    help="Classes to compare: leaves, 4class, eclipsing, 7class, variable.",
)
@click.option(
    "--catalogue", default="", metavar="NAME", help="Whose words the truth uses: acvs, crts, asassn, ogle, gaia."
)
@click.option(
    "--label", default="", metavar="COLUMN", help="Column of the true class (default: label, else label_mapped)."
)
@click.option("--by", metavar="COLUMN,...", default="", help="Break the figures down by these columns of numbers.")
@click.option(
    "--beside", multiple=True, metavar="NAME=FILE", help="Another model's predictions, for comparison; may be repeated."
)
@click.option(
    "--name", default="", metavar="NAME", help="What to call the model in the report (default: its model column)."
)
@click.option(
    "--bootstrap", default=1000, show_default=True, type=click.IntRange(min=0), help="Resamples of the stars."
)
@click.option("--seed", default=0, show_default=True, help="Of the resamples.")
@console_options
def evaluate(
    predictions: str, truth: str, output: str, view: str, catalogue: str, label: str, by: str, beside: tuple[str, ...],
    name: str, bootstrap: int, seed: int, quiet: bool, log_format: str,
) -> int:  # fmt: skip
    """Compare PREDICTIONS with TRUTH and write a report: one page (HTML), Markdown, pictures and all figures as JSON.

    Stars are matched by object_id (and survey, where both tables have it). PREDICTIONS is what goodricke classify
    writes: prob_<CLASS> columns, or label alone. TRUTH has a label. With period_days in both, periods are judged too.
    """
    from goodricke.evaluate import EvaluationOptions
    from goodricke.evaluate import evaluate as compare
    from goodricke.labels import leaf_of, view_of
    from goodricke.output.report import summary_lines, write_report

    view_of(view)
    leaf_of(catalogue, "")
    console = Console(quiet, log_format)
    files = {"predictions": predictions, **_named(beside), "truth": truth}
    tables = {role: _read(path, console) for role, path in files.items()}
    known = tables.pop("truth")
    models = {name or _model_name(tables["predictions"], predictions): tables.pop("predictions")}
    twice = set(models) & set(tables)
    if twice:
        raise click.UsageError(f"two models are called {twice.pop()!r}; choose another word with --name or --beside")
    options = EvaluationOptions(
        view, catalogue, label, tuple(word.strip() for word in by.split(",") if word.strip()), bootstrap, seed
    )
    console.say("info", f"comparing {sum(map(len, models.values())):,} predictions with {len(known):,} true classes")
    report = compare(models | tables, known, options)
    for note in report.notes:
        console.say("warning", note)
    counts = dict(zip(files, map(len, (*models.values(), *tables.values(), known)), strict=True))
    report = replace(report, about=report.about | _provenance(files, counts, options))
    written = write_report(report, output)
    if not quiet:
        click.echo("\n".join([*summary_lines(report), f"wrote {written[0]} and {len(written) - 1} files beside it"]))
    return 0


def _named(beside: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in beside:
        name, sign, path = text.partition("=")
        if not (name and sign and path):
            raise click.UsageError(f"--beside {text!r}: give NAME=FILE, such as forest=forest.parquet")
        if name in found or name in ("predictions", "truth"):
            raise click.UsageError(f"--beside {text!r}: the name {name!r} is taken; choose another")
        found[name] = path
    return found


def _read(path: str, console: Console) -> pa.Table:
    from goodricke.output.reading_tables import read_table

    table = read_table(path)
    console.say("info", f"{path}: {len(table):,} rows, {len(table.schema.names)} columns")
    return table


def _model_name(table: pa.Table, path: str) -> str:
    """What the table says that its model is, when it is one; else the name of the file."""
    words = set(table.column("model").to_pylist()) - {None, ""} if "model" in table.schema.names else set()
    return str(words.pop()) if len(words) == 1 else Path(path).stem


def _provenance(files: dict[str, str], rows: dict[str, int], options: EvaluationOptions) -> dict[str, Any]:
    from importlib.metadata import version

    about = {}
    for role, path in files.items():
        with Path(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        about[role] = {"name": Path(path).name, "sha256": digest, "rows": rows[role]}
    return {"files": about, "goodricke": version("goodricke"), "command": _command(files, options)}


def _command(files: dict[str, str], options: EvaluationOptions) -> str:
    """The command that makes the same figures: options with their values, whether given or not."""
    words = ["goodricke", "evaluate", files["predictions"], files["truth"], "--view", options.view]
    for flag, word in (("--catalogue", options.catalogue), ("--label", options.label), ("--by", ",".join(options.by))):
        words += [flag, word] if word else []
    for role, path in files.items():
        words += ["--beside", f"{role}={path}"] if role not in ("predictions", "truth") else []
    return shlex.join([*words, "--bootstrap", str(options.n_resamples), "--seed", str(options.seed)])
