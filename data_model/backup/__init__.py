"""Copies of the whole database, made while people work and proved to hold what they say."""
