"""The summary on the terminal: what was read, what was dropped and why, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from goodricke.lightcurves import DROP_REASONS, LightCurves

if TYPE_CHECKING:
    from goodricke.surveys import FileStatus

__all__ = ["StarListing", "Totals", "lined_up", "summary"]

_SHOWN = 20
_SHOWN_SIMILAR = 60


class Totals(Protocol):
    """What a run counted (``goodricke.batch.Gathered``)."""

    n_stars: int
    n_points: int
    bands: dict[str, int]
    spans: list[float]
    dropped: dict[str, int]


class StarListing:
    """The first stars of a run, for a short table."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = []

    def add(self, lcs: LightCurves) -> None:
        """Take in a batch; only the first stars are kept."""
        for star in lcs[: max(0, _SHOWN - len(self.rows))]:
            span = f"{star.time[-1] - star.time[0]:.1f}" if len(star) else "-"
            mags = ", ".join(f"{name} {value:.2f}" for name, value in star.ref_mag.items()) or "-"
            bands = ", ".join(star.bands) or "-"
            self.rows.append((star.object_id, star.survey, f"{len(star):,}", bands, span, str(star.time_frame), mags))


def summary(statuses: Sequence[FileStatus], totals: Totals, listing: StarListing, output: str | None) -> list[str]:
    """Lines for the terminal."""
    lines: list[str] = []
    if listing.rows and output is None:
        lines += lined_up(
            ("star", "survey", "points", "bands", "span/d", "time", "median mag"), listing.rows, right={2, 4}
        )
        if totals.n_stars > len(listing.rows):
            lines.append(f"... and {totals.n_stars - len(listing.rows):,} more stars")
        lines.append("")
    rows = [_survey_row(name, statuses) for name in dict.fromkeys(s.survey for s in statuses if s.status == "ok")]
    if rows:
        lines += [*lined_up(("survey", "files", "points", "dropped while reading"), rows, right={1, 2}), ""]
    counts = {word: sum(s.status == word for s in statuses) for word in ("ok", "failed", "skipped")}
    said = [f"{counts['ok']:,} read"] + [f"{counts[word]:,} {word}" for word in ("failed", "skipped") if counts[word]]
    lines.append(f"{len(statuses):,} file{'s' * (len(statuses) != 1)}: {', '.join(said)}")
    lines += [f"  skipped, no light curve: {s.path}" for s in statuses if s.status == "skipped"][:5]
    lines += [f"  failed: {s.reason}" for s in statuses if s.status == "failed"][:_SHOWN]
    if counts["failed"] > _SHOWN:
        lines.append(f"  ... and {counts['failed'] - _SHOWN:,} more; --report FILE has a row for each")
    if totals.dropped:
        lines.append(f"cleaning removed {_counts(totals.dropped)}")
    if totals.n_stars:
        bands = ", ".join(f"{name} {n:,}" for name, n in sorted(totals.bands.items(), key=lambda item: -item[1])[:12])
        lines.append(
            f"{totals.n_stars:,} star{'s' * (totals.n_stars != 1)}, {totals.n_points:,} points (by band: {bands})"
        )
        if totals.spans:
            low, middle, high = totals.spans
            lines.append(f"time span {low:.4g} to {high:.4g} d, median {middle:.4g} d")
    if output and output != "-" and counts["ok"]:
        lines.append(f"wrote {output}")
    return lines


def _survey_row(name: str, statuses: Sequence[FileStatus]) -> tuple[str, ...]:
    mine = [status for status in statuses if status.survey == name and status.status == "ok"]
    dropped = {reason: sum(status.dropped.get(reason, 0) for status in mine) for reason in DROP_REASONS}
    return name, f"{len(mine):,}", f"{sum(s.n_points for s in mine):,}", _counts(dropped)


