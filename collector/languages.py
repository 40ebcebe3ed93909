"""Which language a page speaks, the moment and day in the district's time zone, and moments as programs are told them."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LANGUAGES = {"zh": "中文", "en": "English"}


def init_app(app: Flask) -> None:
    """Register Flask-Babel on `app` with our choice of language and zone."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["SETTINGS"].time_zone
    Babel(app, locale_selector=choose_language, default_locale="en")
    app.jinja_env.globals.update(language=language, LANGUAGES=LANGUAGES)


def choose_language() -> str:
    """The language of this request: as switched, as the person's account says, as a phone asks, else the default."""
    default: str = current_app.config["SETTINGS"].default_language
    if not has_request_context():
        return default
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if "client_language" in g:
        # Whose password a client has shown, such as ODK Collect: it has no page to choose on.
        return str(g.client_language)
    if request.path.startswith(("/sync/", "/openrosa/")):
        return request.accept_languages.best_match(LANGUAGES) or default
    return language_of_account() or default


def language_of_account() -> str | None:
    """The language of the person who is signed in; None for nobody, and while the database is away and errors must still be told."""
    try:
        return str(current_user.language) if current_user.is_authenticated else None
    except SQLAlchemyError:
        return None


def language() -> str:
    """The code of the present language: zh or en."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else "en"


def local_day(moment: datetime | None = None) -> date:
    """The day of `moment` (now, by default) in the district's time zone."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return (moment or datetime.now(UTC)).astimezone(zone).date()


def read_day(text: str) -> date | None:
    """A day as an address has it, 2025-05-15; None for anything else. A day is a day, in whatever zone it is read (A65)."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def local_moment(moment: datetime) -> datetime:
    """A moment as people of the district write it, without a zone, in UTC."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return moment.replace(tzinfo=zone).astimezone(UTC)


def timestamp(moment: datetime) -> str:
    """A moment in UTC as programs are told it: with milliseconds and Z (2026-11-24T12:00:00.000Z)."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written_moment(moment: datetime) -> datetime:
    """A moment as people of the district write it: in their time zone, without naming it. The other way round: local_moment."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return moment.astimezone(zone).replace(tzinfo=None)


def size_words(size_bytes: int) -> str:
    """A number of bytes as people read it: `512 MiB`, `72.4 GiB`."""
    mebibytes = size_bytes / 2**20
    return f"{mebibytes:.0f} MiB" if mebibytes < 1024 else f"{mebibytes / 1024:.1f} GiB"
