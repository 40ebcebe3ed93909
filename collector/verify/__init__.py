"""Holding database, files and journal against each other: `collector verify`."""
