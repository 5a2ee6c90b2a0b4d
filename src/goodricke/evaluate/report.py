"""What an evaluation is asked, and what it says."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["USUAL_PROPERTIES", "EvaluationOptions", "Report"]

USUAL_PROPERTIES = ("n_points", "span_days", "snr", "amplitude", "mag", "vmag")
"""Columns that figures are broken down by when nothing else is asked."""


@dataclass(frozen=True)
class EvaluationOptions:
    """What a user can ask of `evaluate`."""

    view: str = "4class"
    """Groups in which truth and predictions are compared: a key of ``goodricke.labels.VIEWS``."""
    catalogue: str = ""
    """Whose words the truth uses: a key of ``goodricke.labels.CATALOGUES``."""
    label: str = ""
    """Column of the truth; empty for ``label``, else ``label_mapped``."""
    by: tuple[str, ...] = ()
    """Properties to break the figures down by; empty for those of `USUAL_PROPERTIES` that there are."""
    n_resamples: int = 1000
    """Bootstrap resamples of the stars."""
    seed: int = 0
    """Of the bootstrap and of the random baseline."""


@dataclass(frozen=True)
class Report:
    """Every figure of an evaluation, as plain dicts and lists that JSON holds.

    Parameters
    ----------
    about : dict
        Options, groups, number of stars; the caller adds files, version and command.
    counts : dict
        What was matched and what was left out.
    notes : list of str
        What a reader should know, in sentences.
    models : dict
        Model -> ``scopes``, ``confusion``, ``reliability``, ``risk_coverage``, ``precision_recall``, ``breakdown``,
        ``periods``.
    differences : dict
        Other model -> metric -> first model minus the other, with the interval of the paired bootstrap.
    """

    about: dict[str, Any]
    counts: dict[str, Any]
    notes: list[str]
    models: dict[str, dict[str, Any]]
    differences: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The same as one dict."""
        return asdict(self)
