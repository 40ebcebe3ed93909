"""The form in which the office changes answers: a response's answers as fields, and what was typed into them. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from collector.intake.words import MISSING
from collector.intake.words import in_words as words_for
from collector.questionnaires import missing
from collector.questionnaires.model_items import holds_data
from collector.review.answers import Words, in_words
from collector.review.personal import is_hidden

#: Answers that can be changed, by type; the others (points, photos, moments) are shown only.
KINDS = {"string": "text", "barcode": "text", "int": "int", "decimal": "decimal", "date": "date"}
#: Longer answers get a box of several lines, characters.
LONG = 80
TEXT, LONG_TEXT, INT, DECIMAL, DATE, ONE, MANY, FIXED = "text", "long", "int", "decimal", "date", "one", "many", "fixed"

FAULTS: dict[str, Any] = {
    INT: _l("Type a whole number, such as 12."),
    DECIMAL: _l("Type a number, such as 2.5."),
    DATE: _l("Type a date as year-month-day, such as 2026-03-28."),
    ONE: _l("Choose one of the choices."),
    MANY: _l("Choose among the choices."),
}
_WHOLE, _NUMBER = re.compile(r"-?[0-9]{1,18}"), re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


@dataclass(frozen=True)
class Field:
    """A question: `key` is its path with positions, without the root's name; `value` the answer as it stands, `typed` as it is shown.

    `kind` is one of those above; `fixed` ones are only shown, as `typed` in words. `reason`: why there is no answer, in words.
    """

    key: str
    label: str
    kind: str
    value: str
    typed: str
    choices: list[tuple[str, str]] = field(default_factory=list)
    is_asked: bool = True
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Part:
    """A group, repeat, row, or a row to be added (`new`), with what is in it. `key` as of a field; of a group "" ."""

    kind: str
    label: str
    key: str = ""
    children: list["Field | Part"] = field(default_factory=list)


@dataclass(frozen=True)
class Typed:
    """What was typed: answers that differ by key, rows to take out by key, and what is wrong by key."""

    changes: Mapping[str, str]
    removed: Collection[str]
    faults: Mapping[str, str]


class Layout:
    """Makes the fields of one response's form."""

    def __init__(
        self,
        model: Mapping[str, Any],
        answers: Mapping[str, Any],
        language: str,
        unasked: Collection[str],
        hidden: Collection[str],
    ) -> None:
        self._root = f"/{model['root']['name']}/"
        self._tree = model["root"]
        self._answers = answers
        self._words = Words(model, language)
        self._unasked = {path.removeprefix(self._root) for path in unasked}
        self._hidden = hidden

    def parts(self) -> list[Field | Part]:
        """All that can be changed or seen, in form order."""
        return list(self._inside(self._tree, self._answers, "", "", is_new=False))

    def _inside(
        self, node: Mapping[str, Any], values: Mapping[str, Any], key: str, path: str, *, is_new: bool
    ) -> Iterator[Field | Part]:
        for child in node.get("children", ()):
            name = child["name"]
            child_path = f"{path}{name}"
            if name == "meta" or name.startswith("@") or is_hidden(child_path, self._hidden):
                continue
            child_key, value = f"{key}{name}", values.get(name)
            if child["kind"] == "question":
                yield from self._question(child, value, values.get(name + missing.KEY), child_key, is_new)
            elif child["kind"] == "group":
                inner = value if isinstance(value, dict) else {}
                children = list(self._inside(child, inner, f"{child_key}/", f"{child_path}/", is_new=is_new))
                if children:
                    yield Part("group", self._label(child), "", children)
            elif not is_new:
                yield self._repeat(child, value if isinstance(value, list) else [], child_key, child_path)

    def _repeat(self, node: Mapping[str, Any], rows: list[Any], key: str, path: str) -> Part:
        parts: list[Field | Part] = [
            Part(
                "row",
                str(number),
                f"{key}[{number}]",
                list(self._inside(node, row, f"{key}[{number}]/", f"{path}/", is_new=False)),
            )
            for number, row in enumerate(rows, 1)
            if isinstance(row, dict)
        ]
        # A number of rows that the form sets itself is not changed by hand.
        is_free = "count" not in node and not node.get("fixed")
        if is_free and len(parts) == len(rows):
            new_key = f"{key}[{len(rows) + 1}]"
            parts.append(
                Part(
                    "new",
                    str(len(rows) + 1),
                    new_key,
                    list(self._inside(node, {}, f"{new_key}/", f"{path}/", is_new=True)),
                )
            )
        return Part("repeat" if is_free else "fixed", self._label(node), key, parts)

    def _question(self, node: Mapping[str, Any], value: Any, reason: Any, key: str, is_new: bool) -> Iterator[Field]:
        if not node.get("control") or not holds_data(node):
            return
        text = value if isinstance(value, str) else ""
        kind, choices = self._kind(node, text)
        if value is not None and not isinstance(value, str):
            kind = FIXED
        if kind == FIXED and not text:
            return
        shown = in_words(node, text, self._words, self._answers) if kind == FIXED else text
        why = words_for(MISSING, reason) if isinstance(reason, str) and not text else ""
        is_asked = is_new or key not in self._unasked
        yield Field(key, self._label(node), kind, text, shown, choices, is_asked, why)

    def _kind(self, node: Mapping[str, Any], value: str) -> tuple[str, list[tuple[str, str]]]:
        control = node["control"]
        if node.get("readonly") == "true()" or "calculate" in node:
            return FIXED, []
        if control in ("select1", "select"):
            known = self._words.choices(node["itemset"], self._answers) if "itemset" in node else {}
            if not known:
                # Choices of a list beside the workbook: their codes are typed.
                return TEXT, []
            names = [value] if control == "select1" else value.split()
            other = {name: name for name in names if name and name not in known}
            return ONE if control == "select1" else MANY, list((known | other).items())
        kind = KINDS.get(node.get("type", "string"), FIXED) if control in ("input", "range") else FIXED
        if kind == TEXT and (len(value) > LONG or "\n" in value or "multiline" in node.get("appearance", "").split()):
            return LONG_TEXT, []
        return kind, []

    def _label(self, node: Mapping[str, Any]) -> str:
        return self._words.text(node.get("label"), self._answers) or str(node["name"])


