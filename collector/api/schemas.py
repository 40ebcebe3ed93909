"""Shapes of what the API gives. The OpenAPI document is made of them (collector/api/openapi.py)."""

from typing import Any, ClassVar

from marshmallow import INCLUDE, Schema, fields

from collector.api.shapes import Written


class AnswerSchema(Schema):
    """What the API gives: everything is always there but what OPTIONAL names."""

    OPTIONAL: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        """A later release may give more."""

        unknown = INCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Say so in the OpenAPI document."""
        field_obj.required = field_name not in self.OPTIONAL


def text(description: str = "", *, is_nullable: bool = False) -> fields.String:
    """A text, with what it is."""
    return fields.String(allow_none=is_nullable, metadata={"description": description} if description else {})


def moment(description: str = "", *, is_nullable: bool = False) -> fields.DateTime:
    """A moment in UTC, with what it is."""
    return Written(allow_none=is_nullable, metadata={"description": description} if description else {})


class FaultSchema(AnswerSchema):
    """What is wrong: a code that stays the same, a sentence for people, and details."""

    code = text()
    message = text()
    details = fields.Dict(keys=fields.String())


class ErrorSchema(AnswerSchema):
    """Every error of the API."""

    error = fields.Nested(FaultSchema)


class TokenSchema(AnswerSchema):
    """The token of the request."""

    name = text()
    is_read_only = fields.Boolean()
    expires_at = moment(is_nullable=True)


class MeSchema(AnswerSchema):
    """The person as whom the token acts."""

    id = text()
    name = text()
    role = text()
    language = text()
    sees_personal = fields.Boolean(metadata={"description": "Whether answers to personal questions are shown."})
    places = fields.List(
        fields.String(), allow_none=True, metadata={"description": "Codes of the places assigned; null: all places."}
    )
    actions = fields.List(fields.String(), metadata={"description": "What the person may do."})
    token = fields.Nested(TokenSchema)


class QuestionnaireSchema(AnswerSchema):
    """A questionnaire."""

    form_id = text()
    title = text("In the form's default language.")
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    state = text("open, testing, waiting, closed, draft or archived.")
    version = text("The version that phones get.", is_nullable=True)
    number = fields.Integer(allow_none=True, metadata={"description": "The number of that version."})
    opens_at = moment(is_nullable=True)
    closes_at = moment(is_nullable=True)
    created_at = moment()
    personal_fields = fields.List(
        fields.String(), metadata={"description": "Paths of questions whose answers tell who somebody is."}
    )


class VersionSchema(AnswerSchema):
    """A version of a questionnaire."""

    number = fields.Integer(metadata={"description": "1, 2, 3 … in the order of uploading."})
    version = text("As the workbook's settings give it.")
    title = text()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    state = text("draft or published.")
    is_current = fields.Boolean()
    model_hash = text("SHA-256 of the form model, hex.")
    created_at = moment()
    published_at = moment(is_nullable=True)


class FormModelSchema(AnswerSchema):
    """The form model of a version (docs/form-model.md)."""

    form = fields.Dict(keys=fields.String())
    root = fields.Dict(keys=fields.String())
    texts = fields.Dict(keys=fields.String())


class FlagSchema(AnswerSchema):
    """What a check noticed about a revision."""

    code = text()
    path = text("Of the question; empty where it is about the whole.")


class ResponseSchema(AnswerSchema):
    """A response, as its current revision has it."""

    OPTIONAL = frozenset({"answers"})

    id = text()
    questionnaire = text("Its form id.")
    version = text("The version it was filled in with.")
    revision = fields.Integer()
    state = text("received, resubmitted, returned, approved or rejected.")
    place = text("Code of the place as the response gives it.")
    author = text("Id of the volunteer.", is_nullable=True)
    author_name = text(is_nullable=True)
    instance_name = text("Null where it is not shown: it is made of answers.", is_nullable=True)
    started_at = text("By the phone's clock, as it wrote it.")
    finished_at = text("By the phone's clock, as it wrote it.")
    received_at = moment("Arrival of the first revision.")
    received_on = fields.Date(metadata={"description": "The day that it counts for, in the district's time zone."})
    updated_at = moment("The latest of: arrival of a revision, a decision, answers erased.")
    is_test = fields.Boolean()
    is_conflicted = fields.Boolean()
    flag_count = fields.Integer()
    missing_files = fields.Integer()
    consent = text(
        "given or refused: what was said to the question about consent; null: nothing, or nobody asked.",
        is_nullable=True,
    )
    erased = text("What was erased of it since: personal (answers) or all; empty: nothing.")
    answers = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "Groups are objects, repeats are lists of objects, answers are texts. In lists only if asked for."
        },
    )


class WholeResponseSchema(ResponseSchema):
    """A response with its answers and what was noticed."""

    OPTIONAL = frozenset()

    flags = fields.List(fields.Nested(FlagSchema))


class RevisionSchema(AnswerSchema):
    """One content of a response."""

    number = fields.Integer()
    base = fields.Integer(allow_none=True, metadata={"description": "The revision that it was made from."})
    is_current = fields.Boolean()
    content_hash = text("SHA-256 of the document, hex; null for whom personal answers are hidden.", is_nullable=True)
    version = text()
    received_at = moment()
    edited_by = text("Id of the person of the office who made it; null: it came from a phone.", is_nullable=True)
    edit_reason = text("Null for those who may not read responses in the office.", is_nullable=True)


class WholeRevisionSchema(RevisionSchema):
    """The same with its answers."""

    answers = fields.Dict(keys=fields.String())


class FileSchema(AnswerSchema):
    """A file that has arrived whole."""

    id = text()
    response = text("Id of its response.")
    name = text("As the answers name it.")
    type = text("By its bytes.")
    size_bytes = fields.Integer()
    sha256 = text("Hex.")
    arrived_at = moment()


class PlaceSchema(AnswerSchema):
    """A place."""

    code = text()
    names = fields.Dict(keys=fields.String(), values=fields.String())
    parent = text("Code of the place above it.", is_nullable=True)
    level = fields.Integer(metadata={"description": "0 at the top."})
    is_ended = fields.Boolean()


class CountSchema(AnswerSchema):
    """How many responses a place has in a state; tests are not among them."""

    place = text("Code; null: of no known place.", is_nullable=True)
    state = text()
    number = fields.Integer()


class ExportSchema(AnswerSchema):
    """A file of responses that was asked for."""

    id = text()
    questionnaire = text("Its form id.")
    options = fields.Dict(keys=fields.String())
    state = text("waiting, running, ready or failed.")
    created_at = moment()
    finished_at = moment(is_nullable=True)
    done = fields.Integer(metadata={"description": "Responses that were read."})
    total = fields.Integer(allow_none=True)
    file_name = text()
    size_bytes = fields.Integer(allow_none=True)
    sha256 = text("Of the file, hex.", is_nullable=True)
    error = text("Code of what ended it; empty without.")


class WebhookSchema(AnswerSchema):
    """A webhook."""

    id = fields.Integer()
    url = text()
    questionnaire = text("Form id; null: of all questionnaires.", is_nullable=True)
    has_answers = fields.Boolean()
    is_active = fields.Boolean()
    fault = text("Why it was switched off by itself; empty while it was not.")
    created_at = moment()


class NewWebhookSchema(WebhookSchema):
    """A webhook that was just made, with its key, which is shown this once."""

    secret = text()


class DeliverySchema(AnswerSchema):
    """A message to a webhook."""

    id = text("The header webhook-id.")
    response = text("Id of the response; null: a test.", is_nullable=True)
    revision = fields.Integer(allow_none=True)
    state = text("waiting, retrying, delivered or given_up.")
    attempts = fields.Integer()
    created_at = moment()
    next_at = moment(is_nullable=True)
    delivered_at = moment(is_nullable=True)
    last_status = fields.Integer(allow_none=True)
    last_fault = text()


def list_of(schema: type[Schema]) -> Schema:
    """`{"items": […]}` of a shape."""
    name = schema.__name__.removesuffix("Schema") + "ListSchema"
    return AnswerSchema.from_dict({"items": fields.List(fields.Nested(schema))}, name=name)()


class ResponsePageSchema(AnswerSchema):
    """A page of responses."""

    items = fields.List(fields.Nested(ResponseSchema))
    next = text("The cursor of the page after it; null: this is the last one.", is_nullable=True)
