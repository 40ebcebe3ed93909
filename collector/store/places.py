"""Places: the tree of districts, subdistricts and communities."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base


class Place(Base):
    """A node of the tree of places. Responses name it by its code."""

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

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the code."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)
