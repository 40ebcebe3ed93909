"""`flask --app wsgi collector export …`: the same files as from the office, with the same options."""

import shutil
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from collector.accounts.scope import WHOLE
from collector.errors import CollectorError
from collector.export.formats import FORMATS, write_export
from collector.export.jobs.making import Wanted
from collector.export.options import ALLOWED, OFFSET, ONE, PATH, TABLES, VALUES, Options
from collector.export.queries import find_questionnaire
from collector.export.sheets.selection import selection_for
from collector.store.responses import STATES
from collector.store.session import WORK_WAIT_S, far_database, reading

DAY = click.DateTime(["%Y-%m-%d"])


def day_of(_context: click.Context, _option: click.Parameter, moment: datetime | None) -> date | None:
    """A day is a day, in whatever zone."""
    return moment.date() if moment else None


@click.command("export")
@click.argument("form_id")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(list(FORMATS)), default="csv", help="csv by default.")
@click.option(
    "--choices", type=click.Choice(ALLOWED["choices"]), default=VALUES, help="Codes of choices, or their texts."
)
@click.option("--language", default="", help="Name of the language of texts; by default the questionnaire's own.")
@click.option("--headers", type=click.Choice(ALLOWED["headers"]), default=PATH)
@click.option("--groups/--no-groups", default=True, help="Groups in names of columns.")
@click.option("--multiple", type=click.Choice(ALLOWED["multiple"]), default=ONE, help="Questions with several choices.")
@click.option("--repeats", type=click.Choice(ALLOWED["repeats"]), default=TABLES)
@click.option("--version", "versions", type=int, multiple=True, help="Number of a version; can be given several times.")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Can be given several times.")
@click.option(
    "--place", "places", multiple=True, help="Code of a place, with all under it; can be given several times."
)
@click.option("--since", type=DAY, callback=day_of, help="First day of arrival, 2025-05-15.")
@click.option("--until", type=DAY, callback=day_of, help="Last day of arrival.")
@click.option("--times", type=click.Choice(ALLOWED["times"]), default=OFFSET)
@click.option("--raw", is_flag=True, help="Leave texts that a spreadsheet would run as formulas as they were typed.")
@click.option("--bom/--no-bom", default=True, help="Begin each CSV file with a byte-order mark.")
@click.option("--not-asked", default="", help="What stands in a CSV cell of a question that was not asked.")
@click.option(
    "--with-test", is_flag=True, help="Also responses that were filled in while the questionnaire was tried out."
)
@click.option(
    "--without-personal", is_flag=True, help="Leave out answers to the questions that are marked as personal."
)
@with_appcontext
def export(form_id: str, target: Path, **given: Any) -> None:
    """Write the responses to FORM_ID into TARGET: a file, or a folder that gets one.

    Of CSV a folder, also one that is not there yet, gets a file for each table; a TARGET that ends in .csv or .zip is a file.
    """
    given["safe"] = not given.pop("raw")
    given["test"] = given.pop("with_test")
    given["personal"] = not given.pop("without_personal")
    options = Options(**given)
    with force_locale("en"):
        try:
            write_to(read_wanted(form_id, options), form_id, target)
        except CollectorError as error:
            raise click.ClickException(error.message) from None


class Teller:
    """Says on the error output how far an export is, at each tenth."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, done: int, total: int) -> None:
        """Take note of what is done, of what."""
        tenth = done * 10 // max(total, 1)
        if tenth > self.told:
            self.told = tenth
            click.echo(f"exporting: {tenth * 10} %", err=True)


def read_wanted(form_id: str, options: Options) -> Wanted:
    """What is to be written. Raises ClickException where there is no such questionnaire."""
    questionnaire = find_questionnaire(reading(), form_id)
    if questionnaire is None:
        raise click.ClickException(f"There is no questionnaire {form_id!r}.")
    selection = selection_for(reading(), questionnaire, options, WHOLE, sees_personal=True)
    zone = current_app.config["SETTINGS"].time_zone
    return Wanted(far_database(WORK_WAIT_S), questionnaire.id, options, selection, zone)


def write_to(wanted: Wanted, form_id: str, target: Path) -> None:
    """Write to `target`, which gets what is whole only: until then, what was there before stays."""
    is_tables = wanted.options.format == "csv" and target.suffix not in (".csv", ".zip")
    if is_tables:
        target.mkdir(parents=True, exist_ok=True)
    folder = target if target.is_dir() else target.parent
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".export-") as work:
        written = write_export(wanted, Path(work), Teller())
        if is_tables and written.suffix == ".zip":
            with ZipFile(written.path) as archive:
                archive.extractall(folder)
                names = archive.namelist()
        else:
            stem = FORMATS[wanted.options.format].stem.rstrip("-")
            names = ["-".join(part for part in (form_id, stem) if part) + written.suffix]
            shutil.move(written.path, folder / names[0] if target.is_dir() else target)
    for path in [folder / name for name in names] if target.is_dir() else [target]:
        click.echo(str(path), err=True)
