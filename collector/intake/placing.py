"""Where a response belongs: its version and its place, from what it says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.windows import Window
from collector.questionnaires.published import FormModel, form_model
from collector.store import Place, Questionnaire, User, Version


@dataclass(frozen=True)
class Reception:
    """How a questionnaire takes what is sent to it: `window` when it is open, all else as its columns of these names."""

    window: Window
    is_testing: bool = False
    testing_since: datetime | None = None
    live_since: datetime | None = None
    duplicate_keys: tuple[str, ...] = ()
    quality_rules: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """What the server knows of a document: ids of its questionnaire, version, place and author, where it knows them.

    `found_by`: the names of place and author, by which a response is looked for.
    """

    questionnaire_id: int
    model: FormModel | None
    place_id: int | None
    place_code: str
    author_id: str | None
    reception: Reception
    found_by: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """When the questionnaire is open."""
        return self.reception.window


def place_documents(session: Session, documents: Iterable[Document]) -> dict[str, Placed]:
    """Find the place of each readable document whose form is known. Gives `{content hash: Placed}`."""
    readable = [document for document in documents if document.problem is None]
    forms = _ids(session, Questionnaire.id, Questionnaire.form_id, {document.read["form"] for document in readable})
    known = [(document, forms[document.read["form"]]) for document in readable if document.read["form"] in forms]
    return place_into(session, known)


def place_into(session: Session, chosen: Iterable[tuple[Document, int]]) -> dict[str, Placed]:
    """Find the place of readable documents inside a questionnaire, each with its id. Gives `{content hash: Placed}`."""
    located = []
    for document, questionnaire_id in chosen:
        model = _find_model(session, questionnaire_id, document)
        located.append((document, questionnaire_id, model, place_code(document.read, model)))
    places = _places(session, {code for *_, code in located})
    authors = _ids(session, User.name, User.id, {document.read["author"] for document, *_ in located})
    receptions = _receptions(session, {questionnaire_id for _, questionnaire_id, *_ in located})
    placed = {}
    for document, questionnaire_id, model, code in located:
        place_id, place_names = places.get(code, (None, ()))
        author = document.read["author"]
        placed[document.content_hash] = Placed(
            questionnaire_id,
            model,
            place_id,
            code,
            author if author in authors else None,
            receptions[questionnaire_id],
            (*place_names, authors.get(author, "")),
        )
    return placed


def _places(session: Session, codes: set[str]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """The id and the names of each place with one of `codes`, by code."""
    wanted = {plain(code) for code in codes if code}
    if not wanted:
        return {}
    rows = session.execute(select(Place.code, Place.id, Place.names).where(Place.code.in_(wanted)))
    return {row.code: (row.id, tuple(row.names.values())) for row in rows}


def _receptions(session: Session, ids: set[int]) -> dict[int, Reception]:
    if not ids:
        return {}
    query = select(
        Questionnaire.id,
        Questionnaire.opens_at,
        Questionnaire.closes_at,
        Questionnaire.is_testing,
        Questionnaire.testing_since,
        Questionnaire.live_since,
        Questionnaire.duplicate_keys,
        Questionnaire.quality_rules,
    )
    return {
        row.id: Reception(
            Window(row.opens_at, row.closes_at),
            row.is_testing,
            row.testing_since,
            row.live_since,
            tuple(row.duplicate_keys),
            row.quality_rules,
        )
        for row in session.execute(query.where(Questionnaire.id.in_(ids)))
    }


def place_code(read: dict[str, Any], model: FormModel | None) -> str:
    """The code of the place: the answer to the last question of `place_path`, else where the volunteer started from."""
    names = model.place_path if model else []
    answer = find_answer(read["answers"], names[-1]) if names else None
    return plain(answer or read["place"] or "")


def find_answer(answers: dict[str, Any], name: str) -> str | None:
    """The text answered to the first question called `name`, in groups of any depth but not in repeats; None without."""
    value = answers.get(name)
    if isinstance(value, str):
        return value
    for group in answers.values():
        if isinstance(group, dict):
            found = find_answer(group, name)
            if found is not None:
                return found
    return None


def plain(text: str, length: int = 255) -> str:
    """`text` cut to `length` characters, without NUL, which PostgreSQL cannot hold, and without halves of characters."""
    return text.replace("\0", "")[:length].encode("utf-8", "ignore").decode()


def _ids(session: Session, wanted_column: Any, column: Any, values: set[Any]) -> dict[Any, Any]:
    """Map each of `values` that stands in `column` to what stands in the other column of its row."""
    wanted = {plain(value) for value in values if value}
    if not wanted:
        return {}
    return {row[0]: row[1] for row in session.execute(select(column, wanted_column).where(column.in_(wanted)))}


def _find_model(session: Session, questionnaire_id: int, document: Document) -> FormModel | None:
    """The form model that the response was filled in with: by its hash, else by its version's name; None if unknown."""
    of_form = select(Version.id).where(Version.questionnaire_id == questionnaire_id).order_by(Version.number.desc())
    version_id = session.scalar(of_form.where(Version.model_hash == plain(document.read["model"])).limit(1))
    if version_id is None and not document.read["model"]:
        by_name = of_form.where(Version.version == plain(document.read["version"]), Version.published_at.is_not(None))
        version_id = session.scalar(by_name.limit(1))
    return None if version_id is None else form_model(session, version_id)
