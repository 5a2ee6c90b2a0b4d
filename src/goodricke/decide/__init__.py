"""From logits to decisions: calibrated probabilities, priors, sets, thresholds, novelty and reasons to abstain."""

from goodricke.decide.abstention import AbstentionLimits, reasons
from goodricke.decide.calibration import Calibration, best_of, fit
from goodricke.decide.conformal import Conformal, fit_conformal, set_names
from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.evidence import combined
from goodricke.decide.morphology import morphology
from goodricke.decide.novelty import Novelty, fit_novelty
from goodricke.decide.prevalence import Prevalence, confusion, estimated_priors, priors_by_confusion
from goodricke.decide.priors import parse_priors, shifted
from goodricke.decide.reliability import Reliability, calibration_error, reliability
from goodricke.decide.thresholds import Threshold, ThresholdTable

__all__ = [
    "AbstentionLimits",
    "Calibration",
    "Conformal",
    "Novelty",
    "Prevalence",
    "Reliability",
    "Threshold",
    "ThresholdTable",
    "best_of",
    "calibration_error",
    "combined",
    "confusion",
    "estimated_priors",
    "fit",
    "fit_conformal",
    "fit_novelty",
    "fit_thresholds",
    "morphology",
    "parse_priors",
    "priors_by_confusion",
    "reasons",
    "reliability",
    "set_names",
    "shifted",
]
