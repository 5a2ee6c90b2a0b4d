"""File containers (FITS, text tables, Parquet, Avro, VOTable): bytes to columns, with no knowledge of surveys."""
