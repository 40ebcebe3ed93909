"""`flask --app wsgi collector …`: setting up, the demo, and checking questionnaires."""

import json
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from collector import background
from collector.accounts.operations import create_user, issue_enrolment, new_password, set_password
from collector.accounts.second_factor import switch_off
from collector.archive.commands import backup, move, refuse_unfinished, restore_backup
from collector.bringing_over import bring_over
from collector.export.commands import export
from collector.importing.commands import import_responses_command
from collector.intake.derived import derive_all
from collector.intake.locks import lock_names
from collector.intake.refresh import batches, derive_missing
from collector.intake.unsent_import import Outcome, import_unsent
from collector.places.commands import places
from collector.privacy.commands import erase
from collector.questionnaires.assemble import beside_path, check_file, compile_with
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.running.commands import status
from collector.sample.demo import run_demo
from collector.sample.load import VOLUNTEER_NAME, is_empty, load_sample
from collector.sealing.key_commands import keys
from collector.store import User
from collector.store.contents import contents
from collector.store.going_back import CannotGoBack, WouldLose, go_back
from collector.store.migrate import let_others_wait, upgrade
from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR
from collector.store.session import data_keys, database, reading, writing
from collector.terminal import print_welcome
from collector.verify.operations import verify
from collector.verify.report import Report

#: How long the link that `init` prints can be used.
LINK_LIFETIME = timedelta(days=7)

group = AppGroup("collector", help="Set Collector up and look after it.")
form = AppGroup("form", help="Questionnaires.")
user = AppGroup("user", help="People of the office.")
group.add_command(form)
group.add_command(user)
group.add_command(places)
group.add_command(import_responses_command)
group.add_command(export)
group.add_command(erase)
group.add_command(backup)
group.add_command(restore_backup)
group.add_command(move)
group.add_command(status)
group.add_command(keys)


def init_app(app: Flask) -> None:
    """Register the commands on `app`."""
    app.cli.add_command(group)


@group.command("init")
@click.option("--sample/--no-sample", default=True, help="Load the 2006 sample survey into an empty installation.")
def init(sample: bool) -> None:
    """Bring the database up to date, make the first sign-in, and print how to get in.

    What is there already stays. The first sign-in's password is shown this once and kept nowhere.
    """
    refuse_unfinished()
    upgrade(database())
    bring_over()
    password = None
    with writing() as session:
        # Several hosts may begin at once: one of them makes the first sign-in.
        let_others_wait(session.connection())
        if is_empty(session):
            password = secrets.token_urlsafe(12)
            create_user(session, name="Owner", role=OWNER, login="owner", password=password)
            if sample:
                load_sample(session)
        volunteer = session.scalar(select(User).where(User.name == VOLUNTEER_NAME, User.is_active))
        token = issue_enrolment(session, volunteer, by=None, lifetime=LINK_LIFETIME)[1] if volunteer else None
    draw_missing()
    print_welcome(current_app.config["SETTINGS"], password, token)


@group.command("migrate")
@click.option("--to", "revision", metavar="REVISION", help="Go back to the layout of an earlier release, such as 0007.")
@click.option(
    "--accept-loss", is_flag=True, help="With --to: go back although what only this release can hold is lost."
)
@click.option("--yes", "is_sure", is_flag=True, help="With --to: do not ask.")
def migrate(revision: str | None, accept_loss: bool, is_sure: bool) -> None:
    """Bring the database up to this release, without making a sign-in or a link. Or take its layout back (docs/deploy.md)."""
    refuse_unfinished()
    if revision is None:
        upgrade(database())
        bring_over()
        draw_missing()
        return
    click.echo(f"The layout goes back to {revision}. End every server first, and make a backup.", err=True)
    if not is_sure:
        click.confirm("Go back?", abort=True, err=True)
    try:
        before = go_back(database(), revision, accepts_loss=accept_loss)
    except WouldLose as error:
        lines = "\n".join(f"  {each.name}: {each.rows} rows" for each in error.lost)
        raise click.ClickException(
            f"Nothing was changed. The layout {revision} has no place for\n{lines}\n"
            "Say --accept-loss to lose it, or restore a backup of before the upgrade instead."
        ) from None
    except CannotGoBack as error:
        raise click.ClickException(f"Nothing was changed. {error}") from None
    click.echo(f"The layout went back from {before} to {revision}. Start the release that it belongs to.")


