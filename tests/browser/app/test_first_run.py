"""The first run: whose phone it is, practice that never counts, the home screen, help, and how the client looks."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start, wait_until_kept
from tests.browser.app.fake_server import FakeServer
from tests.browser.conftest import PHONE, NewPhone

STEPS = "localStorage.getItem('steps')"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.0 Mobile/15E148 Safari/604.1"
)
WECHAT = f"{PHONE['user_agent']} MicroMessenger/8.0.40"
#: The browser's offer to install, as far as a page can tell it from the real one.
OFFER = """(outcome) => window.dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: async () => { window.asked = true },
    userChoice: Promise.resolve({ outcome }),
}))"""


def open_english(page: Page, fake: FakeServer, link: str = "abc") -> None:
    """Enrol by a link, in English."""
    page.goto(f"{fake.url}/join/{link}")
    page.get_by_text("English").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/app/")


def test_who_one_is_and_the_communities_are_there_before_start(phone: BrowserContext, fake: FakeServer) -> None:
    page = phone.new_page()
    page.goto(f"{fake.url}/join/wang")
    expect(page.get_by_role("heading", name="您好，王芳")).to_be_visible()
    expect(page.get_by_text("您负责 2 个社区")).to_be_visible()
    expect(page.get_by_text("香铺营社区、长江路社区", exact=True)).to_be_visible()
    page.get_by_text("English").click()
    expect(page.get_by_text("Xiangpuying, Changjianglu", exact=True)).to_be_visible()
    # All that Start needs is here: it asks the server for nothing more before it goes.
    [profile] = [entry for entry in read_store(page, "profile") if isinstance(entry, dict) and "forms" in entry]
    assert [form["id"] for form in profile["forms"]] == ["household"]
    assert len(read_store(page, "models")) == 1
    assert page.locator(".button--primary").count() == 1
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("[data-place]")).to_have_count(2)


@pytest.mark.parametrize("mine", [[], ["320102003001"]])
def test_communities_are_counted_where_none_or_one_is_assigned(
    phone: BrowserContext, fake: FakeServer, mine: list[str]
) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "mine": mine})

    phone.route("**/sync/v1/pull?*", answer, times=1)
    page = phone.new_page()
    page.goto(f"{fake.url}/join/abc")
    expect(page.get_by_text("您负责 1 个社区" if mine else "这里共有 2 个社区")).to_be_visible()


def test_a_pull_that_fails_holds_nobody_up(phone: BrowserContext, fake: FakeServer) -> None:
    phone.route("**/sync/v1/pull?*", lambda route: route.abort())
    page = phone.new_page()
    open_english(page, fake)
    expect(page.get_by_role("button", name="Update now")).to_be_visible()


def practise(page: Page, name: str) -> None:
    """Answer all of the practice's questions, with one slip, up to the page with Finish."""
    page.get_by_role("button", name="Start practising").click()
    page.get_by_role("textbox").fill(name)
    following = page.get_by_role("button", name="Next", exact=True)
    following.click()
    age = page.get_by_role("textbox", name=f"How old is {name}?")
    age.fill("99")
    following.click()
    expect(page.get_by_text("Hardly any cat gets older than 30").first).to_be_visible()
    age.fill("9")
    following.click()
    page.get_by_text("Black").click()
    following.click()
    # What the hint names is there to be tapped.
    expect(page.get_by_text("tap “Choose”")).to_be_visible()
    expect(page.get_by_role("button", name="Choose")).to_be_visible()
    following.click()
    page.locator(".fill-page button[aria-pressed]").first.click()
    following.click()


def test_practice_teaches_counts_for_nothing_and_needs_no_signal(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("a[href='/app/practice']").click()
    expect(page.get_by_role("button", name="Start practising")).to_be_visible()
    phone.set_offline(True)
    practise(page, "Mimi")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()
    # Nothing on the way says that it is saved or will be sent.
    expect(page.get_by_text("Practice: not kept, not sent")).to_be_visible()
    assert page.locator(".topbar__saved").is_hidden()
    expect(page.get_by_text("is kept on this phone")).to_be_hidden()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("status")).to_contain_text("Well done!")
    assert [read_store(page, store) for store in ("drafts", "outbox", "sent", "files")] == [[], [], [], []]
    assert not [url for url in requests if "/sync/v1/push" in url]
    assert "Mimi" not in page.evaluate("JSON.stringify({ ...localStorage })")
    assert page.evaluate(STEPS) == "practice"
    page.get_by_role("link", name="Go to my list").click()
    expect(page.locator("[data-place]").first).to_be_visible()
    expect(page.locator("a[href='/app/practice']")).to_have_count(0)
    assert fake.pushes == []


