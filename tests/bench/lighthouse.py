"""What Lighthouse says of the first page and of a questionnaire on an enrolled phone: its mobile settings, its own slowing down."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from collector.settings import PROJECT_ROOT
from tests.bench import forms
from tests.bench.phone import publish
from tests.bench.result import Result
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.volunteer import enrol
from tests.servers import free_port, running_server

CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best_practices"}
NAMES = tuple(f"lighthouse_{page}_{name}" for page in ("home", "form") for name in CATEGORIES.values())
LIGHTHOUSE = PROJECT_ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
#: Lighthouse's own advice: one run says little, the median of several more.
RUNS = 3


def measure_lighthouse() -> Iterator[Result]:
    """Medians of the scores, 0 to 100. What lowers a score is told on the error output."""
    if not LIGHTHOUSE.exists():
        print("Lighthouse is not installed: run `make node_modules/installed` first.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder, running_server("sqlite", Path(folder) / "server") as server:
        form_id = publish(server, forms.small(), "small")
        port = free_port()
        with sync_playwright() as playwright:
            # A profile on the disk: Lighthouse opens a tab of its own in it, and finds the phone enrolled.
            context = playwright.chromium.launch_persistent_context(
                str(Path(folder) / "profile"),
                executable_path=CHROMIUM,
                args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
                locale="zh-CN",
            )
            page = context.pages[0]
            enrol(page, server.enrolment_link("Lighthouse"))
            page.wait_for_function("() => navigator.serviceWorker.controller !== null")
            expect(page.locator("[data-place]").first).to_be_visible()
            page.wait_for_load_state("networkidle")
            page.goto("about:blank")
            for name, path in (("home", "/app/"), ("form", f"/app/new/{form_id}")):
                yield from results(name, [run(port, server.url + path, folder) for _ in range(RUNS)])
            context.close()


def run(port: int, url: str, folder: str) -> dict[str, Any]:
    """One run: Lighthouse's report."""
    report = Path(folder) / "report.json"
    command = ["node", str(LIGHTHOUSE), url, f"--port={port}", "--disable-storage-reset", "--quiet"]
    options = [f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={report}"]
    subprocess.run([*command, *options], check=True, timeout=300)
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def results(page: str, reports: list[dict[str, Any]]) -> Iterator[Result]:
    """The median of each category, after the audits that cost something."""
    for category, name in CATEGORIES.items():
        ranked = sorted(reports, key=lambda report: report["categories"][category]["score"])
        middle = ranked[len(ranked) // 2]
        for audit in middle["categories"][category]["auditRefs"]:
            found = middle["audits"][audit["id"]]
            if audit["weight"] and found["score"] is not None and found["score"] < 0.9:
                print(f"{page}: {found['title']} {found.get('displayValue', '')}".strip(), file=sys.stderr)
        yield Result(
            f"lighthouse_{page}_{name}", round(middle["categories"][category]["score"] * 100), "of 100", len(reports)
        )
