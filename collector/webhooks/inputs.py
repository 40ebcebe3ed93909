"""Forms of the webhook pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from collector.webhooks.addresses import MAX_URL


def stripped(text: str | None) -> str | None:
    """`text` without blanks around it."""
    return text.strip() if text else text


class WebhookForm(FlaskForm):
    """What a webhook is told of, and where."""

    url = StringField(
        _l("Address"), filters=[stripped], validators=[InputRequired(_l("This is needed.")), Length(max=MAX_URL)]
    )
    questionnaire = SelectField(_l("Questionnaire"), coerce=int, default=0)
    has_answers = BooleanField(_l("Send the answers along, but never personal ones"))
    is_active = BooleanField(_l("On"), default=True)


class ConfirmForm(FlaskForm):
    """Nothing but the token of the page."""
