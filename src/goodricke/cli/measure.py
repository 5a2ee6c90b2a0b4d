"""goodricke measure-binaries: how well are the binaries of a list told from its singles?"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from goodricke.cli.console import Console
from goodricke.cli.main import EXIT_NOTHING, EXIT_SOME_FAILED
from goodricke.cli.options import console_options

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from goodricke.evaluate.binary_list import BinaryList
    from goodricke.line import Model
    from goodricke.spectra import Spectra

_EPILOG = """\b
Examples:
  goodricke measure-binaries stars.csv --folder lamost/ -o measured
  goodricke measure-binaries ztf_eb.csv --folder lamost/ --columns eclipsing=Type -o eclipsing
  goodricke measure-binaries stars.csv --model spectra-residual --ratio 1:2 --ratio 1:9
"""
_MOST_LINES = 10
_PACKED = (".gz", ".bz2", ".xz")


@click.command(epilog=_EPILOG)
@click.argument("list_", metavar="LIST")
@click.option("--folder", metavar="DIR", help="Where the spectra are; searched with all folders in it.")
@click.option("--model", default="spectra-binary", show_default=True, metavar="NAME", help="See goodricke models.")
@click.option("--output", "-o", default="measured", show_default=True, metavar="DIR", help="Folder for the report.")
@click.option(
    "--columns", default="", metavar="NAME=COLUMN,...",
    help="What is what in LIST, where names do not say it: path, obsid, star, binary, delta_mg, eclipsing,"
    " rv_difference, n_visits, q.",
)  # fmt: skip
@click.option(
    "--ratio", "ratios", multiple=True, default=("1:1", "1:2", "1:4", "1:9"), show_default=True, metavar="B:S",
    help="Of binaries to singles on the sky, for the precision; may be repeated.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default all cores.")
@click.option("--bootstrap", default=1000, show_default=True, type=click.IntRange(min=0), help="Resamples of stars.")
@click.option("--seed", default=0, show_default=True, help="Of the resamples.")
@console_options
def measure(
    list_: str, folder: str | None, model: str, output: str, columns: str, ratios: tuple[str, ...], jobs: int | None,
    bootstrap: int, seed: int, quiet: bool, log_format: str,
) -> int:  # fmt: skip
    """Classify the spectra of a LIST of known stars, and write how well: the figures of Jing et al. (2025).

    LIST is a table with a row per spectrum: its file (path; or LAMOST's lmjd, planid, spid, fiberid; or obsid), and
    what is known of the star. binary (1, 0) or delta_mg (M_G less that of the main sequence) give the area under the
    ROC, shares below 0.2 and above 0.8, precision; eclipsing (EA, EW) the share found; rv_max_difference and n_visits
    the agreement with velocities; q what is found by mass ratio. A column star unites spectra of one star.
    """
    from goodricke.cli.options import named_columns
    from goodricke.decide import prior_of_ratio
    from goodricke.evaluate.binary_figures import binary_figures
    from goodricke.evaluate.binary_list import binary_list
    from goodricke.line import load_model
    from goodricke.line.spectra.rows import check_spectral_wishes
    from goodricke.output.binary_report import binary_lines, write_binary_report
    from goodricke.output.reading_tables import read_table
    from goodricke.train.main_sequence_labels import MainSequenceLimits

    console = Console(quiet, log_format)
    limits = MainSequenceLimits()
    rows = binary_list(read_table(list_), named_columns(columns), limits.single, limits.bright)
    shares = [prior_of_ratio(ratio) for ratio in ratios]
    judge = load_model(model)
    check_spectral_wishes(judge, None, None, None)
    said = ", ".join(f"{key} from {name}" for key, name in rows.columns.items())
    console.say("info", f"{list_}: {len(rows):,} spectra; {said or 'files from lmjd, planid, spid, fiberid'}")
    paths = _paths(rows, list_, folder, console)
    answers = _answers(rows, paths, folder, judge, jobs or os.cpu_count() or 1, console)
    if not answers.there.any():
        console.say("error", "none of the spectra of the list could be read; name their folder with --folder")
        return EXIT_NOTHING
    star = np.where(rows.star != "", rows.star, answers.star)
    combined = _together(answers.probability, star, judge)
    figures = binary_figures(
        answers.probability, star, rows.target, rows.eclipsing,
        rows.rv_difference if np.isfinite(rows.rv_difference).any() else None,
        rows.n_visits if "n_visits" in rows.columns else None,
        rows.q if np.isfinite(rows.q).any() else None, combined,
        [round(share / (1 - share), 12) for share in shares], bootstrap, seed,
    )  # fmt: skip
    figures["counts"]["not read"] = int((~answers.there).sum())
    about = {
        "list": Path(list_).name, "columns": said, "model": f"{judge.bundle.name}-{judge.bundle.version}",
        "weights": str(judge.bundle.manifest["weights"]["sha256"]),
        "binaries to singles that its probabilities assume": "1:1, as in training",
        "command": shlex.join(["goodricke", *(sys.argv[1:] or ["measure-binaries"])]),
    }  # fmt: skip
    written = write_binary_report(figures, _table(rows, answers, star, combined), output, about)
    if not quiet:
        click.echo("\n".join([*binary_lines(figures), f"wrote {written[0]} and {len(written) - 1} files beside it"]))
    return EXIT_SOME_FAILED if not answers.there.all() else 0


@dataclass(frozen=True, eq=False)
class _Answers:
    """Of the N rows of the list."""

    there: NDArray[np.bool_]
    probability: NDArray[np.float64]
    status: NDArray[Any]
    reason: NDArray[Any]
    star: NDArray[np.str_]
    snr: NDArray[np.float64]


def _paths(rows: BinaryList, list_: str, folder: str | None, console: Console) -> list[str]:
    """Where the file of each row is, empty where it was not found or only the obsid is known."""
    beside = Path(list_).parent
    index: dict[str, str] = {}
    if folder is not None:
        if not Path(folder).is_dir():
            raise click.UsageError(f"--folder {folder}: there is no such folder")
        for where, _, names in os.walk(folder):
            for name in names:
                index.setdefault(_plain(name), os.path.join(where, name))
    found, missing = [], []
    for word in rows.file.tolist():
        tried = [word, *(str(beside / (word + end)) for end in ("", *_PACKED))] if word else []
        if folder is not None and word:
            tried += [str(Path(folder) / word), index.get(_plain(Path(word).name), "")]
        path = next((one for one in tried if one and os.path.isfile(one)), "")
        found.append(path)
        if word and not path:
            missing.append(word)
    for word in missing[:_MOST_LINES]:
        console.say("warning", f"{word}: not found" + ("" if folder else "; name its folder with --folder"))
    if len(missing) > _MOST_LINES:
        console.say("warning", f"{len(missing) - _MOST_LINES:,} more were not found")
    if folder is not None and any(not path and obsid for path, obsid in zip(found, rows.obsid.tolist(), strict=True)):
        console.say("info", "looking for the obsid of the others in all files of the folder")
    return found


def _plain(name: str) -> str:
    """A file's name without the ending of its packing."""
    return next((name[: -len(end)] for end in _PACKED if name.endswith(end)), name)


def _answers(
    rows: BinaryList, paths: list[str], folder: str | None, model: Model, jobs: int, console: Console
) -> _Answers:
    """Read and classify the spectra of the list, a few blocks at a time."""
    from goodricke.line.spectra import told_of
    from goodricke.line.spectra.rows import decided_spectra
    from goodricke.spectra.epochs import star_names

    n = len(rows)
    where = {path: k for k, path in reversed(list(enumerate(paths))) if path}
    by_number = {number: k for k, number in reversed(list(enumerate(rows.obsid.tolist()))) if number}
    p, snr = np.full(n, np.nan), np.full(n, np.nan)
    status, reason = np.full(n, "failed", dtype=object), np.full(n, "the file was not read", dtype=object)
    name, ra, dec, own = np.full(n, "", dtype=object), np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, dtype=bool)
    there = np.zeros(n, dtype=bool)
    batches = _batches(rows, paths, folder, console)
    with console.progress(n, "spectra"):
        for _, told in told_of(batches, model, jobs=jobs):
            decided = decided_spectra(told, model)
            columns = {key: decided.column(key) for key in ("path", "spectrum_id", "prob_BINARY", "status", "reason")}
            for k in range(len(told)):
                row = _row(where, by_number, str(columns["path"][k]), str(columns["spectrum_id"][k]))
                if row is None or there[row]:
                    continue
                there[row] = True
                p[row], snr[row] = columns["prob_BINARY"][k], told.facts["snr"][k] if "snr" in told.facts else np.nan
                status[row], reason[row] = columns["status"][k], columns["reason"][k] or ""
                name[row], own[row] = told.star["object_id"][k], told.star["name_from"][k] != "file"
                ra[row], dec[row] = told.star["ra"][k], told.star["dec"][k]
            console.step(len(told))
    # A file that stands twice in the list was read once.
    for k, path in enumerate(paths):
        first = where.get(path, k)
        if first != k and there[first] and not there[k]:
            there[k], p[k], snr[k], status[k], reason[k] = True, p[first], snr[first], status[first], reason[first]
            name[k], own[k], ra[k], dec[k] = name[first], own[first], ra[first], dec[first]
    return _Answers(there, p, status, reason, star_names(name.astype(str), ra, dec, own=own), snr)


