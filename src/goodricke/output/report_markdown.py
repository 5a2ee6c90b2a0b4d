"""A report as Markdown, with links to its pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from goodricke.output.report_blocks import Block, Section

__all__ = ["markdown"]


def markdown(title: str, sections: Sequence[Section], pictures: Collection[str]) -> str:
    """The whole document.

    >>> print(markdown("T", [Section("S", ("text",), (Block(("a", "b"), (("x|y", "1"),)),))], ()))
    # T
    <BLANKLINE>
    ## S
    <BLANKLINE>
    text
    <BLANKLINE>
    | a | b |
    |:--|--:|
    | x\\|y | 1 |
    <BLANKLINE>
    """
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for text in section.says:
            lines += [text, ""]
        for block in section.tables:
            lines += [*([block.says, ""] if block.says else []), *_table(block), ""]
        for name, caption in section.pictures:
            if name in pictures:
                lines += [f"![{caption}]({name}.png)", "", caption, ""]
    return "\n".join(lines)


def _table(block: Block) -> list[str]:
    rule = "|" + "|".join("--:" if numeric else ":--" for numeric in block.numeric) + "|"
    return [_line(block.head), rule, *(_line(row) for row in block.rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
