"""Which files are hidden from somebody who must not see answers that tell who a person is. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from collector.questionnaires.personal import MADE_OF_ANSWERS


def hides_file(documents: Iterable[Mapping[str, Any]], name: str, hidden: Collection[str]) -> bool:
    """Tell whether a file is to be hidden by the `documents` of its response.

    It is where any of them names it as the answer to a question at the paths `hidden` or as a log of answers, or none says to which
    question it belongs.
    """
    paths = [
        bare_path(str(file.get("path") or ""))
        for document in documents
        for file in document.get("files") or ()
        if isinstance(file, dict) and file.get("name") == name
    ]
    return not any(paths) or any(
        path == one or path.startswith(f"{one}/") for path in paths for one in (*hidden, *MADE_OF_ANSWERS)
    )


def bare_path(path: str) -> str:
    """A question's path without the root's name and without positions: `/data/members[2]/photo` is `members/photo`."""
    return "/".join(name.partition("[")[0] for name in path.strip("/").split("/")[1:])
