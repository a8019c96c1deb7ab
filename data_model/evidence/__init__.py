"""Photos and files of records: read, made small, attached, shown to those who may see the record."""
