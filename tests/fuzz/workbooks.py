"""Spoiled workbooks: through the upload of the office, and through `collector form check`."""

import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from collector.settings import PROJECT_ROOT
from tests.conftest import HOUSEHOLD, PASSWORD
from tests.faults.server import FragileServer
from tests.fuzz.mutations import ODD_TEXTS
from tests.fuzz.seeds import BOUNDARY, multipart
from tests.fuzz.target import OWNER_LOGIN
from tests.workbooks import make_workbook

#: An answer that takes longer is a fault.
LIMIT_S = 10.0
#: Of how many workbooks `collector form check` reads at a time.
BATCH = 100
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

RICH = """
| survey   |
|          | type                  | name    | label::English (en) | label::中文 (zh) | required | relevant          | constraint       | calculation        | choice_filter  | repeat_count | appearance | default  | media::image |
|          | start                 | start   |                     |                  |          |                   |                  |                    |                |              |            |          |              |
|          | text                  | place   | Community           | 社区             | yes      |                   | regex(., '^C')   |                    |                |              |            | C01      | a.png        |
|          | select_one area       | area    | Area                | 区               |          |                   |                  |                    |                |              | minimal    |          |              |
|          | select_multiple what  | what    | What                | 什么             |          | ${area} = 'a'     |                  |                    | area = ${area} |              |            |          |              |
|          | begin group           | g       | Group               | 组               |          | selected(${what}, 'x') |             |                    |                |              | field-list |          |              |
|          | integer               | n       | Number of ${place}  | 数               |          |                   | . > 0 and . < 30 |                    |                |              |            | 3        |              |
|          | end group             |         |                     |                  |          |                   |                  |                    |                |              |            |          |              |
|          | begin repeat          | r       | Rows                | 行               |          |                   |                  |                    |                | ${n}         |            |          |              |
|          | decimal               | d       | Decimal             | 小数             |          |                   |                  |                    |                |              |            |          |              |
|          | calculate             | c       |                     |                  |          |                   |                  | sum(${d}) + position(..) |          |              |            |          |              |
|          | end repeat            |         |                     |                  |          |                   |                  |                    |                |              |            |          |              |
|          | geopoint              | where   | Where               | 哪里             |          |                   |                  |                    |                |              |            |          |              |
|          | select_one_from_file p.csv | person | Person          | 人               |          |                   |                  |                    | x = ${place}   |              |            |          |              |
| choices  |
|          | list_name | name | label::English (en) | label::中文 (zh) | area |
|          | area      | a    | A                   | 甲               |      |
|          | area      | b    | B                   | 乙               |      |
|          | what      | x    | X                   | 某               | a    |
|          | what      | y    | Y                   | 另               | b    |
| settings |
|          | form_title | form_id | version | default_language | instance_name        | style |
|          | Rich       | rich    | 1       | English (en)     | concat(${place},'-') | pages |
"""
WORDS = [
    "begin group", "end group", "begin repeat", "end repeat", "select_one nowhere", "select_one_from_file ../../x.csv", "calculate", "xml-external",
    "${place}", "${nobody}", "${", "}", "${${place}}", "sum(${d})", "1 div 0", "'", "((((", "-" * 300, "a" * 40_000, "1" * 400, "pulldata('a','b','c',1)",
    "&amp;<b>", "]]>", "jr://images/../../x", "concat(" * 80 + ")" * 80, "indexed-repeat(${d}, ${r}, 1)", "\u202e", "\ufeff", "１", "once(random())",
    "form_id", "name", "label", "type", "bind::x", "instance::id", "label::", "body::accuracyThreshold", "settings",
]  # fmt: skip


@dataclass
class Books:
    """Counts of a run."""

    checked: int = 0
    uploaded: int = 0
    accepted: int = 0
    slowest_s: float = 0.0
    faults: list[str] = field(default_factory=list)


@cache
def good_books() -> tuple[bytes, ...]:
    """Workbooks as they should be: two of tests, and those of the sample survey."""
    samples = sorted((PROJECT_ROOT / "collector" / "sample" / "forms").glob("*.xlsx"))
    return (make_workbook(HOUSEHOLD), make_workbook(RICH), *(path.read_bytes() for path in samples[:1]))


