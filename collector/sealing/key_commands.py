"""`collector keys …`: the data keys that seal what is stored (docs/keys.md)."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Column, delete, insert, update

from collector.journal import record
from collector.sealing.earlier import encrypt_secrets
from collector.sealing.rekeying import describe_keys, seal_files, unseal_files
from collector.store.contents import contents
from collector.store.data_keys import DataKeys, load_data_keys, new_key_text, read_key
from collector.store.hosts import SealedWith
from collector.store.key_guard import KEYS_FILE, record_keys
from collector.store.resealing import Turned, seal_column, sealed_columns, unseal_column, wipe
from collector.store.session import data_keys, database, writing

#: Seconds between two lines about how far something is.
SAID_EVERY_S = 5

keys = AppGroup("keys", help="The keys that seal what is stored.")


@keys.command("list")
@click.option("--json", "is_json", is_flag=True, help="One line of JSON.")
def list_keys(is_json: bool) -> None:
    """Name each data key: since when it is used, whether it seals now, and how much is sealed with it. No key is shown."""
    with database().connect() as connection:
        rows = describe_keys(connection, contents(), data_keys())
    if is_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        state = "seals" if row["seals"] else "opens" if row["is_here"] else "is not here"
        state += ", marks words and duplicates" if row["marks"] else ""
        since = f"since {row['first_used_at']}: {state}" if row["first_used_at"] else state
        about = f"key {row['id']} {since}" if row["id"] else "not sealed"
        click.echo(f"{about}; {row['values']} values, {row['files']} files")


@keys.command("rotate")
def rotate() -> None:
    """Put a new key in front: it seals from the next start on. The earlier ones stay, since they open what they sealed.

    With DATA_KEY the new key is printed, for whoever sets it.
    """
    settings, text = current_app.config["SETTINGS"], new_key_text()
    if settings.data_key:
        click.echo(f"Put this in front of what DATA_KEY says, with a comma after it:\n{text}")
    else:
        path = settings.data_dir / KEYS_FILE
        new = read_key(text, "the new key")
        with writing() as session:
            connection = session.connection()
            # Its lock is held until the end: of two who rotate at once one puts its key in front of the other's.
            record_keys(connection, load_data_keys("", path), path)
            connection.execute(insert(SealedWith), [{"id": new.id.hex()}])
            record(session, "keys.rotate", new.id.hex())
            write_keys(path, f"{text}\n{path.read_text()}")
        click.echo(f"{path}: the data key {new.id.hex()} is in front. Keep a copy of the file, apart from backups.")
    click.echo(
        "Now give every other host of this installation the same keys, start all servers anew, and run then:\n"
        "flask --app wsgi collector keys reseal"
    )


def write_keys(path: Path, text: str) -> None:
    """Put `text` in place of the file of keys, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@keys.command("reseal")
def reseal() -> None:
    """Seal everything with the key in front: what earlier keys sealed, and what was never sealed.

    Phones go on sending meanwhile. It can be broken off and run again: it goes on with what is left.
    """
    damaged = turn_values(seal_column)
    damaged += finish("files", seal_files(contents(), Progress()))
    wipe(database())
    if damaged:
        raise click.ClickException(
            f"{damaged} could not be opened and stay as they are; `collector verify` names them."
        )


@keys.command("drop")
@click.argument("key_id", metavar="ID")
def drop(key_id: str) -> None:
    """Take an earlier key out of the file that seals nothing any more. Backups that were sealed with it cannot be read without it."""
    settings = current_app.config["SETTINGS"]
    path = settings.data_dir / KEYS_FILE
    with writing() as session:
        rows = {row["id"]: row for row in describe_keys(session.connection(), contents(), data_keys())}
        row = rows.get(key_id)
        if row is None or not key_id:
            raise click.ClickException(f"There is no key {key_id}. `collector keys list` names them.")
        if row["seals"] or row["marks"]:
            raise click.ClickException("The first key seals and the last one marks: both are needed.")
        if row["values"] or row["files"]:
            raise click.ClickException("It still seals something. Run `collector keys reseal` first.")
        session.execute(delete(SealedWith).where(SealedWith.id == key_id))
        record(session, "keys.drop", key_id)
    if not settings.data_key:
        # Only now: were the key gone before the database does without it, a server that was killed in between would not start again.
        with writing() as session:
            # Its lock is held until the end: a key that somebody puts in front just now stays.
            record_keys(session.connection(), load_data_keys("", path), path)
            kept = [text for text in path.read_text().split() if read_key(text, str(path)).id.hex() != key_id]
            write_keys(path, "".join(f"{text}\n" for text in kept))
    where = "DATA_KEY" if settings.data_key else f"every other host's {KEYS_FILE}"
    click.echo(f"The key {key_id} is out. Take it out of {where} as well, and start the servers anew.")


@keys.command("unseal")
@click.option("--yes", is_flag=True, help="Do not ask.")
def unseal(yes: bool) -> None:
    """Write everything as it was before there were data keys, for the way back to an earlier release. End all servers first."""
    if not yes:
        click.confirm("All answers will lie in the database unsealed. Have all servers been ended?", abort=True)
    with writing() as session:
        encrypt_secrets(session, current_app.config["SETTINGS"])
        record(session, "keys.unseal")
        session.execute(update(SealedWith).values(all_sealed_at=None))
    damaged = turn_values(unseal_column)
    damaged += finish("files", unseal_files(contents(), Progress()))
    wipe(database())
    if damaged:
        raise click.ClickException(f"{damaged} could not be opened and stay sealed; `collector verify` names them.")
    click.echo("Nothing is sealed any more. Keep the keys: a backup from before may need them.")


def turn_values(turn: Callable[..., Turned]) -> int:
    """Write all sealed columns anew as `turn` does. Gives how many values could not be opened."""
    damaged = 0
    for column in sealed_columns():
        damaged += turn_values_of(column, turn, data_keys())
    return damaged


def turn_values_of(column: Column[object], turn: Callable[..., Turned], known: DataKeys) -> int:
    """The same of one column."""
    name, say = f"{column.table.name}.{column.name}", Progress()
    return finish(name, turn(database(), column, known, lambda done: say(name, done)))


def finish(name: str, turned: Turned) -> int:
    """Say what became of a column, or of the files. Gives how many could not be opened."""
    if turned.done or turned.damaged:
        click.echo(f"{name}: {turned.done}" + (f", {turned.damaged} damaged" if turned.damaged else ""))
    return turned.damaged


class Progress:
    """Says from time to time how far something is."""

    def __init__(self) -> None:
        self.said_at = monotonic()

    def __call__(self, name: str, done: int) -> None:
        """Print a line, unless there was one a moment ago."""
        if monotonic() - self.said_at >= SAID_EVERY_S:
            self.said_at = monotonic()
            click.echo(f"{name}: {done} so far", err=True)