def _counts(dropped: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {reason}" for reason, n in dropped.items() if n) or "nothing"


def lined_up(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: set[int]) -> list[str]:
    """Lines of a table: a head and rows, the columns `right` to the right."""
    cells = [head, *rows]
    widths = [int(np.max([len(row[k]) for row in cells])) for k in range(len(head))]
    return [
        "  ".join(
            f"{word:>{w}}" if k in right else f"{word:{w}}" for k, (word, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def period_lines(table: pa.Table, output: str | None) -> list[str]:
    """A short table of periods (the layout of ``Periods.to_arrow``) for the terminal."""
    rows = []
    for row in table.slice(0, _SHOWN).to_pylist():
        others = [row[f"period_days_{k}"] for k in range(2, 6)]
        said = (
            ", ".join(f"{days:.6g}" for days in others if days is not None) if row["status"] == "ok" else row["reason"]
        )
        number = "-" if row["period_days"] is None else f"{row['period_days']:.7g}"
        chance = "-" if row["period_probability"] is None else f"{row['period_probability']:.2f}"
        rows.append((row["object_id"], row["survey"], number, chance, said))
    lines = lined_up(("star", "survey", "period/d", "prob", "other periods"), rows, right={2, 3})
    if table.num_rows > len(rows):
        lines.append(f"... and {table.num_rows - len(rows):,} more stars")
    failed = sum(word == "failed" for word in table.column("status").to_pylist())
    lines += ["", f"{table.num_rows - failed:,} of {table.num_rows:,} stars have a period"]
    return [*lines, f"wrote {output}"] if output else lines


def prediction_lines(table: pa.Table, output: str | None) -> list[str]:
    """A short table of predictions (``Predictions.table``) and counts of the classes, for the terminal."""
    rows = []
    for row in table.slice(0, _SHOWN).to_pylist():
        failed = row["status"] == "failed"
        rows.append(
            (
                row["object_id"],
                "-" if failed else row["label"],
                "-" if failed else f"{row['probability']:.3f}",
                "-" if row["period_days"] is None else f"{row['period_days']:.7g}",
                "-" if failed else row["prediction_set"] or "",
                row["status"],
                row["reason"],
            )
        )
    lines = lined_up(("star", "class", "prob", "period/d", "one of (95%)", "status", "reason"), rows, right={2, 3})
    if table.num_rows > len(rows):
        lines.append(f"... and {table.num_rows - len(rows):,} more stars")
    status, label = (np.array(table.column(name).to_pylist(), dtype=object) for name in ("status", "label"))
    names, counts = np.unique(label[status == "ok"].astype(str), return_counts=True)
    told = ", ".join(f"{n:,} {name}" for n, name in sorted(zip(counts.tolist(), names.tolist(), strict=True))[::-1])
    lines += ["", f"{np.sum(status == 'ok'):,} of {table.num_rows:,} stars classified" + (f": {told}" if told else "")]
    for word in ("abstained", "failed"):
        if (status == word).any():
            lines.append(f"{np.sum(status == word):,} {word}: see the column reason")
    return [*lines, f"wrote {output}"] if output else lines


def similar_lines(table: pa.Table, output: str | None) -> list[str]:
    """A short table of stars and those like them (``goodricke.line.neighbours``) for the terminal."""
    rows = []
    for row in table.slice(0, _SHOWN_SIMILAR).to_pylist():
        cells = [row["query_id"], "-", "-", row["reason"], "", "", "", "", ""]
        if row["status"] == "ok":
            cells = [
                row["query_id"],
                str(row["rank"]),
                f"{row['distance']:.4g}",
                row["object_id"],
                row.get("survey") or "",
                row.get("label") or "-",
                *(_number(row.get(name), digits) for name, digits in (("period_days", 7), ("ra", 8), ("dec", 8))),
            ]
        rows.append(tuple(cells))
    head = ("like", "rank", "distance", "star", "survey", "class", "period/d", "ra", "dec")
    lines = lined_up(head, rows, right={1, 2, 6, 7, 8})
    if table.num_rows > len(rows):
        lines.append(f"... and {table.num_rows - len(rows):,} more rows")
    return [*lines, f"wrote {output}"] if output else lines


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None or not np.isfinite(value) else f"{value:.{digits}g}"
