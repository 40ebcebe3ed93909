"""What is different between two versions of a questionnaire, told by its questions. Pure; the words are in difference_words.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from collector.questionnaires.model_items import Item, holds_data, items_of

#: Rules and properties of a question, by their key in the form model.
RULES = ("relevant", "required", "constraint", "calculate", "readonly", "default", "count", "missing")
LOOKS = ("appearance", "parameters")
TEXTS = ("label", "hint", "required_message", "constraint_message", "media")


@dataclass(frozen=True)
class Change:
    """A property that is different. `what`: its key; `language`: of a text, "" else; `before` and `after`: "" where there is none."""

    what: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Changed:
    """A question that is in both versions and not the same. `new_choices` and `gone_choices`: their values."""

    before: Item
    after: Item
    changes: Sequence[Change] = ()
    new_choices: Sequence[str] = ()
    gone_choices: Sequence[str] = ()
    choice_labels: Sequence[Change] = ()
    has_new_list: bool = False

    @property
    def has_new_type(self) -> bool:
        """Whether answers are of another type, so that one column holds both."""
        return any(change.what == "type" for change in self.changes)

    @property
    def has_new_rule(self) -> bool:
        """Whether what is asked, when, or what is accepted is different."""
        return any(change.what in RULES for change in self.changes)


@dataclass(frozen=True)
class Difference:
    """All that is different. `moved`: to another group, so that its column has another name; `reordered`: only its turn is another.

    `renamed`: pairs that look like the same question under another name.
    """

    form: Sequence[Change] = ()
    added: Sequence[Item] = ()
    removed: Sequence[Item] = ()
    renamed: Sequence[tuple[Item, Item]] = ()
    moved: Sequence[tuple[Item, Item]] = ()
    reordered: Sequence[Item] = ()
    changed: Sequence[Changed] = ()

    @property
    def count(self) -> int:
        """How many things are different."""
        parts = (self.form, self.added, self.removed, self.renamed, self.moved, self.reordered, self.changed)
        return sum(len(part) for part in parts)


@dataclass
class _Pairs:
    """Items of two versions brought together; what is left over was added or removed."""

    same: list[tuple[Item, Item]] = field(default_factory=list)
    removed: list[Item] = field(default_factory=list)
    added: list[Item] = field(default_factory=list)

    def take(self, key: Callable[[Item], Any]) -> list[tuple[Item, Item]]:
        """Take out the pairs of which `key` says the same, and says it of no other; None: it says nothing of an item."""
        old, new = _by(self.removed, key), _by(self.added, key)
        found = [(items[0], new[said][0]) for said, items in old.items() if len(items) == len(new.get(said, ())) == 1]
        taken = {item.path for pair in found for item in pair}
        self.removed = [item for item in self.removed if item.path not in taken]
        self.added = [item for item in self.added if item.path not in taken]
        return found


def _by(items: Iterable[Item], key: Callable[[Item], Any]) -> dict[Any, list[Item]]:
    found: dict[Any, list[Item]] = {}
    for item in items:
        said = key(item)
        if said is not None:
            found.setdefault(said, []).append(item)
    return found


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """The difference from the form model `before` to `after`."""
    earlier, later = {item.path: item for item in items_of(before)}, {item.path: item for item in items_of(after)}
    pairs = _Pairs(
        [(earlier[path], item) for path, item in later.items() if path in earlier],
        [item for path, item in earlier.items() if path not in later],
        [item for path, item in later.items() if path not in earlier],
    )
    moved = pairs.take(lambda item: (item.name, item.kind, item.answer_type))
    renamed = pairs.take(_look)
    changed = (_changed(*pair) for pair in (*pairs.same, *moved, *renamed))
    return Difference(
        form=_form_changes(before["form"], after["form"]),
        added=pairs.added,
        removed=pairs.removed,
        renamed=renamed,
        moved=moved,
        reordered=_reordered(earlier, later),
        changed=[one for one in changed if one is not None],
    )


def _look(item: Item) -> Any:
    """What a question looks like to the person who answers it; None where nothing is shown of it."""
    return (item.parent, item.kind, item.answer_type, tuple(sorted(item.labels.items()))) if item.labels else None


def _reordered(earlier: Mapping[str, Item], later: Mapping[str, Item]) -> list[Item]:
    """Items that are in both, in the same group, and whose turn there is another: as few as explain the new order."""
    found = []
    for parent in dict.fromkeys(item.parent for item in later.values()):
        old = [path for path, item in earlier.items() if item.parent == parent and path in later]
        new = [path for path, item in later.items() if item.parent == parent and path in earlier]
        kept = {
            path
            for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            for path in _of(old, block)
        }
        found += [later[path] for path in new if path not in kept]
    return found


def _of(paths: Sequence[str], block: Any) -> Sequence[str]:
    return paths[block.a : block.a + block.size]


def _changed(before: Item, after: Item) -> Changed | None:
    changes = [
        *_kind_change(before, after),
        *(
            change
            for what in TEXTS
            for change in _text_changes(what, before.texts.get(what, {}), after.texts.get(what, {}))
        ),
        *_values(RULES, before.node, after.node),
        *_values(LOOKS, before.node, after.node),
        *_filter_change(before, after),
    ]
    old, new = before.choices or {}, after.choices or {}
    has_lists = before.choices is not None and after.choices is not None
    found = Changed(
        before,
        after,
        changes,
        new_choices=[value for value in new if value not in old] if has_lists else [],
        gone_choices=[value for value in old if value not in new] if has_lists else [],
        choice_labels=[
            change for value in new if value in old for change in _text_changes(value, old[value], new[value])
        ],
        has_new_list=before.list_hash != after.list_hash,
    )
    is_different = found.changes or found.new_choices or found.gone_choices or found.choice_labels or found.has_new_list
    return found if is_different else None


def _kind_change(before: Item, after: Item) -> Iterable[Change]:
    old, new = (" ".join(filter(None, (item.kind, *item.answer_type))) for item in (before, after))
    if old != new:
        yield Change("type", old, new)


def _text_changes(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[Change]:
    for language in dict.fromkeys([*after, *before]):
        old, new = before.get(language, ""), after.get(language, "")
        if old != new:
            yield Change(what, old, new, language)


def _values(keys: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for key in keys:
        old, new = written(before.get(key, "")), written(after.get(key, ""))
        if old != new:
            yield Change(key, old, new)


def _filter_change(before: Item, after: Item) -> Iterable[Change]:
    """Which choices are offered when; a list that only has another name is none."""
    old, new = (
        written((item.node.get("itemset") or {}).get("nodeset", "")).partition("[")[2] for item in (before, after)
    )
    if old != new:
        yield Change("choice_filter", old.rstrip("]"), new.rstrip("]"))


def written(value: Any) -> str:
    """A value of the form model in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={value[key]}" for key in sorted(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return " ".join(str(value).split())


def _form_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    languages = [", ".join(entry["name"] for entry in form["languages"]) for form in (before, after)]
    titles = [{"": form["title"], **form.get("titles", {})} for form in (before, after)]
    changes = list(_text_changes("title", *titles))
    if languages[0] != languages[1]:
        changes.append(Change("languages", *languages))
    keys = ("default_language", "place_path", "style")
    return [*changes, *_values(keys, before, after)]


def lost_answers(difference: Difference) -> list[Item]:
    """Questions of the earlier version that hold answers and are no more, in no form."""
    return [item for item in difference.removed if item.kind == "question" and holds_data(item.node)]
