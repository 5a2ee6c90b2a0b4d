"""FITS binary table, with units in TUNIT, UCDs in TUCD and sentences in TCOMM."""

from __future__ import annotations

import numpy as np

from goodricke.output.held import HeldRows, to_astropy
from goodricke.output.provenance import fits_values, of_schema

__all__ = ["Writer"]


class Writer(HeldRows):
    """Holds the rows and writes them at the end: a FITS header states their number."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io import fits

        rows = self.rows()
        table = to_astropy(rows)
        for name in table.colnames:
            if table[name].dtype.kind == "U":
                # FITS text is ASCII; a star's name may not be.
                plain = [word.encode("ascii", "backslashreplace").decode() for word in table[name]]
                table[name] = table[name].copy(data=np.array(plain, dtype=str))
        hdu = fits.table_to_hdu(table)
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
