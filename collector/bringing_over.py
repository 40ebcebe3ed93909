"""After an upgrade from a release before the data keys: what it kept in the open is sealed, and what it drew from answers is hidden.

In short transactions, each of which goes on where the one before was, so that it may be broken off anywhere.
"""

import click
from flask import current_app
from sqlalchemy import select, update

from collector.intake import earlier
from collector.sealing.earlier import seal_secrets
from collector.sealing.key_commands import turn_values
from collector.store import SealedWith, utc_now
from collector.store.resealing import has_unsealed, seal_column, wipe
from collector.store.session import database, reading, writing


def bring_over() -> None:
    """Do all of it that is left. Once that is nothing, it is written down, and nobody looks again: it would read all of the database."""
    if reading().scalar(select(SealedWith.id).where(SealedWith.all_sealed_at.is_not(None)).limit(1)):
        return
    has_earlier, is_open = earlier.has_earlier(reading()), has_unsealed(reading().connection())
    reading().rollback()
    if has_earlier:
        hide_earlier()
    if is_open:
        click.echo("Answers of before are being sealed. This happens once.", err=True)
        with writing() as session:
            seal_secrets(session, current_app.config["SETTINGS"])
        turn_values(seal_column)
    if has_earlier or is_open:
        wipe(database())
    with writing() as session:
        session.execute(update(SealedWith).values(all_sealed_at=utc_now()))


def hide_earlier() -> None:
    """Turn the words of names into keyed hashes, and then what responses are compared by."""
    click.echo("Search words of before are being hidden. This happens once.", err=True)
    known = earlier.known_words(reading())
    reading().rollback()
    after: tuple[object, ...] | None = ()
    while after is not None:
        with writing() as session:
            after = earlier.mark_some_words(session, known, after)
    for step in (earlier.mark_some_keys, earlier.mark_some_measures):
        number = 1
        while number:
            with writing() as session:
                number = step(session)
