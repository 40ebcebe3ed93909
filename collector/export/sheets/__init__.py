"""Responses -> tables: which go out, in what columns, row by row."""
