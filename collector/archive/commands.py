"""`flask --app wsgi collector backup | restore | move`."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from collector.archive.backup import Outcome, Source, write_backup
from collector.archive.container import is_sealed_backup
from collector.archive.faults import ArchiveFault
from collector.archive.folder import choose_name, prune
from collector.archive.keys import InstallationKeys
from collector.archive.moving import Move, move_installation
from collector.archive.restore import note_restored, require_finished, restore
from collector.journal import record
from collector.sealing.keys import sealing_key
from collector.settings import VERSION, Settings, normalise_database_url
from collector.store import Backup, utc_now
from collector.store.contents import contents, open_contents
from collector.store.moved import MovedError, refuse_moved
from collector.store.session import data_keys, database, make_engine, writing
from collector.verify.operations import verify
from collector.verify.report import Report

#: Characters that a passphrase needs: whoever has the file can try as many as they like.
MIN_PASSPHRASE = 12


@contextmanager
def clear_faults() -> Iterator[None]:
    """Turn what went wrong into one line and status 1."""
    try:
        yield
    except (ArchiveFault, MovedError) as fault:
        raise click.ClickException(str(fault)) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise click.ClickException("The disk is full. Nothing was kept of it; make room and begin again.") from None
        raise click.ClickException(str(error)) from None


def refuse_unfinished() -> None:
    """Make nothing new where a restore was interrupted, or that has moved elsewhere. Raises ClickException."""
    with clear_faults():
        require_finished(current_app.config["SETTINGS"].data_dir)
        refuse_moved(database())


def read_passphrase(path: Path | None, *, is_new: bool) -> str:
    """The passphrase in a file, or as it is typed. Raises ClickException for one that is too short."""
    if path is not None:
        passphrase = path.read_text().strip("\r\n")
    else:
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new, err=True)
    if is_new and len(passphrase) < MIN_PASSPHRASE:
        raise click.ClickException(f"The passphrase needs at least {MIN_PASSPHRASE} characters.")
    return passphrase


def say(line: str) -> None:
    """Tell how far it is."""
    click.echo(line, err=True)


PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the passphrase; without it the passphrase is asked for.",
)


@click.command("backup")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--encrypt", is_flag=True, help="Seal the backup with a passphrase; it then holds the installation's keys, too."
)
@PASSPHRASE_FILE
@click.option(
    "--keep", type=click.IntRange(min=1), help="Where FILE is a folder: keep that many backups, drop older ones."
)
@with_appcontext
def backup(target: Path, encrypt: bool, passphrase_file: Path | None, keep: int | None) -> None:
    """Back everything up into FILE while the server runs: database and files as they are at one moment.

    FILE may be a folder, in which each backup gets a name with its time, or - for standard output. Ends with status 1 if something
    could not be read; all the rest is in the backup then.
    """
    is_encrypted = encrypt or passphrase_file is not None
    passphrase = read_passphrase(passphrase_file, is_new=True) if is_encrypted else None
    is_folder = target.is_dir()
    if keep is not None and not is_folder:
        raise click.ClickException("--keep needs a folder: name one that exists in place of FILE.")
    now = utc_now()
    with clear_faults():
        if str(target) == "-":
            outcome, size_bytes = make(sys.stdout.buffer, passphrase, now), None
        else:
            path = choose_name(target, now) if is_folder else target
            outcome, size_bytes = make_file(path, passphrase, now, is_folder=is_folder)
        if keep is not None:
            prune(target, keep, is_whole=not outcome.faults)
    tell(outcome, size_bytes, is_encrypted)
    sys.exit(1 if outcome.faults else 0)


def make_file(path: Path, passphrase: str | None, now: datetime, *, is_folder: bool) -> tuple[Outcome, int]:
    """Make the backup under another name and rename it, so that under its name there is a whole one or none."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            outcome = make(file, passphrase, now)
            file.flush()
            os.fsync(file.fileno())
        size_bytes = draft.stat().st_size
        final = path.with_name(f"{path.stem}.faulty{path.suffix}") if is_folder and outcome.faults else path
        draft.replace(final)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        say(str(final))
        return outcome, size_bytes
    finally:
        draft.unlink(missing_ok=True)


