"""VOTable 1.4 (BINARY2), with units, UCDs and descriptions in the fields."""

from __future__ import annotations

from goodricke.output.held import HeldRows, to_astropy
from goodricke.output.provenance import of_schema

__all__ = ["Writer"]


class Writer(HeldRows):
    """Holds the rows and writes them at the end."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io.votable import from_table
        from astropy.io.votable.tree import Info

        rows = self.rows()
        table = to_astropy(rows)
        document = from_table(table)
        for name, value in of_schema(rows.schema).items():
            document.resources[0].infos.append(Info(name=name, value=value))
        for field in document.get_first_table().fields:
            field.ucd = table[field.name].meta.get("ucd")
        with self.path.open("wb") as file:
            document.to_xml(file, tabledata_format="binary2")
