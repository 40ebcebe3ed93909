"""Forms of the pages of lists."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from collector.places.inputs import NEEDED, text_field
from collector.places.list_queries import NOBODY
from collector.places.list_table import MAX_KEY, MAX_LABEL, MAX_NOTE
from collector.places.place_table import MAX_NAME
from collector.store import User
from collector.store.people import VOLUNTEER

#: Doors that one press of a button assigns at most.
MAX_ASSIGNED = 10_000


class ListForm(FlaskForm):
    """A list: its name, and the questionnaire to fill in at its doors."""

    name = text_field(_l("Name of the list"), MAX_NAME, is_needed=True)
    questionnaire = SelectField(_l("Questionnaire"), choices=[])


class ListApplyForm(FlaskForm):
    """A table of doors that somebody has looked at: the file again, by its SHA-256."""

    sha256 = HiddenField(validators=[InputRequired()])
    name = HiddenField()
    drop_missing = BooleanField(_l("Take out the doors that are not in the file and that nobody has visited yet"))


class DoorForm(FlaskForm):
    """A door of a list."""

    key = text_field(_l("Key"), MAX_KEY, is_needed=True)
    place = text_field(_l("Community"), MAX_NAME, is_needed=True)
    label = text_field(_l("Address or name"), MAX_LABEL, is_needed=True)
    note = text_field(_l("Note"), MAX_NOTE)
    volunteer = SelectField(_l("Volunteer"), choices=[])


class AssignForm(FlaskForm):
    """Who is to visit the chosen doors; `entry` are their ids, or `all` those of the filter."""

    volunteer = SelectField(_l("Volunteer"), choices=[], validators=[InputRequired(NEEDED)])


def offer_volunteers(field: SelectField, volunteers: Iterable[User], *, chosen: User | None = None) -> None:
    """Put volunteers into a field to choose from, nobody in particular first; `chosen` too, who may have left."""
    people = {user.id: user.name for user in volunteers}
    if chosen is not None and chosen.role == VOLUNTEER:
        people.setdefault(chosen.id, chosen.name)
    field.choices = [
        SelectChoice(NOBODY, _("whoever visits the community")),
        *(SelectChoice(id_, name) for id_, name in people.items()),
    ]