def make(file: BinaryIO, passphrase: str | None, now: datetime) -> Outcome:
    """Write a backup into `file`, and note its beginning and its end where the owner sees them."""
    settings: Settings = current_app.config["SETTINGS"]
    keys = InstallationKeys(data_keys(), settings.secret_key, sealing_key())
    source = Source(database(), contents(), keys, VERSION, say)
    number: list[int] = []

    def begun() -> None:
        # After the snapshot is taken: in itself a backup would always be one that broke off.
        with writing() as session:
            noted = Backup(started_at=now, is_encrypted=passphrase is not None)
            session.add(noted)
            session.flush()
            number.append(noted.id)

    outcome = write_backup(source, file, passphrase, now, begun)
    with writing() as session:
        noted = session.get_one(Backup, number[0])
        noted.journal_hash = outcome.journal_hash
        if not outcome.faults:
            noted.finished_at = utc_now()
            noted.size_bytes = file.tell() if file.seekable() else None
        record(
            session,
            "backup.make",
            str(noted.id),
            encrypted=noted.is_encrypted,
            rows=sum(outcome.rows.values()),
            files=outcome.contents,
            faults=len(outcome.faults),
            journal_hash=outcome.journal_hash,
        )
    return outcome


def tell(outcome: Outcome, size_bytes: int | None, is_encrypted: bool) -> None:
    """Print what is in the backup, what is not, and what has to be kept apart from it."""
    settings: Settings = current_app.config["SETTINGS"]
    for name, count in outcome.rows.items():
        say(f"{name}: {count}")
    say(f"files: {outcome.contents}, {outcome.content_bytes} bytes")
    for name in outcome.erased:
        say(f"erased meanwhile: {name}")
    for fault in outcome.faults:
        say(f"fault: {fault}")
    say(f"last hash of the journal: {outcome.journal_hash or 'none'}")
    if size_bytes is not None:
        say(f"size: {size_bytes} bytes")
    if not is_encrypted:
        names = " and ".join(
            setting if given else str(settings.data_dir / name)
            for setting, name, given in (
                ("DATA_KEY", "data_key", settings.data_key),
                ("SEALING_KEY", "sealing_key", settings.sealing_key),
            )
        )
        say(
            f"Not in it are the keys. Keep a copy of {names} apart from the backups: without the data key nobody can read them, and"
            " whoever has both can. With --encrypt the keys are inside, and the passphrase is what you keep apart."
        )
    say("ok" if not outcome.faults else f"not ok: {len(outcome.faults)} faults")


@click.command("restore")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@PASSPHRASE_FILE
@with_appcontext
def restore_backup(source: Path, passphrase_file: Path | None) -> None:
    """Restore the backup FILE into an empty installation, and verify it.

    Database and files go where the settings say, on SQLite or PostgreSQL, whatever the backup was made from. Nothing is ever
    overwritten: where there is something already, it ends with status 1, as for a backup that is damaged.
    """
    settings: Settings = current_app.config["SETTINGS"]
    passphrase = None
    with clear_faults():
        if is_sealed_backup(source):
            passphrase = read_passphrase(passphrase_file, is_new=False)
        restored = restore(source, passphrase, settings, say)
        engine = make_engine(settings.database_url, restored.keys)
        note_restored(engine, restored)
        engine.dispose()
        report = Report(say=click.echo, say_progress=lambda line: say(f"verify: {line}"))
        verify(settings.database_url, open_contents(settings, restored.keys), restored.keys, report)
    manifest = restored.manifest
    click.echo(f"made by {manifest['made_by']} at {manifest['made_at']}")
    for name, shape in manifest["tables"].items():
        click.echo(f"{name}: {shape['rows']}")
    click.echo(f"files: {restored.contents}")
    for fault in manifest["faults"]:
        click.echo(f"was missing already when it was backed up: {fault}")
    for name in restored.given:
        click.echo(f"{name} is set, and holds instead of the one in the backup")
    click.echo(f"last hash of the journal in the backup: {manifest['journal_hash'] or 'none'}")
    click.echo("ok" if not report.fault_count else f"not ok: {report.fault_count} faults")
    sys.exit(1 if report.fault_count else 0)


@click.command("move")
@click.option("--to", "target", required=True, metavar="URL", help="An empty PostgreSQL database: postgresql://…")
@click.option("--files", "files_url", default="", metavar="URL", help="Also take the files there: s3://…")
@click.option("--check", is_flag=True, help="Move nothing: only compare what was moved there with what is here.")
@with_appcontext
def move(target: str, files_url: str, check: bool) -> None:
    """Take this SQLite installation to PostgreSQL, and its files to another place, while the server runs.

    Files are copied first. Then writing waits while the rows are copied and compared one by one; the pages can be read meanwhile, and
    phones keep what they have and try again. From then on this server takes nothing more.
    """
    settings: Settings = current_app.config["SETTINGS"]
    with clear_faults():
        moving = Move(settings, data_keys(), database(), normalise_database_url(target), files_url, say)
        summary = move_installation(moving, is_check=check)
    for line in summary.lines:
        click.echo(line)
    sys.exit(1 if summary.faults else 0)
