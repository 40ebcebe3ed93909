"""Answers that are erased on request or after their time, with the counts kept; docs/privacy.md."""
