"""Targets and progress by place."""
