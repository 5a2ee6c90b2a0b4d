"""What a search has found, for people and for programs: a table of all trials, the best ten, the best recipe."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goodricke.errors import MissingDependency
from goodricke.output.atomic import whole_file
from goodricke.output.trials import draw_trials
from goodricke.train.config import Config
from goodricke.train.recipes import recipe_text, with_values
from goodricke.train.space import Parameter

__all__ = ["About", "Trial", "write_trials"]

_BEST = 10


@dataclass(frozen=True)
class Trial:
    """One trial that has come to an end."""

    number: int
    state: str
    """``complete``, ``pruned`` (worse than most were by then) or ``fail``."""
    loss: float
    """On held-out stars: the least of a complete trial, the last of a pruned one."""
    values: Mapping[str, Any]
    """Of the parameters, by name."""
    accuracy: float
    """On held-out stars, at the epoch with the least loss."""
    best_epoch: int
    epochs: int
    seconds: float
    reason: str = ""
    """Of one that failed."""


@dataclass(frozen=True)
class About:
    """What all trials of a search have in common."""

    config: Config
    space: tuple[Parameter, ...]
    command: str
    stars: int
    """That teach."""
    judges: int
    """Stars held out."""
    rows: int
    """Light curves of these."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(one.name for one in self.space)


def write_trials(folder: Path, trials: Sequence[Trial], about: About, picture: bool = False) -> None:
    """Write ``trials.csv``, and as soon as a trial is complete ``trials.md`` and ``best.toml``.

    Parameters
    ----------
    folder : Path
        Of the search.
    trials : sequence of Trial
        In their order.
    about : About
        The search.
    picture : bool
        Whether ``trials.png`` is drawn too, where matplotlib is installed.
    """
    _write(folder / "trials.csv", _csv(trials, about))
    complete = sorted((one for one in trials if one.state == "complete"), key=lambda one: one.loss)
    if not complete:
        return
    best = complete[0]
    heading = f"# Trial {best.number} of: {about.command}\n# {_figures(best)} on {about.judges} stars held out\n"
    _write(folder / "trials.md", _markdown(trials, complete, about))
    _write(folder / "best.toml", heading + recipe_text(with_values(about.config, best.values)))
    if picture:
        rows = [{"number": one.number, "state": one.state, "accuracy": one.accuracy, **one.values} for one in trials]
        try:
            choices = {one.name: one.choices for one in about.space}
            logarithmic = [one.name for one in about.space if one.log]
            draw_trials(rows, choices, folder / "trials.png", best.number, logarithmic)
        except MissingDependency:
            _write(folder / "pictures.txt", "No picture: matplotlib is not installed; pip install 'goodricke[plot]'\n")


def _csv(trials: Sequence[Trial], about: About) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        [
            "trial",
            "state",
            "held_out_loss",
            "held_out_accuracy",
            "best_epoch",
            "epochs",
            "seconds",
            *about.parameters,
            "reason",
        ]
    )
    for one in trials:
        figures = [_number(one.loss), _number(one.accuracy), one.best_epoch, one.epochs, one.seconds]
        values = [_text(one.values.get(name, "")) for name in about.parameters]
        writer.writerow([one.number, one.state, *figures, *values, one.reason])
    return stream.getvalue()


def _markdown(trials: Sequence[Trial], complete: Sequence[Trial], about: About) -> str:
    best = complete[0]
    error = math.sqrt(max(best.accuracy * (1.0 - best.accuracy), 0.0) / max(about.judges, 1))
    pruned, failed = (sum(one.state == state for one in trials) for state in ("pruned", "fail"))
    names = [name.partition(".")[2] or name for name in about.parameters]
    head = ["rank", "trial", "accuracy", "loss", "best epoch", "epochs", "seconds", *names]
    lines = [
        f"# Search of {about.config.name}",
        "",
        f"    {about.command}",
        "",
        f"Trials: {len(complete)} complete, {pruned} ended early, {failed} failed. {about.stars:,} stars teach,"
        f" {about.judges:,} others of the same folds judge ({about.rows:,} light curves); the test fold was not looked"
        f" at. The standard error of the best accuracy is {error:.3f}: what is nearer than that is not told apart."
        " Trial 0 is the recipe as it was, where it lies among what is searched.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for rank, one in enumerate(complete[:_BEST], start=1):
        cells = [rank, one.number, f"{one.accuracy:.4f}", f"{one.loss:.4f}", one.best_epoch, one.epochs, one.seconds]
        lines.append(
            "| " + " | ".join(map(str, [*cells, *(_text(one.values[name]) for name in about.parameters)])) + " |"
        )
    return "\n".join(lines) + "\n"


def _figures(one: Trial) -> str:
    return f"accuracy {one.accuracy:.4f}, loss {one.loss:.4f} after epoch {one.best_epoch}"


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""


def _text(value: Any) -> str:
    """A value as the recipe writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _write(path: Path, text: str) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(text)
