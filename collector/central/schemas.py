"""What clients send, and the shapes of what they get: names and meanings as ODK Central's API has them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as shapes

from collector.central.blueprint import PROJECT
from collector.central.people import People
from collector.central.queries import PREFIX, Submission, moment_text
from collector.central.review_states import REVIEW_STATES
from collector.errors import CollectorError
from collector.store import Comment, Questionnaire, Revision, User, Version, VersionFile


class SessionSchema(Schema):
    """What begins a session."""

    class Meta:
        """Unknown keys are passed over."""

        unknown = EXCLUDE

    email = shapes.String(required=True, validate=validate.Length(max=1000))
    password = shapes.String(required=True, validate=validate.Length(max=1000))

    @classmethod
    def read(cls, request: Request) -> dict[str, str]:
        """Read a request's body. Raises CollectorError `body_not_json`, `parameter_missing`."""
        try:
            body = request.get_json(force=True, silent=True)
        except RecursionError:
            body = None
        if not isinstance(body, dict):
            raise CollectorError("body_not_json")
        # Half a character, or NUL: no name or password has one, and no database holds them.
        if any(re.search("[\0\ud800-\udfff]", text) for text in body.values() if isinstance(text, str)):
            raise CollectorError("request_malformed")
        try:
            found: dict[str, str] = cls().load(body)
        except ValidationError as error:
            raise CollectorError("parameter_missing", field=str(next(iter(error.messages_dict)))) from None
        return found


def actor(user: User | None, people: People) -> dict[str, Any]:
    """A person; number 0 where nobody knows who it was."""
    return {
        "id": people.numbers.get(user.id, 0) if user else 0,
        "type": "user",
        "displayName": user.name if user else "",
        "createdAt": moment_text(user.created_at) if user else None,
        "updatedAt": None,
        "deletedAt": None,
    }


def project_shape(name: str, created_at: datetime | None, extended: Mapping[str, Any]) -> dict[str, Any]:
    """The one project."""
    return {
        "id": PROJECT,
        "name": name,
        "description": None,
        "archived": None,
        "keyId": None,
        "createdAt": moment_text(created_at),
        "updatedAt": None,
        "deletedAt": None,
        **extended,
    }


def form_shape(questionnaire: Questionnaire, version: Version, now: datetime) -> dict[str, Any]:
    """A questionnaire in one of its versions."""
    is_closed = questionnaire.closes_at is not None and questionnaire.closes_at <= now
    return {
        "projectId": PROJECT,
        "xmlFormId": questionnaire.form_id,
        "name": version.title,
        "version": version.version,
        "state": "closed" if is_closed else "open",
        "hash": hashlib.md5(version.xform.encode(), usedforsecurity=False).hexdigest(),
        "keyId": None,
        "enketoId": None,
        "enketoOnceId": None,
        "draftToken": None,
        "createdAt": moment_text(questionnaire.created_at),
        "updatedAt": moment_text(version.published_at),
        "publishedAt": moment_text(version.published_at),
    }


def form_file_shape(file: VersionFile) -> dict[str, Any]:
    """A file beside a questionnaire's workbook."""
    kind = "file" if file.is_list else file.media_type.partition("/")[0] or "file"
    has_content = file.original_sha256 is not None
    return {
        "name": file.name,
        "type": kind,
        "hash": file.original_sha256,
        "exists": has_content,
        "blobExists": has_content,
        "datasetExists": False,
        "updatedAt": None,
    }


@dataclass(frozen=True)
class RevisionFacts:
    """What is told of one revision of a response. `name`: of the response, "" where it is not to be seen."""

    instance_id: str
    number: int
    device_id: str | None
    received_at: datetime
    author_id: str | None
    name: str = ""


def revision_shape(facts: RevisionFacts, people: People, *, is_current: bool) -> dict[str, Any]:
    """A revision as a version of a submission."""
    return {
        "instanceId": facts.instance_id,
        "instanceName": facts.name or None,
        "submitterId": people.numbers.get(facts.author_id or "", 0),
        "deviceId": facts.device_id,
        "userAgent": None,
        "createdAt": moment_text(facts.received_at),
        "current": is_current,
    }


def submission_shape(submission: Submission, people: People, name: str) -> dict[str, Any]:
    """A response without its answers."""
    one = submission.walked
    facts = RevisionFacts(
        submission.instance_id, int(one.own_by_key["revision"]), one.device_id, one.revised_at, one.author_id, name
    )
    return {
        "instanceId": submission.instance_id,
        "instanceName": name or None,
        "submitterId": people.numbers.get(one.author_id or "", 0),
        "deviceId": one.device_id,
        "userAgent": None,
        "reviewState": REVIEW_STATES[one.own_by_key["state"]],
        "createdAt": moment_text(one.received_at),
        "updatedAt": moment_text(submission.updated_at),
        "deletedAt": None,
        "currentVersion": revision_shape(facts, people, is_current=True),
    }


def version_instance_id(revision: Revision) -> str:
    """By what name a revision is known: the response's for the first, with the revision's number behind it for later ones."""
    ending = "" if revision.number == 1 else f"-{revision.number}"
    return f"{PREFIX}{revision.response_id}{ending}"


def comment_shape(comment: Comment, people: People) -> dict[str, Any]:
    """A remark of the office."""
    return {
        "body": comment.text,
        "actorId": people.numbers.get(comment.by or "", 0),
        "createdAt": moment_text(comment.at),
    }
