"""Several volunteers on one phone, and PINs: what one keeps is nobody else's to read, and a forgotten PIN loses nothing."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start, wait_until
from tests.browser.app.fake_server import FakeServer, make_model
from tests.browser.app.test_sending import picture

PIN = "483920"
#: What nobody may find on the phone's storage: an answer, and a photo.
SECRET = "Geheimnis"
PHOTO = picture("a door")

#: Looks for words in everything that the phone's database holds, blobs and bytes included. Gives the stores and words that were found.
SEARCH = """async (words) => {
    const opened = await new Promise((resolve) => {
        const opening = indexedDB.open('collector')
        opening.onsuccess = () => resolve(opening.result)
    })
    const found = []
    const latin = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
    const bytesOf = async (value) => {
        if (value instanceof Blob) return latin(new Uint8Array(await value.arrayBuffer()))
        if (value instanceof Uint8Array) return latin(value)
        if (value instanceof CryptoKey) return ''
        if (Array.isArray(value)) return (await Promise.all(value.map(bytesOf))).join('|')
        if (value && typeof value === 'object') {
            return (await Promise.all(Object.entries(value).map(async ([key, inner]) => key + '=' + await bytesOf(inner)))).join('|')
        }
        return String(value)
    }
    for (const store of opened.objectStoreNames) {
        const entries = await new Promise((resolve) => {
            const reading = opened.transaction(store).objectStore(store).getAll()
            reading.onsuccess = () => resolve(reading.result)
        })
        const text = await bytesOf(entries)
        for (const word of words) if (text.includes(word)) found.push(`${store}: ${word}`)
    }
    opened.close()
    return found
}"""


@pytest.fixture
def server_key(fake: FakeServer) -> ec.EllipticCurvePrivateKey:
    """The private key of the server, whose public one phones are told."""
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    fake.sealing_key = {"id": hashlib.sha256(spki).hexdigest()[:16], "spki": base64.b64encode(spki).decode()}
    return key


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The raw point of a public key."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def box_cipher(
    private: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey, salt: bytes, person: str
) -> tuple[AESGCM, bytes]:
    """Cipher and initial vector of a sealed box, from docs/sync-protocol.md and not from the phone's code."""
    shared = private.exchange(ec.ECDH(), public)
    bits = HKDF(hashes.SHA256(), 44, salt, f"collector sealed 1 {person}".encode()).derive(shared)
    return AESGCM(bits[:32]), bits[32:]


def open_box(private: ec.EllipticCurvePrivateKey, box: bytes, person: str) -> bytes:
    """What a sealed box of `person` holds."""
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), box[:65])
    cipher, iv = box_cipher(private, public, box[:65], person)
    return cipher.decrypt(iv, box[65:], None)


def seal_box(reply_key: bytes, plain: bytes, person: str) -> bytes:
    """`plain` for the holder of the reply key's private half."""
    own = ec.generate_private_key(ec.SECP256R1())
    salt = point_of(own.public_key())
    cipher, iv = box_cipher(own, ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), reply_key), salt, person)
    return salt + cipher.encrypt(iv, plain, None)


def open_record(key: bytes, context: str, sealed: bytes) -> bytes:
    """What a sealed record holds."""
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], context.encode())


def set_pin(page: Page, pin: str = PIN) -> None:
    """Give the present volunteer a PIN, in the settings."""
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-settings=pin] > summary").click()
    page.get_by_role("button", name="Set a PIN").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New PIN").fill(pin)
    dialog.get_by_label("The PIN once more").fill(pin)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You have a PIN.")).to_be_visible()


def enter_pin(page: Page, pin: str = PIN) -> None:
    """Type the PIN on the page that asks for it."""
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def with_sealed_response(enrol: Callable[[], Page], fake: FakeServer) -> Page:
    """A phone whose volunteer has a PIN and one response, which the server does not take yet."""
    page = enrol()
    page.reload()
    fake.mode = "error"
    start(page)
    fill_and_finish(page, SECRET, "31")
    set_pin(page)
    return page


def join(page: Page, fake: FakeServer, link: str) -> None:
    """Enrol a volunteer on this phone by their link."""
    page.goto(f"{fake.url}/join/{link}")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/app/")
    expect(page.locator("[data-place]").first).to_be_visible()


