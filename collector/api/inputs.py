"""Shapes of what programs send to the API: arguments of addresses, and bodies."""

from typing import Any

from marshmallow import fields, validate

from collector.api.cursors import CURSOR
from collector.api.shapes import AddressFlag, AddressNumber, Day, Flag, Moment, Number, StrictSchema
from collector.export.options import ALLOWED, FORMATS
from collector.store.responses import STATES
from collector.webhooks.addresses import MAX_URL, URL

#: Responses on a page: as a rule, and at most.
PAGE, MAX_PAGE = 100, 1000


def text(longest: int) -> list[validate.Validator]:
    """What is asked of a text: its length, and that it has no control characters."""
    return [validate.Length(max=longest), validate.Regexp(r"^[^\x00-\x1f]*$")]


def name(description: str = "", **more: Any) -> fields.String:
    """A short text that names something."""
    return fields.String(validate=text(255), metadata={"description": description}, **more)


def address(**more: Any) -> fields.String:
    """Where messages go."""
    checks = [validate.Length(max=MAX_URL), validate.Regexp(URL)]
    return fields.String(validate=checks, metadata={"description": "https:// or http://, without a password."}, **more)


class QuestionnaireListSchema(StrictSchema):
    """Which questionnaires to list."""

    archived = AddressFlag(load_default=False, metadata={"description": "Whether archived ones are listed too."})


class ResponseListSchema(StrictSchema):
    """Which responses to list, and how."""

    questionnaire = name("Form id.")
    state = fields.String(validate=validate.OneOf(STATES))
    place = name("Code of a place: responses of it and of all places under it.")
    author = name("Id of a volunteer.")
    since = Day(metadata={"description": "First day of arrival, in the district's time zone."})
    until = Day(metadata={"description": "Last day of arrival."})
    updated_since = Moment(metadata={"description": "Only what came in or was decided about since."})
    tests = AddressFlag(load_default=False, metadata={"description": "Test responses instead of those that count."})
    answers = AddressFlag(load_default=False, metadata={"description": "Whether answers come with them."})
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "oldest")))
    limit = AddressNumber(load_default=PAGE, validate=validate.Range(min=1, max=MAX_PAGE))
    cursor = fields.String(
        validate=validate.Regexp(CURSOR),
        metadata={"description": "`next` of the page before; other arguments as there."},
    )


class ExportRequestSchema(StrictSchema):
    """A file to make: the questionnaire, and the options of exports (docs/export.md)."""

    questionnaire = name("Form id.", required=True)
    format = fields.String(validate=validate.OneOf(FORMATS))
    choices = fields.String(validate=validate.OneOf(ALLOWED["choices"]))
    language = fields.String(validate=text(100))
    headers = fields.String(validate=validate.OneOf(ALLOWED["headers"]))
    groups = Flag()
    multiple = fields.String(validate=validate.OneOf(ALLOWED["multiple"]))
    repeats = fields.String(validate=validate.OneOf(ALLOWED["repeats"]))
    versions = fields.List(Number(validate=validate.Range(min=1, max=2**31 - 1)), validate=validate.Length(max=1000))
    states = fields.List(fields.String(validate=validate.OneOf(STATES)), validate=validate.Length(max=10))
    places = fields.List(fields.String(validate=text(255)), validate=validate.Length(max=1000))
    since = Day()
    until = Day()
    times = fields.String(validate=validate.OneOf(ALLOWED["times"]))
    personal = Flag()
    test = Flag()
    safe = Flag()
    bom = Flag()
    not_asked = fields.String(validate=text(20))


class WebhookRequestSchema(StrictSchema):
    """A webhook to make."""

    url = address(required=True)
    questionnaire = name("Form id; null or left out: all questionnaires.", load_default=None, allow_none=True)
    has_answers = Flag(
        load_default=False, metadata={"description": "Whether answers go with messages, but never personal ones."}
    )
    is_active = Flag(load_default=True)


class WebhookChangeSchema(StrictSchema):
    """What to change of a webhook; what is left out stays."""

    url = address()
    questionnaire = name("Form id; null: all questionnaires.", allow_none=True)
    has_answers = Flag()
    is_active = Flag()
