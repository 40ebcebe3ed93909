"""A file that a phone calls photo.jpg and that is a page, a drawing or a script: in real Chromium nothing of it runs (A82)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Error, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import File
from tests.bench.phone import publish
from tests.browser.office.conftest import OpenOffice
from tests.conftest import HOUSEHOLD
from tests.servers import Server
from tests.workbooks import make_workbook

FORM_ID = "hostile_files"
#: What would show that it ran: the title, or a dialogue.
SCRIPT = b"document.title = 'ran'; window.ran = true; alert('ran')"
CONTENTS = {
    "page": b"<!doctype html><html><body><script>" + SCRIPT + b"</script></body></html>",
    "page behind a photo's first bytes": b"\xff\xd8\xff\xe0<html><body><script>" + SCRIPT + b"</script></body></html>",
    "page behind a drawing's first bytes": b"GIF89a/*<html><script>" + SCRIPT + b"</script>*/=1;" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="' + SCRIPT.replace(b"'", b"&apos;") + b'"><script>' + SCRIPT + b"</script></svg>",
    "xml": b'<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:script>' + SCRIPT + b"</x:script></x:html>",
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert('ran'))>>>>endobj\ntrailer<</Root 1 0 R>>",
    "script": SCRIPT,
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A response with its file: their ids."""

    response: str
    file: str


def send(server: Server, content: bytes) -> Sent:
    """Send a response with that file, as a phone does that says it is a photo."""
    token = server.enrolment_link("Hostile").rsplit("/", 1)[1]
    api = f"{server.url}/sync/v1"
    enrolled = requests.post(f"{api}/enrol", json={"token": token, "label": "x"}, timeout=30).json()
    phone = {"Authorization": f"Bearer {enrolled['device_token']}"}
    response_id, sha256 = str(uuid4()), hashlib.sha256(content).hexdigest()
    photo = {"name": "photo.jpg", "sha256": sha256, "size": len(content), "path": "/data/photo", "type": "image/jpeg"}
    document = {
        "id": response_id,
        "form": FORM_ID,
        "version": "1",
        "answers": {"hh_size": "3", "photo": "photo.jpg"},
        "files": [photo],
    }
    pushed = requests.post(f"{api}/push", json={"responses": [json.dumps(document)]}, headers=phone, timeout=30)
    assert pushed.json()["receipts"][0]["status"] == "stored", pushed.text
    parts = {"response": response_id, "name": "photo.jpg", "sha256": sha256, "type": "image/jpeg"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in parts.items())
    tus = phone | {"Tus-Resumable": "1.0.0"}
    begun = requests.post(
        f"{api}/files", headers=tus | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}, timeout=30
    )
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    address = requests.compat.urljoin(api, begun.headers["Location"])
    assert requests.patch(address, content, headers=tus | piece, timeout=30).status_code == 204
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        file_id = session.scalars(select(File.id).where(File.response_id == response_id)).one()
    app.extensions["collector_engine"].dispose()
    return Sent(response_id, file_id)


@pytest.fixture(scope="module")
def form(server: Server) -> str:
    """The questionnaire that the files answer."""
    return publish(server, make_workbook(HOUSEHOLD.replace("| household |", f"| {FORM_ID} |")), FORM_ID)


def open_address(page: Page, address: str) -> None:
    """Go there; what is only handed out is saved, and the page stays."""
    try:
        page.goto(address)
    except Error as error:
        assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error), error


def test_A82_nothing_in_a_file_runs(
    open_office: OpenOffice, server: Server, form: str, policy_faults: list[str]
) -> None:
    """A82: opened by its address, looked at in its response, and named as a script by whoever got markup into a page."""
    assert form == FORM_ID
    page = open_office().context.new_page()
    dialogues: list[str] = []
    page.on("dialog", lambda dialog: (dialogues.append(dialog.message), dialog.dismiss()))
    for kind, content in CONTENTS.items():
        sent = send(server, content)
        page.goto(f"{server.url}/office/responses/{sent.response}")
        expect(page.get_by_text("photo.jpg").first).to_be_visible()
        assert page.evaluate("window.ran") is None, kind
        for path in (f"/office/files/{sent.file}", f"/office/files/{sent.file}/small"):
            open_address(page, server.url + path)
            assert page.title() != "ran" and page.evaluate("window.ran") is None, (kind, path)
        page.goto(f"{server.url}/office/board")
        loaded = page.evaluate(
            """address => new Promise(done => {
                const script = document.createElement('script')
                script.onload = () => done('loaded')
                script.onerror = () => done('refused')
                script.src = address
                document.head.append(script)
            })""",
            f"/office/files/{sent.file}",
        )
        assert loaded == "refused" and page.evaluate("window.ran") is None, kind
    assert dialogues == []
    # Chromium's viewer of pictures is dressed by inline style, which the files' policy forbids, and says so.
    assert [fault for fault in policy_faults if "inline style" not in fault] == []
    policy_faults.clear()


def test_A80_a_form_whose_session_ended_is_sent_again_from_its_page(open_office: OpenOffice, server: Server) -> None:
    """A80: in a browser, from the field that was typed into to the person that is there; signed in anew in another tab."""
    page = open_office()
    page.goto(f"{server.url}/office/people/new-volunteer")
    page.locator("#name").fill("Typed for nine hours")
    page.context.clear_cookies()
    page.locator("main form button.button--primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("尚未保存，但您填写的内容都还在")
    with page.context.expect_page() as opened:
        page.locator("main a.button").click()
    other = opened.value
    other.locator("#login").fill("owner")
    other.locator("#password").fill(server.password)
    other.locator("form:has(#password) button").click()
    other.wait_for_url("**/office/board")
    page.locator("main form button.button--primary").click()
    expect(page.get_by_text("Typed for nine hours").first).to_be_visible()
