"""What the form holds in the harness."""

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout


def stored(page: Page, path: str) -> str:
    """The lexical value of the question at this path below the form, as it is now."""
    found: str = page.evaluate("(path) => window.world.form.find(`/data/${path}`).value", path)
    return found


def expect_stored(page: Page, path: str, value: str) -> None:
    """Wait until the question has this value: a sheet that closes gives it a moment after it has gone from the screen."""
    try:
        page.wait_for_function(
            "([path, value]) => window.world.form.find(`/data/${path}`).value === value", arg=[path, value]
        )
    except PlaywrightTimeout:
        assert stored(page, path) == value
