"""The OData feed of a questionnaire: `/v1/projects/1/forms/FORM.svc`."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, jsonify, request

from collector.central.asked import Asked, asked_for
from collector.central.blueprint import bp
from collector.central.edmx import metadata_document, service_document
from collector.central.entities import Shape
from collector.central.feed import Feed, stream
from collector.central.paging import read_options
from collector.central.queries import find_submission
from collector.central.resources import Resource, read_resource
from collector.central.selecting import selected
from collector.central.values import AS_GEOJSON, AS_WKT
from collector.errors import CollectorError
from collector.store import Response as ResponseRow
from collector.store.session import database, far_database, reading

BASE = "/projects/<int:project_id>/forms/<form_id>.svc"
#: Media type of what describes itself as far as clients need it (OData JSON Format Version 4.0, section 3.1).
JSON = "application/json; odata.metadata=minimal"


def feed_root(project_id: int, form_id: str) -> str:
    """Address of a feed, as clients reach it."""
    public = current_app.config["SETTINGS"].public_url
    return f"{public}/v1/projects/{project_id}/forms/{quote(form_id, safe='')}.svc"


@bp.get(BASE, strict_slashes=False)
@bp.get(f"{BASE}/")
def service(project_id: int, form_id: str) -> Response:
    """The list of a questionnaire's tables."""
    asked = asked_for(project_id, form_id)
    answer = jsonify(service_document(asked.schema, feed_root(project_id, form_id)))
    answer.headers["Content-Type"] = JSON
    return answer


@bp.get(f"{BASE}/$metadata")
def metadata(project_id: int, form_id: str) -> Response:
    """What its tables have."""
    if request.args.get("$format", "xml") not in ("xml", "application/xml", ""):
        raise CollectorError("format_unacceptable", allowed="application/xml")
    asked = asked_for(project_id, form_id)
    answer = Response(metadata_document(form_id, asked.schema), mimetype="application/xml")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get(f"{BASE}/<path:path>")
def table(project_id: int, form_id: str, path: str) -> Response:
    """Rows of a table, of one response, or of a repeat in one response; or only how many (`/$count`)."""
    asked = asked_for(project_id, form_id)
    resource = read_resource(path, asked.schema)
    wanted = read_options(request.args)
    shape = Shape(
        asked.schema,
        resource.table,
        readers=AS_WKT if wanted.is_wkt else AS_GEOJSON,
        is_expanded=wanted.is_expanded,
    )
    if wanted.select is not None:
        shape = selected(shape, wanted.select)
    feed = feed_of(asked, resource, shape, wanted.filter)
    if resource.is_count:
        return Response(str(feed.count()), mimetype="text/plain")
    root = feed_root(project_id, form_id)

    # The request is over when the next page turns out to be needed.
    address, kept = f"{root}/{quote(path)}", [*request.args.items(multi=True)]

    def next_address(token: str) -> str:
        options = [(name, value) for name, value in kept if name not in ("$skip", "$skiptoken")]
        return f"{address}?{urlencode([*options, ('$skiptoken', token)])}"

    content = stream(feed, wanted, f"{root}/$metadata#{resource.table.name}", next_address)
    return Response(content, content_type=JSON)


def feed_of(asked: Asked, resource: Resource, shape: Shape, filter_text: str) -> Feed:
    """The rows that a resource stands for. Raises CollectorError `not_found` for a response that is not there to be seen."""
    conditions: Any = asked.conditions(filter_text)
    if resource.instance_id is not None:
        found = find_submission(database(), reading(), asked.questionnaire.id, asked.selection, resource.instance_id)
        conditions = (*conditions, ResponseRow.id == found.walked.response_id)
    return Feed(far_database(), asked.questionnaire.id, asked.selection, asked.people, shape, conditions, resource.keys)
