"""The engine's own cases, which Node and the server's host run too, in Chromium."""

import json
from pathlib import Path

from playwright.sync_api import Browser

from tests.engine.vectors_browser import run_vectors

CASES = Path(__file__).parents[1] / "engine" / "cases"


def test_every_case_gives_the_same_in_chromium(browser: Browser) -> None:
    vectors = [case for path in sorted(CASES.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))]
    outcomes = run_vectors(browser, vectors)
    failed = [
        f"{case['expr']} gives {outcome}"
        for case, outcome in zip(vectors, outcomes, strict=True)
        if outcome is not None
    ]
    assert len(vectors) > 100
    assert failed == []
