"""XML, archives and pictures made to hurt: each is refused, quickly and with little memory. The bounds are what these tests state.

What a file claims costs its maker nothing: entities, depth, half a million entries, pixels. Every reader of the server meets each here.
"""

import io
import json
import os
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from collector.errors import CollectorError
from collector.importing.contents import open_contents
from collector.places.boundary_file import read_boundaries
from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.instances import read_instance
from collector.questionnaires.uploads import read_upload
from collector.questionnaires.workbook import read_workbook
from collector.questionnaires.xml_names import parse
from collector.review.thumbnails import make_thumbnail
from collector.spreadsheet import read_sheet
from collector.zip_directory import MAX_DIRECTORY_BYTES, directory_bytes
from tests.importing import exports

#: No refusal takes longer on a slow machine, or more memory: tenths of what the files below would cost whoever believed them.
MOST_SECONDS, MOST_MB = 5.0, 60


def peak_mb() -> float:
    """The most that this process ever held, in MiB."""
    text = Path("/proc/self/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def cost_of(work: Callable[[], Any]) -> tuple[str, float, float]:
    """What `work` came to, in a process of its own, with the seconds of computing and MiB that it took."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        # The peak is counted from here on.
        Path("/proc/self/clear_refs").write_text("5")
        before, begun = peak_mb(), time.process_time()
        try:
            outcome = f"gave {work()!r}"[:200]
        except (CollectorError, WorkbookRefused, ValueError, SyntaxError) as error:
            outcome = f"refused: {getattr(error, 'code', '') or getattr(getattr(error, 'finding', None), 'code', type(error).__name__)}"
        except BaseException as error:
            outcome = f"fault: {type(error).__name__}"
        os.write(writing, json.dumps([outcome, time.process_time() - begun, peak_mb() - before]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found = told.read()
    os.waitpid(pid, 0)
    outcome, seconds, megabytes = json.loads(found)
    return outcome, seconds, megabytes


def assert_cheap(work: Callable[[], Any], expected: str) -> None:
    """`work` comes to `expected` within the bounds."""
    outcome, seconds, megabytes = cost_of(work)
    assert outcome.startswith(expected), outcome
    assert seconds < MOST_SECONDS and megabytes < MOST_MB, (outcome, seconds, megabytes)


LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
)
XML = {
    "billion laughs": LAUGHS + b']><data id="f"><x>&j;</x></data>',
    "billion laughs in an attribute": LAUGHS + b']><data id="f" x="&j;"/>',
    "quadratic": b'<!DOCTYPE d [<!ENTITY a "' + b"h" * 100_000 + b'">]><data id="f"><x>' + b"&a;" * 50_000 + b"</x></data>",
    "a file of the server": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><data id="f"><x>&a;</x></data>',
    "another server": b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><data id="f"><x/></data>',
    "parameter entities": b'<!DOCTYPE d [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><data id="f"/>',
    "200,000 deep": b'<data id="f">' + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</data>",
    "an attribute of 11 MB": b'<data id="f" x="' + b"a" * 11_000_000 + b'"/>',
    "a name of 11 MB": b'<data id="f"><' + b"a" * 11_000_000 + b"/></data>",
}  # fmt: skip


@pytest.mark.parametrize("kind", XML)
def test_xml_is_refused(kind: str) -> None:
    """Submissions, instances of an import, lists in XML, XForms: they share one parser, which takes nothing from outside."""
    assert_cheap(lambda: parse(XML[kind]).tag, "refused")
    assert_cheap(lambda: read_instance(XML[kind]).form_id, "refused")


def test_xml_that_includes_a_file_or_carries_a_stylesheet_stays_text() -> None:
    """XInclude and processing instructions are nothing to the parser."""
    included = (
        b'<data id="f"><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/></data>'
    )
    assert "root:" not in read_instance(b'<?xml-stylesheet href="file:///etc/passwd"?>' + included).written


def book() -> bytes:
    """A small workbook of texts."""
    made, content = Workbook(), io.BytesIO()
    made.active.append(["type", "name", "label"])
    made.active.append(["text", "a", "A"])
    made.save(content)
    return content.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The archive with each part changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(*change(entry.filename, source.read(entry)))
    return packed.getvalue()


def hidden_entities(name: str, part: bytes) -> tuple[str, bytes]:
    """The sheet under a name that no guard of `.xml` parts looks at, with entities that grow."""
    if name == "xl/worksheets/sheet1.xml":
        part = (
            LAUGHS + b"]>" + part.partition(b"?>")[2] if part.startswith(b"<?xml") else LAUGHS + b"]>" + part
        ).replace(b"<v>0</v>", b"<v>&j;</v>")
        name = "xl/worksheets/sheet1.bin"
    return name, part.replace(b"sheet1.xml", b"sheet1.bin")


def honest(name: str, part: bytes) -> tuple[str, bytes]:
    """The same name, and nothing else changed."""
    renamed = "xl/worksheets/sheet1.bin" if name == "xl/worksheets/sheet1.xml" else name
    return renamed, part.replace(b"sheet1.xml", b"sheet1.bin")


def test_entities_in_a_part_of_a_workbook_under_another_name(tmp_path: Path) -> None:
    evil = changed(book(), hidden_entities)
    assert [row.cells for row in read_sheet("a.xlsx", changed(book(), honest)).rows] == [
        {"type": "text", "name": "a", "label": "A"}
    ]
    assert_cheap(lambda: read_workbook(evil, "a.xlsx").names, "refused")
    assert_cheap(lambda: read_sheet("a.xlsx", evil).headers, "refused: table_unreadable")


def crowded(entries: int) -> bytes:
    """An archive of so many empty entries, 47 bytes each."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s4B4H3I5H2I", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, entries & 0xFFFF, entries & 0xFFFF, len(entry) * entries, len(local), 0
    )
    return local + entry * entries + end


