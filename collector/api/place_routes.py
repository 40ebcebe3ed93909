"""Who the token acts as, places, and how many responses they have."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from collector.accounts.access_tokens import bearer_of, find_token
from collector.accounts.permissions import ACTIONS
from collector.accounts.scope import current_scope
from collector.api.blueprint import bp
from collector.api.operation import operation
from collector.api.queries import count_by_place
from collector.api.reader import find_questionnaire
from collector.api.schemas import CountSchema, MeSchema, PlaceSchema, list_of
from collector.place_order import read_order
from collector.store.session import reading


@bp.get("/me")
@operation(_l("The person as whom the token acts"), answer=MeSchema())
def me() -> dict[str, Any]:
    """Name, rights and places of the token's person."""
    session = reading()
    token = find_token(session, bearer_of(request))
    nodes = read_order(session).nodes
    assigned = sorted(nodes[one.place_id].code for one in token.user.assignments)
    person = {name: getattr(current_user, name) for name in ("id", "name", "role", "language", "sees_personal")}
    return person | {
        "places": None if current_scope().is_whole else assigned,
        "actions": [action for action in ACTIONS if current_user.may(action)],
        "token": token,
    }


@bp.get("/places")
@operation(_l("Places"), answer=list_of(PlaceSchema))
def places() -> dict[str, Any]:
    """The places that the person may see, each before those under it; those that have ended come last."""
    order, scope = read_order(reading()), current_scope()
    ended = sorted((node for node in order.nodes.values() if node.is_ended), key=lambda node: node.code)
    items = []
    for node in [*order.standing, *ended]:
        if scope.covers(node.id):
            above = order.nodes.get(node.parent_id or 0)
            items.append(
                {
                    "code": node.code,
                    "names": node.names,
                    "parent": above.code if above else None,
                    "level": node.level,
                    "is_ended": node.is_ended,
                }
            )
    return {"items": items}


@bp.get("/questionnaires/<path:form_id>/counts")
@operation(_l("Responses by place and state"), needs="coverage.see", answer=list_of(CountSchema), faults=(404,))
def counts(form_id: str) -> dict[str, Any]:
    """How many responses to a questionnaire each place has in each state; tests are not among them."""
    session = reading()
    questionnaire = find_questionnaire(session, form_id)
    nodes = read_order(session).nodes
    items = []
    for row in count_by_place(session, questionnaire, current_scope()):
        node = nodes.get(row.place_id)
        items.append({"place": node.code if node else None, "state": row.state, "number": row.number})
    return {"items": sorted(items, key=lambda item: (item["place"] or "", item["state"]))}
