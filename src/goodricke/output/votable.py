"""VOTable 1.4 (BINARY2), with units, UCDs and descriptions in the fields."""

from __future__ import annotations

from goodricke.output.held import HeldRows, to_astropy

__all__ = ["Writer"]


class Writer(HeldRows):
    """Holds the rows and writes them at the end."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io.votable import from_table

        table = to_astropy(self.rows())
        document = from_table(table)
        for field in document.get_first_table().fields:
            field.ucd = table[field.name].meta.get("ucd")
        with self.path.open("wb") as file:
            document.to_xml(file, tabledata_format="binary2")
