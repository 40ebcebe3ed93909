"""`make gallery`: pictures of every screen of the phone at three widths, in both languages, three themes and two sizes of text, and sheets of them.

A sheet holds one tour in one language at one width, theme and size, so that a person can look at all of it. `ONLY=tour,…`, `LOOKS=zh-360-light-100,…`
for some.
"""

import argparse
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from collector.settings import PROJECT_ROOT
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.screens.examine import show_as
from tests.browser.screens.stage import Stage, publish_forms
from tests.browser.screens.tours import TOURS
from tests.servers import running_server

WIDTHS = {320: 640, 360: 740, 412: 846}
THEMES = ("light", "dark", "sunlight")
SIZES = (100, 200)
LOOKS = [f"{lang}-{width}-{theme}-{size}" for lang, width, theme, size in product(("zh", "en"), WIDTHS, THEMES, SIZES)]
#: The few that docs/screens shows, by tour: name of the screen and its look.
STORY = {
    "joining": {"join-hello": "zh-360-light-100"},
    "helping": {"practice-4": "zh-360-light-100", "install-android": "en-360-light-100"},
    "home": {"home-draft": "zh-360-light-100", "done-kept-offline": "en-360-dark-100"},
    "doors": {"doors": "en-360-light-100"},
    "filling": {
        "fill-born-year": "zh-360-light-100",
        "fill-health-required": "zh-320-light-200",
        "fill-more": "en-360-sunlight-100",
    },
}
COLUMNS = 7
SHEET_WIDTH = 1960
CAPTION = 22


def take(folder: Path, tours: list[str], looks: list[str], scale: int = 1) -> None:
    """Walk through the tours in each language, and keep a picture of every screen in every look."""
    with (
        tempfile.TemporaryDirectory() as data,
        running_server("sqlite", Path(data)) as server,
        sync_playwright() as playwright,
    ):
        publish_forms(server)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, "--use-fake-device-for-media-stream"]
        )
        for lang in sorted({look.split("-")[0] for look in looks}):
            for tour in tours:
                stage = Stage(server, browser, lang, {"device_scale_factor": scale})
                for number, screen in enumerate(TOURS[tour](stage)):
                    keep(
                        stage, folder, f"{number:02}-{screen}", tour, [look for look in looks if look.startswith(lang)]
                    )
                stage.close()
                print(f"{lang}: {tour}", flush=True)
        browser.close()


def keep(stage: Stage, folder: Path, screen: str, tour: str, looks: list[str]) -> None:
    """A picture of the present screen in each look."""
    for look in looks:
        _, width, theme, size = look.split("-")
        show_as(stage.page, width=int(width), height=WIDTHS[int(width)], theme=theme, size=int(size))
        place = folder / look / tour
        place.mkdir(parents=True, exist_ok=True)
        stage.page.screenshot(path=place / f"{screen}.png", animations="disabled")
    show_as(stage.page)


def tell_story(folder: Path) -> None:
    """Make the few pictures of the documentation, each small."""
    with tempfile.TemporaryDirectory() as scratch:
        looks = sorted({look for screens in STORY.values() for look in screens.values()})
        take(Path(scratch), list(STORY), looks, scale=2)
        folder.mkdir(parents=True, exist_ok=True)
        for tour, screens in STORY.items():
            for screen, look in screens.items():
                [path] = (Path(scratch) / look / tour).glob(f"??-{screen}.png")
                shot = Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=48)
                shot.save(folder / f"{screen}.png", optimize=True)


def lay_out(pictures: list[Path], target: Path) -> None:
    """One sheet of pictures side by side, each under its name."""
    shots = [Image.open(path).convert("RGB") for path in pictures]
    columns = min(COLUMNS, len(shots))
    width = SHEET_WIDTH // COLUMNS - 8
    height = max(round(shot.height * width / shot.width) for shot in shots) + CAPTION
    sheet = Image.new("RGB", (columns * (width + 8), -(-len(shots) // columns) * (height + 8)), "#888")
    draw = ImageDraw.Draw(sheet)
    for index, (path, shot) in enumerate(zip(pictures, shots, strict=True)):
        x, y = index % columns * (width + 8), index // columns * (height + 8)
        draw.text((x + 4, y + 4), path.stem, fill="white")
        sheet.paste(shot.resize((width, round(shot.height * width / shot.width))), (x, y + CAPTION))
    sheet.save(target, optimize=True)


def main() -> None:
    """Take the pictures that were asked for, and make the sheets."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path("data/gallery"))
    parser.add_argument("--only", default=",".join(TOURS))
    parser.add_argument("--looks", default=",".join(LOOKS))
    parser.add_argument("--story", action="store_true", help="make docs/screens instead")
    chosen = parser.parse_args()
    if chosen.story:
        tell_story(PROJECT_ROOT / "docs" / "screens")
        return
    tours, looks = chosen.only.split(","), chosen.looks.split(",")
    take(chosen.folder, tours, looks)
    for look, tour in product(looks, tours):
        lay_out(sorted((chosen.folder / look / tour).glob("*.png")), chosen.folder / f"{look}-{tour}.png")
    print(f"the sheets are in {chosen.folder}")


if __name__ == "__main__":
    main()
