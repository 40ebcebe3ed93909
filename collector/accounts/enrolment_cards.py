"""The card with which a volunteer's phone is enrolled: link, QR code, and how to scan it in the volunteer's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import segno
from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector.accounts import operations
from collector.place_order import read_order
from collector.store import User


@dataclass(frozen=True)
class Card:
    """What a card shows. `qr` is a data address of an SVG; `places` are names, none for all."""

    name: str
    places: Sequence[str]
    language: str
    link: str
    qr: str
    expires_at: datetime
    steps: Sequence[str]
    until: str
    warning: str
    all_places: str

    @property
    def needs_https(self) -> bool:
        """Whether phones will not do with this address: they give a page camera, position and service worker only over HTTPS or locally."""
        address = urlsplit(self.link)
        return address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1")


def issue_cards(session: Session, users: Sequence[User], *, by: str | None) -> list[Card]:
    """A new code for each of `users`, as a card. The server keeps only a hash of it: it can be shown this once."""
    order = read_order(session)
    cards = []
    for user in users:
        enrolment, token = operations.issue_enrolment(session, user, by=by)
        ids = {order.follower(assignment.place_id) for assignment in user.assignments}
        places = [node.name(user.language) for node in order.standing if node.id in ids]
        cards.append(make_card(user, places, token, enrolment.expires_at))
    return cards


def make_card(user: User, places: Sequence[str], token: str, expires_at: datetime) -> Card:
    """The card of one code."""
    link = current_app.config["SETTINGS"].public_url + url_for("field.shell", token=token)
    code = segno.make(link, error="m", micro=False)
    with force_locale(user.language):
        steps = [
            _("Scan the code with your phone's camera."),
            _("Open the link and press “Start”."),
            _("Add the page to your home screen."),
        ]
        return Card(
            name=user.name,
            places=places,
            language=user.language,
            link=link,
            qr=code.svg_data_uri(scale=8, border=4, light="#fff"),
            expires_at=expires_at,
            steps=steps,
            until=_("Works until"),
            warning=_("Keep this card to yourself: whoever has it can send responses in your name."),
            all_places=_("all communities"),
        )
