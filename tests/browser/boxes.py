"""Where things lie on a page, once they lie there."""

from playwright.sync_api import FloatRect, Locator, Page

#: How often it is looked, and how long is waited in between: 20 s together.
LOOKS, PAUSE_MS = 400, 50


def box_of(locator: Locator) -> FloatRect:
    """Where an element lies, in CSS pixels of the page's window. Raises AssertionError where it does not come to lie anywhere."""
    [box] = boxes_of(locator)
    return box


def boxes_of(*locators: Locator) -> list[FloatRect]:
    """Where elements of one page lie at the same moment.

    A page that is being drawn anew gives no box for what it has just taken out, and one of before for the rest. So they are looked
    at until all have an area and none has moved since the look before. Raises AssertionError when that does not come.
    """
    page: Page = locators[0].page
    before: list[FloatRect | None] = []
    for _ in range(LOOKS):
        boxes = [locator.bounding_box() for locator in locators]
        laid_out = [box for box in boxes if box and box["width"] > 0 and box["height"] > 0]
        if len(laid_out) == len(locators) and boxes == before:
            return laid_out
        before = boxes
        page.wait_for_timeout(PAUSE_MS)
    raise AssertionError(f"not laid out, or never at rest: {before} of {locators}")
