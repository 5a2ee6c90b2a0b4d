"""An evaluation as sections: what Markdown, HTML and the terminal all show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from goodricke.evaluate import Report
from goodricke.evaluate.answers import SCOPES
from goodricke.evaluate.metrics import CLASS_METRICS, METRICS
from goodricke.output.report_blocks import Block, Section, shown
from goodricke.output.report_periods import period_section

__all__ = ["headline", "sections"]

_HEADLINE = ("accuracy", "balanced_accuracy", "macro_f1", "macro_average_precision", "ece", "aurc")
_PROBABILITIES = ("brier", "log_loss", "ece", "ece_classwise", "top2")
_SETS = ("set_coverage", "set_size")
_SCOPE_METRICS = ("accuracy", "balanced_accuracy", "macro_f1", "weighted_f1", "ece", "brier")


def headline(report: Report) -> Block:
    """One row per model, with the metrics that people ask for first."""
    keys = [key for key in _HEADLINE if any(key in found["scopes"]["all"] for found in report.models.values())]
    rows = [(name, *(shown(found["scopes"]["all"].get(key)) for key in keys)) for name, found in report.models.items()]
    return Block(("model", *(_arrow(key) for key in keys)), tuple(rows))


def sections(report: Report) -> list[Section]:
    """All sections, those without content left out."""
    first = report.models[report.about["given"][0]]
    found = [_summary(report), _compared(report), _scopes(report), _classes(report), _confusion(report)]
    if "reliability" in first:
        found += [_probabilities(report), _lists(report)]
    found.append(_risk(report))
    if first.get("breakdown"):
        found.append(_breakdown(report))
    found.append(_differences(report))
    if any("periods" in report.models[name] for name in report.about["given"]):
        found.append(Section("Periods", *period_section(report)))
    return [*found, _glossary()]


def _arrow(key: str) -> str:
    metric = METRICS.get(key) or CLASS_METRICS[key]
    return f"{metric.title} {'↑' if metric.more_is_better else '↓'}"


def _summary(report: Report) -> Section:
    about = report.about
    name = about["given"][0]
    best = report.models[name]["scopes"]["all"]
    text = (
        f"{name} names the right class of {about['n_rows']:,} stars in the view {about['view']} with accuracy "
        f"{shown(best['accuracy'])} and macro F1 {shown(best['macro_f1'])}. "
        f"Brackets are 95% intervals from {about['n_resamples']:,} bootstrap resamples (seed {about['seed']}). "
        "Arrows say which way is better."
    )
    return Section("Summary", (text, *(f"Note: {note}." for note in report.notes)), (headline(report),))


def _compared(report: Report) -> Section:
    counts = dict(report.counts)
    words = {"ambiguous": counts.pop("ambiguous"), "unknown": counts.pop("unknown")}
    titles = {
        "predictions": "rows of predictions", "truth": "rows of truth", "compared": "rows compared",
        "predictions_without_truth": "predictions without a truth",
        "truth_without_predictions": "truth without predictions",
        "contradicting_truth": "rows whose truth contradicts itself",
    }  # fmt: skip
    rows = [(titles.get(key, key.replace("_", " ", 2)), f"{n:,}") for key, n in counts.items()]
    tables = [Block(("what", "count"), tuple(rows))]
    if files := report.about.get("files"):
        tables.insert(0, Block(
            ("table", "file", "rows", "SHA-256"),
            tuple((role, f["name"], f"{f['rows']:,}", f["sha256"]) for role, f in files.items()),
        ))  # fmt: skip
    says = {
        "ambiguous": "Words of the truth that may mean several classes of this view (left out):",
        "unknown": "Words of the truth that name no class (left out):",
    }
    for key, left in words.items():
        if left:
            ordered = sorted(left.items(), key=lambda item: -item[1])
            tables.append(Block(("word", "stars"), tuple((word, f"{n:,}") for word, n in ordered), says[key]))
    command = report.about.get("command")
    text = (f"goodricke {report.about['goodricke']}: `{command}`",) if command else ()
    return Section("What was compared", text, tuple(tables))


def _scopes(report: Report) -> Section:
    rows, reasons = [], []
    for name in report.about["given"]:
        found = report.models[name]
        for scope, scores in found["scopes"].items():
            rows.append((name, scope, f"{scores['n']:,}", *(shown(scores.get(key)) for key in _SCOPE_METRICS)))
        reasons += [(name, row["status"], row["reason"] or "–", f"{row['n']:,}") for row in found.get("reasons", [])]
    counts = [
        (name, *(f"{report.models[name]['statuses'][word]:,}" for word in ("ok", "abstained", "failed")))
        for name in report.about["given"]
    ]
    tables = [
        Block(("model", "decided", "abstained", "failed"), tuple(counts)),
        Block(("model", "stars", "n", *(_arrow(key) for key in _SCOPE_METRICS)), tuple(rows)),
    ]
    if reasons:
        tables.append(Block(("model", "status", "reason", "stars"), tuple(reasons), "The most frequent reasons:"))
    text = "; ".join(f"*{scope}*: {says}" for scope, says in SCOPES.items())
    return Section(
        "Failed and abstaining stars", (f"{text}. Rows that would repeat another are left out.",), tuple(tables)
    )


def _classes(report: Report) -> Section:
    tables = []
    for name in report.about["given"]:
        classes = report.models[name]["scopes"]["all"]["classes"]
        keys = [key for key in CLASS_METRICS if key in next(iter(classes.values()))]
        rows = [
            (group, f"{report.about['support'][group]:,}", *(shown(found[key]) for key in keys))
            for group, found in classes.items()
        ]
        tables.append(
            Block(("class", "true stars", *(CLASS_METRICS[key].title for key in keys)), tuple(rows), f"{name}:")
        )
    return Section("Classes", (), tuple(tables), (("class_f1", "F1 of every class with 95% intervals."),))


def _confusion(report: Report) -> Section:
    groups = report.about["groups"]
    name = report.about["given"][0]
    matrix = report.models[name]["confusion"]
    failed = any(row[-1] for row in matrix)
    head = ("true class", *groups, *(("no answer",) if failed else ()))
    rows = [
        (group, *(f"{n:,}" for n in (row if failed else row[:-1])))
        for group, row in zip(groups, matrix, strict=True)
        if sum(row)
    ]
    caption = f"Confusion matrix of {name}: colour and percentage are shares of the true class (rows add up to 100%)."
    return Section("Confusion", (), (Block(head, tuple(rows)),), (("confusion", caption),))


def _probabilities(report: Report) -> Section:
    models = {name: found["scopes"]["all"] for name, found in report.models.items() if "reliability" in found}
    keys = [key for key in _PROBABILITIES if any(key in scores for scores in models.values())]
    rows = [
        (name, *(shown(scores.get(key)) for key in keys),
         "{mean:.3f} (95%: {limit:.3f})".format(**report.models[name]["ece_of_perfect"]))
        for name, scores in models.items()
    ]  # fmt: skip
    text = (
        "An estimated calibration error is never 0, since counts scatter: the last column is what a perfectly "
        "calibrated model with the same confidences would show. Bootstrap intervals of ECE lean to larger values "
        "for the same reason."
    )
    caption = (
        "Reliability: share of right labels against claimed confidence in 15 bins of equal counts, with Wilson 95% "
        "intervals; below, how often each confidence is claimed."
    )
    head = ("model", *(_arrow(key) for key in keys), "ECE of a perfect model")
    tables = [Block(head, tuple(rows))]
    with_sets = {name: scores for name, scores in models.items() if "set_size" in scores}
    if with_sets:
        rows = [(name, *(shown(scores[key]) for key in _SETS)) for name, scores in with_sets.items()]
        tables.append(Block(("model", *(_arrow(key) for key in _SETS)), tuple(rows), "Prediction sets:"))
    return Section("Calibration", (text,), tuple(tables), (("reliability", caption),))


def _lists(report: Report) -> Section:
    rows = [
        (name, shown(scores.get("macro_average_precision")), shown(scores.get("macro_roc_auc")))
        for name, scores in ((name, found["scopes"]["all"]) for name, found in report.models.items())
    ]
    caption = "Precision (purity) against recall (completeness) as the threshold on the probability of a class falls."
    head = ("model", _arrow("macro_average_precision"), _arrow("macro_roc_auc"))
    return Section("Lists of candidates", (), (Block(head, tuple(rows)),), (("precision_recall", caption),))


def _risk(report: Report) -> Section:
    rows = []
    for name in report.about["given"]:
        curve = report.models[name]["risk_coverage"]
        at = [_risk_at(curve, kept) for kept in (0.5, 0.7, 0.8, 0.9, 0.95, 1.0)]
        rows.append((name, shown(report.models[name]["scopes"]["all"]["aurc"]), *(f"{risk:.3f}" for risk in at)))
    head = ("model", _arrow("aurc"), *(f"surest {kept}%" for kept in (50, 70, 80, 90, 95, 100)))
    text = (
        "Share of errors when only the surest stars are kept. Abstaining stars come last, then failed ones, as errors."
    )
    caption = "Risk against coverage with 95% bands; the mark is where a model stops deciding."
    return Section("Risk and coverage", (text,), (Block(head, tuple(rows)),), (("risk_coverage", caption),))


def _risk_at(curve: Mapping[str, Sequence[float]], kept: float) -> float:
    nearest = min(range(len(curve["coverage"])), key=lambda k: abs(curve["coverage"][k] - kept))
    return float(curve["risk"][nearest])


def _breakdown(report: Report) -> Section:
    given = report.about["given"]
    tables, pictures = [], []
    for word in report.models[given[0]]["breakdown"]:
        rows = [
            (name, f"{row['low']:.4g} – {row['high']:.4g}", f"{row['n']:,}", f"{row['decided']:.1%}",
             *(shown(row[key]) for key in ("accuracy", "balanced_accuracy", "macro_f1")))
            for name in given
            for row in report.models[name]["breakdown"][word]["bins"]
        ]  # fmt: skip
        unknown = report.models[given[0]]["breakdown"][word]["unknown"]
        says = f"By {word}" + (f" (unknown for {unknown:,} stars):" if unknown else ":")
        head = ("model", word, "stars", "decided", "accuracy", "balanced accuracy", "macro F1")
        tables.append(Block(head, tuple(rows), says))
        pictures.append((f"by_{word}", f"Accuracy and macro F1 against {word}, in bins of equal counts."))
    text = "Bins hold equal counts, at least 30 stars each. Macro F1 of a bin is over the classes that it has."
    return Section("What it depends on", (text,), tuple(tables), tuple(pictures))


def _differences(report: Report) -> Section:
    name = report.about["given"][0]
    keys = list(dict.fromkeys(key for found in report.differences.values() for key in found))
    rows = [
        (other, *(f"{shown(found.get(key))}{_verdict(found.get(key))}" for key in keys))
        for other, found in report.differences.items()
    ]
    text = (
        f"{name} minus each other model on the same resamples of the same stars (paired). "
        "+ means that it is surely better (the interval leaves out 0), − that it is surely worse."
    )
    return Section("Differences", (text,), (Block((f"{name} minus", *(_arrow(key) for key in keys)), tuple(rows)),))


def _verdict(difference: Mapping[str, Any] | None) -> str:
    if not difference or difference["low"] is None or difference["low"] <= 0 <= difference["high"]:
        return ""
    return " +" if (difference["value"] > 0) == difference["more_is_better"] else " −"


def _glossary() -> Section:
    rows = [(metric.title, metric.says) for metric in (*METRICS.values(), *CLASS_METRICS.values())]
    return Section("What the figures mean", (), (Block(("figure", "meaning"), tuple(rows)),))