def test_an_archive_of_half_a_million_entries_is_refused_unread(tmp_path: Path) -> None:
    """Its count says 41,248: the number in an archive has 16 bits, and its reader goes by the bytes of the directory."""
    many = crowded(500_000)
    path = tmp_path / "many.zip"
    assert_cheap(lambda: read_upload("many.zip", many, []).name, "refused: files_too_many")
    assert_cheap(lambda: read_upload("f.xlsx", book(), [("many.zip", many)]).name, "refused: files_too_many")
    assert_cheap(lambda: read_workbook(many, "many.xlsx").names, "refused: not_a_workbook")
    assert_cheap(lambda: read_sheet("many.xlsx", many).headers, "refused: table_too_large")
    path.write_bytes(many)
    with pytest.raises(CollectorError, match="import_archive_too_large"):
        import_parts(path)


def import_parts(path: Path) -> int:
    """How many parts an import finds in a file."""
    with open_contents([exports.write(path.parent, path.name, path.read_bytes())]) as parts:
        return len(parts)


def test_the_size_of_a_directory_is_what_its_reader_believes() -> None:
    """With a comment, with a comment that looks like an end, and with the larger numbers of ZIP64."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("name", b"content")
    for comment in (b"", b"about", b"PK\x05\x06 about" + bytes(30)):
        content = io.BytesIO(plain.getvalue())
        with zipfile.ZipFile(content, "a") as archive:
            archive.comment = comment
        if comment[:2] != b"PK":
            assert directory_bytes(content) == 46 + len("name")
    end = plain.getvalue()[-22:]
    size_64 = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 3 * MAX_DIRECTORY_BYTES, 0)
    large = plain.getvalue()[:-22] + size_64 + struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1) + end
    assert directory_bytes(io.BytesIO(large)) == 3 * MAX_DIRECTORY_BYTES
    assert [directory_bytes(io.BytesIO(content)) for content in (b"", b"PK\x05\x06", bytes(100))] == [0, 0, 0]


def test_an_archive_with_links_names_twice_and_archives_inside(tmp_path: Path) -> None:
    """A link is a small file with the path in it: nothing follows it, and nothing is unpacked to a path at all."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("f.xlsx", book())
        link = zipfile.ZipInfo("passwd.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", crowded(400_000)[:1000])
    taken = read_upload("all.zip", content.getvalue(), [])
    assert taken.files["passwd.png"] == b"/etc/passwd"
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("passwd.png", b"again")
    assert_cheap(lambda: read_upload("all.zip", content.getvalue(), []).name, "refused: file_name_twice")


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **options: Any) -> io.BytesIO:
    """A picture of one colour: many pixels, few bytes."""
    content = io.BytesIO()
    Image.new(mode, size).save(content, kind, **options)
    assert len(content.getvalue()) < 6_000_000
    return content


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGBA", {}),
        ("WEBP", "RGB", {"method": 0, "quality": 0}),
        ("GIF", "P", {}),
        ("JPEG", "RGB", {"progressive": True, "subsampling": 0}),
    ],
)
def test_a_picture_of_many_pixels_gets_no_small_one(kind: str, mode: str, options: dict[str, Any]) -> None:
    """A progressive JPEG of 169 million pixels in 3 MB would take 650 MB to read."""
    large = picture(kind, (6000, 5000), mode, **options)
    assert_cheap(lambda: make_thumbnail(large), "gave None")


def test_a_photo_of_a_good_phone_gets_its_small_picture() -> None:
    """48 million pixels: JPEG is read in an eighth of its size."""
    photo = picture("JPEG", (8000, 6000))
    assert_cheap(lambda: len(make_thumbnail(photo) or b"") > 500, "gave True")


def test_boundaries_in_geojson_are_read_with_bounds() -> None:
    for content in (
        b"[" * 1_000_000,
        b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000,
        b'{"type": "FeatureCollection", "features": [' + b"9" * 5000 + b"]}",
    ):
        assert_cheap(lambda content=content: read_boundaries(content), "refused")
