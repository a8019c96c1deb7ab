"""Tests of the page Tổng quan."""
