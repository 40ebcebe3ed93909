"""What the terminal shows when Collector starts: addresses, the first sign-in, the enrolment link and its QR code."""

import click
import segno

from collector.settings import Settings


def print_welcome(settings: Settings, password: str | None, enrolment_token: str | None) -> None:
    """Print the office's address, `password` if it is new, and a volunteer's link with its QR code."""
    click.echo(f"\n  Office / 办公端      {settings.public_url}/office/board")
    if password:
        click.echo("  Sign in / 登录       owner")
        click.echo(f"  Password / 密码      {password}    (shown once / 仅显示这一次)")
    if enrolment_token:
        link = f"{settings.public_url}/join/{enrolment_token}"
        click.echo(f"\n  Volunteer's phone / 志愿者手机\n  {link}\n")
        segno.make(link, error="m").terminal(compact=True)
    click.echo("")
