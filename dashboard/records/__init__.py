"""The pages of records: their list, one record, what changed in it, its workbook."""
