"""Tests of the leader's first look."""
