"""A report as one HTML page that needs nothing else: pictures are inside, nothing is fetched, nothing runs."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence

from goodricke.output.report_blocks import Block, Section

__all__ = ["page"]

_STYLE = """
:root { --ink: #1d2733; --soft: #5d6b7a; --line: #d9dfe6; --tint: #f5f7fa; --link: #00609c; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.5rem 5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 .8rem; padding-top: .6rem; border-top: 1px solid var(--line); }
p { max-width: 46rem; margin: .6rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
nav { background: var(--tint); border-radius: 8px; padding: .8rem 1.2rem; }
nav ol { margin: 0; padding-left: 1.2rem; columns: 3 14rem; }
.wide { overflow-x: auto; margin: .8rem 0 1.4rem; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
.says { font-weight: 600; margin: 1.4rem 0 -.4rem; }
th, td { padding: .32rem .6rem; text-align: left; border-bottom: 1px solid var(--line); }
.number { text-align: right; white-space: nowrap; }
td:first-child { white-space: nowrap; }
th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody tr:nth-child(even) { background: var(--tint); }
td small { color: var(--soft); }
code { background: var(--tint); padding: .1rem .3rem; border-radius: 4px; overflow-wrap: anywhere; }
figure { margin: 1.5rem 0; }
img { max-width: 100%; height: auto; }
figcaption { color: var(--soft); max-width: 46rem; font-size: .9rem; }
@media print { h2 { break-after: avoid; } figure, tr { break-inside: avoid; } }
"""


def page(title: str, sections: Sequence[Section], pictures: Mapping[str, bytes]) -> str:
    """The whole page.

    Parameters
    ----------
    title : str
        Its heading.
    sections : sequence of Section
        What it says.
    pictures : mapping of str to bytes
        PNG by name; a picture of a section that is not here is left out.
    """
    contents = "".join(f'<li><a href="#{_anchor(s)}">{html.escape(s.title)}</a></li>' for s in sections)
    body = "".join(_section(section, pictures) for section in sections)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{html.escape(title)}</h1>\n<nav><ol>{contents}</ol></nav>\n{body}</main>\n</body>\n</html>\n"
    )


def _anchor(section: Section) -> str:
    return re.sub(r"[^a-z]+", "-", section.title.lower())


def _section(section: Section, pictures: Mapping[str, bytes]) -> str:
    parts = [f'<section id="{_anchor(section)}">\n<h2>{html.escape(section.title)}</h2>\n']
    parts += [f"<p>{_prose(text)}</p>\n" for text in section.says]
    parts += [_table(block) for block in section.tables]
    for name, caption in section.pictures:
        if name in pictures:
            data = base64.b64encode(pictures[name]).decode()
            said = html.escape(caption)
            parts.append(
                f'<figure><img alt="{said}" src="data:image/png;base64,{data}">'
                f"<figcaption>{said}</figcaption></figure>\n"
            )
    return "".join(parts) + "</section>\n"


def _prose(text: str) -> str:
    """Escaped, with `code` and *emphasis* as in Markdown."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return re.sub(r"(?<![\w*])\*(\w[^*<>]*)\*", r"<em>\1</em>", marked)


def _table(block: Block) -> str:
    kinds = ['"number"' if numeric else '"word"' for numeric in block.numeric]
    head = "".join(f"<th class={kind}>{html.escape(cell)}</th>" for cell, kind in zip(block.head, kinds, strict=True))
    rows = "".join(
        "<tr>"
        + "".join(f"<td class={kind}>{_cell(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>\n"
        for row in block.rows
    )
    says = f'<p class="says">{_prose(block.says)}</p>\n' if block.says else ""
    return f'{says}<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n'


def _cell(text: str) -> str:
    return re.sub(r"(\[[^\]]*\])", r"<small>\1</small>", html.escape(text))
