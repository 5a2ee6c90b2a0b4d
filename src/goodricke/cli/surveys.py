"""goodricke surveys: what is understood."""

from __future__ import annotations

import click


@click.command(epilog="Example: goodricke surveys tess_spoc")
@click.argument("name", required=False)
def surveys(name: str | None) -> None:
    """List the formats that are understood, or explain one: its quality bits and how it is read."""
    from goodricke.surveys.spectra.table import rows as spectra
    from goodricke.surveys.table import find, rows

    if name is None:
        kinds = [[(row.name, ", ".join(row.containers), row.title) for row in rows()]]
        kinds.append([(row.name, ", ".join(row.containers), row.title) for row in spectra()])
        first, second = (max(len(cells[k]) for table in kinds for cells in table) for k in (0, 1))
        for said, table in zip(("light curves:", "\nspectra:"), kinds, strict=True):
            click.echo(said)
            for cells in table:
                click.echo(f"{cells[0]:{first}}  {cells[1]:{second}}  {cells[2]}")
        return
    if name not in {row.name for row in rows()} and name in {row.name for row in spectra()}:
        _explain_spectra(name)
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


def _explain_spectra(name: str) -> None:
    """A layout of spectra."""
    from goodricke.surveys.spectra.options import NAMES
    from goodricke.surveys.spectra.table import find

    row = find(name)
    click.echo(f"{row.name}: {row.title}\n")
    click.echo((row.load().__doc__ or "").strip() + "\n")
    click.echo(f"comes as: {', '.join(row.containers)}")
    click.echo(f"--columns may overrule: {', '.join(NAMES)}")
