"""The difference between two versions as a page tells it: sections of rows, each section with what it means for the data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from collector.questionnaires.difference import Change, Changed, Difference
from collector.questionnaires.kinds import kind_words, property_words
from collector.questionnaires.model_items import Item, holds_data, label_in


@dataclass(frozen=True)
class Line:
    """One thing that is different about a question: what it is, and how it was and is. `note`: what it means for answers."""

    words: str
    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A question, group or repeat: its label, its path, and what is different about it."""

    label: str
    path: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Section:
    """Rows of one kind under a heading. `meaning`: consequences for the data, each a sentence."""

    key: str
    title: str
    rows: Sequence[Row]
    meaning: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Counted:
    """How often answers that a version no longer knows are among `looked_at` responses, the newest. By path, and path and value."""

    looked_at: int
    is_all: bool
    questions: Mapping[str, int]
    choices: Mapping[tuple[str, str], int]


def sections(
    difference: Difference,
    models: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    language: str,
    earlier: str,
    counted: Counted | None = None,
) -> list[Section]:
    """What the page shows, in the order of its weight for the data, in `language`.

    `models`: the form models before and after; `earlier`: what the version before is called.
    """

    def rows(
        items: Iterable[Item], lines: Callable[[Item], list[Line]], model: Mapping[str, Any] = models[1]
    ) -> list[Row]:
        return [Row(label_in(item.labels, model, language) or item.name, item.path, lines(item)) for item in items]

    def pair_rows(pairs: Sequence[tuple[Item, Item]], words: str) -> list[Row]:
        befores = {after.path: before.path for before, after in pairs}
        return rows((after for _before, after in pairs), lambda item: [Line(words, befores[item.path], item.path)])

    def choice(model: Mapping[str, Any], item: Item, value: str) -> str:
        label = label_in((item.choices or {}).get(value, {}), model, language)
        return f"{label} ({value})" if label else value

    changed = {one.after.path: one for one in difference.changed}
    rows_by_key = {
        "removed": rows(difference.removed, lambda item: _held(item, counted), models[0]),
        "renamed": pair_rows(difference.renamed, _("Name in the workbook")),
        "moved": pair_rows(difference.moved, _("Where it stands")),
        "added": rows(difference.added, lambda item: [Line(_kind(item))]),
        "changed": rows(
            (one.after for one in difference.changed),
            lambda item: list(
                _lines(changed[item.path], (partial(choice, models[0]), partial(choice, models[1])), counted)
            ),
        ),
        "reordered": rows(difference.reordered, lambda _item: []),
        "form": [_form_row(change) for change in difference.form],
    }
    return [
        Section(key, title, rows_by_key[key], meaning)
        for key, (title, meaning) in _headings(difference, earlier).items()
        if rows_by_key[key]
    ]


def _headings(difference: Difference, earlier: str) -> dict[str, tuple[str, list[str]]]:
    """Heading and consequences of each section."""
    return {
        "removed": (_("Removed"), [_("Answers collected so far stay, and are exported in their own columns.")]),
        "renamed": (
            _("Looks like a rename"),
            [
                _("To the data these are two questions: earlier answers stay in the column of the old name."),
                _("Keep the old name in the workbook if one column is wanted."),
            ],
        ),
        "moved": (
            _("Moved to another group"),
            [_("Earlier answers stay in the column of the earlier group, new ones get a column of their own.")],
        ),
        "added": (
            _("Added"),
            [_("Responses collected with version %(version)s have no answer there.", version=earlier)],
        ),
        "changed": (_("Changed"), _meaning_of_changes(difference)),
        "reordered": (_("Asked at another point"), [_("Their columns stay where they are.")]),
        "form": (
            _("The questionnaire itself"),
            [_("Other questions tell the place now; responses that are in keep theirs.")] * _has_new_place(difference),
        ),
    }


def _form_row(change: Change) -> Row:
    return Row(property_words(change.what), change.language, [Line("", change.before, change.after)])


def summary(difference: Difference) -> list[str]:
    """The difference in a few words, such as "2 added", in the order of the sections."""
    counts: Iterable[tuple[int, str]] = (
        (len(difference.removed), _("removed")),
        (len(difference.renamed), _("perhaps renamed")),
        (len(difference.moved), _("moved to another group")),
        (len(difference.added), _("added")),
        (len(difference.changed), _("changed")),
        (len(difference.reordered), _("at another point")),
        (len(difference.form), _("about the questionnaire itself")),
    )
    return [f"{count} {words}" for count, words in counts if count]


def _has_new_place(difference: Difference) -> bool:
    return any(change.what == "place_path" for change in difference.form)


def _held(item: Item, counted: Counted | None) -> list[Line]:
    if counted is None or item.kind != "question" or not holds_data(item.node):
        return [Line(_kind(item))]
    return [Line(_kind(item), note=_answered(counted.questions.get(item.path, 0), counted))]


def _kind(item: Item) -> str:
    return kind_words(item.kind, *item.answer_type)


def _answered(count: int, counted: Counted) -> str:
    if counted.is_all:
        return str(ngettext("Answered in %(num)s response.", "Answered in %(num)s responses.", count))
    return str(_("Answered in %(count)s of the newest %(all)s responses.", count=count, all=counted.looked_at))


def _still_chosen(count: int, counted: Counted) -> str:
    if counted.is_all:
        return str(ngettext("Still chosen in %(num)s response.", "Still chosen in %(num)s responses.", count))
    return str(_("Still chosen in %(count)s of the newest %(all)s responses.", count=count, all=counted.looked_at))


def _lines(
    one: Changed, choices: tuple[Callable[[Item, str], str], Callable[[Item, str], str]], counted: Counted | None
) -> Iterable[Line]:
    """`choices`: how a choice is called before and after."""
    for change in one.changes:
        yield _property_line(change)
    for value in one.gone_choices:
        note = _still_chosen(counted.choices.get((one.before.path, value), 0), counted) if counted else ""
        yield Line(_("Choice removed"), before=choices[0](one.before, value), note=note)
    for value in one.new_choices:
        yield Line(_("Choice added"), after=choices[1](one.after, value))
    for change in one.choice_labels:
        yield Line(_in(_("Choice %(value)s", value=change.what), change.language), change.before, change.after)
    if one.has_new_list:
        yield Line(_("The file with its choices has another content"))


def _property_line(change: Change) -> Line:
    before, after = change.before, change.after
    if change.what == "type":
        before, after = (kind_words(*words.split(" ")) for words in (before, after))
    return Line(_in(property_words(change.what), change.language), before, after)


def _in(words: str, language: str) -> str:
    return f"{words} · {language}" if language and language != "default" else words


def _meaning_of_changes(difference: Difference) -> list[str]:
    changed = difference.changed
    said = []
    if any(one.has_new_type for one in changed):
        said.append(_("Where the kind of question is another, one column holds answers of both kinds, as text."))
    if any(one.gone_choices for one in changed):
        said.append(_("A choice that was removed stays in the responses that have it, and in exports."))
    if any(one.has_new_rule for one in changed):
        said.append(
            _("New rules hold for responses that are begun with the new version; what is in is not checked again.")
        )
    if any(change.what == "label" for one in changed for change in one.changes):
        said.append(_("Answers to the earlier wording stay in the same column as those to the new one."))
    return said
