"""Labels with Markdown, HTML and pictures in the office's preview: the packed client under the real content security policy."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.office.conftest import OpenOffice
from tests.servers import Server
from tests.workbooks import make_workbook

BOOK = """
    | survey |
    | | type | name | label | appearance | image |
    | | begin_group | p | # Animals | field-list | |
    | | select_one animals | best | Which is **best**? <img src=x onerror=alert(1)> | columns-2 no-buttons | cat.png |
    | | note | done | <span style="color:red">Thank you</span> | h1 yellow | |
    | | end_group | | | | |
    | choices |
    | | list_name | name | label | image |
    | | animals | cat | *Cat* | cat.png |
    | | animals | dog | Dog | cat.png |
    | settings |
    | | form_id | form_title |
    | | preview_labels | Animals |
"""


def picture() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "PNG")
    return out.getvalue()


def test_a82_labels_with_marks_and_pictures_in_the_preview(open_office: OpenOffice, server: Server) -> None:
    page = open_office()
    page.on("dialog", lambda dialog: (_ for _ in ()).throw(AssertionError(dialog.message)))
    page.goto(f"{server.url}/office/questionnaires")
    page.locator("input[name=workbook]").set_input_files(
        [
            {"name": "animals.xlsx", "mimeType": "application/octet-stream", "buffer": make_workbook(BOOK)},
            {"name": "cat.png", "mimeType": "image/png", "buffer": picture()},
        ]
    )
    page.locator("form:has(input[name=workbook]) button").click()
    page.goto(f"{server.url}/office/questionnaires/preview_labels/versions/1/preview")
    frame = page.locator("#preview")
    best = frame.get_by_role("group", name="Which is best? <img src=x onerror=alert(1)>")
    expect(best.locator("strong")).to_have_text("best")
    expect(best.locator(".media__enlarge img")).to_be_visible()
    expect(best.locator(".option img")).to_have_count(2)
    assert best.locator("img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 30
    best.get_by_text("Cat", exact=True).click()
    expect(best.get_by_role("radio", name="Cat", exact=True)).to_be_checked()
    red = frame.get_by_text("Thank you")
    assert red.evaluate("(word) => getComputedStyle(word).color !== getComputedStyle(word.parentElement).color")
