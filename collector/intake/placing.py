"""Where a response belongs: its version and its place, from what it says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.windows import Window
from collector.questionnaires.published import FormModel, form_model
from collector.store import Place, Questionnaire, User, Version


@dataclass(frozen=True)
class Placed:
    """What the server knows of a document: ids of its questionnaire, version, place and author, where it knows them."""

    questionnaire_id: int
    model: FormModel | None
    place_id: int | None
    place_code: str
    author_id: str | None
    window: Window


def place_documents(session: Session, documents: Iterable[Document]) -> dict[str, Placed]:
    """Find the place of each readable document whose form is known. Gives `{content hash: Placed}`."""
    readable = [document for document in documents if document.problem is None]
    forms = _ids(session, Questionnaire, Questionnaire.form_id, {document.read["form"] for document in readable})
    known = [(document, forms[document.read["form"]]) for document in readable if document.read["form"] in forms]
    return place_into(session, known)


def place_into(session: Session, chosen: Iterable[tuple[Document, int]]) -> dict[str, Placed]:
    """Find the place of readable documents inside a questionnaire, each with its id. Gives `{content hash: Placed}`."""
    located = []
    for document, questionnaire_id in chosen:
        model = _find_model(session, questionnaire_id, document)
        located.append((document, questionnaire_id, model, place_code(document.read, model)))
    places = _ids(session, Place, Place.code, {code for *_, code in located})
    authors = _ids(session, User, User.id, {document.read["author"] for document, *_ in located})
    windows = _windows(session, {questionnaire_id for _, questionnaire_id, *_ in located})
    return {
        document.content_hash: Placed(
            questionnaire_id,
            model,
            places.get(code),
            code,
            authors.get(document.read["author"]),
            windows[questionnaire_id],
        )
        for document, questionnaire_id, model, code in located
    }


def _windows(session: Session, ids: set[int]) -> dict[int, Window]:
    if not ids:
        return {}
    query = select(Questionnaire.id, Questionnaire.opens_at, Questionnaire.closes_at)
    rows = session.execute(query.where(Questionnaire.id.in_(ids)))
    return {row.id: Window(row.opens_at, row.closes_at) for row in rows}


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


def _ids(session: Session, table: Any, column: Any, values: set[Any]) -> dict[Any, Any]:
    """Map each of `values` that stands in `column` to its row's id."""
    wanted = {plain(value) for value in values if value}
    if not wanted:
        return {}
    return {row[0]: row[1] for row in session.execute(select(column, table.id).where(column.in_(wanted)))}


def _find_model(session: Session, questionnaire_id: int, document: Document) -> FormModel | None:
    """The form model that the response was filled in with: by its hash, else by its version's name; None if unknown."""
    of_form = select(Version.id).where(Version.questionnaire_id == questionnaire_id).order_by(Version.number.desc())
    version_id = session.scalar(of_form.where(Version.model_hash == plain(document.read["model"])).limit(1))
    if version_id is None and not document.read["model"]:
        by_name = of_form.where(Version.version == plain(document.read["version"]), Version.published_at.is_not(None))
        version_id = session.scalar(by_name.limit(1))
    return None if version_id is None else form_model(session, version_id)
