"""Reporting periods, the rows of frozen ones, and the lock of an issued one."""
