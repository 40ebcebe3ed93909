"""Runs expression vectors in Chromium: `python tests/engine/vectors_browser.py FILE.jsonl`."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
#: No server stands behind it: every file comes from this checkout.
ORIGIN = "http://engine.test"
RUN = """async (vectors) => {
  const { runVector } = await import('/tests/engine/vectors.js')
  const host = {
    now: () => Date.now(),
    offset: (ms) => -new Date(ms).getTimezoneOffset(),
    random: Math.random,
    uuid: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16)),
  }
  return vectors.map((vector) => runVector(vector, host))
}"""


def serve_file(route: Route) -> None:
    """Answer with a file of the checkout, or the empty page that the modules run in."""
    path = ROOT / route.request.url.removeprefix(ORIGIN).lstrip("/")
    if path.is_file():
        route.fulfill(body=path.read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>Vectors</title>", content_type="text/html")


def run_vectors(browser: Browser, vectors: list[dict[str, Any]]) -> list[str | None]:
    """Run vectors, each in a page whose clock is in its time zone; None where one passes, else what came instead."""
    by_zone: dict[str, list[int]] = defaultdict(list)
    for index, vector in enumerate(vectors):
        by_zone[vector.get("tz") or "UTC"].append(index)
    outcomes: list[str | None] = [None] * len(vectors)
    for zone, indexes in by_zone.items():
        context = browser.new_context(timezone_id=zone)
        context.route("**/*", serve_file)
        page = context.new_page()
        page.goto(ORIGIN)
        for index, outcome in zip(indexes, page.evaluate(RUN, [vectors[index] for index in indexes]), strict=True):
            outcomes[index] = outcome
        context.close()
    return outcomes


def main(path: str) -> int:
    """Run a file, print a line for each failure and at last the counts."""
    vectors = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        outcomes = run_vectors(browser, vectors)
        browser.close()
    for vector, outcome in zip(vectors, outcomes, strict=True):
        if outcome is not None:
            print(f"{vector['id']}: {vector['expr']} gives {outcome}, not {json.dumps(vector['expect'])}")
    failed = sum(outcome is not None for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
