"""VOTable 1.4 (BINARY2), with units, UCDs and descriptions in the fields.

A text that is missing and one that is empty look the same, and so do a number that is missing and NaN. Readers of XML
see the ends of lines in an ``INFO`` as blanks.
"""

from __future__ import annotations

from goodricke.output.held import HeldRows, to_astropy
from goodricke.output.provenance import of_schema

__all__ = ["Writer"]


class Writer(HeldRows):
    """Holds the rows and writes them at the end."""

    def close(self) -> None:
        """Write the file."""
        from astropy.io.votable import from_table
        from astropy.io.votable.converters import get_converter
        from astropy.io.votable.tree import Info

        rows = self.rows()
        table = to_astropy(rows)
        document = from_table(table)
        for k, (name, value) in enumerate(of_schema(rows.schema).items(), start=1):
            # IDs are unique in a document; astropy would take the name, which a column may have too.
            document.resources[0].infos.append(Info(ID=f"provenance_{k}", name=name, value=value))
        for field in document.get_first_table().fields:
            field.ucd = table[field.name].meta.get("ucd")
            if table[field.name].dtype.kind == "b":  # astropy would call it a bit, which cannot be missing
                field.datatype = "boolean"
                field.converter = get_converter(field)
        with self.path.open("wb") as file:
            document.to_xml(file, tabledata_format="binary2")
