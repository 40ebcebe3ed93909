"""Headers of columns: short where they may be, never twice in a sheet (A69). Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from collector.export import options

#: What stands in front of a question at the top of the form whose name a column of ours has, as in paths of XForms.
ROOT = "data"


@dataclass(frozen=True)
class Heading:
    """What a header is made of.

    `fixed`: repeats and positions that it always names (`("hh", "members", "2")`); `groups`: names of groups after those, `name`: of the
    question, `ending`: of a column that is drawn from the question (`/rice`, `-latitude`, `_missing`), "" for the question's own.
    `labels`: the same as texts, `label_ending` likewise. `is_own`: a column of ours, whose name stays whatever the options.
    """

    name: str
    groups: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    ending: str = ""
    group_labels: tuple[str, ...] = ()
    fixed_labels: tuple[str, ...] = ()
    label: str = ""
    label_ending: str = ""
    is_own: bool = False

    @property
    def path(self) -> str:
        """The question's path from the row."""
        return "/".join((*self.fixed, *self.groups, self.name))

    @property
    def bare(self) -> str:
        """The same without groups."""
        return "/".join((*self.fixed, self.name))


def headers_of(headings: Sequence[Heading], style: str, *, has_groups: bool) -> list[str]:
    """The header of each, each different. `style`: NAME, PATH or LABEL of the options; `has_groups`: with groups in front."""
    own = {heading.name + heading.ending for heading in headings if heading.is_own}
    questions = list({heading.path: heading for heading in headings if not heading.is_own}.values())
    if style == options.LABEL:
        bases = _labels(questions, has_groups=has_groups)
    else:
        bases = _names(questions, has_groups=has_groups and style == options.PATH)
    bases = {path: _beside(own, base, path) for path, base in bases.items()}

    def written(heading: Heading) -> str:
        if heading.is_own:
            return heading.name + heading.ending
        ending = heading.label_ending if style == options.LABEL else heading.ending
        return bases[heading.path] + ending

    # Columns of ours come first, then the questions' own, then what is drawn from them: the later ones give way.
    order = sorted(range(len(headings)), key=lambda at: (not headings[at].is_own, headings[at].ending != ""))
    found: dict[int, str] = {}
    taken: set[str] = set()
    for at in order:
        found[at] = _not_taken(written(headings[at]), taken)
        taken.add(found[at])
    return [found[at] for at in range(len(headings))]


def _names(questions: Sequence[Heading], *, has_groups: bool) -> dict[str, str]:
    """Names by path; those that more than one question has keep their groups in any case."""
    times = Counter(question.bare for question in questions)
    return {
        question.path: question.path if has_groups or times[question.bare] > 1 else question.bare
        for question in questions
    }


def _labels(questions: Sequence[Heading], *, has_groups: bool) -> dict[str, str]:
    """Labels by path; those that more than one question has say which one it is."""
    found = {
        question.path: " / ".join(
            (*question.fixed_labels, *(question.group_labels if has_groups else ()), question.label)
        )
        for question in questions
    }
    times = Counter(found.values())
    return {path: f"{label} ({path})" if times[label] > 1 else label for path, label in found.items()}


def _beside(own: set[str], base: str, path: str) -> str:
    """What a question is called that would have the name of a column of ours: its path, if need be from the root."""
    if base not in own:
        return base
    return f"{ROOT}/{path}" if path in own else path


def _not_taken(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
