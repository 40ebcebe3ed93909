"""Which column of a table answers which question: by path, name or label, whole or in parts. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from collector.importing.layouts import Layout
from collector.importing.questions import Question

WHOLE, REASON, CHOICE, POINT = "whole", "reason", "choice", "point"
#: What joins the names of groups in headers: KoboToolbox and Collector, ODK Central, and older ones.
JOINTS = ("/", "-", ".", ":")
#: Parts of a point in the order in which they stand in an answer.
POINT_PARTS = {"latitude": 0, "longitude": 1, "altitude": 2, "accuracy": 3, "precision": 3}
ROOTS = ("data",)
_POINT = re.compile(r"(.+?)(?:[-:._/]| \()(latitude|longitude|altitude|accuracy|precision)\)?", re.IGNORECASE)
_REASON = re.compile(r"(.+?)(?:_missing|@missing| \(missing\))")
#: A text that several questions have, as Collector writes it: with the path of the one that is meant.
_WITH_PATH = re.compile(r".+ \(([^()\s]+)\)", re.DOTALL)
#: A column that KoboToolbox gives beside that of a file: its address.
_ADDRESS = "_URL"


@dataclass(frozen=True)
class Target:
    """What the cells of a column are: an answer, the reason why there is none, or a part of an answer.

    `part` is the choice's value, or the place of a point's part.
    """

    at: int
    header: str
    question: Question
    kind: str = WHOLE
    part: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns of a table: those that are answers, those that are not known, and those that tell of the sending."""

    targets: list[Target] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @cached_property
    def by_question(self) -> list[tuple[Question, list[Target]]]:
        """Each question with its columns, in the order of the questions."""
        found: dict[str, tuple[Question, list[Target]]] = {}
        for target in self.targets:
            found.setdefault(target.question.name, (target.question, []))[1].append(target)
        return list(found.values())


def match_columns(headers: Sequence[str], questions: Sequence[Question], layout: Layout) -> Columns:
    """Match the headers of a table with the questions of its rows. Each question has one column, the first that fits."""
    names = _names(questions, headers)
    found: dict[int, Target] = {}
    taken: set[tuple[str, str, str]] = set()
    columns = Columns()
    for at, header in enumerate(headers):
        if not header:
            continue
        target = _target(at, header, names)
        if target is None or (layout.is_told(header) and target.kind != WHOLE):
            (columns.told if layout.is_told(header) or _is_address(header, names) else columns.unknown).append(header)
            continue
        claim = (target.question.name, target.kind, target.part)
        if claim in taken or (layout.is_told(header) and _is_servers(header, headers, at)):
            (columns.told if layout.is_told(header) else columns.unknown).append(header)
            continue
        taken.add(claim)
        found[at] = target
    order = {question.name: number for number, question in enumerate(questions)}
    # In the form's order, so that the same answers make the same document whatever the order of the columns.
    columns.targets.extend(
        sorted(found.values(), key=lambda target: (order[target.question.name], target.kind, target.at))
    )
    return columns


def _is_servers(header: str, headers: Sequence[str], at: int) -> bool:
    """Whether a column under a name that the server uses itself is the server's: a question of that name would have one more.

    KoboToolbox writes its version into the form itself, as the calculation `__version__`.
    """
    return header not in headers[at + 1 :] and header not in headers[:at] and not header.startswith("__")


def _is_address(header: str, names: dict[str, Question]) -> bool:
    return header.endswith(_ADDRESS) and _find(header.removesuffix(_ADDRESS), names) is not None


def _target(at: int, header: str, names: dict[str, Question]) -> Target | None:
    question = _find(header, names)
    if question is not None:
        return Target(at, header, question)
    for name, part in _points(header):
        question = _find(name, names)
        if question is not None and question.type == "geopoint":
            return Target(at, header, question, POINT, str(POINT_PARTS[part.lower()]))
    reason = _REASON.fullmatch(header)
    if reason and (question := _find(reason[1], names)) is not None and question.has_reason:
        return Target(at, header, question, REASON)
    return _choice(at, header, names)


def _points(header: str) -> Iterator[tuple[str, str]]:
    """Names of the point that a header may be a part of: `g-q-Latitude`, `_q_latitude`, `g/_q_latitude`."""
    found = _POINT.fullmatch(header)
    if found:
        name, part = found.groups()
        yield name, part
        folder, joint, leaf = name.rpartition("/")
        yield folder + joint + leaf.removeprefix("_"), part
        yield name.removeprefix("_"), part


def _choice(at: int, header: str, names: dict[str, Question]) -> Target | None:
    """A column that says whether one choice of several was chosen: `q/rice`, by value or label."""
    # From the right: a label may hold the joint, and so may a path.
    for position in range(len(header) - 2, 0, -1):
        if header[position] not in "/.:_":
            continue
        question = _find(header[:position], names)
        if question is not None and question.is_multiple and question.choices:
            value = choice_of(question, header[position + 1 :].strip(), may_be_label=header[position] == "/")
            if value is not None:
                return Target(at, header, question, CHOICE, value)
    return None


def choice_of(question: Question, text: str, *, may_be_label: bool = True) -> str | None:
    """The value of the choice with that value or, where only one has it, that label."""
    choices = question.choices or {}
    if text in choices:
        return text
    if not may_be_label:
        return None
    found = [value for value, labels in choices.items() if text in labels]
    return found[0] if len(found) == 1 else None


def _find(header: str, names: dict[str, Question]) -> Question | None:
    found = names.get(header) or names.get(folded(header))
    if found is None and (with_path := _WITH_PATH.fullmatch(header)) is not None:
        return names.get(with_path[1])
    return found


def folded(text: str) -> str:
    """A header without what people see no difference in."""
    return re.sub(r" ?/ ?", "/", re.sub(r"\s+", " ", text)).strip().casefold()


def _names(questions: Sequence[Question], headers: Sequence[str]) -> dict[str, Question]:
    """The question that each header means; names that several questions have mean none of them.

    A question in no group has its name for its path, so it is meant, unless the file was written without groups and has the name twice.
    """
    outside = {question.row_path[0]: question for question in questions if len(question.row_path) == 1}
    names = {name: question for name, question in outside.items() if headers.count(name) == 1}
    for spellings in (_paths, _leaf, _labels, _long_labels):
        # A question may have one text in several languages.
        meant = [(name, question) for question in questions for name in dict.fromkeys(spellings(question))]
        counts = Counter(name for name, _ in meant)
        for name, question in meant:
            if counts[name] == 1:
                names.setdefault(name, question)
    for name, question in list(names.items()):
        names.setdefault(folded(name), question)
    return names


def _paths(question: Question) -> set[str]:
    paths = {question.path, question.row_path, *((root, *question.path) for root in ROOTS)}
    # KoboToolbox names a repeat in front of the names in it, once more than the path does.
    if question.repeat:
        paths.add((question.repeat[-1], *question.row_path))
    return {joint.join(path) for path in paths for joint in JOINTS if len(path) > 1}


def _leaf(question: Question) -> Iterable[str]:
    return (question.path[-1],)


def _labels(question: Question) -> Iterable[str]:
    return question.labels


def _long_labels(question: Question) -> Iterable[str]:
    return question.long_labels
