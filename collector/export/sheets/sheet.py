"""What writers get: sheets of variables and rows. A writer knows nothing of questionnaires, databases or requests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

#: A cell as the answer was written (docs/form-model.md, "Answers"): "" without an answer, None where it was not asked for.
Cell = str | None
#: Type of a column that tells whether a choice of a select_multiple was chosen: "1", "0", or no answer to the question at all.
INDICATOR = "indicator"
#: Types whose cells are numbers.
NUMBERS = frozenset({"int", "decimal", INDICATOR})


@dataclass(frozen=True)
class Choice:
    """A choice: the value that stands in cells, and its label by the form's name of the language."""

    value: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str, default_language: str) -> str:
        """Its label in `language`, else in the default one, else in any, else its value: never blank (A71)."""
        for name in (language, default_language, *self.labels):
            if text := self.labels.get(name, "").strip():
                return text
        return self.value


@dataclass(frozen=True)
class Variable:
    """A column of a sheet.

    `name`: its header, unique in the sheet; `key`: the same whatever the options (`hh_size`, `g1/name`, `likes/rice`, `response_id`);
    `path`: of the question from the form's root, "" for a column of ours; `type`: a data type of docs/form-model.md, or INDICATOR;
    `label`: the question's text in the chosen language, `labels`: in each; `choices`: of a select, in the form's order;
    `is_multiple`: whether a cell names several of them, separated by blanks; `reason`: index of the column that says why there is no
    answer (`declined`, `dont_know`), None without one; `versions`: those of the form that ask for it, "" for a column of ours.
    """

    name: str
    key: str
    type: str = "string"
    path: str = ""
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    is_multiple: bool = False
    reason: int | None = None
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table with its rows, which can be read as often as wanted and are the same each time.

    `name`: "" for the main table, a repeat's path with full stops (`hh.members`) for others; `widths`: bytes in UTF-8 of each
    column's longest cell; `rows`: gives a new iterator over lists of cells, one for each variable.
    """

    name: str
    variables: tuple[Variable, ...]
    row_count: int
    widths: tuple[int, ...]
    rows: Callable[[], Iterator[list[Cell]]]


#: Called with the number of rows written since the last call, so that somebody can watch.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Dataset:
    """All sheets of an export, the main one first.

    `language`: the chosen one, `default_language` and `languages`: of the form, by its own names; `title`: of the questionnaire in
    the chosen language; `versions`: that responses were filled in with, oldest first; `times`: how moments were written (options.py),
    `not_asked`: what to write where a cell is None and the format has nothing of its own for that; `personal`: paths of questions and
    groups whose answers are personal.
    """

    form_id: str
    title: str
    sheets: tuple[Sheet, ...]
    language: str = "default"
    default_language: str = "default"
    languages: tuple[str, ...] = ("default",)
    versions: tuple[str, ...] = ()
    times: str = "offset"
    not_asked: str = ""
    personal: frozenset[str] = frozenset()
