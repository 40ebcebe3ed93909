"""`make audit` goes red for a known weakness and for nothing else. The service that pip-audit asks is one of ours, on this machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.audit.asking import ROOT, Weakness, read_npm, read_pip
from tests.audit.reviewed import read_reviewed, unreviewed

#: As OSV answers of a version of 2010 (GHSA-8r7q-cvjq-x353, mended in 2.7.2), cut down to what pip-audit reads.
KNOWN = {
    "id": "GHSA-8r7q-cvjq-x353",
    "aliases": ["CVE-2014-1402"],
    "details": "Files are made in a folder that everybody may write to.",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.7.2"}]}],
            "versions": ["2.4.1"],
        }
    ],
}


class Service(BaseHTTPRequestHandler):
    """OSV, of one weakness."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = (asked["package"]["name"], asked["version"]) == ("jinja2", "2.4.1")
        body = json.dumps({"vulns": [KNOWN]} if is_known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def service() -> Iterator[str]:
    """The address of such a service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def audit(folder: Path, pins: str, address: str) -> tuple[int, str]:
    """Run the audit over some pins."""
    file = folder / "pins.txt"
    file.write_text(pins)
    command = [sys.executable, "-m", "tests.audit", "--requirements", str(file), "--osv-url", address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_an_old_pin_with_a_known_weakness_makes_it_red(tmp_path: Path) -> None:
    with service() as address:
        status, said = audit(tmp_path, "jinja2==2.4.1\nflask==3.1.3\n", address)
        assert status == 1 and "jinja2 2.4.1: CVE-2014-1402, GHSA-8r7q-cvjq-x353; mended in: 2.7.2" in said
        status, said = audit(tmp_path, "jinja2==3.1.6\nflask==3.1.3\n", address)
        assert status == 0 and "knows 2 packages; 0 weaknesses" in said


def test_a_service_that_cannot_be_asked_is_said_and_is_no_fault(tmp_path: Path) -> None:
    with service() as address:
        pass
    status, said = audit(tmp_path, "jinja2==2.4.1\n", address)
    assert status == 0 and "COULD NOT ASK pip-audit" in said
    assert read_npm('{"message": "405 Method Not Allowed", "statusCode": 405}', "npm error audit endpoint").reason
    assert read_pip("", "ERROR: no route").reason == "ERROR: no route"
    unknown = '{"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]}'
    assert read_pip(unknown, "").reason == "Dependency not found on PyPI"


def test_what_npm_knows_is_read() -> None:
    via = [{"source": 1, "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"}, "another"]
    found = {
        "metadata": {"dependencies": {"total": 9}},
        "vulnerabilities": {"x": {"range": "<2", "via": via, "fixAvailable": True}},
    }
    asked = read_npm(json.dumps(found), "")
    assert (asked.packages, asked.weaknesses) == (9, [Weakness("x", "<2", ("GHSA-aaaa-bbbb-cccc",), "True")])


def test_what_was_looked_at_counts_until_its_day() -> None:
    text = "| `CVE-2014-1402` | `jinja2` | only its bytecode cache, which we do not use | 2026-12-31 |\n| `CVE-1` | `x` | no | 2026-12-31 |"
    weak = [Weakness("jinja2", "2.4.1", ("GHSA-8r7q-cvjq-x353", "CVE-2014-1402"), "2.7.2")]
    assert unreviewed(weak, read_reviewed(text, date(2026, 12, 31))) == []
    assert unreviewed(weak, read_reviewed(text, date(2027, 1, 1))) == weak
    assert unreviewed([Weakness("other", "1", ("CVE-2014-1402",), "")], read_reviewed(text, date(2026, 12, 1)))


def test_every_dependency_is_pinned() -> None:
    """An audit is of what runs: nothing is installed in whatever version there is on that day."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "==" in line, line
    for version in json.loads((ROOT / "package.json").read_text())["devDependencies"].values():
        assert version[0].isdigit(), version
