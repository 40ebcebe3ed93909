"""What an export is going to be: its sheets by the options, the words in the chosen language. Rows come later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.export import options as chosen
from collector.export.options import Options
from collector.export.sheets.columns import Drawing
from collector.export.sheets.known import Known, known_of
from collector.export.sheets.layout import Layout
from collector.export.sheets.layout_maker import LayoutMaker, table_layout
from collector.export.sheets.own_columns import ASIDE_COLUMNS
from collector.export.sheets.selection import Selection
from collector.export.sheets.tables import Table
from collector.export.sheets.versions import AskedVersion, asked_versions, merged_tables
from collector.export.sheets.wide import Widths, wide_layout
from collector.store import Erasure, Questionnaire


@dataclass(frozen=True)
class Plan:
    """An export's questionnaire, tables and words. `tables`: with the columns that go out; `known`: what all versions ask for, None
    where what they do not ask for is not to go out; `personal`: paths of the questions that are marked as such.
    """

    questionnaire_id: int
    form_id: str
    options: Options
    selection: Selection
    drawing: Drawing
    versions: Sequence[AskedVersion]
    tables: Sequence[Table]
    languages: tuple[str, ...]
    known: Known | None
    personal: frozenset[str]
    #: Those of ASIDE_COLUMNS that there is something in.
    aside: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether the widths of repeats must be known before the columns are."""
        return self.options.repeats == chosen.WIDE and len(self.tables) > 1

    @property
    def title(self) -> str:
        """The title of the newest version in the chosen language."""
        if not self.versions:
            return self.form_id
        newest = self.versions[-1]
        codes = {entry["name"]: entry["code"] for entry in newest.model["form"]["languages"]}
        return newest.titles.get(codes.get(self.drawing.language, "")) or newest.title or self.form_id

    def layouts(self, widths: Widths | None = None) -> list[Layout]:
        """The sheets, the main one first. `widths`: rows of each repeat, needed where the export is wide."""
        numbers = {version.id: version.number for version in self.versions}
        if self.is_wide:
            return [wide_layout(self._maker(), self.tables, widths or {}, numbers, self.known, self.aside)]
        return [
            table_layout(self._maker(), table, numbers, None if table.path else self.known, self.aside)
            for table in self.tables
        ]

    def _maker(self) -> LayoutMaker:
        return LayoutMaker(self.drawing, {version.number: version.name for version in self.versions})


def make_plan(
    session: Session, questionnaire_id: int, options: Options, selection: Selection, *, time_zone: str
) -> Plan:
    """Plan an export. Raises CollectorError `export_option` for a language that the form does not have."""
    versions = asked_versions(session, questionnaire_id, selection.versions)
    all_tables = merged_tables(versions)
    codes: dict[str, str] = {}
    for version in reversed(versions):
        for entry in version.model["form"]["languages"]:
            codes.setdefault(entry["name"], entry["code"])
    default_language = versions[-1].model["form"]["default_language"] if versions else "default"
    questionnaire = session.get_one(Questionnaire, questionnaire_id)
    return Plan(
        questionnaire_id,
        questionnaire.form_id,
        options,
        selection,
        Drawing(options, find_language(options.language, codes) or default_language, default_language, time_zone),
        versions,
        selection.shown(all_tables),
        tuple(codes) or (default_language,),
        known_of(all_tables) if selection.hidden is None else None,
        frozenset(questionnaire.personal_fields),
        find_aside(session, questionnaire_id, versions),
    )


def find_aside(session: Session, questionnaire_id: int, versions: Sequence[AskedVersion]) -> tuple[str, ...]:
    """Those of ASIDE_COLUMNS that there is something in: a version asks for consent, a response was erased."""
    asks = any(version.model["form"].get("consent") for version in versions)
    erased = select(Erasure.id).where(Erasure.questionnaire_id == questionnaire_id).limit(1)
    is_erased = session.scalar(erased) is not None
    return tuple(key for key, has_any in zip(ASIDE_COLUMNS, (asks, is_erased), strict=True) if has_any)


def find_language(wanted: str, codes: Mapping[str, str]) -> str:
    """The form's name of a language that somebody names by its name or code; "" where they name none."""
    if not wanted or wanted in codes:
        return wanted
    found = next((name for name, code in codes.items() if code and code == wanted), None)
    if found is None:
        raise CollectorError("export_option", option="language", value=wanted[:100])
    return found
