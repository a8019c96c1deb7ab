"""Tổng quan: one page that answers how a plan stands, where it lags and why, what waits, what moved."""
