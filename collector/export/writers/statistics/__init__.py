"""SPSS system files and Stata datasets, written row by row in bounded memory; docs/export-statistics.md."""
