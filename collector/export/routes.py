"""The page of exports and the CSV of one table."""

from flask import Blueprint, Response, render_template, request

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.export.csv_format import write_csv
from collector.export.queries import (
    counted_questionnaires,
    find_questionnaire,
    header_of,
    questionnaire_tables,
    table_rows,
)
from collector.export.tables import MAIN, file_name
from collector.store.session import database, reading

bp = Blueprint("export", __name__, url_prefix="/office/exports")


@bp.get("/")
@requires("responses.export")
def exports() -> str:
    """List what can be exported: each questionnaire's tables."""
    session = reading()
    found = [
        {"questionnaire": questionnaire, "count": count, "tables": questionnaire_tables(session, questionnaire.id)}
        for questionnaire, count in counted_questionnaires(session)
        if questionnaire.current_version is not None
    ]
    return render_template("office/exports.html", found=found)


@bp.get("/<form_id>.csv", defaults={"table_name": MAIN})
@bp.get("/<form_id>/<table_name>.csv")
@requires("responses.export")
def table_csv(form_id: str, table_name: str) -> Response:
    """Stream one table as CSV. `raw=1` leaves formulas as they were typed, `bom=0` leaves the byte-order mark out."""
    session = reading()
    questionnaire = find_questionnaire(session, form_id)
    if questionnaire is None:
        raise CollectorError("not_found")
    tables = questionnaire_tables(session, questionnaire.id)
    table = next((table for table in tables if table.name == table_name), None)
    if table is None:
        raise CollectorError("not_found")
    content = write_csv(
        header_of(table),
        table_rows(database(), questionnaire.id, tables, table),
        has_mark=request.args.get("bom") != "0",
        is_safe=request.args.get("raw") != "1",
    )
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(form_id, table))
    return response
