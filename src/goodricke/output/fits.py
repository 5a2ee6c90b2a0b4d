"""FITS binary table, with units in TUNIT, UCDs in TUCD and sentences in TCOMM."""

from __future__ import annotations

from goodricke.output.held import HeldRows, to_astropy

__all__ = ["Writer"]


class Writer(HeldRows):
    """Holds the rows and writes them at the end: a FITS header states their number."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io import fits

        table = to_astropy(self.rows())
        for name in table.colnames:
            if table[name].dtype.kind == "U":
                # FITS text is ASCII; a star's name may not be.
                table[name] = [word.encode("ascii", "backslashreplace").decode() for word in table[name]]
        hdu = fits.table_to_hdu(table)
        for k, name in enumerate(table.colnames, start=1):
            ucd = table[name].meta.get("ucd")
            if ucd:
                hdu.header[f"TUCD{k}"] = ucd
        hdu.header["EXTNAME"] = "LIGHTCURVES" if "flux" in table.colnames else "TABLE"
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(self.path)
