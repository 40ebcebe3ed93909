"""What the board shows, read from the address, so that a view can be shared by its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from collector.languages import read_day
from collector.store.responses import STATES

TILES, TABLE, MAP = "tiles", "table", "map"
VIEWS = (TILES, TABLE, MAP)
BEHIND, PLACE = "behind", "place"
#: The questionnaire of an address that means all of them: no form id has this character.
ALL = "*"
TODAY, WEEK, OWN = "today", "7", "own"
WEEK_DAYS = 7


@dataclass(frozen=True)
class Filters:
    """What is looked at. "" and None filter nothing; `questionnaire` "" is the first one.

    `from_day` and `to_day` bound the days of arrival, `on` is the day whose order of places is shown, `under` the code of a place.
    """

    questionnaire: str = ""
    period: str = ""
    from_day: date | None = None
    to_day: date | None = None
    state: str = ""
    on: date | None = None
    under: str = ""
    view: str = VIEWS[0]
    sort: str = PLACE

    def as_arguments(self, **others: str) -> dict[str, str]:
        """The arguments of an address that shows the same, without those that filter nothing; `others` in place of its own."""
        arguments = {
            "questionnaire": self.questionnaire,
            "period": "" if self.period == OWN else self.period,
            "from": self.from_day.isoformat() if self.period == OWN and self.from_day else "",
            "to": self.to_day.isoformat() if self.period == OWN and self.to_day else "",
            "state": self.state,
            "on": self.on.isoformat() if self.on else "",
            "under": self.under,
            "view": self.view if self.view != VIEWS[0] else "",
            "sort": self.sort if self.sort != PLACE else "",
        }
        return {name: value for name, value in (arguments | others).items() if value}

    def for_responses(self, **others: str) -> dict[str, str]:
        """The arguments of the list of responses that shows what is counted here."""
        arguments = {
            "questionnaire": "" if self.questionnaire == ALL else self.questionnaire,
            "state": self.state,
            "from": self.from_day.isoformat() if self.from_day else "",
            "to": self.to_day.isoformat() if self.to_day else "",
        }
        return {name: value for name, value in (arguments | others).items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether less is shown than all of a questionnaire."""
        return bool(self.period or self.state or self.on or self.under)

    def of(self, form_id: str) -> "Filters":
        """The same of another questionnaire."""
        return replace(self, questionnaire=form_id)


def read_filters(arguments: Mapping[str, str], today: date) -> Filters:
    """Read the arguments of an address. What makes no sense filters nothing."""
    from_day, to_day = read_day(arguments.get("from", "")), read_day(arguments.get("to", ""))
    period = arguments.get("period", "")
    if period == TODAY:
        from_day = to_day = today
    elif period == WEEK:
        from_day, to_day = today - timedelta(days=WEEK_DAYS - 1), today
    else:
        period = OWN if from_day or to_day else ""
    on = read_day(arguments.get("on", ""))
    return Filters(
        questionnaire=arguments.get("questionnaire", ""),
        period=period,
        from_day=from_day,
        to_day=to_day,
        state=_one_of(arguments.get("state", ""), STATES, ""),
        on=on if on and on < today else None,
        under=arguments.get("under", ""),
        view=_one_of(arguments.get("view", ""), VIEWS, VIEWS[0]),
        sort=_one_of(arguments.get("sort", ""), (BEHIND, PLACE), PLACE),
    )


def _one_of(text: str, known: tuple[str, ...], otherwise: str) -> str:
    return text if text in known else otherwise