def _batches(rows: BinaryList, paths: list[str], folder: str | None, console: Console) -> Iterator[Spectra]:
    """Spectra of the files of the list; where only an obsid is known, those of the folder that have it."""
    from goodricke.surveys.spectra import SpectrumStatus, scan_spectra

    report: list[SpectrumStatus] = []
    yield from scan_spectra(list(dict.fromkeys(filter(None, paths))), report=report)
    if folder is not None and any(not path and number for path, number in zip(paths, rows.obsid.tolist(), strict=True)):
        for batch in scan_spectra(folder, report=report):
            wanted = np.isin(batch.spectrum_id, rows.obsid)
            if wanted.any():
                yield batch[wanted]
    for status in [one for one in report if one.status == "failed"][:_MOST_LINES]:
        console.say("error", status.reason, path=status.path)


def _row(where: dict[str, int], by_number: dict[str, int], path: str, number: str) -> int | None:
    """Row of the list that a spectrum belongs to: by its number where the list has it, else by its file."""
    row = by_number.get(number)
    return where.get(path) if row is None else row


def _together(p: NDArray[np.float64], star: NDArray[np.str_], model: Model) -> NDArray[np.float64]:
    """Probability of the star from all its spectra, (N,)."""
    from goodricke.decide.epochs import answers_of_epochs
    from goodricke.line.spectra.rows import correlation_of

    prior = float(model.priors[model.classes_.index("BINARY")])
    answers = answers_of_epochs(p, star, prior, correlation_of(model))
    return answers.probability[np.unique(star, return_inverse=True)[1].reshape(-1)]


def _table(rows: BinaryList, answers: _Answers, star: NDArray[np.str_], combined: NDArray[np.float64]) -> pa.Table:
    import pyarrow as pa

    columns: dict[str, Any] = {
        "object_id": star.astype(str), "path": rows.file, "obsid": rows.obsid, "prob_BINARY": answers.probability,
        "prob_star": combined, "snr": answers.snr, "target": np.where(rows.target >= 0, rows.target, np.nan),
        "eclipsing": rows.eclipsing, "rv_difference": rows.rv_difference, "q": rows.q, "status": answers.status,
        "reason": answers.reason,
    }  # fmt: skip
    if "n_visits" in rows.columns:
        columns["n_visits"] = rows.n_visits
    return pa.table({
        key: pa.array(value.tolist(), from_pandas=True) if value.dtype.kind == "f" else pa.array(value.tolist())
        for key, value in columns.items()
    })  # fmt: skip
