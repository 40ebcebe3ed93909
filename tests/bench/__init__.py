"""Measurements. `make bench` runs them; nothing here passes or fails."""
