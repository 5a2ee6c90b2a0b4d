"""Write an evaluation to a folder: ``report.json``, ``report.md``, ``report.html`` and the pictures."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from goodricke.errors import WriteError
from goodricke.evaluate import Report
from goodricke.output.atomic import whole_file
from goodricke.output.report_html import page
from goodricke.output.report_markdown import markdown
from goodricke.output.report_plots import pictures
from goodricke.output.report_sections import headline, sections

__all__ = ["summary_lines", "write_report"]


def write_report(report: Report, folder: str | Path) -> list[Path]:
    """Write all files of a report; the folder is made when it is absent.

    Parameters
    ----------
    report : Report
        What was found.
    folder : str or Path
        Where to; files of an earlier report are replaced.

    Returns
    -------
    list of Path
        What was written, the page first.

    Raises
    ------
    WriteError
        If the folder cannot be made or written to.
    MissingDependency
        If matplotlib is not installed.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{target}: cannot be made ({error.strerror}); choose another folder with -o") from error
    drawn = pictures(report)
    title = f"Evaluation of {report.about['given'][0]}"
    told = sections(report)
    texts = {
        "report.html": page(title, told, drawn),
        "report.md": markdown(title, told, drawn),
        "report.json": json.dumps(_plain(report.to_dict()), indent=1, ensure_ascii=False) + "\n",
    }
    contents = {name: text.encode() for name, text in texts.items()} | {
        f"{name}.png": png for name, png in drawn.items()
    }
    for name, content in contents.items():
        with whole_file(target / name) as temporary:
            temporary.write_bytes(content)
    return [target / name for name in contents]


def _plain(value: Any) -> Any:
    """The same with null for what is no number: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def summary_lines(report: Report) -> list[str]:
    """A short table for the terminal."""
    block = headline(report)
    cells = [block.head, *block.rows]
    widths = [max(len(row[k]) for row in cells) for k in range(len(block.head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    left = sum(report.counts["ambiguous"].values()) + sum(report.counts["unknown"].values())
    counts = report.models[report.about["given"][0]]["statuses"]
    said = [f"{report.about['n_rows']:,} stars compared in the view {report.about['view']}"]
    said += [f"{counts[word]:,} {word}" for word in ("abstained", "failed") if counts[word]]
    if left:
        said.append(f"{left:,} left out (no single class in this view)")
    return [*lines, "", ", ".join(said)]
