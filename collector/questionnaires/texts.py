"""The texts of a form: itext and inline labels of an XForm -> `texts` of the form model (ODK XForms, "Languages")."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from collector.questionnaires.xml_names import XFORMS, local_name

Text = str | list[str | dict[str, str]] | dict[str, Any]

DEFAULT = "default"
# What forms of the CHT give to a question that is shown without words.
NO_LABEL = "NO_LABEL"
MISSING = "-"  # What pyxform puts where a translation is missing.
MEDIA = ("image", "big-image", "audio", "video")
_MESSAGES = (":jr:requiredMsg", ":jr:constraintMsg")
_ITEXT_CALL = re.compile(r"^\s*jr:itext\(\s*(['\"])(.*)\1\s*\)\s*$", re.DOTALL)
_CODE = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*\)\s*$")
_BARE_CODE = re.compile(r"^[A-Za-z]{2}(?:[-_][A-Za-z0-9]+)*$")
# Languages that workbooks name without a code, in their own and in English spelling.
_NAMED = {
    "chinese": "zh", "中文": "zh", "english": "en", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "portuguese": "pt", "português": "pt", "german": "de", "deutsch": "de", "arabic": "ar", "swahili": "sw",
    "kiswahili": "sw",
    "hindi": "hi", "nepali": "ne", "indonesian": "id", "japanese": "ja", "russian": "ru", "italian": "it", "amharic":
    "am",
}  # fmt: skip


class Texts:
    """Collects the texts of one form, by language and key."""

    def __init__(self, model: etree._Element) -> None:
        itext = model.find(f"{{{XFORMS}}}itext")
        translations = [] if itext is None else list(itext.iterfind(f"{{{XFORMS}}}translation"))
        self.by_language: dict[str, dict[str, Text]] = {}
        self.default = ""
        self._taken: set[str] = set()
        for translation in translations:
            name = translation.get("lang", DEFAULT)
            self.by_language[name] = {
                text.get("id", ""): _itext(text) for text in translation.iterfind(f"{{{XFORMS}}}text") if text.get("id")
            }
            if translation.get("default") is not None:
                self.default = name
        if not self.by_language:
            self.by_language[DEFAULT] = {}
        self.default = self.default or next(iter(self.by_language))

    def key_of(self, element: etree._Element | None, key: str) -> str | None:
        """The key of the text that a label or hint element shows; an inline text is put in under `key`. None where it
        is empty.
        """
        if element is None:
            return None
        called = _ITEXT_CALL.match(element.get("ref", ""))
        if called:
            return called.group(2) if self._is_known(called.group(2)) else None
        return self.add(key, _content(element))

    def key_of_message(self, message: str | None, key: str) -> str | None:
        """As `key_of`, for the messages that a bind carries in an attribute."""
        if not message:
            return None
        called = _ITEXT_CALL.match(message)
        if called:
            return called.group(2) if self._is_known(called.group(2)) else None
        return self.add(key, message.strip())

    def add(self, key: str, text: Text) -> str | None:
        """Puts a text in the default language; gives its key, or None where the text is empty."""
        if not text or text == NO_LABEL:
            return None
        self.by_language[self.default][key] = text
        return key

    def take_plain(self, key: str | None) -> str:
        """The words under `key` in the default language, else in the first that has them; they are shown no longer by
        that key.
        """
        if key is None:
            return ""
        self._taken.add(key)
        for texts in (self.by_language[self.default], *self.by_language.values()):
            text = _form(texts[key], "text") if key in texts else None
            if isinstance(text, str) and text not in ("", MISSING):
                return text
        return ""

    def drop_taken(self, still_shown: set[str]) -> None:
        """Leaves out the texts that were taken, but for those that a list still shows."""
        for texts in self.by_language.values():
            for key in self._taken - still_shown:
                texts.pop(key, None)

    def drop_missing(self) -> None:
        """Leaves out what pyxform filled with "-", so that the default language shows; a default that is missing
        takes the first text there is.
        """
        keys = {key for texts in self.by_language.values() for key in texts}
        for key in keys:
            said = {name: texts[key] for name, texts in self.by_language.items() if key in texts}
            if any(not _is_missing(text) for text in said.values()):
                for name, text in said.items():
                    kept = _without_missing(text, list(said.values()))
                    if kept:
                        self.by_language[name][key] = kept
                    else:
                        del self.by_language[name][key]
            # In place of a message that a language lacks, the phone says its own in that language (A56).
            if key not in self.by_language[self.default] and not key.endswith(_MESSAGES):
                first = next(texts[key] for texts in self.by_language.values() if key in texts)
                self.by_language[self.default][key] = first

    def languages(self, order: list[str]) -> list[dict[str, str]]:
        """Shape: [{"name", "code"}], in `order` first, then as in the XForm."""
        names = [name for name in order if name in self.by_language]
        names += [name for name in self.by_language if name not in names]
        return [{"name": name, "code": language_code(name)} for name in names]

    def _is_known(self, key: str) -> bool:
        said = [texts[key] for texts in self.by_language.values() if key in texts]
        return any(text not in (NO_LABEL, MISSING) for text in said) or (MISSING in said and NO_LABEL not in said)


def language_code(name: str) -> str:
    """The BCP 47 code in a language's name, such as "zh" in "中文 (zh)"; "" where there is none."""
    in_brackets = _CODE.search(name)
    if in_brackets:
        return in_brackets.group(1)
    if _BARE_CODE.match(name):
        return name
    return _NAMED.get(name.strip().casefold(), "")


def _itext(element: etree._Element) -> Text:
    """A `text` element: its plain value, or an object where it has guidance or media."""
    parts: dict[str, Any] = {}
    for value in element.iterfind(f"{{{XFORMS}}}value"):
        form = value.get("form")
        content = _content(value)
        if form is None or form == "long":
            parts.setdefault("text", content)
        elif form == "guidance":
            parts["guidance"] = content
        elif form in MEDIA and isinstance(content, str):
            # Source: ODK XForms, "Media": jr://images/x.png names the file x.png of the form.
            parts[form] = content.rsplit("/", 1)[-1]
    if set(parts) <= {"text"}:
        plain: Text = parts.get("text", "")
        return plain
    return parts


def _content(element: etree._Element) -> Text:
    """The words of a label with the values it holds: a string, or a list of strings and `{"value": expression}`."""
    parts: list[str | dict[str, str]] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and local_name(child) == "output":
            parts.append({"value": child.get("value") or child.get("ref") or ""})
            parts.append(child.tail or "")
        else:
            parts[-1] = (
                f"{parts[-1]}{''.join(child.itertext()) if isinstance(child.tag, str) else ''}{child.tail or ''}"
            )
    parts[0] = str(parts[0]).lstrip()
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    parts = [part for part in parts if part != ""]
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return parts


def _is_missing(text: Text) -> bool:
    if isinstance(text, dict):
        return all(value == MISSING for value in text.values())
    return text == MISSING


def _without_missing(text: Text, in_all_languages: list[Text]) -> Text:
    if not isinstance(text, dict):
        return "" if text == MISSING else text
    # A form (image, guidance) is filled in everywhere when one language has it; "-" in all of them was typed.
    kept = {
        form: value
        for form, value in text.items()
        if value != MISSING or all(_form(other, form) == MISSING for other in in_all_languages)
    }
    return str(kept["text"]) if set(kept) == {"text"} and isinstance(kept["text"], str) else kept


def _form(text: Text, form: str) -> Any:
    if isinstance(text, dict):
        return text.get(form)
    return text if form == "text" else None
