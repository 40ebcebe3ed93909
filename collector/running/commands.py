"""`collector status`: the owner's status page for a terminal and for scripts."""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from collector.running.judge import RED, judge, worst
from collector.running.queries import read_state
from collector.store.session import reading


@click.command("status")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@with_appcontext
def status(is_json: bool) -> None:
    """Say how the installation is doing. Ends with status 1 if something is red."""
    state = read_state(reading())
    lines = judge(state)
    level = worst(lines)
    with force_locale("en"):
        if is_json:
            topics = {
                line.topic: {"level": line.level, "words": str(line.words), "advice": str(line.advice)}
                for line in lines
            }
            click.echo(json.dumps({"level": level, "topics": topics, "state": asdict(state)}, default=str))
        else:
            for line in lines:
                click.echo(f"{line.level:5}  {line.heading}: {line.words}")
                if line.advice:
                    click.echo(f"       {line.advice}")
    sys.exit(1 if level == RED else 0)
