"""A file of each format, from sheets."""
