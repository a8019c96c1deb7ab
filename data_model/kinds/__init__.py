"""The record kinds, one file each: adding a kind is adding one file here."""