def fields_in(parts: Iterable[Field | Part]) -> Iterator[Field]:
    """All fields below `parts`."""
    for part in parts:
        if isinstance(part, Field):
            yield part
        else:
            yield from fields_in(part.children)


def removable_rows(parts: Iterable[Field | Part], *, is_free: bool = False) -> Iterator[str]:
    """Keys of the rows that may be taken out."""
    for part in parts:
        if isinstance(part, Part):
            if part.kind == "row" and is_free:
                yield part.key
            yield from removable_rows(part.children, is_free=part.kind == "repeat")


def read_typed(parts: Iterable[Field | Part], form: MultiDict[str, str]) -> Typed:
    """What was typed into the fields of a form that was sent. What was not sent is as it was."""
    parts = list(parts)
    removed = set(form.getlist("remove")) & set(removable_rows(parts))
    changes, faults = {}, {}
    for one in fields_in(parts):
        if one.kind == FIXED or any(one.key.startswith(f"{row}/") for row in removed):
            continue
        typed = read_value(one, form)
        if typed is None or same_answer(one, typed):
            continue
        changes[one.key] = typed
        if typed and not fits(one, typed):
            faults[one.key] = str(FAULTS[one.kind])
    return Typed(changes, removed, faults)


def read_value(one: Field, form: MultiDict[str, str]) -> str | None:
    """The answer that was typed into a field, as the form keeps it; None where the field was not sent."""
    name = f"answer:{one.key}"
    if one.kind == MANY:
        # Boxes without a tick send nothing; the mark says that they were there.
        chosen = form.getlist(name)
        return " ".join(chosen) if f"many:{one.key}" in form else None
    typed = form.get(name)
    if typed is None:
        return None
    typed = typed.replace("\r\n", "\n").strip()
    return typed.replace(",", ".") if one.kind == DECIMAL else typed


def same_answer(one: Field, typed: str) -> bool:
    """Tell whether what was typed is the answer that is there: choices in whatever order, texts but for blanks around them."""
    if one.kind == MANY:
        return set(typed.split()) == set(one.value.split())
    return typed == one.value.replace("\r\n", "\n").strip()


def fits(one: Field, typed: str) -> bool:
    """Tell whether an answer is of the field's kind. Everything else is for the engine to judge, which only flags."""
    if one.kind == INT:
        return _WHOLE.fullmatch(typed) is not None
    if one.kind == DECIMAL:
        return _NUMBER.fullmatch(typed) is not None
    if one.kind == DATE:
        return is_date(typed)
    if one.kind in (ONE, MANY):
        values = {value for value, _label in one.choices}
        return (typed in values) if one.kind == ONE else set(typed.split()) <= values
    return True


def is_date(text: str) -> bool:
    """Tell whether a text is a day as the form keeps it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def with_typed(parts: Iterable[Field | Part], typed: Typed) -> list[Field | Part]:
    """The fields showing what was typed instead of the answers as they stand, with what is wrong with it."""
    shown: list[Field | Part] = []
    for part in parts:
        if isinstance(part, Part):
            shown.append(replace(part, children=with_typed(part.children, typed)))
        else:
            changed = typed.changes.get(part.key, part.typed)
            shown.append(replace(part, typed=changed, fault=typed.faults.get(part.key, "")))
    return shown
