"""`flask --app wsgi collector import-responses …`."""

import sys
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from collector.errors import CollectorError
from collector.importing.contents import Chosen
from collector.importing.operations import Progress, import_responses
from collector.importing.preview import Preview, preview
from collector.importing.queries import find_target
from collector.importing.sources import open_source
from collector.importing.words import SOURCES
from collector.intake.quarantine import REASONS
from collector.store.session import reading


@click.command("import-responses")
@click.argument("form_id")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@with_appcontext
def import_responses_command(form_id: str, files: tuple[Path, ...], dry_run: bool) -> None:
    """Take in responses to FORM_ID that another server exported: FILES are its tables, instances or archives, with photos.

    ODK Central, Briefcase, KoboToolbox, SurveyCTO, or Collector itself. Importing the same files again does no harm. Ends with status 1
    if something could not be read, or belongs to no response.
    """
    with force_locale("en"):
        try:
            target = find_target(reading(), form_id, current_app.config["SETTINGS"].time_zone)
            with open_source([Chosen(path.name, partial(open_file, path)) for path in files], target) as (
                source,
                media,
            ):
                shown = preview(reading(), source, media)
                echo_preview(shown)
                if not dry_run:
                    echo_progress(import_responses(source, media, by=None, form_id=form_id, say=echo_step))
        except CollectorError as error:
            raise click.ClickException(error.message) from None
        if dry_run:
            click.echo("Nothing was imported.")
    sys.exit(1 if shown.orphans or shown.unreadable else 0)


def open_file(path: Path) -> BinaryIO:
    """A file of this machine."""
    return path.open("rb")


def echo_preview(shown: Preview) -> None:
    """Print what was recognised, and what an import would do."""
    counts = shown.counts
    click.echo(f"This is {SOURCES[shown.source]}.")
    click.echo(
        f"responses: {counts['responses']}; new: {counts['new']}, already there: {counts['already']}, further revisions: "
        f"{counts['revision']}, to wait in quarantine: {counts['waits']}, deleted earlier: {counts['deleted']}, "
        f"twice in the files: {counts['twice']}"
    )
    click.echo(f"files named: {counts['files']}, of these not found: {counts['files_missing']}")
    for name in ("unknown_place", "without_place"):
        if counts[name]:
            click.echo(f"{name.replace('_', ' ')}: {counts[name]}")
    for code, count in shown.reasons.most_common():
        click.echo(f"  {count}: {REASONS[code]}")
    echo_columns(shown)
    for misfits in shown.misfits.values():
        rows = ", ".join(map(str, misfits.numbers))
        click.echo(f"  {misfits.table}, {misfits.header}: {misfits.count} cells do not fit (rows {rows} …)")
    for orphans in shown.orphans:
        rows = ", ".join(map(str, orphans.numbers))
        click.echo(f"  {orphans.table}: {orphans.count} rows belong to no response of these files (rows {rows} …)")
    for form_id, count in shown.other_forms.most_common():
        click.echo(f"  {count} instances are of the form {form_id!r}")
    for path, error in shown.unreadable:
        click.echo(f"  {path}: {error.message}")
    if shown.is_testing:
        click.echo("The questionnaire is being tried out: what is imported is marked as a test.")


def echo_columns(shown: Preview) -> None:
    """Print how tables and columns were understood."""
    for view in shown.views:
        if view.repeat is None:
            click.echo(f"  table {view.name}: not used")
            continue
        click.echo(f"  table {view.name}: {view.repeat or 'main table'}, {len(view.columns.targets)} columns matched")
        if view.columns.unknown:
            click.echo(f"    not matched: {', '.join(view.columns.unknown)}")
    if shown.without_column:
        click.echo(f"  questions without a column: {', '.join(shown.without_column)}")


def echo_step(progress: Progress) -> None:
    """Print how far it is, now and then."""
    if progress.done % 5_000 == 0:
        click.echo(f"{progress.done} responses", err=True)


def echo_progress(progress: Progress) -> None:
    """Print what became of the responses."""
    counts = progress.counts
    click.echo(
        f"imported: {counts['stored']} stored, {counts['already_stored']} already there, {counts['revision_stored']} revisions, "
        f"{counts['quarantined']} in quarantine, {counts['deleted']} deleted earlier; photos and files: {counts['files_stored']} stored, "
        f"{counts['files_already']} already there, {counts['files_missing']} not found, {counts['files_refused']} empty or too large"
    )
