"""Forms of the pages about erasing."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from collector.intake.stripping import ALL, PERSONAL
from collector.privacy.retention import MAX_DAYS, MIN_DAYS
from collector.review.inputs import NEEDED, note_field

EXTENTS = [
    SelectChoice(PERSONAL, _l("Answers to personal questions")),
    SelectChoice(ALL, _l("All answers")),
]


class EraseForm(FlaskForm):
    """Answers of one response, or of several, are erased; of which ones is read from the request."""

    extent = RadioField(_l("What is erased"), choices=EXTENTS, default=PERSONAL, validators=[InputRequired(NEEDED)])
    note = note_field(_l("The reason in your words"))


class ChosenForm(FlaskForm):
    """Which responses of a list are meant."""

    which = StringField(validators=[AnyOf(("ticked", "page", "every"))])


class RetentionForm(FlaskForm):
    """For how long answers are kept, and what is erased then."""

    days = IntegerField(
        _l("Days after a response has arrived"),
        validators=[Optional(), NumberRange(MIN_DAYS, MAX_DAYS, _l("At least %(least)s days.", least=MIN_DAYS))],
    )
    extent = RadioField(
        _l("What is erased then"), choices=EXTENTS, default=PERSONAL, validators=[InputRequired(NEEDED)]
    )
