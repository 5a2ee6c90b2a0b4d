"""What goodricke classify --explain adds: a sentence per star in the table, and a picture of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodricke.cli.console import Console

if TYPE_CHECKING:
    from goodricke.lightcurves import LightCurves
    from goodricke.line import Model
    from goodricke.line.explanation import Explanations
    from goodricke.period import Periods
    from goodricke.predictions import Predictions

__all__ = ["check_class", "draw_explanations", "explained", "explanation_lines"]

_MOST_LINES = 20


def check_class(model: Model, name: str) -> None:
    """Raise OptionError for a class that the model does not know, before the work and not after it."""
    from goodricke.line.explain import check_class as check

    check(model, name)


def explained(
    found: Predictions, periods: Periods, lcs: LightCurves, model: Model, label: str | None, console: Console
) -> tuple[Predictions, Explanations]:
    """The table with the column ``explained`` before the status, and all that is behind it."""
    import pyarrow as pa

    from goodricke.line.explain import explain
    from goodricke.line.explanation import MEANING

    with console.progress(len(lcs), "explanation") as bar:
        why = explain(lcs, model, periods=periods, label=label or found.label.tolist(), on_stars=bar.step)
    field = pa.field("explained", pa.string(), metadata={"ucd": "meta.note", "description": MEANING})
    said = pa.array([sentence or None for sentence in why.sentences], pa.string())
    return replace(found, table=found.table.add_column(found.table.column_names.index("status"), field, said)), why


def explanation_lines(why: Explanations) -> list[str]:
    """A line per star for the terminal, of the first stars."""
    lines = [f"{one.star.object_id}: {one.sentence or one.reason}" for one in list(why)[:_MOST_LINES]]
    more = len(why) - len(lines)
    return lines + ([f"... and {more} more explanations: see the column explained"] if more > 0 else [])


def draw_explanations(why: Explanations, folder: Path, console: Console) -> None:
    """A picture beside the page of every star that has an explanation."""
    from goodricke.cli.plot import made
    from goodricke.output.explained import draw_explained, explained_name
    from goodricke.output.plots import page_name

    made(str(folder))
    with console.progress(len(why), "picture") as bar:
        for k, (one, row) in enumerate(zip(why, why.to_arrow().to_pylist(), strict=True)):
            bar.step()
            if one.label:
                target = folder / explained_name(page_name(one.star.object_id, k))
                draw_explained(one.star, row, target)
                click.echo(str(target))
