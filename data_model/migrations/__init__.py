"""The steps that bring the tables of either database to this version of the program."""
