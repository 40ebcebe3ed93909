"""`flask --app wsgi collector erase …`."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from collector.intake.erasure import REQUEST
from collector.intake.stripping import EXTENTS, PERSONAL
from collector.privacy.erasing import erase_each
from collector.privacy.finding import find_answered, squeezed
from collector.store import Questionnaire, Response
from collector.store.session import reading

#: Documents after which it is said how far the search is.
SAID_EVERY = 1000
#: Stands for a value that is read from standard input: a command line stays in the shell's history and is in the list of processes.
FROM_INPUT = "-"


@click.command("erase")
@click.argument("response_ids", nargs=-1)
@click.option("--form", "form_id", metavar="FORM_ID", help="The questionnaire whose responses are looked through.")
@click.option(
    "--where",
    "wanted",
    metavar="QUESTION=VALUE",
    help="Those in which the question was answered so; QUESTION=- reads the value from standard input.",
)
@click.option("--extent", type=click.Choice(EXTENTS), default=PERSONAL, help="Personal answers (by default), or all.")
@click.option("--note", default="", help="Why, without the name of the respondent. It stays.")
@click.option("--dry-run", is_flag=True, help="Only print which responses it would be.")
@with_appcontext
def erase(
    response_ids: tuple[str, ...], form_id: str | None, wanted: str | None, extent: str, note: str, dry_run: bool
) -> None:
    """Erase answers of the responses RESPONSE_IDS, or of those with an answer, such as a person's telephone number.

    The responses still count, and never get the answers back, whichever phone sends them again. There is no way back.
    """
    ids = list(response_ids)
    if bool(form_id) != bool(wanted) or bool(ids) == bool(wanted):
        raise click.ClickException("Give the ids of responses, or --form FORM_ID with --where QUESTION=VALUE.")
    if form_id and wanted:
        ids = find_ids(form_id, wanted)
    else:
        known = set(reading().scalars(select(Response.id).where(Response.id.in_(ids))))
        if unknown := [id_ for id_ in ids if id_ not in known]:
            raise click.ClickException(f"Nothing was erased. There is no response {', '.join(unknown)}.")
    for response_id in ids:
        click.echo(response_id)
    if dry_run:
        click.echo(f"{len(ids)} responses; nothing was erased.")
        return
    number = erase_each(ids, extent, reason=REQUEST, note=note)
    click.echo(f"{number} responses: {'all answers' if extent != PERSONAL else 'personal answers'} erased.")


def find_ids(form_id: str, wanted: str) -> list[str]:
    """The ids of the responses to a questionnaire that have an answer. Raises ClickException."""
    question, is_pair, value = wanted.partition("=")
    questionnaire = reading().scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
    if questionnaire is None:
        raise click.ClickException(f"There is no questionnaire {form_id!r}.")
    if value == FROM_INPUT:
        value = read_value(question)
    # What is left of a value when it is compared: with nothing left, every blank answer would be one.
    if not (is_pair and question and squeezed(value)):
        raise click.ClickException(
            "--where takes QUESTION=VALUE, such as phone=13800000000, or QUESTION=- and the value on standard input."
        )

    def say(seen: int) -> None:
        if seen % SAID_EVERY == 0:
            click.echo(f"{seen} looked through", err=True)

    return list(find_answered(reading(), questionnaire, question.strip().strip("/"), value, say))


def read_value(question: str) -> str:
    """The one line of standard input. Raises ClickException for several, and for what is no UTF-8."""
    stream = sys.stdin.buffer
    if sys.stdin.isatty():
        click.echo(f"{question}: ", err=True, nl=False)
        given = stream.readline()
    else:
        given = stream.read()
    try:
        lines = given.decode().splitlines()
    except UnicodeDecodeError:
        raise click.ClickException("The value on standard input is not UTF-8.") from None
    if len(lines) > 1:
        raise click.ClickException("Standard input has more than one line: give one value.")
    return "".join(lines)
