"""Access for ODK Collect on a person's page: made here, shown this once; taken back like that of any phone."""

from flask_login import current_user

from collector.accounts.blueprint import bp
from collector.accounts.collect_access import make_access
from collector.accounts.person_pages import show_person
from collector.accounts.reach import find_changeable, find_user
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.store.people import VOLUNTEER
from collector.store.session import writing


@bp.post("/people/<user_id>/collect")
@requires("people.change")
def make_collect_access(user_id: str) -> str:
    """Make access for ODK Collect and show it, this once: the server keeps the password as a hash only."""
    with writing() as store:
        user = find_changeable(user_id)
        if not user.is_active or user.role != VOLUNTEER:
            raise CollectorError("not_allowed")
        card = make_access(store, user, by=current_user.id)
    return show_person(find_user(user_id), collect_card=card)
