"""Faults on purpose: phones and a real server, with everything between them and around them breaking.

`kinds` says what can break on the way, `proxy` breaks it, `server` breaks the server's side. `phone` is a phone in Python, written from
docs/sync-protocol.md; `chromium` drives real ones. `ledger` remembers what was finished, `oracle` says what became of it. The tests here
are the short run; `make soak` is the long one (`soak`).
"""