def begin_draft(page: Page, name: str) -> None:
    """Begin a response and leave it."""
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Leave; the draft is kept").click()
    expect(page.locator("[data-form]").first).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-draft]").first).to_be_visible()


def test_two_volunteers_keep_their_own_and_change_without_a_signal(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    begin_draft(page, "Li's neighbour")
    expect(page.locator("[data-draft]")).to_have_count(1)
    join(page, fake, "wang")
    expect(page.locator("[data-draft]")).to_have_count(0)
    begin_draft(page, "Wang's neighbour")
    draft_of_wang = page.locator("[data-draft]").get_attribute("data-draft")
    fake.mode = "error"
    fill = page.get_by_role("link", name="Home")
    fill.click()
    start(page)
    fill_and_finish(page, "Finished", "31")

    phone.set_offline(True)
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Change person").click()
    page.get_by_role("button", name="李华").click()
    expect(page.locator("[data-draft]")).to_have_count(1)
    expect(page.locator("[data-others]")).to_have_text("1 more of 王芳 waits on this phone")
    page.get_by_role("link", name="My responses").click()
    expect(page.locator('[data-section="responses.outbox"]')).to_have_count(0)
    page.goto(f"{fake.url}/app/fill/{draft_of_wang}")
    expect(page.get_by_text("This draft was finished or deleted")).to_be_visible()
    page.goto(f"{fake.url}/app/")
    start(page)

    # Whoever is present, it goes by its author's own device.
    fake.mode = "ok"
    phone.set_offline(False)
    page.goto(f"{fake.url}/app/")
    expect(page.locator("[data-notice=people]")).to_be_visible()
    expect(page.locator("[data-others]")).to_have_count(0)
    # Perhaps twice: the page was loaded anew while it was being sent.
    [(token, text)] = set(fake.senders)
    assert fake.users[token]["name"] == "王芳"
    assert json.loads(text)["author"] == "u2"


def test_a18_who_signs_out_leaves_the_others(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    join(page, fake, "wang")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.locator("[data-person]")).to_have_count(1)
    page.get_by_role("button", name="李华").click()
    expect(page.locator("[data-place]").first).to_be_visible()


def test_a_refused_colleagues_response_goes_by_who_is_present(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    join(page, fake, "wang")
    fake.mode = "error"
    start(page)
    fill_and_finish(page, "Finished", "31")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Change person").click()
    page.get_by_role("button", name="李华").click()
    expect(page.locator(".head__user")).to_have_text("李华")
    fake.revoked.add(next(token for token, user in fake.users.items() if user["name"] == "王芳"))
    fake.mode = "ok"
    page.reload()
    expect(page.locator("[data-notice=people]")).to_be_visible()
    expect(page.locator("[data-others]")).to_have_count(0)
    wait_until(page, lambda: bool(fake.senders))
    assert [fake.users[token]["name"] for token, _ in fake.senders] == ["李华"]


def test_nothing_of_a_volunteer_with_a_pin_lies_open(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    page.reload()
    begin_draft(page, SECRET + " before")
    fake.mode = "error"
    finish_with_photo(page)
    [sent_photo] = read_file_bytes(page)
    words = [SECRET, sent_photo[1000:1030].decode("latin1")]
    found = page.evaluate(SEARCH, words)
    assert {line.split(":")[0] for line in found} == {"drafts", "files", "outbox"}
    set_pin(page)
    assert page.evaluate(SEARCH, words) == []

    # What is written from now on is sealed as well.
    page.get_by_role("link", name="Home").click()
    begin_draft(page, SECRET + " after")
    page.get_by_role("link", name="My responses").click()
    expect(page.locator("[data-draft]")).to_have_count(2)
    page.get_by_role("link", name="Home").click()
    finish_with_photo(page)
    assert page.evaluate(SEARCH, words) == []

    # A reload asks, and shows nothing before.
    page.reload()
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    expect(page.locator("[data-draft], [data-place]")).to_have_count(0)
    fake.mode = "ok"
    enter_pin(page)
    page.get_by_role("link", name="My responses").click()
    expect(page.locator('[data-section="responses.sent"] [data-response]')).to_have_count(2)
    assert [document["answers"]["name"] for document in fake.response_for("photos")] == [SECRET, SECRET]
    assert {file["bytes"] for file in fake.files.values()} == {sent_photo}
    hashes_sent = {entry["hash"] for entry in read_store(page, "sent")}
    assert {hashlib.sha256(text.encode()).hexdigest() for _, text in fake.senders} == hashes_sent
    assert page.evaluate(SEARCH, words) == []

    # A draft goes on where it was.
    page.locator("[data-draft]").first.click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET + " after")


def read_file_bytes(page: Page) -> list[bytes]:
    """The bytes of the files that lie open in the phone's database."""
    texts = page.evaluate("""async () => {
        const opened = await new Promise((resolve) => {
            const opening = indexedDB.open('collector')
            opening.onsuccess = () => resolve(opening.result)
        })
        const files = await new Promise((resolve) => {
            const reading = opened.transaction('files').objectStore('files').getAll()
            reading.onsuccess = () => resolve(reading.result)
        })
        opened.close()
        const bytes = await Promise.all(files.map((file) => file.blob.arrayBuffer()))
        return bytes.map((one) => Array.from(new Uint8Array(one), (byte) => String.fromCharCode(byte)).join(''))
    }""")
    return [text.encode("latin1") for text in texts]


def finish_with_photo(page: Page) -> None:
    """Finish a response that has a photo."""
    page.get_by_role("link", name="Other questionnaires").click()
    page.locator('[data-form="photos"]').click()
    page.get_by_role("textbox", name="Name", exact=True).fill(SECRET)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.locator("main img").first).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state]")).to_be_visible()
    page.get_by_role("link", name="Home").click()


