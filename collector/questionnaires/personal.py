"""Questions whose answers may tell who somebody is: which there are, and which of them look like it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.questionnaires.made_from import with_made_from
from collector.questionnaires.model_items import Item, holds_data, items_of

#: Types, and kinds of files, whose answers show a person or where they live.
_TYPES = ("geopoint", "geotrace", "geoshape")
#: Words of names and labels that ask for a person's name, number or address.
_WORDS = re.compile(
    r"(?<![a-z])(first|last|full|given|sur|family|nick|father|mother|respondent|person)?[_\- ]?names?(?![a-z])"
    r"|phone|mobile|(?<![a-z])tel(?![a-z])|e-?mail|(?<![a-z])address(?![a-z])"
    r"|(?<![a-z])id[_\- ]?(card|number|no)(?![a-z])|passport|signature"
    r"|姓名|名字|电话|手机|地址|住址|门牌|身份证|签名|邮箱|微信",
    re.IGNORECASE,
)
#: Kinds of answer whose words can be a name or an address; a choice or a number of rooms is none.
_TYPED = ("string", "int", "barcode")
#: What a form keeps of itself that is made of answers: the name of a response, and the log of how it was filled in, which may hold each
#: answer as it was typed and where the phone was (ODK XForms, "Metadata", audit). For those who see all answers.
MADE_OF_ANSWERS = ("meta/instanceName", "meta/audit")


@dataclass(frozen=True)
class Field:
    """A question that holds answers. `looks_personal`: its kind, name or label says that its answers tell who somebody is."""

    item: Item
    looks_personal: bool

    @property
    def path(self) -> str:
        """Its path, by which it is kept among the personal ones."""
        return self.item.path


def fields_of(models: Iterable[Mapping[str, Any]]) -> list[Field]:
    """The questions that hold answers of all these form models, each once, as the latest model has it."""
    found: dict[str, Field] = {}
    for model in models:
        items = [item for item in items_of(model) if item.kind == "question" and holds_data(item.node)]
        personal = with_made_from(model, items, {item.path for item in items if _looks_personal(item)})
        found |= {item.path: Field(item, item.path in personal) for item in items}
    return list(found.values())


def with_what_is_made_from(models: Iterable[Mapping[str, Any]], paths: Iterable[str]) -> set[str]:
    """The `paths`, and those of the questions that some model of the form makes from their answers."""
    wanted = set(paths)
    return wanted.union(*(with_made_from(model, items_of(model), wanted) for model in models))


def _looks_personal(item: Item) -> bool:
    type_, control, _mediatype = item.answer_type
    if type_ in _TYPES or control == "upload":
        return True
    is_typed = type_ in _TYPED and control == "input"
    return is_typed and any(_WORDS.search(words) for words in (item.name, *item.labels.values()))