def spoiled_book(seed: int, number: int) -> bytes:
    """The workbook with that number: always the same."""
    source = Random(f"book {seed}:{number}")
    book = source.choice(good_books())
    kind = source.random()
    if kind < 0.15:
        return spoil_bytes(book, source)
    if kind < 0.45:
        return spoil_parts(book, source, spoil_xml)
    return spoil_parts(book, source, spoil_cells)


def spoil_bytes(book: bytes, source: Random) -> bytes:
    """The archive itself: bits, its end, noise in its directory."""
    content = bytearray(book)
    for _ in range(source.randint(1, 6)):
        at = (
            source.randrange(len(content))
            if source.random() < 0.5
            else source.randrange(max(0, len(content) - 900), len(content))
        )
        content[at] ^= 1 << source.randrange(8)
    return bytes(content[: source.randint(1, len(content))] if source.random() < 0.3 else content)


def spoil_parts(book: bytes, source: Random, spoil: Callable[[bytes, Random], bytes]) -> bytes:
    """The archive packed anew with another content of one or two parts; now and then a part is lost, doubled or misnamed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    sheets = [
        at
        for at, (name, _) in enumerate(parts)
        if "sheet" in name.lower() or "sharedStrings" in name or "workbook" in name
    ]
    for at in source.sample(sheets, min(len(sheets), source.randint(1, 2))):
        parts[at] = (parts[at][0], spoil(parts[at][1], source))
    kind = source.random()
    if kind < 0.03:
        parts.pop(source.randrange(len(parts)))
    elif kind < 0.06:
        parts.append(source.choice(parts))
    elif kind < 0.09:
        parts.append(
            (
                source.choice(["../../x.xml", "/etc/x", "xl/worksheets/sheet1.xml", "a" * 300, "\u202e.xml"]),
                source.randbytes(50),
            )
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", source.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return packed.getvalue()


def spoil_xml(content: bytes, source: Random) -> bytes:
    """The XML of a part: bits, elements, numbers of shared texts, a document type, depth."""
    tags = list(re.finditer(rb"<[^>]{1,300}>", content))
    kind = source.randrange(8)
    if kind == 0 or not tags:
        at = source.randrange(max(1, len(content)))
        return content[:at] + source.randbytes(3) + content[at + source.randint(0, 3) :]
    tag = source.choice(tags)
    before, after = content[: tag.start()], content[tag.end() :]
    if kind == 1:
        return before + after
    if kind == 2:
        return before + tag[0] * source.choice([2, 2000]) + after
    if kind == 3:
        return re.sub(
            rb"<v>\d+</v>", b"<v>%d</v>" % source.choice([-1, 10**9, 10**30]), content, count=source.randint(1, 5)
        )
    if kind == 4:
        return before + b'<!DOCTYPE x [<!ENTITY e "' + b"e" * 999 + b'">]>' + tag[0] + b"&e;" + after
    if kind == 5:
        return before + b"<a>" * 3000 + tag[0] + b"</a>" * 3000 + after
    if kind == 6:
        odd = source.choice([b'"A1:XFD1048576"', b'"ZZZZ99999999"', b'"-1"', b'""', b'"n"', b'"d"', b'"e"'])
        return re.sub(rb'"[A-Z]+\d+"|"inlineStr"|"s"', odd, content, count=source.randint(1, 9))
    return before + tag[0].replace(b">", source.choice([b"/>", b' x="1">', b' r="XFD1">']), 1) + after


def spoil_cells(content: bytes, source: Random) -> bytes:
    """Texts in cells: those of other cells, words of the form language, odd ones; rows doubled or lost."""
    texts = list(re.finditer(rb"(<t[^>]*>)([^<]*)(</t>)", content))
    rows = list(re.finditer(rb"<row .*?</row>", content, re.DOTALL))
    if rows and source.random() < 0.3:
        row = source.choice(rows)
        return content[: row.start()] + row[0] * source.choice([0, 2, 300]) + content[row.end() :]
    for _ in range(source.randint(1, 6)):
        if not texts:
            return content
        text = source.choice(texts)
        new = source.choice([*WORDS, *ODD_TEXTS, source.choice(texts)[2].decode()])
        safe = (
            "".join(character for character in new if character.isprintable())
            .replace("&", "&amp;")
            .replace("<", "&lt;")
        )
        content = content.replace(text[0], text[1] + safe.encode("utf-8", "ignore") + text[3], 1)
    return content


class Desk:
    """The owner's browser at the page that takes workbooks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        token = self.token_of(self._get("/office/sign-in"))
        data = urlencode({"csrf_token": token, "login": OWNER_LOGIN, "password": PASSWORD}).encode()
        self.opener.open(f"{url}/office/sign-in", data, timeout=60)
        self.token = self.token_of(self._get("/office/questionnaires"))

    def upload(self, content: bytes) -> tuple[int, str]:
        """Upload a workbook; gives status and page."""
        token = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'.encode()
        body = token + multipart([("workbook", "form.xlsx", MIME, content)])
        request = Request(
            f"{self.url}/office/questionnaires", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        )
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")

    def _get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    @staticmethod
    def token_of(page: str) -> str:
        """The token against forged forms in a page."""
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert found, page[:500]
        return found[1]


