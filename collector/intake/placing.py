"""Where a response belongs: its version and its place, from what it says of itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, cast, null, select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.windows import Window
from collector.questionnaires.published import FormModel, known_model
from collector.store import Place, Questionnaire, User, Version
from collector.store.bulk import among


@dataclass(frozen=True)
class Reception:
    """How a questionnaire takes what is sent to it: `window` when it is open, all else as its columns of these names."""

    window: Window
    is_testing: bool = False
    testing_since: datetime | None = None
    live_since: datetime | None = None
    duplicate_keys: tuple[str, ...] = ()
    quality_rules: dict[str, Any] = field(default_factory=dict)
    personal_fields: tuple[str, ...] = ()


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


_FORMS = Questionnaire.__table__.c
_VERSIONS = Version.__table__.c
#: Each questionnaire with those of its versions that have one of the models `hashes`, in the order of their numbers.
_RECEPTION = (
    select(
        _FORMS.id,
        _FORMS.form_id,
        _FORMS.opens_at,
        _FORMS.closes_at,
        _FORMS.is_testing,
        _FORMS.testing_since,
        _FORMS.live_since,
        _FORMS.duplicate_keys,
        _FORMS.quality_rules,
        _FORMS.personal_fields,
        _VERSIONS.id.label("version_id"),
        _VERSIONS.model_hash,
    )
    .select_from(
        Questionnaire.__table__.outerjoin(
            Version.__table__, and_(_VERSIONS.questionnaire_id == _FORMS.id, among(_VERSIONS.model_hash, "hashes"))
        )
    )
    .order_by(_VERSIONS.number)
)
OF_FORMS = _RECEPTION.where(among(_FORMS.form_id, "forms"))
OF_IDS = _RECEPTION.where(among(_FORMS.id, "ids"))
_PLACES = Place.__table__.c
_USERS = User.__table__.c
#: The places with one of `codes`, and the people with one of `people` (those rows have no place): one statement for both.
FOUND_BY = (
    select(_PLACES.code.label("key"), _PLACES.id, _PLACES.names, cast(null(), _USERS.name.type).label("name"))
    .where(among(_PLACES.code, "codes"))
    .union_all(
        select(_USERS.id, cast(null(), _PLACES.id.type), cast(null(), _PLACES.names.type), _USERS.name).where(
            among(_USERS.id, "people")
        )
    )
)
VERSIONS_BY_NAME = (
    select(_VERSIONS.id, _VERSIONS.questionnaire_id, _VERSIONS.model_hash, _VERSIONS.version)
    .where(
        among(_VERSIONS.questionnaire_id, "ids"),
        among(_VERSIONS.version, "names"),
        _VERSIONS.published_at.is_not(None),
    )
    .order_by(_VERSIONS.number)
)


def place_documents(session: Session, documents: Iterable[Document]) -> dict[str, Placed]:
    """Find the place of each readable document whose form is known. Gives `{content hash: Placed}`."""
    readable = [document for document in documents if document.problem is None]
    forms = {plain(document.read["form"]) for document in readable}
    wanted = {"forms": forms, "hashes": _hashes(readable)}
    rows = session.execute(OF_FORMS, wanted).all() if forms else []
    ids = {row.form_id: row.id for row in rows}
    known = [(document, ids[document.read["form"]]) for document in readable if document.read["form"] in ids]
    return _place(session, known, rows)


def place_into(session: Session, chosen: Iterable[tuple[Document, int]]) -> dict[str, Placed]:
    """Find the place of readable documents inside a questionnaire, each with its id. Gives `{content hash: Placed}`."""
    chosen = list(chosen)
    ids = {questionnaire_id for _, questionnaire_id in chosen}
    wanted = {"ids": ids, "hashes": _hashes(document for document, _ in chosen)}
    rows = session.execute(OF_IDS, wanted).all() if ids else []
    return _place(session, chosen, rows)


def _hashes(documents: Iterable[Document]) -> set[str]:
    return {plain(document.read["model"]) for document in documents if document.read["model"]}


def _place(session: Session, chosen: Sequence[tuple[Document, int]], rows: Sequence[Any]) -> dict[str, Placed]:
    """`rows`: those of `_RECEPTION`."""
    if not chosen:
        return {}
    receptions = {id_: _reception(row) for id_, row in {row.id: row for row in rows}.items()}
    # The latest, where several have the same model: they come in the order of their numbers.
    models = _find_models(session, chosen, {(row.id, row.model_hash): row.version_id for row in rows})
    located = [
        (document, questionnaire_id, model, place_code(document.read, model))
        for (document, questionnaire_id), model in zip(chosen, models, strict=True)
    ]
    places, authors = _find_names(
        session, {code for *_, code in located}, {document.read["author"] for document, *_ in located}
    )
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


def _find_names(
    session: Session, codes: set[str], people: set[str | None]
) -> tuple[dict[str, tuple[int, tuple[str, ...]]], dict[str, str]]:
    """The id and the names of each place with one of `codes`, by code; the names of those of `people` that are known, by id."""
    wanted = {"codes": {plain(code) for code in codes if code}, "people": {plain(id_) for id_ in people if id_}}
    rows = session.execute(FOUND_BY, wanted).all() if any(wanted.values()) else []
    places = {row.key: (row.id, tuple(row.names.values())) for row in rows if row.id is not None}
    return places, {row.key: row.name for row in rows if row.id is None}


def _reception(row: Any) -> Reception:
    return Reception(
        Window(row.opens_at, row.closes_at),
        row.is_testing,
        row.testing_since,
        row.live_since,
        tuple(row.duplicate_keys),
        row.quality_rules,
        tuple(row.personal_fields or ()),
    )


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
    if text.isascii() and len(text) <= length and "\0" not in text:
        return text
    return text.replace("\0", "")[:length].encode("utf-8", "ignore").decode()


def _find_models(
    session: Session, chosen: Sequence[tuple[Document, int]], by_hash: Mapping[tuple[int, str], int]
) -> list[FormModel | None]:
    """The form model that each response was filled in with: by its hash, else by its version's name; None if unknown.

    `by_hash`: ids of versions by questionnaire and hash of their model.
    """
    ids = {questionnaire_id for _, questionnaire_id in chosen}
    names = {plain(document.read["version"]) for document, _ in chosen if not document.read["model"]}
    by_name: dict[tuple[int, str], Any] = {}
    if names:
        for row in session.execute(VERSIONS_BY_NAME, {"ids": ids, "names": names}):
            by_name[row.questionnaire_id, row.version] = row
    found: list[FormModel | None] = []
    for document, questionnaire_id in chosen:
        model_hash = plain(document.read["model"])
        if document.read["model"]:
            version_id = by_hash.get((questionnaire_id, model_hash))
        else:
            named = by_name.get((questionnaire_id, plain(document.read["version"])))
            version_id, model_hash = (named.id, named.model_hash) if named else (None, "")
        found.append(None if version_id is None else known_model(session, version_id, model_hash))
    return found
