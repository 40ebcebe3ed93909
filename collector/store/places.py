"""Places: the tree of districts, subdistricts and communities."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base

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
    """How a place stands from a day on, until its next state. Written with every change, so that any day's order can be told."""

    __tablename__ = "place_states"

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, str]]
    #: Whether it is no more from that day on.
    is_ended: Mapped[bool] = mapped_column(default=False)
    #: As `Place.successor_id`.
    successor_id: Mapped[int | None]


class PlaceBoundary(Base):
    """The boundary of a place."""

    __tablename__ = "place_boundaries"

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    #: Polygon or MultiPolygon as GeoJSON has it (RFC 7946): longitude before latitude, WGS 84.
    geometry: Mapped[dict[str, Any]]
