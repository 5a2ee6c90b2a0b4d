"""OUT: tables in five formats, the summary, and plots."""

from goodricke.output.tables import LightCurveFile, write, write_rows, write_table

__all__ = ["LightCurveFile", "write", "write_rows", "write_table"]
