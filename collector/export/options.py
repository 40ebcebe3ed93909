"""How somebody wants an export: as an address has it, as it is remembered, and as the command line says it. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, post_load, validate
from marshmallow import fields as shapes

from collector.errors import CollectorError
from collector.store.responses import STATES

FORMATS = (
    "csv", "xlsx", "sav", "dta", "parquet", "ndjson", "geojson", "media", "codebook_xlsx", "codebook_html",
)  # fmt: skip
VALUES, LABELS = "values", "labels"
NAME, PATH, LABEL = "name", "path", "label"
ONE, SPLIT, BOTH = "one", "split", "both"
TABLES, WIDE = "tables", "wide"
OFFSET, UTC, DISTRICT = "offset", "utc", "district"
#: What options with few values can be; the first one is what they are when nothing is said, but for headers.
ALLOWED: dict[str, tuple[str, ...]] = {
    "format": FORMATS,
    "choices": (VALUES, LABELS),
    "headers": (NAME, PATH, LABEL),
    "multiple": (ONE, SPLIT, BOTH),
    "repeats": (TABLES, WIDE),
    "times": (OFFSET, UTC, DISTRICT),
    "states": STATES,
}


@dataclass(frozen=True)
class Options:
    """The options of an export; the defaults give every raw answer as it was written."""

    format: str = "csv"
    #: Whether cells of selects hold the values or the labels of choices.
    choices: str = VALUES
    #: Code or name of the language of labels; "" for the form's default one.
    language: str = ""
    #: Headers: the question's name, its path, or its label.
    headers: str = PATH
    #: Whether the names or labels of groups stand in front of it. Names that would collide keep them in any case (A69).
    groups: bool = True
    #: select_multiple as one column, as a column of 0 and 1 for each choice, or as both.
    multiple: str = ONE
    #: Repeats as tables of their own, or as numbered columns of the main table.
    repeats: str = TABLES
    #: Versions of the form by their numbers; none: all.
    versions: tuple[int, ...] = ()
    #: States of review; none: all.
    states: tuple[str, ...] = ()
    #: Codes of places, each with all under it; none: all.
    places: tuple[str, ...] = ()
    #: First and last day of arrival in the district's time zone; none: no bound.
    since: date | None = None
    until: date | None = None
    #: Moments with the offset that they were written with, in UTC, or in the district's time zone.
    times: str = OFFSET
    #: Whether answers to personal questions go out, to those who may see them.
    personal: bool = True
    #: Whether test responses go out too.
    test: bool = False
    #: Whether texts that a spreadsheet would run as formulas get an apostrophe in front (A59).
    safe: bool = True
    #: Whether CSV begins with a byte-order mark (A57).
    bom: bool = True
    #: What stands in a CSV cell of a question that was not asked.
    not_asked: str = ""

    @classmethod
    def from_args(cls, args: Any) -> "Options":
        """Read options of an address: a MultiDict or a dict. Raises CollectorError `export_option` (details: option, value)."""
        given = {}
        for name in SCHEMA.fields:
            many = args.getlist(name) if hasattr(args, "getlist") else args.get(name)
            if isinstance(many, str | int):
                many = [many]
            if many:
                values = [part for value in many for part in str(value).split(",") if part]
                given[name] = values if name in MANY else (values[-1] if values else "")
        try:
            loaded: Options = SCHEMA.load(given)
        except ValidationError as error:
            name = str(next(iter(error.messages_dict)))
            raise CollectorError("export_option", option=name, value=str(given.get(name, ""))[:100]) from None
        return loaded

    def as_args(self) -> dict[str, Any]:
        """What an address or a remembered choice needs to say: what differs from the defaults. Lists as lists."""
        changed = {
            entry.name: getattr(self, entry.name)
            for entry in fields(self)
            if getattr(self, entry.name) != entry.default and entry.name != "format"
        }
        return {"format": self.format} | {name: _as_arg(value) for name, value in changed.items()}


MANY = frozenset({"versions", "states", "places"})


class OptionsSchema(Schema):
    """The options of an export in an address."""

    class Meta:
        """Other parameters of the address are passed over."""

        unknown = EXCLUDE

    format = shapes.String(validate=validate.OneOf(ALLOWED["format"]))
    choices = shapes.String(validate=validate.OneOf(ALLOWED["choices"]))
    language = shapes.String(validate=validate.Length(max=100))
    headers = shapes.String(validate=validate.OneOf(ALLOWED["headers"]))
    groups = shapes.Boolean()
    multiple = shapes.String(validate=validate.OneOf(ALLOWED["multiple"]))
    repeats = shapes.String(validate=validate.OneOf(ALLOWED["repeats"]))
    versions = shapes.List(shapes.Integer(validate=validate.Range(min=1, max=2**31 - 1)))
    states = shapes.List(shapes.String(validate=validate.OneOf(ALLOWED["states"])))
    places = shapes.List(shapes.String(validate=validate.Length(max=255)))
    since = shapes.Date()
    until = shapes.Date()
    times = shapes.String(validate=validate.OneOf(ALLOWED["times"]))
    personal = shapes.Boolean()
    test = shapes.Boolean()
    safe = shapes.Boolean()
    bom = shapes.Boolean()
    not_asked = shapes.String(validate=validate.Length(max=20))

    @post_load
    def make(self, loaded: dict[str, Any], **_rest: Any) -> Options:
        """Give the options, lists as tuples."""
        values: dict[str, Any] = {name: tuple(value) if name in MANY else value for name, value in loaded.items()}
        return Options(**values)


SCHEMA = OptionsSchema()


def _as_arg(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value.isoformat() if isinstance(value, date) else str(value)
