"""One HTML page that lists the stars of a table, with their pictures: no network, no other file but the pictures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from goodricke.output.atomic import whole_file
from goodricke.output.palette import ink_on, style_of
from goodricke.output.plots import page_name

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_gallery"]

_COLUMNS = {
    "object_id": "star",
    "survey": "survey",
    "label": "class",
    "probability": "probability",
    "prediction_set": "prediction set",
    "period_days": "period (d)",
    "period_probability": "of the period",
    "amplitude": "amplitude (mag)",
    "mag": "magnitude",
    "n_points": "points",
    "span_days": "span (d)",
    "status": "status",
    "reason": "reason",
}

_STYLE = """
:root { color-scheme: light; font: 15px/1.4 system-ui, "DejaVu Sans", sans-serif; color: #222; background: #fff; }
body { margin: 1.2rem 1.6rem 3rem; }
h1 { font-size: 1.35rem; margin: 0 0 .2rem; }
p { margin: .1rem 0 1rem; color: #666; }
.charts { display: flex; flex-wrap: wrap; gap: .8rem; margin-bottom: 1.2rem; }
.charts img { height: 17rem; border: 1px solid #e4e4e4; border-radius: 4px; }
.filter { margin-bottom: .6rem; display: flex; gap: .6rem; align-items: baseline; }
input { font: inherit; padding: .25rem .5rem; border: 1px solid #bbb; border-radius: 4px; width: 22rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { position: sticky; top: 0; background: #f4f5f7; text-align: left; padding: 0; white-space: nowrap; z-index: 1; }
th button { all: unset; cursor: pointer; padding: .4rem .6rem; font-weight: 600; width: calc(100% - 1.2rem); }
th button:focus-visible { outline: 2px solid #0072b2; outline-offset: -2px; }
th[aria-sort=ascending] button::after { content: " ▲"; }
th[aria-sort=descending] button::after { content: " ▼"; }
th.bare { padding: .4rem .6rem; }
td { padding: .35rem .6rem; border-top: 1px solid #e9e9e9; vertical-align: middle; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td img { display: block; width: 200px; height: 150px; object-fit: contain; border: 1px solid #e4e4e4; }
td.none { color: #999; }
.chip { padding: .1rem .5rem; border-radius: .5rem; font-weight: 600; }
"""

_SCRIPT = """
const body = document.querySelector("tbody"), heads = [...document.querySelectorAll("th[data-column]")];
for (const head of heads) head.firstElementChild.addEventListener("click", () => {
  const column = +head.dataset.column, up = head.getAttribute("aria-sort") !== "ascending" ? 1 : -1;
  const number = head.dataset.kind === "number", rows = [...body.rows];
  const value = row => row.cells[column].dataset.value;
  rows.sort((a, b) => {
    const x = value(a), y = value(b);
    if (x === "" || y === "") return (x === "") - (y === "");
    return up * (number ? x - y : x.localeCompare(y, undefined, {numeric: true}));
  });
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
  body.append(...rows);
});
const words = document.querySelector("input"), shown = document.querySelector("#shown");
words.addEventListener("input", () => {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let n = 0;
  for (const row of body.rows) {
    const text = row.textContent.toLowerCase(), fits = wanted.every(word => text.includes(word));
    row.hidden = !fits;
    n += fits;
  }
  shown.textContent = n.toLocaleString("en") + " shown";
});
"""


def write_gallery(
    table: pa.Table, pages_folder: str | Path, path: str | Path, charts: Sequence[str | Path] = (), title: str = "Stars"
) -> None:
    """Write an HTML listing of the stars: charts on top, a table to sort and to search, a thumbnail per page.

    Parameters
    ----------
    table : pyarrow.Table
        Predictions or periods, one row per star.
    pages_folder : str or Path
        Folder with the pages of the stars, named by `goodricke.output.plots.page_name` after the rows of the table; a
        star without a page has no thumbnail.
    path : str or Path
        The HTML file. It links to the pictures by their way from its folder, and to nothing else.
    charts : sequence of str or Path
        Pictures of the whole table.
    title : str
        Heading of the page.

    Examples
    --------
    >>> import pyarrow as pa, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_gallery(pa.table({"object_id": ["<b>"], "period_days": [2.5]}), folder, folder / "index.html")
    >>> text = (folder / "index.html").read_text()
    >>> "&lt;b&gt;" in text, "<b>" in text
    (True, False)
    """
    target = Path(path)
    home = target.parent
    columns = [name for name in _COLUMNS if name in table.schema.names and _holds_something(table.column(name))]
    pictures = "".join(_chart(Path(chart), home) for chart in charts)
    numbers = {name for name in columns if not _is_text(table, name)}
    heads = "".join(
        f'<th scope="col" data-column="{k}" data-kind="{"number" if name in numbers else "text"}">'
        f"<button>{escape(_COLUMNS[name])}</button></th>"
        for k, name in enumerate(columns, 1)
    )
    rows = "\n".join(
        f"<tr>{_thumbnail(row, k, Path(pages_folder), home)}{''.join(_cell(name, row[name]) for name in columns)}</tr>"
        for k, row in enumerate(table.select(columns).to_pylist())
    )
    html = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<h1>{escape(title)}</h1><p>{table.num_rows:,} star{"s" * (table.num_rows != 1)}. Click a heading to sort, a picture to
open the page.</p>
<div class="charts">{pictures}</div>
<div class="filter"><label>Search <input type="search" placeholder="name, class, reason ..."></label>
<span id="shown"></span></div>
<div class="wide"><table><thead><tr><th scope="col" class="bare">page</th>{heads}</tr></thead><tbody>
{rows}
</tbody></table></div>
<script>{_SCRIPT}</script></body></html>
"""
    with whole_file(target) as temporary:
        temporary.write_text(html, encoding="utf-8")


def _holds_something(column: pa.ChunkedArray) -> bool:
    return any(value is not None and value != "" for value in column.to_pylist())


def _is_text(table: pa.Table, name: str) -> bool:
    return str(table.schema.field(name).type) in ("string", "large_string", "string_view")


def _link(target: Path, home: Path) -> str:
    return escape(quote(Path(os.path.relpath(target, home)).as_posix()))


def _chart(chart: Path, home: Path) -> str:
    link = _link(chart, home)
    return f'<a href="{link}"><img src="{link}" alt="{escape(chart.stem)}"></a>'


def _thumbnail(row: dict[str, Any], k: int, pages: Path, home: Path) -> str:
    name = str(row.get("object_id") or "")
    page = pages / page_name(name, k)
    if not page.is_file():
        return '<td class="none">-</td>'
    link = _link(page, home)
    return f'<td><a href="{link}"><img loading="lazy" src="{link}" alt="page of {escape(name)}"></a></td>'


def _cell(name: str, value: Any) -> str:
    if value is None or value == "" or value != value:  # NaN is not equal to itself
        return '<td class="none" data-value="">-</td>'
    if isinstance(value, str):
        said = escape(value)
        if name == "label":
            colour = style_of(value).colour
            said = f'<span class="chip" style="background:{colour};color:{ink_on(colour)}">{said}</span>'
        return f'<td data-value="{escape(value)}">{said}</td>'
    text = f"{value:,}" if isinstance(value, int) else f"{value:.{_DIGITS.get(name, 4)}g}"
    return f'<td class="number" data-value="{float(value)!r}">{text}</td>'


_DIGITS = {"period_days": 7, "mag": 5, "probability": 3, "period_probability": 3}
