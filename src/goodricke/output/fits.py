"""FITS binary table, with units in TUNIT, UCDs in TUCD and sentences in TCOMM.

FITS text is printable ASCII: other letters are written as in ``\\u03b2``. Missing whole numbers are those of ``TNULL``,
missing true or false is a zero byte, which astropy shows as false, with a warning, or as it is when asked for
``logical_as_bytes``. A text that is missing and one that is empty look
the same, and so do a number that is missing and NaN.
"""

from __future__ import annotations

import re

import numpy as np

from goodricke.output.held import HeldRows, to_astropy
from goodricke.output.provenance import fits_values, of_schema

__all__ = ["ESCAPED", "Writer"]

ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""A letter as FITS output spells it when it is not in ASCII."""
_UNPRINTABLE = re.compile(r"[^ -~]")


class Writer(HeldRows):
    """Holds the rows and writes them at the end: a FITS header states their number."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io import fits

        rows = self.rows()
        table = to_astropy(rows)
        for name in table.colnames:
            if table[name].dtype.kind == "U":
                plain = [_printable(word) for word in table[name]]
                table[name] = table[name].copy(data=np.array(plain, dtype=str))
        hdu = fits.table_to_hdu(table)
        for name in table.colnames:
            if table[name].dtype.kind == "b" and hasattr(table[name], "mask"):
                hdu.data.view(np.ndarray)[name][table[name].mask] = 0
        for k, name in enumerate(table.colnames, start=1):
            ucd = table[name].meta.get("ucd")
            if ucd:
                hdu.header[f"TUCD{k}"] = ucd
            if table[name].description:
                hdu.header[f"TCOMM{k}"] = table[name].description
        hdu.header["EXTNAME"] = "LIGHTCURVES" if "flux" in table.colnames else "TABLE"
        for key, value in fits_values(of_schema(rows.schema)).items():
            hdu.header[key] = value
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(self.path)


def _printable(word: str) -> str:
    """The word in printable ASCII; a backslash that would be taken for an escape is escaped itself."""
    if word.isascii() and word.isprintable() and "\\" not in word:
        return word
    word = ESCAPED.sub(lambda m: rf"\x5c{m[0][1:]}", word)
    return _UNPRINTABLE.sub(_escape, word)


def _escape(letter: re.Match[str]) -> str:
    code = ord(letter[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
