"""Every text of the server and the office exists in Simplified Chinese."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from collector.settings import PROJECT_ROOT

PO = PROJECT_ROOT / "collector" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def forms(text: object) -> tuple[str, ...]:
    """A message's texts: one, or one for each plural form."""
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the sources and templates hold now."""
    target: Path = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run([*command, "-o", str(target), "."], cwd=PROJECT_ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    """The catalogue of Simplified Chinese."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


def messages(catalog: Catalog) -> list[Message]:
    """All messages but the header."""
    return [message for message in catalog if message.id]


def test_every_text_is_translated(extracted: Catalog, chinese: Catalog) -> None:
    """None is missing, empty or fuzzy."""
    found = {forms(message.id): message for message in messages(chinese)}
    assert len(messages(extracted)) > 200
    untranslated = [
        message.id
        for message in messages(extracted)
        if forms(message.id) not in found
        or not all(forms(found[forms(message.id)].string))
        or found[forms(message.id)].fuzzy
    ]
    assert untranslated == []


def test_no_translation_is_left_over(extracted: Catalog, chinese: Catalog) -> None:
    """A text that no longer exists takes its translation with it."""
    known = {forms(message.id) for message in messages(extracted)}
    assert [message.id for message in messages(chinese) if forms(message.id) not in known] == []


def test_placeholders_are_the_same(chinese: Catalog) -> None:
    """A placeholder that one side lacks would be an error when the text is shown."""
    wrong = [
        message.id
        for message in messages(chinese)
        if any(
            set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(forms(message.id)[-1]))
            for text in forms(message.string)
        )
    ]
    assert wrong == []


def test_chinese_pages_hold_no_english_sentence(chinese: Catalog) -> None:
    """A translation has Chinese in it; punctuation, and what is only figures, may go without."""
    plain = {", ", ".", "%(arrived)s of %(expected)s", "%(before)s → %(after)s", "%(percent)s %%", "null"}
    english = [
        message.id
        for message in messages(chinese)
        if forms(message.id)[0] not in plain and not re.search(r"[\u4e00-\u9fff]", forms(message.string)[0])
    ]
    assert english == []
