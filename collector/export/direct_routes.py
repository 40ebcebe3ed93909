"""Addresses that give a table as CSV at once, for scripts and for whoever wants no file to wait for."""

from flask import Blueprint, Response, current_app, request
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.downloads import name_download
from collector.errors import CollectorError
from collector.export.options import Options
from collector.export.queries import find_questionnaire
from collector.export.sheets.selection import selection_for
from collector.export.sheets.tables import MAIN, file_name
from collector.export.sheets.versions import questionnaire_tables
from collector.export.writers.csv_zip import table_pieces
from collector.store.session import far_database, reading


def add_routes(bp: Blueprint) -> None:
    """Add the addresses to the blueprint of exports."""
    bp.add_url_rule("/<form_id>.csv", "table_csv", table_csv, defaults={"table_name": MAIN})
    bp.add_url_rule("/<form_id>/<table_name>.csv", "table_csv", table_csv)


@requires("responses.export")
def table_csv(form_id: str, table_name: str) -> Response:
    """Stream one table as CSV, with the options that the address gives (docs/export.md)."""
    session = reading()
    questionnaire = find_questionnaire(session, form_id)
    if questionnaire is None:
        raise CollectorError("not_found")
    table = next((one for one in questionnaire_tables(session, questionnaire.id) if one.name == table_name), None)
    if table is None:
        raise CollectorError("not_found")
    options = Options.from_args(request.args)
    selection = selection_for(
        session, questionnaire, options, current_scope(), sees_personal=bool(current_user.sees_personal)
    )
    content = table_pieces(
        far_database(),
        questionnaire.id,
        options,
        selection,
        table_name,
        time_zone=current_app.config["SETTINGS"].time_zone,
    )
    response = Response(content, mimetype="text/csv")
    name_download(response, file_name(form_id, table))
    # What a person may export changes with their account; no copy of it is to lie about.
    response.headers["Cache-Control"] = "no-store"
    return response
