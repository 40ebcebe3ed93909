"""Places: the tree of districts, subdistricts and communities."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now

#: The day from which a place stands that was there before anybody kept its history.
ALWAYS = date(1900, 1, 1)


class Place(Base):
    """A node of the tree of places, as it stands at present. Responses name it by its code. How it stood: `PlaceState`."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Official or made-up code; unique in the installation.
    code: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    #: 0 at the top; communities are the deepest.
    level: Mapped[int]
    #: Order among siblings and in lists.
    position: Mapped[int] = mapped_column(default=0)
    #: Name by language code.
    names: Mapped[dict[str, str]]
    #: Where name and code come from.
    note: Mapped[str] = mapped_column(String(400), default="")
    #: The day from which it is no more (merged, split, given up); its code and its responses stay.
    ended_on: Mapped[date | None]
    #: The place that its responses count for since it ended; none: they count for the place above it, as of a former community.
    successor_id: Mapped[int | None]

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the code."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)


class PlaceState(Base):
    """How a place stands from a day on, until its next state. Written with every change, so that any day's order can be told.

    Of several states since the same day the one with the highest id holds.
    """

    __tablename__ = "place_states"
    __table_args__ = (Index("ix_place_states_place", "place_id", "since", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    since: Mapped[date]
    parent_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, str]]
    #: Whether it is no more from that day on.
    is_ended: Mapped[bool] = mapped_column(default=False)
    #: As `Place.successor_id`.
    successor_id: Mapped[int | None]
    #: What was done: added, renamed, moved, merged, split or ended.
    change: Mapped[str] = mapped_column(String(20), default="added", server_default="added")
    #: UUID shared by all states that came of one act, so that it can be taken back as a whole; "" for what was there before.
    act_id: Mapped[str] = mapped_column(String(36), default="", server_default="", index=True)
    #: When it was written down, and by whom; no person: by a command.
    made_at: Mapped[datetime | None] = mapped_column(default=utc_now)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))


class PlaceBoundary(Base):
    """The boundary of a place."""

    __tablename__ = "place_boundaries"

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    #: Polygon or MultiPolygon as GeoJSON has it (RFC 7946): longitude before latitude, WGS 84.
    geometry: Mapped[dict[str, Any]]
