"""The catalogue of the phone's screens and the office's pages. A tour walks from one to the next, and yields the name of each while it is on the screen."""

from collections.abc import Callable

from tests.browser.screens.desk_coverage import coverage
from tests.browser.screens.desk_exports import exports
from tests.browser.screens.desk_people import people
from tests.browser.screens.desk_phone import desk
from tests.browser.screens.desk_places import places
from tests.browser.screens.desk_privacy import privacy
from tests.browser.screens.desk_quality import quality
from tests.browser.screens.desk_questionnaires import questionnaires
from tests.browser.screens.desk_responses import responses
from tests.browser.screens.desk_status import status
from tests.browser.screens.filling import filling
from tests.browser.screens.first import helping, joining
from tests.browser.screens.phone import settings, trouble
from tests.browser.screens.stage import Stage, Tour
from tests.browser.screens.work import doors, home, searching

TOURS: dict[str, Callable[[Stage], Tour]] = {
    "joining": joining,
    "helping": helping,
    "home": home,
    "searching": searching,
    "doors": doors,
    "desk": desk,
    "settings": settings,
    "trouble": trouble,
    "filling": filling,
    "desk-questionnaires": questionnaires,
    "coverage": coverage,
    "responses": responses,
    "places": places,
    "privacy": privacy,
    "quality": quality,
    "people": people,
    "exports": exports,
    "status": status,
}
