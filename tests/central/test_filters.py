"""`$filter`: what is read, what is refused and how, and which responses it lets through."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from collector.central.filters import Comparison, Expression, Field, Joined, Literal, Negated, Part, parse_filter
from collector.errors import CollectorError
from collector.store import Response, Version
from tests.central.clients import FEED, problem, push, read
from tests.conftest import People, Phone, sign_in

NOW = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)


def test_operators_bind_as_odata_says() -> None:
    """not before and, and before or (part 2, section 5.1.1.14)."""
    found = parse_filter("a eq 1 or not b eq 2 and (c eq 3 or d eq 4)", NOW)
    assert isinstance(found, Joined) and found.operator == "or"
    assert isinstance(found.left, Comparison)
    assert isinstance(found.right, Joined) and found.right.operator == "and"
    assert isinstance(found.right.left, Negated)
    assert isinstance(found.right.right, Joined) and found.right.right.operator == "or"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T08:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01T08:00:01.25Z", datetime(2026, 3, 1, 8, 0, 1, 250000, tzinfo=UTC)),
        ("2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        # A plus sign that nobody escaped arrives as a blank.
        ("2026-03-01T08:00:00.000 08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00-08:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("now()", NOW),
        ("null", None),
        ("true", True),
        ("-12", -12),
        ("'it''s'", "it's"),
        ("''", ""),
    ],
)
def test_values(text: str, value: Any) -> None:
    found = parse_filter(f"x eq {text}", NOW)
    assert isinstance(found, Comparison) and isinstance(found.right, Literal)
    assert found.right.value == value and type(found.right.value) is type(value)


def test_parts_of_moments() -> None:
    found = parse_filter("year(__system/submissionDate) ge year(now())", NOW)
    assert isinstance(found, Comparison) and isinstance(found.left, Part) and isinstance(found.left.of, Field)
    assert found.left.of.name == "__system/submissionDate"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "x eq", "eq 1", "x eq 1 and", "and", "(x eq 1", "x eq 1)", "()", "not", "x eq 1 x eq 2", "x eq 'open",
        "x = 1", "x neq 1", "x eq 2026-13-01", "x eq 2026-02-30T00:00:00Z", "x eq 2026-01-01T25:00:00Z", "x eq 1; drop table users",
        "x eq 1--", "x eq \"1\"", "1 union select", "x eq 1 or 1=1", "year( eq 1", "now(1) eq 1", "year(year(x)) eq 1", "x eq 1.5.2",
        "x eq %", "x eq ' or '1'='1", "x eq 99999999999999999999", "x eq 0001-01-01T00:00:00+23:59", "é eq 1", "((" * 200, "not " * 200,
        " or ".join(["x eq 1"] * 200),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CollectorError) as refused:
        parse_filter(text, NOW)
    assert refused.value.code == "odata_filter"


@pytest.mark.parametrize("text", ["contains(x,'a') eq true", "x add 1 eq 2", "x in (1)", "length(x) eq 1"])
def test_what_is_not_done_here_is_told_apart(text: str) -> None:
    with pytest.raises(CollectorError) as refused:
        parse_filter(text, NOW)
    assert refused.value.code in ("odata_filter_unsupported", "odata_filter")


MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
OPERANDS = st.one_of(
    st.sampled_from(["__id", "__system/submissionDate", "x"]).map(lambda name: Field(name, 0)),
    st.one_of(
        st.integers(-(10**17), 10**17), st.text(st.characters(exclude_characters="\0", codec="utf-8")), st.booleans(), st.none(), MOMENTS
    ).map(lambda value: Literal(value, 0)),
    st.sampled_from(["year", "month", "second"]).map(lambda name: Part(name, Field("x", 0), 0)),
)  # fmt: skip
COMPARISONS = st.builds(
    Comparison, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), OPERANDS, OPERANDS, st.just(0)
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(st.builds(Joined, st.sampled_from(["and", "or"]), inner, inner), st.builds(Negated, inner)),
    max_leaves=12,
)


def written(part: Any) -> str:
    """An expression as a client writes it."""
    if isinstance(part, Joined):
        return f"({written(part.left)}) {part.operator} ({written(part.right)})"
    if isinstance(part, Negated):
        return f"not ({written(part.inner)})"
    if isinstance(part, Comparison):
        return f"{written(part.left)} {part.operator} {written(part.right)}"
    if isinstance(part, Part):
        return f"{part.name}({written(part.of)})"
    if isinstance(part, Field):
        return part.name
    if isinstance(part.value, str):
        return "'" + part.value.replace("'", "''") + "'"
    if isinstance(part.value, datetime):
        return part.value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {None: "null", True: "true", False: "false"}[part.value] if type(part.value) is not int else str(part.value)


def bare(part: Any) -> Any:
    """An expression without positions."""
    if isinstance(part, Joined):
        return part.operator, bare(part.left), bare(part.right)
    if isinstance(part, Negated):
        return "not", bare(part.inner)
    if isinstance(part, Comparison):
        return part.operator, bare(part.left), bare(part.right)
    return written(part)


@given(EXPRESSIONS)
def test_what_is_written_is_read(expression: Expression) -> None:
    assert bare(parse_filter(written(expression), NOW)) == bare(expression)


@given(
    st.text()
    | st.lists(st.sampled_from(["x", "eq", "1", "(", ")", "not", "and", "year", "'a'", " ", "2026-01-01"])).map(
        " ".join
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_filter(text, NOW)
    except CollectorError as error:
        assert error.code in ("odata_filter", "odata_filter_unsupported")
        assert len(error.message) < 400


@pytest.fixture
def three(phone: Phone, household: Version, session: Session, places: Any) -> list[str]:
    """Three responses, of December 2024, June 2025 and June 2026; Mei sent the second one. Oldest first."""
    days = ("2024-12-31T23:30:00", "2025-06-01T00:00:00", "2026-06-15T12:30:45")
    ids = [push(phone, household, {"place": "C01", "hh_size": "1"}, first=number)[0] for number in (1, 2, 3)]
    for id_, day in zip(ids, days, strict=True):
        found = session.get_one(Response, id_.removeprefix("uuid:"))
        found.received_at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    session.commit()
    return ids


def numbers(client: FlaskClient, three: list[str], text: str) -> list[int]:
    """Which of the three a filter lets through."""
    rows = read(client, f"{FEED}/Submissions", **{"$filter": text})["value"]
    return sorted(three.index(row["__id"]) for row in rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("__system/submissionDate ge 2025-06-01", [1, 2]),
        ("__system/submissionDate gt 2025-06-01T00:00:00.000Z", [2]),
        ("__system/submissionDate gt 2025-06-01T08:00:00+08:00", [2]),
        ("2025-06-01 le __system/submissionDate", [1, 2]),
        ("__system/submissionDate lt now()", [0, 1, 2]),
        ("__system/submissionDate eq 2025-06-01", [1]),
        ("__system/submissionDate ne 2025-06-01", [0, 2]),
        ("__system/submissionDate eq null", []),
        ("year(__system/submissionDate) eq 2024", [0]),
        ("2025 lt year(__system/submissionDate)", [2]),
        ("month(__system/submissionDate) eq 6 and not (year(__system/submissionDate) eq 2025)", [2]),
        ("day(__system/submissionDate) eq 15 or day(__system/submissionDate) eq 31", [0, 2]),
        ("hour(__system/submissionDate) eq 23", [0]),
        ("minute(__system/submissionDate) eq 30 and second(__system/submissionDate) eq 45", [2]),
        ("year(__system/submissionDate) eq year(2025-01-01)", [1]),
        ("month(__system/submissionDate) eq month(__system/submissionDate)", [0, 1, 2]),
        ("__system/updatedAt eq null", [0, 1, 2]),
        ("__system/updatedAt ne null", []),
        ("__system/updatedAt gt 2020-01-01", []),
        ("not (__system/updatedAt gt 2020-01-01)", [0, 1, 2]),
        ("__system/updatedAt ne 2020-01-01", [0, 1, 2]),
        ("year(__system/updatedAt) eq 2020", []),
        ("__system/updatedAt ge __system/submissionDate", []),
        ("__system/reviewState eq null", [0, 1, 2]),
        ("__system/reviewState eq 'approved'", []),
        ("__system/reviewState ne 'approved'", [0, 1, 2]),
        ("__system/reviewState eq 'no such state'", []),
        ("__system/deletedAt eq null", [0, 1, 2]),
        ("__system/submitterId eq 0", []),
        ("__system/submitterId eq null", []),
        ("__system/submitterId ne null", [0, 1, 2]),
        ("__system/submitterId eq 'nobody'", []),
        ("$root/Submissions/__system/submissionDate lt 2025-01-01", [0]),
        ("__id eq 'x'' or 1=1'", []),
    ],
)  # fmt: skip
def test_which_responses_it_lets_through(
    client: FlaskClient, people: People, three: list[str], text: str, expected: list[int]
) -> None:
    assert numbers(client, three, text) == expected


def test_by_person_and_by_name(client: FlaskClient, people: People, phone: Phone, three: list[str]) -> None:
    row = read(client, f"{FEED}/Submissions")["value"][0]
    number = row["__system"]["submitterId"]
    assert numbers(client, three, f"__system/submitterId eq {number}") == [0, 1, 2]
    assert numbers(client, three, f"__system/submitterId ne '{number}'") == []
    assert numbers(client, three, f"__id eq '{three[1]}' or __id eq '{three[2]}'") == [1, 2]


def test_by_decision(app: Any, people: People, three: list[str]) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    office = sign_in(app.test_client(), "su")
    office.post(
        f"/office/responses/{three[1].removeprefix('uuid:')}/decide",
        data={"state": "returned", "seen": "1", "reason": "Look again"},
    )
    client = app.test_client()
    assert numbers(client, three, "__system/reviewState eq 'hasIssues'") == [1]
    assert numbers(client, three, "__system/reviewState ne null") == [1]
    assert numbers(client, three, f"__system/updatedAt gt {before:%Y-%m-%dT%H:%M:%SZ}") == [1]
    assert numbers(client, three, f"year(__system/updatedAt) ge {before.year} and __system/updatedAt ne null") == [1]


def test_tables_of_repeats_and_counts_follow_it(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    ids = push(phone, household, *({"place": "C01", "members": [{"name": f"m{n}"}]} for n in range(3)))
    options = {"$filter": f"$root/Submissions/__id ne '{ids[1]}'", "$count": "true"}
    for table in ("Submissions", "Submissions.members"):
        body = read(client, f"{FEED}/{table}", **options)
        assert len(body["value"]) == body["@odata.count"] == 2


def test_what_was_seen_last_is_neither_repeated_nor_left_out(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    """Pipelines ask for what came after the latest moment that they know."""
    push(phone, household, *({"place": "C01", "hh_size": "1"} for _ in range(3)))
    latest = read(client, f"{FEED}/Submissions")["value"][0]["__system"]["submissionDate"]
    [new] = push(phone, household, {"place": "C01", "hh_size": "2"}, first=9)
    rows = read(client, f"{FEED}/Submissions", **{"$filter": f"__system/submissionDate gt {latest}"})["value"]
    assert [row["__id"] for row in rows] == [new]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x' or '1'='1", 400.18),
        ("__id eq '1') or (1 eq 1", 400.18),
        ("__system/submissionDate lt 'tomorrow'", 400.18),
        ("__system/submissionDate lt 5", 400.18),
        ("year(__system/submissionDate) eq 'x'", 400.18),
        ("year(__system/submissionDate) eq 2026-01-01", 400.18),
        ("__system/updatedAt gt null", 400.18),
        ("year('x') eq year(__system/submissionDate)", 400.18),
        ("hh_size gt 3", 501.5),
        ("__system/nothing eq 3", 501.5),
        ("1 eq 1", 501.4),
        ("__system/reviewState gt 'a'", 501.4),
        ("__system/submitterId lt 5", 501.4),
        ("__id eq __id", 501.4),
        ("year(__id) eq 1", 501.4),
        ("__system/submissionDate gt __id", 501.4),
        ("contains(__id, 'x')", 400.18),
    ],
)
def test_what_is_refused_is_refused_as_central_does(
    client: FlaskClient, people: People, three: list[str], text: str, code: float
) -> None:
    assert problem(client, f"{FEED}/Submissions", **{"$filter": text})[1] == code
