"""What is looked at on each screen: axe's rules, and the layout. Gives sentences; none means that all is well."""

from pathlib import Path

from playwright.sync_api import Page

from collector.settings import PROJECT_ROOT

AXE = PROJECT_ROOT / "node_modules" / "axe-core" / "axe.min.js"
LAYOUT = (Path(__file__).parent / "layout.js").read_text("utf-8")
#: The size of targets is held by layout.js, which asks for twice as much and scrolls each into view first.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": False}},
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
#: Width and size of text: the narrowest phone with the largest text, and a common one.
LAYOUTS = ((320, 200), (360, 100))
#: The office is used on a laptop and on a phone; its text follows the browser's own size.
OFFICE_WIDTHS = (1280, 360)

RUN = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...options })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `axe ${id}: ${target.join(' ')}: ${failureSummary.split('\\n').slice(1).join('; ').trim().slice(0, 160)}`))
}"""

#: As another tab would change it, so that the client fetches what the theme needs.
SHOW = """async ([theme, size]) => {
  localStorage.setItem('display', JSON.stringify({ theme, size }))
  dispatchEvent(new StorageEvent('storage', { key: 'display' }))
  Object.assign(document.documentElement.dataset, { theme, size })
  const isThere = () => theme === 'auto' || [...document.querySelectorAll('link[href*=themes]')].some(({ sheet }) => sheet)
  for (let tries = 0; tries < 40 && !isThere(); tries++) await new Promise((done) => setTimeout(done, 25))
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))
}"""


def examine(page: Page, lang: str) -> list[str]:
    """All that is wrong with what the page shows. Colours are the same in both languages: the other themes are looked at in one."""
    if page.evaluate("() => document.body.classList.contains('office')"):
        return examine_office(page, lang)
    found = axe_faults(page, RULES)
    for theme in ("dark", "sunlight") if lang == "en" else ():
        show_as(page, theme=theme)
        found += [f"{theme}: {fault}" for fault in axe_faults(page, CONTRAST)]
    for width, size in LAYOUTS:
        show_as(page, width=width, size=size)
        found += [f"{width} px, {size} %: {fault}" for fault in layout_faults(page)]
    show_as(page)
    return found


def examine_office(page: Page, lang: str) -> list[str]:
    """The same of a page of the office, which is dark when the browser is."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = axe_faults(page, RULES)
    if lang == "en":
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark: {fault}" for fault in axe_faults(page, CONTRAST)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in OFFICE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width} px: {fault}" for fault in layout_faults(page)]
    return found


def axe_faults(page: Page, options: object) -> list[str]:
    """Violations that axe finds."""
    if not page.evaluate("() => 'axe' in globalThis"):
        # Through the debugger, which the page's content security policy does not concern.
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN, options)
    return found


def layout_faults(page: Page) -> list[str]:
    """What is too wide, cut, too small, covered, or one primary action too many."""
    found: list[str] = page.evaluate(LAYOUT)
    return found


def show_as(page: Page, *, width: int = 360, height: int = 740, theme: str = "auto", size: int = 100) -> None:
    """Show the page at this width, in this theme, with text of this size, and let it settle."""
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})
    page.evaluate(SHOW, [theme, size])
