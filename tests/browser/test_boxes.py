"""`boxes_of` waits for a page that is being drawn anew, and says what never lies anywhere."""

import pytest

from tests.browser import boxes
from tests.browser.boxes import box_of, boxes_of
from tests.browser.conftest import NewPhone

#: A button that is not laid out at first, and one that never is.
PAGE = """<!doctype html><button id=late hidden>Late</button><i id=never hidden>x</i><script>
setTimeout(() => { document.getElementById('late').hidden = false }, 300)
</script>"""


def test_what_comes_late_is_measured_once_it_is_there(new_phone: NewPhone) -> None:
    page = new_phone().new_page()
    page.set_content(PAGE)
    late = page.locator("#late")
    first, second = boxes_of(late, late)
    assert first == second == box_of(late)
    assert first["width"] > 0 and first["height"] > 0


def test_what_is_never_laid_out_is_said(new_phone: NewPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "LOOKS", 3)
    page = new_phone().new_page()
    page.set_content(PAGE)
    with pytest.raises(AssertionError, match="not laid out"):
        box_of(page.locator("#never"))
