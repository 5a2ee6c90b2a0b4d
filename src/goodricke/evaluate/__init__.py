"""Truth and predictions in, honest figures out."""

from goodricke.evaluate.evaluation import evaluate
from goodricke.evaluate.report import EvaluationOptions, Report

__all__ = ["EvaluationOptions", "Report", "evaluate"]
