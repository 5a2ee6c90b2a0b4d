"""What goodricke classify does with spectra: a row per spectrum, a row per star, pictures, hosts of planets."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED

if TYPE_CHECKING:
    import pyarrow as pa

    from goodricke.line import Model
    from goodricke.line.spectra import Told
    from goodricke.predictions import Predictions
    from goodricke.spectra import Spectra
    from goodricke.surveys.spectra import SpectrumOptions, SpectrumStatus

__all__ = ["SpectralWishes", "beside", "classify_spectra"]

_MOST_PAGES = 24
_MOST_LINES = 20
_MEANING = "Which wavelengths in Angstrom speak most for and against a binary, with what each adds to the log odds"
_MANY = 512  # files with a spectrum each, from which on several processes pay
_TABLES = 8  # files: so few may hold any number of spectra each


@dataclass(frozen=True)
class SpectralWishes:
    """What the user asks for."""

    prior: str | None = None
    """``BINARY=0.33``, a file, or ``1:2``."""
    purity: float | None = None
    """Of the labels."""
    selection: str | None = None
    """Name of a published sample."""
    jobs: int | None = None
    """Processes."""
    explain: bool = False
    """Whether it is said which lines carried the decision."""
    separate: bool = False
    """Whether every spectrum is a star of its own."""
    hosts: str | None = None
    """File of stars that have planets."""
    output: str | None = None
    """File of the table per spectrum."""
    pages: str | None = None
    """Folder of the pictures."""


def beside(output: str, what: str) -> str:
    """Where a further table goes, beside that of spectra.

    >>> beside("out/p.parquet", "stars")
    'out/p-stars.parquet'
    """
    path = Path(output)
    return str(path.with_name(f"{path.stem}-{what}{path.suffix}"))


def classify_spectra(
    paths: tuple[str, ...], model: Model, options: SpectrumOptions, wishes: SpectralWishes, console: Console
) -> int:
    """Read, classify, write, draw; the exit code."""
    from goodricke.line.spectra.rows import check_spectral_wishes, decided_spectra
    from goodricke.output import write_table
    from goodricke.output.spectral_summary import spectral_lines

    check_spectral_wishes(model, wishes.prior, wishes.purity, wishes.selection)
    hosts = _hosts(wishes.hosts)
    told, shown, report = _told(paths, model, options, wishes, console)
    for status in report:
        if status.status == "failed":
            console.say("error", status.reason, path=status.path)
    if not len(told):
        return EXIT_NOTHING
    command = shlex.join(["goodricke", *(sys.argv[1:] or ["classify"])])
    found = decided_spectra(told, model, wishes.prior, wishes.purity, wishes.selection).with_provenance(command=command)
    found = _with_notes(found, report)
    if wishes.explain:
        found = _explained(found, told)
    stars = _stars(found, model, wishes.prior)
    found = _with_failed_files(found, report)
    written = []
    if wishes.output:
        found.write(wishes.output)
        write_table(stars, beside(wishes.output, "stars"))
        written = [wishes.output, beside(wishes.output, "stars")]
    matched = None
    if hosts is not None:
        from goodricke.output.hosts import match_hosts

        matched, notes = match_hosts(stars, hosts)
        for note in notes:
            console.say("info", note)
        if wishes.output:
            written.append(beside(wishes.output, "hosts"))
            write_table(matched, written[-1])
    if not console.quiet or not wishes.output:
        click.echo("\n".join(spectral_lines(found.to_arrow(), stars, written)))
    if matched is not None and not console.quiet:
        from goodricke.output.hosts import host_words

        click.echo(f"hosts of planets: {host_words(matched)}")
    if wishes.explain and not console.quiet:
        click.echo("\n".join(["", *_explanation_lines(found)]))
    if wishes.pages:
        _draw(found.to_arrow(), stars, shown, model, wishes, Path(wishes.pages), console)
    lost = any(status.status == "failed" for status in report) or (found.column("status") == "failed").any()
    return EXIT_SOME_FAILED if lost else 0


def _hosts(path: str | None) -> Any:
    if path is None:
        return None
    from goodricke.output.hosts import read_hosts

    return read_hosts(path)


def _told(
    paths: tuple[str, ...], model: Model, options: SpectrumOptions, wishes: SpectralWishes, console: Console
) -> tuple[Told, Spectra, list[SpectrumStatus]]:
    """What is known of every spectrum, and the spectra themselves that pages show."""
    from goodricke.line.spectra import told_of
    from goodricke.line.spectra.told import joined
    from goodricke.spectra import concatenate
    from goodricke.surveys.paths import count_files
    from goodricke.surveys.spectra import scan_spectra

    report: list[SpectrumStatus] = []
    n_files = count_files(paths)
    many = n_files is None or n_files >= _MANY or n_files <= _TABLES
    jobs = wishes.jobs or (os.cpu_count() or 1 if many else 1)
    parts: list[Told] = []
    shown: list[tuple[float, Spectra]] = []
    with console.progress(n_files, "file") as bar:
        batches = scan_spectra(paths, options, report, on_file=lambda _: bar.step())
        for block, part in told_of(batches, model, explain=wishes.explain, jobs=jobs):
            parts.append(part)
            if wishes.pages:
                shown = _most_probable(shown, block, part, model)
    return _united(joined(parts), wishes.separate), concatenate([one for _, one in shown]), report


def _most_probable(
    shown: list[tuple[float, Spectra]], block: Spectra, part: Told, model: Model
) -> list[tuple[float, Spectra]]:
    """The spectra that are most like binaries, of those so far and a block; those without an answer come last."""
    binary = model.classes_.index("BINARY")
    score = part.logits[:, binary] - np.delete(part.logits, binary, axis=1).max(axis=1, initial=-np.inf)
    score = np.where(part.status == "ok", score, -np.inf)
    best = np.argsort(-score, kind="stable")[:_MOST_PAGES]
    fresh = [(float(score[k]), block[int(k)]) for k in best]
    return sorted([*shown, *fresh], key=lambda one: -one[0])[:_MOST_PAGES]


def _united(told: Told, separate: bool) -> Told:
    """One name for all spectra of a star; batches of files are read one by one, so it is done at the end."""
    from goodricke.spectra.epochs import star_names

    star = told.star
    if separate:
        names = np.array([one or two for one, two in zip(star["spectrum_id"], star["object_id"], strict=True)], object)
    elif len(told):
        own = star["name_from"] != "file"
        names = star_names(star["object_id"].astype(str), star["ra"], star["dec"], own=own).astype(object)
    else:
        return told
    return replace(told, star=star | {"object_id": names})


def _with_notes(found: Predictions, report: list[SpectrumStatus]) -> Predictions:
    """What the reader guessed, before what the line has to say."""
    import pyarrow as pa

    said = {status.path: "; ".join(status.notes) for status in report if status.notes}
    both = [
        "; ".join(filter(None, (said.get(path, ""), note)))
        for path, note in zip(found.column("path").tolist(), found.column("notes").tolist(), strict=True)
    ]
    place = found.table.column_names.index("notes")
    return replace(found, table=found.table.set_column(place, "notes", pa.array(both, pa.string())))


def _with_failed_files(found: Predictions, report: list[SpectrumStatus]) -> Predictions:
    """Rows of files that could not be read, at the end."""
    import pyarrow as pa

    rows = [
        {"object_id": Path(status.path).name, "survey": status.survey, "path": status.path, "status": "failed",
         "reason": status.reason, "notes": ""}
        for status in report
        if status.status == "failed" and not status.n_spectra
    ]  # fmt: skip
    if not rows:
        return found
    more = pa.Table.from_pylist(rows, schema=found.table.schema)
    return replace(found, table=pa.concat_tables([found.table, more]))


def _explained(found: Predictions, told: Told) -> Predictions:
    """The table with the column ``explained`` before the status."""
    import pyarrow as pa

    from goodricke.line.spectra.explain import over_pixels
    from goodricke.output.spectral_lines import reasons_in_words
    from goodricke.spectra import MODEL_LATTICE

    wave = MODEL_LATTICE.wave
    words = [reasons_in_words(wave, over_pixels(row[None, :], len(wave))[0]) or None for row in told.share]
    field = pa.field("explained", pa.string(), metadata={"ucd": "meta.note", "description": _MEANING})
    column = pa.array(words, pa.string())
    return replace(found, table=found.table.add_column(found.table.column_names.index("status"), field, column))


def _explanation_lines(found: Predictions) -> list[str]:
    table = found.table.select(["object_id", "spectrum_id", "explained"]).slice(0, _MOST_LINES)
    lines = [
        f"{row['object_id']} ({row['spectrum_id']}): {row['explained']}"
        for row in table.to_pylist()
        if row["explained"]
    ]
    more = len(found) - table.num_rows
    return lines + ([f"... and {more:,} more explanations: see the column explained"] if more > 0 else [])


def _stars(found: Predictions, model: Model, prior: str | None) -> pa.Table:
    """One row per star. Spectra that are too unsure for the purity asked for are evidence all the same."""
    import pyarrow as pa

    from goodricke.line.spectra.rows import correlation_of, spectral_priors
    from goodricke.line.spectra.told import CARRIED
    from goodricke.output.provenance import noted, of_schema
    from goodricke.output.spectral_catalogue import stars_of

    table = found.table
    answered = np.isfinite(found.column("prob_BINARY").astype(np.float64))
    status = np.where(answered, "ok", found.column("status")).tolist()
    place = table.column_names.index("status")
    stars = stars_of(
        table.set_column(place, "status", pa.array(status, pa.string())),
        prior=float(spectral_priors(model, prior)[model.classes_.index("BINARY")]),
        correlation=correlation_of(model),
        carried=[name for name in CARRIED if name in table.column_names],
    )
    return noted(stars, of_schema(table.schema))


def _draw(
    table: pa.Table, stars: pa.Table, shown: Spectra, model: Model, wishes: SpectralWishes, folder: Path,
    console: Console,
) -> None:  # fmt: skip
    from goodricke.cli.plot import made
    from goodricke.output.catalogue_charts import draw_catalogue

    made(str(folder))
    if np.isfinite(table.column("prob_BINARY").cast("float64").fill_null(np.nan).to_numpy(zero_copy_only=False)).any():
        drawn = draw_catalogue(stars, folder, table)
        for path in drawn.files:
            click.echo(str(path))
        for said in drawn.left_out:
            console.say("info", f"not drawn: {said}")
    if len(shown) < table.num_rows:
        console.say("info", f"pages are drawn of the {len(shown)} spectra that are most like binaries")
    _draw_pages(table, shown, model, wishes.explain, folder, console)


def _draw_pages(table: pa.Table, shown: Spectra, model: Model, explain: bool, folder: Path, console: Console) -> None:
    from goodricke.line.spectra.explain import cell_shares, over_pixels
    from goodricke.line.spectra.seen import see
    from goodricke.line.spectra.told import chance_of
    from goodricke.output.plots import page_name
    from goodricke.output.spectrum_page import SpectrumPage, draw_spectrum_page
    from goodricke.photosphere import fit_pair
    from goodricke.photosphere.detectability import DV_GRID, Q_GRID

    seen = see(shown, model)
    pair = fit_pair(seen.prepared, seen.single)
    judged = seen.reason == ""
    chance = chance_of(seen.distance, model)
    pixels = seen.prepared.lattice
    share = over_pixels(cell_shares(seen, model, judged), pixels.n) if explain else None
    paths = shown.meta["path"].astype(str) if "path" in shown.meta else np.full(len(shown), "")
    keys = zip(table.column("path").to_pylist(), table.column("spectrum_id").to_pylist(), strict=True)
    rows = dict(zip(keys, table.to_pylist(), strict=True))
    with console.progress(len(shown), "page") as bar:
        for k in range(len(shown)):
            row = rows.get((str(paths[k]), str(shown.spectrum_id[k])), {})
            fine = bool(judged[k])
            page = SpectrumPage(
                name=row.get("object_id") or str(shown.object_id[k]),
                wave=pixels.wave,
                flux=seen.prepared.flux[k].astype(np.float64),
                ivar=seen.prepared.ivar[k].astype(np.float64),
                probability=np.nan if row.get("prob_BINARY") is None else row["prob_BINARY"],
                facts=_page_facts(row, shown, k),
                words=[word for word in (row.get("reason"), row.get("detectability")) if word],
                single=seen.single.model[k].astype(np.float64) if np.isfinite(seen.single.teff[k]) else None,
                pair=pair.model[k].astype(np.float64) if fine and np.isfinite(pair.q[k]) else None,
                share=share[k] if share is not None and fine else None,
                q=Q_GRID,
                dv=DV_GRID,
                chance=chance[k] if fine and np.isfinite(chance[k]).all() else None,
                best=(float(pair.q[k]), abs(float(pair.dv[k]))) if fine and np.isfinite(pair.q[k]) else None,
            )
            target = folder / page_name(f"{page.name} {shown.spectrum_id[k]}", k)
            draw_spectrum_page(page, target)
            click.echo(str(target))
            bar.step()


def _page_facts(row: dict[str, Any], shown: Spectra, k: int) -> list[str]:
    """Short facts under the name."""
    known = [("S/N {:.0f}", "snr"), ("Teff {:.0f} K", "teff"), ("log g {:.2f}", "logg"), ("[Fe/H] {:.2f}", "feh")]
    facts = [str(word) for word in (shown.survey[k], shown.spectrum_id[k], shown.subclass[k]) if word]
    facts += [form.format(row[name]) for form, name in known if row.get(name) is not None]
    return [*facts, f"velocity {row['velocity']:.0f} km/s"] if row.get("velocity") is not None else facts
