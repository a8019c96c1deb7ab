"""Recommendations followed up until somebody else confirms them."""
