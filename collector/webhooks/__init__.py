"""Addresses of other programs that are told of each response that comes in (Standard Webhooks 1.0); docs/webhooks.md."""
