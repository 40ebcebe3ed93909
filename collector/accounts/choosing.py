"""What the forms of people choose among: places as a tree, questionnaires, roles; and whether a choice of places will do."""

from typing import Any

from flask_babel import gettext as _
from wtforms import SelectChoice

from collector.accounts.permissions import MASKED
from collector.accounts.place_tree import PlaceTree, make_tree, merged_choice
from collector.accounts.queries import QuestionnaireChoice, list_questionnaires
from collector.accounts.reach import current_reach
from collector.accounts.scope import current_scope
from collector.languages import language
from collector.place_order import read_order
from collector.store import User
from collector.store.session import reading


def offer_places(form: Any, user: User | None = None) -> PlaceTree:
    """Let `form.places` choose among the places of the reader's part; ticked is what was sent, else what `user` has."""
    order = read_order(reading())
    assigned = [assignment.place_id for assignment in user.assignments] if user else []
    chosen = assigned if form.places.data is None else form.places.data
    tree = make_tree(order, current_scope(), chosen, language())
    form.places.choices = [SelectChoice(str(place_id), str(place_id)) for place_id in sorted(tree.ids)]
    return tree


def offer_questionnaires(form: Any) -> list[QuestionnaireChoice]:
    """Let `form.questionnaires` choose among the published questionnaires; gives them for the page."""
    found = list_questionnaires(reading(), language())
    form.questionnaires.choices = [SelectChoice(str(choice.id), choice.form_id) for choice in found]
    return found


def offer_roles(form: Any) -> None:
    """Let `form.role` choose among the roles that the reader may give."""
    reach = current_reach()
    form.role.choices = [
        choice for choice in form.role.choices if reach.may_give(choice.value, sees_personal=reach.sees_personal)
    ]


def wanted_places(form: Any, user: User | None = None) -> set[int]:
    """Ids of the places that `user` has after the choice of `form`: what lies outside of the reader's part stays."""
    before = [assignment.place_id for assignment in user.assignments] if user else []
    return merged_choice(read_order(reading()), current_scope(), before, form.places.data or [])


def check_places(form: Any, wanted: set[int]) -> bool:
    """Tell whether `wanted` will do, with the fault at `form.places` if not: somebody without a place would have all of them."""
    if wanted or not current_reach().needs_places:
        return True
    form.places.errors = [*form.places.errors, _("Choose at least one place: you answer for a part of them only.")]
    return False


def wanted_rights(form: Any) -> tuple[str, bool]:
    """The role that was chosen, and whether personal answers are seen: from some roles they can be hidden."""
    return form.role.data, not (form.role.data in MASKED and form.hides_personal.data)