def draw_missing() -> None:
    """Draw what lists and rules need from the responses of an earlier release. What was interrupted goes on where it was."""
    done = 0
    while True:
        with writing() as session:
            number = derive_missing(session)
        done += number
        if not number:
            return
        click.echo(f"{done} responses of before are ready for search and checks of quality.", err=True)


@group.command("derive")
def derive() -> None:
    """Draw measures, flags, search words and keys of duplicates anew from all responses.

    Phones go on sending meanwhile. Needed only after places or people were renamed, so that responses are found by the new names, or
    after boundaries were drawn.
    """
    done = 0
    for ids in batches(reading()):
        with writing() as session:
            lock_names(session, ids)
            derive_all(session, ids)
        done += len(ids)
    click.echo(f"{done} responses")


@group.command("demo")
@click.option(
    "--url", help="Address of a running Collector over the same database; by default one is started and ended."
)
def demo(url: str | None) -> None:
    """Send the whole 2006 survey through the sync API, as its volunteers' phones would have."""
    upgrade(database())
    with writing() as session:
        if is_empty(session):
            load_sample(session)
    run_demo(current_app.config["SETTINGS"], url)


@user.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([OWNER, SUPERVISOR, REVIEWER, ANALYST]), default=SUPERVISOR)
def add_user(login: str, name: str, role: str) -> None:
    """Add somebody of the office. Prints the password once."""
    if reading().scalar(select(User.id).where(User.login == login.casefold())):
        raise click.ClickException(f"There is somebody with the sign-in name {login!r} already. Choose another name.")
    password = secrets.token_urlsafe(12)
    with writing() as session:
        create_user(session, name=name, role=role, login=login, password=password)
    click.echo(f"{login}: {password}")


@user.command("reset")
@click.argument("login")
def reset_user(login: str) -> None:
    """Let somebody in again who lost the password or the second step, an owner too. Prints the new password once."""
    with writing() as session:
        found = session.scalar(select(User).where(User.login == login.casefold()))
        if found is None:
            raise click.ClickException(f"There is nobody with the sign-in name {login!r}.")
        password = new_password()
        set_password(session, found, password, by=None)
        if found.totp_secret is not None:
            switch_off(session, found, by=None)
    click.echo(f"{login}: {password}")


@group.command("work")
def work() -> None:
    """Make files of exports and tell webhooks, until it is ended. The server does it by itself; this is for one more host."""
    background.run(current_app._get_current_object())  # type: ignore[attr-defined]


@group.command("verify")
@click.option("--json", "is_json", is_flag=True, help="End with one line of JSON.")
@click.option("--expect", "expected_hash", metavar="HASH", help="A last hash noted earlier, which must still be there.")
def verify_all(is_json: bool, expected_hash: str | None) -> None:
    """Hold database, files and journal against each other. Ends with status 1 if there is a fault, each on a line.

    The hash of the journal's last entry is printed: note it elsewhere, and give it with --expect the next time. Without that, entries
    cut off the journal's end are found only if something that they say arrived is still there.
    """
    settings = current_app.config["SETTINGS"]
    report = Report(say=click.echo, say_progress=lambda line: click.echo(f"verify: {line}", err=True))
    verify(settings.database_url, contents(), data_keys(), report, expected_hash)
    for what, number in report.counts.items():
        click.echo(f"{what}: {number}")
    click.echo(f"last hash of the journal: {report.last_hash or 'none'}")
    click.echo("ok" if not report.fault_count else f"not ok: {report.fault_count} faults")
    if is_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    sys.exit(1 if report.fault_count else 0)


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_files(files: tuple[Path, ...]) -> None:
    """Take in FILES of unsent responses that phones saved. Importing one twice does no harm.

    Ends with status 1 if a file, or anything in one, was damaged; all the rest is taken in.
    """
    is_whole = True
    for path in files:
        with path.open("rb") as stream, force_locale("en"):
            outcome = import_unsent(stream, path.name, by=None)
            echo_outcome(path, outcome)
        is_whole = is_whole and outcome.is_whole
    sys.exit(0 if is_whole else 1)


