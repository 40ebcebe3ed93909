"""The pages of webhooks: a person's own ones, and what became of their messages."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.questionnaires.queries import title_of
from collector.store import Questionnaire, User, Webhook
from collector.store.people import OWNER
from collector.store.session import reading, writing
from collector.webhooks import arrivals, operations, queries, words  # noqa: F401  arrivals listens from here on
from collector.webhooks.inputs import ConfirmForm, WebhookForm

bp = Blueprint("webhooks", __name__, url_prefix="/office/webhooks")


@bp.route("", methods=["GET", "POST"])
@requires("responses.export")
def webhooks() -> Any:
    """The person's webhooks; and a new one, whose key is shown this once."""
    form = webhook_form()
    if form.validate_on_submit():
        try:
            with writing() as session:
                user = session.get_one(User, current_user.id)
                made, secret = operations.add_webhook(session, user, read_wish(form), allows_private=allows_private())
                webhook_id = made.id
            return show_webhook(webhook_id, secret=secret), 201
        except CollectorError as error:
            form.url.errors = [*form.url.errors, error.message]
    session = reading()
    shown = [(one, queries.count_waiting(session, one)) for one in queries.webhooks_of(session, current_user.id)]
    page = render_template(
        "office/webhooks.html",
        form=form,
        webhooks=shown,
        # Whoever was in somebody's account may have left one behind: an owner sees them all.
        others=queries.webhooks_of_others(session, current_user.id) if current_user.role == OWNER else [],
        confirm=ConfirmForm(formdata=None),
        titles=titles(session),
        endings=words.ENDINGS,
    )
    return page, 400 if form.errors else 200


@bp.get("/<int:webhook_id>")
@requires("responses.export")
def webhook(webhook_id: int) -> str:
    """One webhook with its latest messages."""
    return show_webhook(webhook_id)


@bp.post("/<int:webhook_id>")
@requires("responses.export")
def change(webhook_id: int) -> Any:
    """Change a webhook; its key stays."""
    mine(webhook_id)
    form = webhook_form()
    if form.validate_on_submit():
        try:
            with writing() as session:
                found, wish = queries.find_webhook(session, webhook_id, current_user.id), read_wish(form)
                operations.change_webhook(session, found, wish, by=current_user.id, allows_private=allows_private())
            flash(_("Saved."), "success")
            return redirect(url_for("webhooks.webhook", webhook_id=webhook_id))
        except CollectorError as error:
            form.url.errors = [*form.url.errors, error.message]
    return show_webhook(webhook_id, form=form), 400


@bp.post("/<int:webhook_id>/remove")
@requires("responses.export")
def remove(webhook_id: int) -> Response:
    """Take a webhook away: one's own, and as an owner anybody's."""
    with writing() as session:
        named = session.get(Webhook, webhook_id) if current_user.role == OWNER else None
        found = named or queries.find_webhook(session, webhook_id, current_user.id)
        operations.remove_webhook(session, found, by=current_user.id)
    flash(_("The webhook was removed."), "success")
    return redirect(url_for("webhooks.webhooks"))


@bp.post("/<int:webhook_id>/test")
@requires("responses.export")
def send_test(webhook_id: int) -> Response:
    """Send a message that tells of no response."""
    with writing() as session:
        operations.send_test(session, queries.find_webhook(session, webhook_id, current_user.id))
    flash(_("A test message is on its way. Reload this page in a moment to see what became of it."), "info")
    return redirect(url_for("webhooks.webhook", webhook_id=webhook_id))


@bp.post("/<int:webhook_id>/secret")
@requires("responses.export")
def renew_secret(webhook_id: int) -> Any:
    """Make another key, shown this once."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        secret = operations.renew_secret(session, found, by=current_user.id)
    return show_webhook(webhook_id, secret=secret)


@bp.post("/<int:webhook_id>/deliveries/<delivery_id>/again")
@requires("responses.export")
def send_again(webhook_id: int, delivery_id: str) -> Response:
    """Send a message again."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        operations.send_again(session, queries.find_delivery(session, found, delivery_id))
    flash(_("The message is on its way again."), "info")
    return redirect(url_for("webhooks.webhook", webhook_id=webhook_id))


def mine(webhook_id: int) -> Webhook:
    """The person's webhook. Raises CollectorError `not_found`."""
    return queries.find_webhook(reading(), webhook_id, current_user.id)


def allows_private() -> bool:
    """Whether addresses in private networks are taken."""
    return bool(current_app.config["SETTINGS"].allows_private_webhooks)


def titles(session: Session) -> dict[int, str]:
    """Titles of published questionnaires by their ids."""
    published = select(Questionnaire).where(Questionnaire.current_version_id.is_not(None)).order_by(Questionnaire.id)
    return {one.id: title_of(one.current_version, language()) for one in session.scalars(published)}


def webhook_form(found: Webhook | None = None) -> WebhookForm:
    """The form as it was sent, or filled in with a webhook."""
    form = WebhookForm() if found is None else WebhookForm(formdata=None, obj=found)
    form.questionnaire.choices = [
        SelectChoice(0, _("All questionnaires")),
        *(SelectChoice(id_, title) for id_, title in titles(reading()).items()),
    ]
    if found is not None:
        form.questionnaire.data = found.questionnaire_id or 0
    return form


def read_wish(form: WebhookForm) -> operations.Wish:
    """What the form wants of a webhook."""
    return operations.Wish(
        form.url.data or "", form.questionnaire.data or None, bool(form.has_answers.data), bool(form.is_active.data)
    )


def show_webhook(webhook_id: int, *, form: WebhookForm | None = None, secret: str = "") -> str:
    """The page of a webhook; `secret` is its key, where that is shown."""
    found = mine(webhook_id)
    session = reading()
    deliveries = [(one, queries.state_of(one)) for one in queries.deliveries_of(session, found)]
    return render_template(
        "office/webhook.html",
        webhook=found,
        form=form or webhook_form(found),
        confirm=ConfirmForm(formdata=None),
        deliveries=deliveries,
        waiting=queries.count_waiting(session, found),
        secret=secret,
        states=words.STATES,
        faults=words.FAULTS,
        endings=words.ENDINGS,
    )