def test_taking_the_pin_away_opens_everything(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = with_sealed_response(enrol, fake)
    assert page.evaluate(SEARCH, [SECRET]) == []
    page.get_by_role("button", name="Change PIN").click()
    dialog = page.get_by_role("dialog")
    for label, pin in (("Your PIN now", PIN), ("New PIN", "a long word"), ("The PIN once more", "a long word")):
        dialog.get_by_label(label).fill(pin)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Remove PIN").click()
    dialog.get_by_label("Your PIN now").fill(PIN)
    dialog.get_by_role("button", name="Remove PIN").click()
    expect(dialog).to_contain_text("Wrong PIN")
    dialog.get_by_label("Your PIN now").fill("a long word")
    dialog.get_by_role("button", name="Remove PIN").click()
    expect(page.get_by_role("button", name="Set a PIN")).to_be_visible()
    [entry] = read_store(page, "outbox")
    assert SECRET in entry["document"]
    assert entry["summary"]["name"] is not None
    page.reload()
    page.locator("[data-settings=pin] > summary").click()
    expect(page.get_by_role("button", name="Set a PIN")).to_be_visible()


def test_wrong_pins_wait_longer_and_longer_even_after_a_reload(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    begin_draft(page, SECRET)
    set_pin(page)
    page.get_by_role("button", name="Lock now").click()
    for _ in range(4):
        enter_pin(page, "0000")
        expect(page.get_by_role("alert")).to_have_text("Wrong PIN. Try again.")
    enter_pin(page, "0000")
    expect(page.get_by_role("alert")).to_contain_text("Wait")
    page.reload()
    enter_pin(page)
    expect(page.get_by_role("alert")).to_contain_text("Wait")
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 31000 }")
    enter_pin(page)
    expect(page.locator("[data-action='pin.lock']")).to_be_attached()


def test_left_alone_it_locks_and_keeps_what_was_typed(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    set_pin(page)
    page.get_by_role("link", name="Home").click()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill(SECRET)
    page.evaluate("""() => {
        const see = (state) => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
        }
        const real = Date.now
        see('hidden')
        Date.now = () => real() + 301000
        see('visible')
    }""")
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    assert page.evaluate(SEARCH, [SECRET]) == []
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET)


def test_a_locked_volunteer_holds_up_nobody(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = with_sealed_response(enrol, fake)
    fake.mode = "ok"
    page.goto(f"{fake.url}/join/wang")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/app/")
    expect(page.locator("[data-others]")).to_have_text("1 more of 李华 waits on this phone")
    start(page)
    fill_and_finish(page, "Other", "40")
    expect(page.locator("[data-state=safe]")).to_be_visible()
    assert [document["answers"]["name"] for document in fake.response_for("household")] == ["Other"]
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Change person").click()
    page.get_by_role("button", name="李华").click()
    enter_pin(page)
    expect(page.locator("[data-safety='safe.all']")).to_be_visible()
    assert len(fake.documents) == 2


def test_forgotten_pin_is_mended_by_the_supervisor(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    begin_draft(page, SECRET)
    set_pin(page)
    page.reload()
    page.get_by_role("button", name="Forgot PIN").click()
    page.get_by_role("button", name="Ask the supervisor").click()
    expect(page.locator(".lock__number")).to_be_visible()
    [asked] = fake.recoveries
    reply_key = base64.b64decode(asked["reply_key"])
    number = int.from_bytes(hashlib.sha256(reply_key).digest()[:4], "big") % 10000
    expect(page.locator(".lock__number")).to_have_text(f"{number:04}")
    assert (asked["user"], asked["key_id"]) == ("u1", fake.sealing_key and fake.sealing_key["id"])

    # It goes on after a reload, with the same question.
    page.reload()
    expect(page.locator(".lock__number")).to_have_text(f"{number:04}")
    key = open_box(server_key, base64.b64decode(asked["sealed"]), "u1")
    granted = base64.b64encode(seal_box(reply_key, key, "u1")).decode()
    fake.recoveries[0] |= {"state": "granted", "granted": granted}
    page.get_by_label("New PIN").fill("777777", timeout=15_000)
    page.get_by_label("The PIN once more").fill("777777")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-action='pin.lock']")).to_be_attached()
    page.reload()
    enter_pin(page, "777777")
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-draft]")).to_have_count(1)
    assert len(fake.recoveries) == 1


def test_refused_recovery_can_be_asked_again(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    set_pin(page)
    page.reload()
    page.get_by_role("button", name="Forgot PIN").click()
    page.get_by_role("button", name="Ask the supervisor").click()
    expect(page.locator(".lock__number")).to_be_visible()
    fake.recoveries[0]["state"] = "refused"
    expect(page.get_by_text("Your supervisor said no")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Ask the supervisor").click()
    expect(page.locator(".lock__number")).to_be_visible()
    assert len(fake.recoveries) == 2


def test_file_saved_while_locked_is_opened_with_the_servers_key(
    enrol: Callable[[], Page],
    phone: BrowserContext,
    fake: FakeServer,
    server_key: ec.EllipticCurvePrivateKey,
    tmp_path: Any,
) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    page.reload()
    fake.mode = "error"
    finish_with_photo(page)
    [entry] = read_store(page, "outbox")
    [sent_photo] = read_file_bytes(page)
    set_pin(page)
    # A second volunteer without a PIN: a key of its own.
    fake.mode = "ok"
    fake.revoked.add("t1")
    join(page, fake, "wang")
    fake.mode = "error"
    finish_with_photo(page)
    page.get_by_role("button", name="Change person").click()
    page.get_by_role("button", name="李华").click()
    page.get_by_role("button", name="Forgot PIN").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    download.value.save_as(tmp_path / "unsent.json")
    text = (tmp_path / "unsent.json").read_text()
    assert SECRET not in text
    file = json.loads(text)
    assert (file["collector"], file["version"]) == ("unsent", 2)
    assert file["key_id"] == (fake.sealing_key or {})["id"]
    assert {part["author"] for part in file["parts"]} == {"u1", "u2"}
    for part in file["parts"]:
        key = open_box(server_key, base64.b64decode(part["key"]), part["author"])
        [sealed] = part["responses"]
        document = json.loads(open_record(key, f"document {part['author']}", base64.b64decode(sealed)))["document"]
        assert json.loads(document)["answers"]["name"] == SECRET
        if part["author"] == "u1":
            assert document == entry["document"]
        [photo] = part["files"]
        content = open_record(key, f"file {part['author']}", base64.b64decode(photo["content"]))
        assert content == sent_photo
        assert photo["sha256"] == hashlib.sha256(content).hexdigest()
        assert (photo["size"], photo["response"]) == (len(content), json.loads(document)["id"])


def test_a_pin_set_in_one_tab_locks_the_other(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    first = enrol()
    first.reload()
    second = phone.new_page()
    second.goto(f"{fake.url}/app/")
    start(second)
    second.get_by_role("textbox", name="Name", exact=True).fill(SECRET)
    set_pin(first)
    expect(second.get_by_label("PIN", exact=True)).to_be_visible()
    enter_pin(second)
    expect(second.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET)
    assert second.evaluate(SEARCH, [SECRET]) == []


#: The database as phones have had it with one volunteer: its stores, whose phone it is, a draft and an unsent response.
FIRST_LAYOUT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('collector', 1)
    opening.onerror = () => reject(opening.error)
    opening.onupgradeneeded = () => {
        const database = opening.result
        database.createObjectStore('profile')
        database.createObjectStore('models', { keyPath: 'hash' })
        database.createObjectStore('drafts', { keyPath: 'id' })
        database.createObjectStore('outbox', { keyPath: 'hash' }).createIndex('id', 'id')
        database.createObjectStore('files', { keyPath: ['response', 'name'] }).createIndex('response', 'response')
        database.createObjectStore('sent', { keyPath: 'hash' })
    }
    opening.onsuccess = () => {
        const transaction = opening.result.transaction(['profile', 'drafts', 'outbox'], 'readwrite')
        const profile = transaction.objectStore('profile')
        const user = { id: 'u1', name: '李华', language: 'en' }
        const forms = [{ id: 'f', title: 'Old form', version: '1', model: 'm', size_bytes: 1 }]
        const places = [{ code: '1', names: { en: 'Old place' }, parent: null, level: 0 }]
        profile.put({ token: 't1', id: 'd1', user, state: 'active', link: 'abc' }, 'device')
        profile.put({ cursor: 'c', forms, places, mine: ['1'], progress: [], notices: [], pulled_at: 5 }, 'world')
        profile.put('en', 'language')
        const draft = { id: 'd', form: 'f', version: '1', model: 'm', title: 'Old form', place: '1', author: 'u1', language: '' }
        transaction.objectStore('drafts').put({ ...draft, answers: { a: '1' }, position: '', started_at: 1, updated_at: 2, rev: 3 })
        const summary = { form: 'f', title: 'Old form', place: '1', name: 'Old name', author: 'u1', finished_at: 3 }
        const entry = { hash: 'h', id: 'x', document: 'as it was', status: 'waiting', tries: 0, error: '', receipt: null, files_left: [] }
        transaction.objectStore('outbox').put({ ...entry, summary })
        transaction.oncomplete = () => { opening.result.close(); resolve() }
    }
})"""


def test_a06_a_phone_of_one_volunteer_is_carried_over(phone: BrowserContext, fake: FakeServer) -> None:
    fake.mode = "error"
    page = phone.new_page()
    page.goto(f"{fake.url}/sync/v1/nothing")
    page.evaluate(FIRST_LAYOUT)
    before = read_store(page, "drafts"), read_store(page, "outbox")
    page.goto(f"{fake.url}/app/")
    expect(page.get_by_text("李华")).to_be_visible()
    expect(page.locator("[data-draft]")).to_contain_text("Old form")
    expect(page.locator("[data-place]")).to_contain_text("Old place")
    [entry] = read_store(page, "outbox")
    assert (read_store(page, "drafts"), entry["document"]) == (before[0], before[1][0]["document"])
    profile = read_store(page, "profile")
    assert [value["token"] for value in profile if isinstance(value, dict) and "token" in value] == ["t1"]
    assert "u1" in profile


def test_a12_phone_that_dies_while_a_pin_is_set_reads_both_forms(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    begin_draft(page, SECRET + " one")
    begin_draft(page, SECRET + " two")
    # The key comes through and one draft, and no other.
    page.evaluate("""() => {
        const put = IDBObjectStore.prototype.put
        let puts = 0
        IDBObjectStore.prototype.put = function (...values) {
            if (this.name === 'drafts' && ++puts > 1) throw new DOMException('the phone is off', 'AbortError')
            return put.apply(this, values)
        }
    }""")
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-settings=pin] > summary").click()
    page.get_by_role("button", name="Set a PIN").click()
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The PIN once more").fill(PIN)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    assert sorted("sealed" in draft for draft in read_store(page, "drafts")) == [False, True]
    page.goto(f"{fake.url}/app/")
    enter_pin(page)
    expect(page.locator("[data-draft]")).to_have_count(2)
    assert page.evaluate(SEARCH, [SECRET]) == []
    page.locator("[data-draft]").last.click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET + " one")
