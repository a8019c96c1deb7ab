"""Tests of data_model/core."""
