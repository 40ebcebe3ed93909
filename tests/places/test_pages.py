"""Pages of places: the tree, one place and its changes, import and boundaries, as somebody of the office works with them."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.languages import local_day
from collector.place_order import read_order
from collector.places import operations
from collector.store import JournalEntry, Place, PlaceBoundary, User
from tests.conftest import People, sign_in

Places = dict[str, Place]
SQUARE = [[118.79, 32.04], [118.81, 32.04], [118.81, 32.06], [118.79, 32.06], [118.79, 32.04]]


def words(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def upload(client: FlaskClient, address: str, name: str, content: bytes | str) -> Any:
    """Choose a file and send it."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(address, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def sha256_in(page: str) -> str:
    """The upload that a preview would apply."""
    found = re.search(r'name="sha256"[^>]*value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


@pytest.fixture
def today(su: FlaskClient) -> date:
    """The present day in the district."""
    with su.application.app_context():
        return local_day()


def change(client: FlaskClient, place: Place, kind: str, **fields: str) -> Any:
    """Send one of the forms of a place's page."""
    return client.post(
        f"/office/places/{place.id}/{kind}", data={f"{kind}-{name}": value for name, value in fields.items()}
    )


def test_the_tree_shows_every_place(su: FlaskClient, places: Places) -> None:
    page = su.get("/office/places").text
    for code in places:
        assert f"Community {code}" in page
    assert "3 communities" in words(page)


def test_an_empty_installation_says_what_to_do(su: FlaskClient) -> None:
    assert "There is no place yet" in su.get("/office/places").text


def test_a_day_shows_the_order_of_that_day(su: FlaskClient, places: Places, session: Session) -> None:
    operations.merge_place(
        session, session.merge(places["C01"]), session.merge(places["C02"]), date(2026, 3, 1), by=None
    )
    session.commit()
    present, before = su.get("/office/places").text, su.get("/office/places?on=2026-02-01").text
    assert "2 communities" in words(present)
    assert "1 former place" in words(present)
    assert "3 communities" in words(before)
    assert "This is the order of 2026-02-01" in before
    # What is no day, or is still to come, is today.
    for on in ("x", "2999-01-01"):
        assert "2 communities" in words(su.get(f"/office/places?on={on}").text)


def test_search_finds_by_name_and_code_former_places_too(su: FlaskClient, places: Places, session: Session) -> None:
    operations.end_place(session, session.merge(places["C03"]), date(2026, 3, 1), by=None)
    session.commit()
    page = words(su.get("/office/places?q=c0").text)
    assert "3 places found" in page
    assert "Community C03 C03 former" in page
    assert "1 place found" in words(su.get("/office/places?q=community c02").text)


def test_a_deep_or_large_tree_is_shown_in_parts(
    su: FlaskClient, places: Places, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.places.queries.MAX_SHOWN", 3)
    page = su.get("/office/places").text
    assert "Show 2 places under it" in words(page)
    assert "Community C01" not in page
    below = su.get(f"/office/places?under={places['S1'].id}").text
    assert "Community C01" in below
    assert su.get("/office/places?under=99999").status_code == 404


def test_adding_a_place(su: FlaskClient, places: Places, session: Session, today: date) -> None:
    fields = {"code": "C09", "name_zh": "九", "parent": "Community S2", "on": today.isoformat()}
    assert su.post("/office/places/add", data=fields).status_code == 302
    session.rollback()
    made = session.scalars(select(Place).where(Place.code == "C09")).one()
    assert (made.parent_id, made.names) == (places["S2"].id, {"zh": "九"})
    again = su.post("/office/places/add", data=fields)
    assert again.status_code == 400
    assert "There is a place with the code “C09” already" in again.text
    assert 'value="九"' in again.text
    nowhere = su.post("/office/places/add", data=fields | {"code": "C10", "parent": "nowhere"})
    assert "There is no place “nowhere”" in nowhere.text
    nameless = su.post("/office/places/add", data={"code": "C11"})
    assert "A place needs a name" in nameless.text
    # Without a day it was there from the start.
    su.post("/office/places/add", data=fields | {"code": "C12", "on": ""})
    session.rollback()
    assert read_order(session, date(1950, 1, 1)).find("C12") is not None


def test_each_change_is_made_and_told(su: FlaskClient, places: Places, session: Session, today: date) -> None:
    day = today.isoformat()
    assert change(su, places["C01"], "rename", name_zh="一", name_en="One", on=day).status_code == 302
    assert change(su, places["C01"], "move", parent="S2", on=day).status_code == 302
    assert change(su, places["C02"], "merge", into="One", on=day).status_code == 302
    parts = {
        "parts-0-code": "C03A",
        "parts-1-code": "",
        "parts-3-code": "",
        "parts-0-name_zh": "甲",
        "parts-2-code": "C03B",
        "parts-2-name_en": "B",
        "heir": "2",
    }
    assert change(su, places["C03"], "split", on=day, **parts).status_code == 302
    assert change(su, places["S1"], "end", on=day).status_code == 302
    order = read_order(session)
    assert [node.code for node in order.communities] == ["C03A", "C03B", "C01"]
    assert order.nodes[order.counts_for[places["C03"].id]].code == "C03B"
    page = words(su.get(f"/office/places/{places['C01'].id}").text)
    assert "Moved from Community S1 (S1) to Community S2 (S2) Su" in page
    assert "Renamed from “C01社区 / Community C01” to “一 / One” Su" in page
    assert "Former places that count here Community C02" in page
    split = words(su.get(f"/office/places/{places['C03'].id}").text)
    assert "Split into 甲 (C03A), B (C03B). Earlier responses count for B (C03B)." in split
    assert "It is no more since" in split
    told = select(JournalEntry.action).where(JournalEntry.action.startswith("place.")).order_by(JournalEntry.id)
    assert session.scalars(told).all() == ["place.rename", "place.move", "place.merge", "place.split", "place.end"]


def test_a_refused_change_keeps_what_was_typed_and_says_why(su: FlaskClient, places: Places, today: date) -> None:
    day, tomorrow = today.isoformat(), (today + timedelta(days=1)).isoformat()
    for answer, said in [
        (change(su, places["S1"], "end", on=day), "There are still places under “S1”"),
        (change(su, places["D"], "move", parent="C01", on=day), "“C01” is under this place"),
        (change(su, places["C01"], "rename", name_zh="新", on=tomorrow), "This day is still to come"),
        (change(su, places["C01"], "rename", name_zh="新", on="soon"), "Not a valid date"),
        (change(su, places["C01"], "merge", into="", on=day), "This is needed."),
        (change(su, places["C01"], "merge", into="nowhere", on=day), "There is no place “nowhere”"),
        (change(su, places["C01"], "split", on=day, **{"parts-0-code": "X"}), "Each part needs a code and a name"),
        (change(su, places["C01"], "split", on=day, **{"parts-0-code": "X", "parts-0-name_zh": "新"}), "at least two"),
        (change(su, places["C01"], "split", on=day, heir="3"), "This part is empty"),
    ]:
        assert answer.status_code == 400
        assert said in answer.text
    assert 'value="nowhere"' in change(su, places["C01"], "merge", into="nowhere", on=day).text
    assert change(su, places["C01"], "other").status_code == 404
    assert su.post("/office/places/99999/end", data={"end-on": day}).status_code == 404


def test_a_change_before_the_last_one_names_its_day(su: FlaskClient, places: Places, session: Session) -> None:
    operations.rename_place(session, session.merge(places["C01"]), {"zh": "一"}, date(2026, 3, 1), by=None)
    session.commit()
    assert "The last change is of 2026-03-01" in change(su, places["C01"], "end", on="2026-02-01").text


def test_taking_back(su: FlaskClient, places: Places, session: Session, today: date) -> None:
    change(su, places["S1"], "merge", into="S2", on=today.isoformat())
    page = su.get(f"/office/places/{places['S1'].id}").text
    assert "The last change concerned 3 places" in page
    su.post(f"/office/places/{places['S1'].id}/undo")
    assert len(read_order(session).standing) == 6
    assert "Nothing was changed here" in su.post(f"/office/places/{places['S1'].id}/undo", follow_redirects=True).text
    su.post("/office/places/add", data={"code": "C09", "name_zh": "九"})
    session.rollback()
    made = session.scalars(select(Place.id).where(Place.code == "C09")).one()
    assert su.post(f"/office/places/{made}/undo").location == "/office/places"
    session.rollback()
    assert session.scalars(select(Place.code).where(Place.code == "C09")).all() == []


def test_A82_names_are_text(su: FlaskClient, places: Places, today: date) -> None:
    """A82: what somebody typed is text on every page."""
    evil = "<img src=x onerror=alert(1)>"
    change(su, places["C01"], "rename", name_zh=evil, name_en=evil, on=today.isoformat())
    for address in (
        "/office/places",
        f"/office/places/{places['C01'].id}",
        "/office/places?q=<img",
        "/office/places/boundaries",
    ):
        page = su.get(address).text
        assert "<img src=x" not in page
    assert evil not in upload(su, "/office/places/import", "p.csv", f"code,name_zh\nC01,{evil}2\n").text


def test_import_shows_first_and_applies_then(su: FlaskClient, places: Places, session: Session, today: date) -> None:
    text = "code,name_zh,name_en,parent\nC01,C01社区,Community C01,S2\nC04,四,Four,S1\n"
    preview = upload(su, "/office/places/import", "p.csv", text)
    assert preview.status_code == 200
    page = words(preview.text)
    assert "1 added 0 renamed 1 moved 0 unchanged 2 not in the file 0 faults" in page
    assert session.scalars(select(Place.code).where(Place.code == "C04")).all() == []
    fields = {"sha256": sha256_in(preview.text), "name": "p.csv", "on": today.isoformat()}
    assert su.post("/office/places/import/apply", data=fields).status_code == 302
    session.rollback()
    assert {node.code for node in read_order(session).communities} == {"C01", "C02", "C03", "C04"}
    # The file is gone once it is applied.
    assert "waited for too long" in su.post("/office/places/import/apply", data=fields).text
    for wrong in ("", "x", "../../etc/passwd"):
        assert su.post("/office/places/import/apply", data={"sha256": wrong}).status_code == 400


def test_import_ends_what_is_not_in_the_file_only_when_asked(
    su: FlaskClient, places: Places, session: Session, today: date
) -> None:
    page = upload(su, "/office/places/import", "p.csv", "code,name_en\nC01,One\n").text
    fields = {"sha256": sha256_in(page), "name": "p.csv", "on": today.isoformat(), "end_missing": "y"}
    assert su.post("/office/places/import/apply", data=fields).status_code == 302
    assert [node.code for node in read_order(session).standing] == ["D", "S1", "C01"]


def test_nothing_is_applied_while_there_is_a_fault(su: FlaskClient, places: Places, session: Session) -> None:
    answer = upload(su, "/office/places/import", "p.csv", "code,name_zh,parent\nC08,八,S1\nC09,九,C99\n")
    assert answer.status_code == 400
    assert "C99, is neither in this file" in answer.text
    assert "/import/apply" not in answer.text
    assert "neither CSV nor" in upload(su, "/office/places/import", "p.csv", b"\x00\x01").text
    assert "Choose a file first" in su.post("/office/places/import", data={}).text


def test_the_download_imports_unchanged(su: FlaskClient, places: Places) -> None:
    content = su.get("/office/places.csv").data
    assert content.startswith(b"\xef\xbb\xbfcode,name_zh,name_en,parent,note")
    page = words(upload(su, "/office/places/import", "places.csv", content).text)
    assert "0 added 0 renamed 0 moved 6 unchanged 0 not in the file 0 faults" in page
    assert "There is nothing to do" in page


def features(*codes: str, ring: Any = SQUARE) -> str:
    """A FeatureCollection with the same shape for each code."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code": code},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for code in codes
            ],
        }
    )


def test_boundaries_are_shown_first_and_kept_then(su: FlaskClient, places: Places, session: Session) -> None:
    preview = upload(su, "/office/places/boundaries", "b.geojson", features("C01", "Community C02", "C99"))
    page = words(preview.text)
    assert "2 places get a boundary 1 match no place 0 cannot be used 1 communities stay" in page
    assert "C99" in page
    assert session.scalars(select(PlaceBoundary)).all() == []
    su.post("/office/places/boundaries/apply", data={"sha256": sha256_in(preview.text)})
    session.rollback()
    assert set(session.scalars(select(PlaceBoundary.place_id))) == {places["C01"].id, places["C02"].id}
    assert "1 of 3 communities have none" in words(su.get("/office/places/boundaries").text)
    su.post("/office/places/boundaries/drop")
    session.rollback()
    assert session.scalars(select(PlaceBoundary)).all() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nothing", "The file is no GeoJSON FeatureCollection"),
        ('{"type": "Feature"}', "The file is no GeoJSON FeatureCollection"),
        (features("C01", ring=[[lat, lon] for lon, lat in SQUARE]), "Longitude and latitude are swapped"),
        (features("C01", ring=[[x * 1e5, y * 1e5] for x, y in SQUARE]), "The coordinates are no degrees"),
        (features("C01", ring=SQUARE[:4]), "The coordinates are broken"),
        (features("C01", ring=[["a", 1]] * 4), "The coordinates are broken"),
        (features("C01", ring="x"), "The coordinates are broken"),
        ('{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}, 3]}', "neither a Polygon nor"),
    ],
)
def test_boundaries_that_cannot_be_used(su: FlaskClient, places: Places, content: str, said: str) -> None:
    answer = upload(su, "/office/places/boundaries", "b.geojson", content)
    assert answer.status_code == 400
    assert said in answer.text


def test_A81_the_map_gets_boundaries_of_ones_own_places_only(
    client: FlaskClient, people: People, so: User, places: Places, session: Session
) -> None:
    """A81: boundaries outside the scope are not sent; unchanged they are not sent twice."""
    for code in ("C01", "C03"):
        session.add(PlaceBoundary(place_id=places[code].id, geometry={"type": "Polygon", "coordinates": [SQUARE]}))
    session.commit()
    sign_in(client, "so")
    answer = client.get("/office/places/boundaries.geojson")
    assert [feature["properties"]["code"] for feature in answer.get_json()["features"]] == ["C01"]
    again = client.get("/office/places/boundaries.geojson", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    sign_in(client, "su")
    codes = [
        feature["properties"]["code"]
        for feature in client.get("/office/places/boundaries.geojson").get_json()["features"]
    ]
    assert codes == ["C01", "C03"]


def test_only_those_who_answer_for_all_places_change_the_tree(
    client: FlaskClient, people: People, so: User, places: Places
) -> None:
    for login in ("so", "ren", "ana"):
        sign_in(client, login)
        for address in (
            "/office/places",
            f"/office/places/{places['C01'].id}",
            "/office/places/import",
            "/office/places.csv",
        ):
            assert client.get(address).status_code == 403
        assert client.post(f"/office/places/{places['C01'].id}/end").status_code == 403
    sign_in(client, "so")
    board = client.get("/office/board").text
    assert 'href="/office/lists"' in board
    assert 'href="/office/places"' not in board


def test_scope_follows_an_assignment_to_a_former_place(
    client: FlaskClient, people: People, so: User, places: Places, session: Session
) -> None:
    operations.merge_place(session, session.merge(places["S1"]), session.merge(places["S2"]), date(2026, 3, 1), by=None)
    for code in ("C01", "C03"):
        session.add(PlaceBoundary(place_id=places[code].id, geometry={"type": "Polygon", "coordinates": [SQUARE]}))
    assign_places(session, session.merge(so), [places["S1"].id], by=None)
    session.commit()
    sign_in(client, "so")
    assert len(client.get("/office/places/boundaries.geojson").get_json()["features"]) == 2
