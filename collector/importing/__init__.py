"""Responses in: exports of other servers, and of Collector, read and taken in through intake (docs/importing.md)."""
