"""The five real plans and their units as plain data files, their loader, and the maker of sample records."""
