"""goodricke surveys: what is understood."""

from __future__ import annotations

import click


@click.command(epilog="Example: goodricke surveys tess_spoc")
@click.argument("name", required=False)
def surveys(name: str | None) -> None:
    """List the formats that are understood, or explain one: its quality bits and how it is read."""
    from goodricke.surveys.table import find, rows

    if name is None:
        table = rows()
        width = max(len(row.name) for row in table)
        kinds = max(len(", ".join(row.containers)) for row in table)
        for row in table:
            click.echo(f"{row.name:{width}}  {', '.join(row.containers):{kinds}}  {row.title}")
        return
    row = find(name)
    module = row.load()
    click.echo(f"{row.name}: {row.title}\n")
    click.echo((module.__doc__ or "").strip() + "\n")
    click.echo(f"comes as: {', '.join(row.containers)}")
    click.echo(
        "files of one star: " + ("each brought to median 1, then joined" if module.STITCH else "joined on one scale")
    )
    columns = getattr(module, "COLUMNS", ())
    if columns:
        click.echo(f"--columns may overrule: {', '.join(columns)}")
    quality = module.QUALITY
    if not quality.bits:
        click.echo("quality flags: none")
        return
    click.echo("quality bits:")
    for word, bit in quality.bits.items():
        dropped = [choice for choice in ("default", "hard", "hardest") if getattr(quality, choice) & bit]
        click.echo(f"  {bit:>9}  {word:24} {'dropped by ' + ', '.join(dropped) if dropped else 'kept'}")
