"""IN: one file per survey format, one table of them, and the reader that uses it."""

from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import FileStatus, read, scan
from goodricke.surveys.table import SURVEYS, SurveyRow, find, recognise, rows

__all__ = ["SURVEYS", "FileStatus", "ReadOptions", "SurveyRow", "find", "read", "recognise", "rows", "scan"]