def echo_outcome(path: Path, outcome: Outcome) -> None:
    """Print what became of one file of unsent responses."""
    if outcome.fault:
        click.echo(f"{path}: not imported. {outcome.fault}")
        return
    counts = outcome.counts
    click.echo(
        f"{path}: responses: {counts['stored']} stored, {counts['already_stored']} already there, "
        f"{counts['revision_stored']} revisions, {counts['quarantined']} in quarantine, {counts['deleted']} deleted earlier; "
        f"photos and files: {counts['files_stored']} stored, {counts['files_already']} already there, "
        f"{counts['files_deleted']} of deleted responses; damaged: {counts['damaged']}"
    )
    for damage in outcome.damages:
        click.echo(f"  {damage.place}: {damage.reason}")
    if left_out := counts["damaged"] - len(outcome.damages):
        click.echo(f"  and {left_out} more")


@form.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="One JSON object a file.")
def check(files: tuple[Path, ...], is_json: bool) -> None:
    """Check XLSForm FILES without storing anything. Ends with status 1 if one of them has an error.

    Lists and media that a form names are looked for beside its workbook and in the folder NAME-media there.
    """
    has_error = False
    for path in files:
        result = check_file(path)
        has_error = has_error or not result["ok"]
        if is_json:
            click.echo(json.dumps(result, ensure_ascii=False))
            continue
        click.echo(f"{path}: {'ok' if result['ok'] else 'not ok'}")
        for kind in ("errors", "warnings"):
            for finding in result[kind]:
                echo_finding(kind[:-1], finding)
    sys.exit(1 if has_error else 0)


@form.command("publish")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--draft", is_flag=True, help="Only make it a draft, for the office to try out.")
@click.option("--without-lists", is_flag=True, help="Publish although a list that it names is not there.")
def publish(file: Path, draft: bool, without_lists: bool) -> None:
    """Take the XLSForm FILE in and publish it: phones get it at their next sync.

    Lists and media that it names are looked for beside it and in the folder NAME-media there.
    """
    compiled, workbook = compile_with(Workbook(file.name, file.read_bytes()), beside_path(file))
    for kind, findings in (("error", compiled.errors), ("warning", compiled.warnings)):
        for finding in findings:
            echo_finding(kind, finding.as_dict())
    if compiled.errors:
        raise click.ClickException("Nothing was stored.")
    missing = [beside.name for beside in compiled.files if beside.is_list and beside.is_missing]
    if missing and not draft and not without_lists:
        raise click.ClickException(
            f"Not published: {', '.join(missing)} not found. --without-lists publishes all the same."
        )
    with writing() as session:
        version = add_draft(session, compiled, workbook, by=None)
        if not draft:
            publish_version(session, version, by=None)
        click.echo(
            f"{compiled.form_id}: version {version.version or version.number} is {'a draft' if draft else 'published'}"
        )


def echo_finding(kind: str, finding: dict[str, Any]) -> None:
    """Print an error or a warning with its place."""
    place = ", ".join(str(finding[key]) for key in ("sheet", "row", "column") if finding[key] is not None)
    click.echo(f"  {kind}: {place}: {finding['message']}")