def run_workbooks(
    server: FragileServer,
    folder: Path,
    seed: int,
    count: int,
    tell: Callable[[str], None],
    is_enough: Callable[[], bool],
) -> Books:
    """Upload and check so many workbooks, or fewer where that `is_enough`."""
    books = Books()
    folder.mkdir()
    desk = Desk(server.url) if count else None
    for begin in range(0, count, BATCH):
        if is_enough():
            break
        numbers = range(begin, min(begin + BATCH, count))
        paths = [folder / f"{number}.xlsx" for number in numbers]
        for number, path in zip(numbers, paths, strict=True):
            path.write_bytes(spoiled_book(seed, number))
        found = check_files(server, paths, books)
        assert desk is not None
        for number, path in zip(numbers, paths, strict=True):
            upload(desk, number, path, found, books)
            path.unlink()
        tell(f"{books.checked} workbooks, {books.accepted} accepted, faults {len(books.faults)}")
    return books


def check_files(server: FragileServer, paths: list[Path], books: Books) -> dict[str, bool]:
    """What `collector form check` says of each file: whether it is right."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "collector", "form", "check", "--json", *map(str, paths)]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=server.environ, capture_output=True, text=True, check=False)
    seconds = (time.monotonic() - begun) / len(paths)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    books.checked += len(lines)
    if done.returncode not in (0, 1) or len(lines) != len(paths) or "Traceback" in done.stderr:
        books.faults.append(
            f"form check ended with {done.returncode} after {len(lines)} of {len(paths)}: {done.stderr[-400:]}"
        )
    if seconds > LIMIT_S:
        books.faults.append(f"form check took {seconds:.1f} s a workbook")
    for line in lines:
        for finding in (*line["errors"], *line["warnings"]):
            if not finding["message"] or "Traceback" in finding["message"]:
                books.faults.append(f"{line['file']}: {finding}")
    return {line["file"]: line["ok"] for line in lines}


def upload(desk: Desk, number: int, path: Path, found: dict[str, bool], books: Books) -> None:
    """Upload one, and hold the answer against what the check said."""
    begun = time.monotonic()
    status, page = desk.upload(path.read_bytes())
    seconds = time.monotonic() - begun
    books.uploaded += 1
    books.slowest_s = max(books.slowest_s, seconds)
    is_taken = status == 200
    books.accepted += is_taken
    if seconds > LIMIT_S:
        books.faults.append(f"workbook {number}: the upload took {seconds:.1f} s")
    if status not in (200, 400):
        books.faults.append(f"workbook {number}: {status} {page[:200]}")
    elif is_taken != found.get(str(path)):
        books.faults.append(f"workbook {number}: the upload said {status}, the check {found.get(str(path))}")
