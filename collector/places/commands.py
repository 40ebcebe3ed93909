"""`flask --app wsgi collector places …`."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from collector.errors import CollectorError
from collector.languages import local_day
from collector.places.place_difference import Difference
from collector.places.place_import import apply_places, preview_places
from collector.places.tables import Fault
from collector.store.places import ALWAYS
from collector.store.session import reading, writing

places = AppGroup("places", help="The tree of places.")


@places.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day from which it holds; by default it has always been so."
)
@click.option("--end-missing", is_flag=True, help="End the places that are not in FILE.")
def import_places(file: Path, dry_run: bool, on: datetime | None, end_missing: bool) -> None:
    """Take the places of FILE in, CSV or XLSX with the columns code, name_zh, name_en, parent, note.

    Ends with status 1 if there is any fault; then nothing was changed.
    """
    since = on.replace(tzinfo=UTC).date() if on else ALWAYS
    if since > local_day():
        raise click.ClickException("This day is still to come. A change takes effect today or earlier.")
    content = file.read_bytes()
    with force_locale("en"):
        try:
            difference = preview_places(reading(), file.name, content)
        except CollectorError as error:
            raise click.ClickException(error.message) from None
        echo_difference(difference)
        echo_faults(difference.faults)
        if dry_run:
            click.echo("Nothing was changed.")
            return
        with writing() as session:
            difference = preview_places(session, file.name, content)
            echo_faults(apply_places(session, difference, since, is_ending_missing=end_missing, by=None))
    click.echo("Imported.")


def echo_difference(difference: Difference) -> None:
    """Print what a file would change."""
    click.echo(
        f"added: {len(difference.added)}, renamed: {len(difference.renamed)}, moved: {len(difference.moved)}, "
        f"unchanged: {difference.unchanged}, not in the file: {len(difference.missing)}"
    )


def echo_faults(faults: list[Fault]) -> None:
    """Print faults with their rows. Raises ClickException if there is one."""
    for fault in faults:
        click.echo(f"  row {fault.row}: {fault.message}" if fault.row else f"  {fault.message}", err=True)
    if faults:
        raise click.ClickException("Nothing was changed.")