def test_practice_that_is_left_is_offered_again(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.locator("a[href='/app/practice']").click()
    page.get_by_role("button", name="Start practising").click()
    page.get_by_role("textbox").fill("Mimi")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("textbox", name="How old is Mimi?")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="Give a cat a name")).to_have_value("Mimi")
    page.get_by_role("button", name="Leave", exact=False).first.click()
    expect(page.locator("a[href='/app/practice']")).to_be_visible()
    assert page.evaluate(STEPS) is None
    assert read_store(page, "drafts") == []


def test_practice_speaks_chinese_to_who_reads_chinese(phone: BrowserContext, fake: FakeServer) -> None:
    page = phone.new_page()
    page.goto(f"{fake.url}/join/wang")
    page.get_by_role("button", name="开始").click()
    page.wait_for_url("**/app/")
    page.goto(f"{fake.url}/app/practice")
    page.get_by_role("button", name="开始练习").click()
    expect(page.get_by_role("textbox", name="请给一只猫起个名字")).to_be_visible()
    expect(page.get_by_text("练习：不会保存，也不会发送")).to_be_visible()


def test_the_home_screen_is_shown_with_pictures_and_done_once(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.locator("a[href='/app/install']").click()
    expect(page.get_by_role("img", name="Three dots to the right of the address")).to_be_visible()
    expect(page.get_by_role("img", name="“Add to Home screen” in the menu")).to_be_visible()
    page.get_by_role("link", name="Not now").click()
    page.locator("a[href='/app/install']").click()
    page.get_by_role("button", name="It is there now").click()
    expect(page.locator("[data-place]").first).to_be_visible()
    expect(page.locator("a[href='/app/install']")).to_have_count(0)
    assert page.evaluate(STEPS) == "install"


@pytest.mark.parametrize("outcome", ["accepted", "dismissed"])
def test_the_browsers_own_offer_is_kept_and_taken_by_a_button(enrol: Callable[[], Page], outcome: str) -> None:
    page = enrol()
    assert page.evaluate(OFFER, outcome) is False, "the browser would ask by itself"
    page.locator("a[href='/app/install']").click()
    page.get_by_role("button", name="Add it now").click()
    page.wait_for_function("() => window.asked === true")
    if outcome == "accepted":
        expect(page.get_by_role("heading", name="It is on your phone’s screen")).to_be_visible()
        assert page.evaluate(STEPS) == "install"
    else:
        # An offer is good for one question: from now on it is shown how to do it by hand.
        expect(page.get_by_role("img").first).to_be_visible()
        assert page.evaluate(STEPS) is None


@pytest.mark.parametrize(
    "says",
    [
        "Object.defineProperty(navigator, 'standalone', { value: true })",
        "window.matchMedia = ((real) => (query) => query === '(display-mode: standalone)' ? { matches: true } : real(query))(window.matchMedia)",
    ],
    ids=["iPhone", "others"],
)
def test_who_opens_it_from_the_home_screen_is_told_no_more(
    enrol: Callable[[], Page], phone: BrowserContext, says: str
) -> None:
    page = enrol()
    expect(page.locator("a[href='/app/install']")).to_be_visible()
    # How browsers tell a page that it was opened from the home screen.
    phone.add_init_script(says)
    page.reload()
    expect(page.locator("[data-place]").first).to_be_visible()
    expect(page.locator("a[href='/app/install']")).to_have_count(0)


def test_an_iphones_home_screen_begins_anew_with_the_volunteers_own_link(new_phone: NewPhone, fake: FakeServer) -> None:
    safari = new_phone(locale="en-GB", user_agent=IPHONE, permissions=["clipboard-read", "clipboard-write"])
    page = safari.new_page()
    open_english(page, fake, "wang")
    start(page)
    fake.mode = "error"
    fill_and_finish(page, "Li Wei", "30")
    page.goto(f"{fake.url}/app/install")
    expect(page.get_by_role("img", name="The share button at the bottom")).to_be_visible()
    # What is only in Safari does not move along.
    expect(page.get_by_text("1 response is only here")).to_be_visible()
    page.get_by_role("button", name="Copy my link").click()
    expect(page.get_by_role("status")).to_have_text("Copied. This link is for you alone.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{fake.url}/join/wang"

    fake.mode = "ok"
    home_screen = new_phone(locale="en-GB", user_agent=IPHONE).new_page()
    home_screen.goto(f"{fake.url}/app/link")
    home_screen.get_by_label("Link").fill("https://example.org")
    home_screen.get_by_role("button", name="Continue").click()
    expect(home_screen.get_by_role("alert")).to_have_text("This is not a link to sign in. Please paste the whole link.")
    expect(home_screen.get_by_label("Link")).to_be_focused()
    home_screen.get_by_label("Link").fill(f"  {link} ")
    home_screen.get_by_role("button", name="Continue").click()
    expect(home_screen.get_by_role("heading", name="王芳")).to_be_visible()
    home_screen.locator("[data-action=start]").click()
    expect(home_screen.locator("[data-place]").first).to_be_visible()


def test_wechat_says_to_open_the_browser_first(new_phone: NewPhone, fake: FakeServer) -> None:
    page = new_phone(locale="en-GB", user_agent=WECHAT).new_page()
    open_english(page, fake)
    page.goto(f"{fake.url}/app/install")
    expect(page.get_by_text("It cannot be added from WeChat.")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(2)
    expect(page.get_by_role("button", name="Copy my link")).to_be_visible()
    expect(page.get_by_role("button", name="It is there now")).to_have_count(0)


@pytest.mark.parametrize(
    ("topic", "says", "action", "leads_to"),
    [
        ("No signal", "kept on this phone", "See what still waits", "/app/responses"),
        ("The phone is full", "Delete photos", "Go and send", "/app/responses"),
        ("The phone is lost", "Tell your supervisor", "Set a PIN", "/app/settings/pin"),
        ("A new phone", "sign out", "See what still waits", "/app/responses"),
        ("Forgotten PIN", "four digits", "See my PIN settings", "/app/settings/pin"),
    ],
)
def test_help_is_one_screen_each_with_the_one_button_that_helps(
    enrol: Callable[[], Page], phone: BrowserContext, topic: str, says: str, action: str, leads_to: str
) -> None:
    page = enrol()
    phone.set_offline(True)
    page.get_by_role("link", name="Help", exact=True).click()
    page.get_by_role("link", name=topic).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(topic)
    expect(page.locator("main")).to_contain_text(says)
    expect(page.locator(".button--primary")).to_have_text(action)
    page.locator(".button--primary").click()
    page.wait_for_url(f"**{leads_to}")


def test_help_is_two_taps_from_the_settings_and_the_lost_phone_opens_the_pin(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    fake.sealing_key = {"id": "k", "spki": "AA=="}
    page = enrol()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Help").click()
    page.get_by_role("link", name="The phone is lost").click()
    page.get_by_role("link", name="Set a PIN").click()
    expect(page.get_by_role("button", name="Set a PIN")).to_be_in_viewport()
    expect(page.locator("details[open]")).to_have_count(1)


def shown(page: Page) -> dict[str, Any]:
    """How the page looks, and what is kept of it."""
    looks = page.evaluate("({ ...document.documentElement.dataset })")
    kept = json.loads(page.evaluate("localStorage.getItem('display') ?? '{}'"))
    return {"theme": looks["theme"], "size": looks["size"], "voice": kept.get("voice", False)}


def test_how_it_looks_is_chosen_at_once_and_kept(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("group", name="Text size").get_by_role("radio", name="Largest").check()
    page.get_by_role("group", name="Colours").get_by_role("radio", name="Bright sunlight").check()
    page.get_by_role("checkbox", name="Read questions aloud").check()
    wanted = {"theme": "sunlight", "size": "200", "voice": True}
    assert shown(page) == wanted
    page.reload()
    expect(page.get_by_role("radio", name="Largest")).to_be_checked()
    expect(page.get_by_role("radio", name="Bright sunlight")).to_be_checked()
    assert shown(page) == wanted


def test_the_keyboards_place_and_the_open_part_outlast_a_redrawing(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radio", name="中文").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    expect(page.get_by_role("radio", name="中文")).to_be_focused()
    page.locator("[data-settings=sending] > summary").press("Enter")
    box = page.get_by_role("checkbox", name="仅在 Wi-Fi 下发送照片")
    box.press("Space")
    expect(box).to_be_checked()
    expect(
        page.get_by_text("现在没有 Wi-Fi")
        .or_(page.get_by_text("不告知是否有 Wi-Fi"))
        .or_(page.get_by_text("现在有 Wi-Fi"))
    ).to_be_visible()
    expect(box).to_be_focused()
    expect(page.locator("[data-settings=sending]")).to_have_attribute("open", "")


def test_no_screen_is_wider_than_a_small_phone_with_doubled_text(new_phone: NewPhone, fake: FakeServer) -> None:
    small = new_phone(locale="en-GB", viewport={"width": 320, "height": 640}, is_mobile=False)
    small.add_init_script("localStorage.setItem('display', JSON.stringify({ size: 200 }))")
    page = small.new_page()
    open_english(page, fake)
    wait_until_kept(page)
    for path in ("settings", "settings/pin", "help", "help/changed_phone", "install", "practice", "link"):
        page.goto(f"{fake.url}/app/{path}")
        expect(page.get_by_role("heading").first).to_be_visible()
        wide = page.evaluate(
            """() => [...document.querySelectorAll('main *')]
                .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.visually-hidden'))
                .map((one) => one.className || one.tagName)"""
        )
        assert wide == [], path
