"""What is drawn from responses so that lists, counts and rules stay quick. All of it can be made anew from the documents."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base
from collector.store.sealed import SealedFloat


class ResponseCount(Base):
    """Responses that came or went: triggers of the database (migration 0006) add a row of +1 or -1 for each change of a response.

    Whoever reads adds up `number`; from time to time rows with the same key are folded into one (collector/coverage/counts.py).
    """

    __tablename__ = "response_counts"
    __table_args__ = (
        Index("ix_response_counts_key", "questionnaire_id", "place_id", "received_on"),
        Index(
            "ix_response_counts_loose", "id", sqlite_where=text("is_folded = 0"), postgresql_where=text("NOT is_folded")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int]
    place_id: Mapped[int | None]
    author_id: Mapped[str | None] = mapped_column(String(36), index=True)
    received_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    is_test: Mapped[bool]
    number: Mapped[int]
    #: Arrival of the latest of them.
    last_at: Mapped[datetime]
    #: Whether it was made of others by folding; what triggers add is not.
    is_folded: Mapped[bool] = mapped_column(default=False, server_default="0")


class Measures(Base):
    """What the rules of quality look at, of the current revision of a response (collector/intake/measures.py)."""

    __tablename__ = "response_measures"
    __table_args__ = (
        Index("ix_response_measures_author", "questionnaire_id", "author_id"),
        Index("ix_response_measures_spot", "questionnaire_id", "spot"),
        Index("ix_response_measures_answers", "questionnaire_id", "answers_hash"),
        Index("ix_response_measures_place", "place_id"),
    )

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    questionnaire_id: Mapped[int]
    place_id: Mapped[int | None]
    author_id: Mapped[str | None] = mapped_column(String(36))
    #: Seconds from beginning to end by the phone's clock.
    duration_s: Mapped[int | None]
    #: Questions that were answered, and those of them with "don't know" or "declined".
    answered: Mapped[int] = mapped_column(default=0)
    unanswered_by_choice: Mapped[int] = mapped_column(default=0)
    #: Longest run of select questions with the same list, one after the other, that have the same answer.
    same_in_a_row: Mapped[int] = mapped_column(default=0)
    #: Minutes after midnight by the phone's clock and zone when it was begun.
    begun_minute: Mapped[int | None]
    #: First point in the answers, WGS 84 degrees, sealed at rest, and how far it is from the place, metres (0 inside its boundary).
    latitude: Mapped[float | None] = mapped_column(SealedFloat)
    longitude: Mapped[float | None] = mapped_column(SealedFloat)
    distance_m: Mapped[int | None]
    #: Keyed hash of the point as text to five decimals, about a metre; none without one.
    spot: Mapped[str | None] = mapped_column(String(30))
    #: Keyed hash of the answers without times, points and files; "" where nothing is left.
    answers_hash: Mapped[str] = mapped_column(String(64), default="")
    #: By how much the phone's clock was behind when it was sent, seconds; negative: ahead.
    clock_behind_s: Mapped[int | None]


class ResponseFlag(Base):
    """A flag of the current revision of a response: what the checks found, and the rules of quality that it breaks."""

    __tablename__ = "response_flags"
    __table_args__ = (Index("ix_response_flags_code", "questionnaire_id", "code", "response_id"),)

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    questionnaire_id: Mapped[int]


class ResponseTerm(Base):
    """A word by which a response is found: of its place and its volunteer as it is, of its name as a keyed hash (intake/terms.py)."""

    __tablename__ = "response_terms"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True, index=True)
