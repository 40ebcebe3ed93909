"""The board to take away, and what the map draws."""

import csv
import dataclasses
import io
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from collector.coverage import picture
from collector.coverage.map_routes import MOST_POINTS
from collector.coverage.tiles import glyph, short_names
from collector.store import Measures, Place, Response, User, Version
from tests.conftest import People, sign_in
from tests.coverage.conftest import Send, SetTarget

EVIL = "<img src=x onerror=alert(1)>"


def read_csv(answer: Any) -> list[list[str]]:
    assert answer.mimetype == "text/csv" and answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_a75_the_table_adds_up(
    su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place], session: Session
) -> None:
    """A75: the rows of the CSV and what is unassigned are the total; filters hold; nothing runs as a formula (A59)."""
    send("C01", 3)
    send("C03", 2)
    send("nowhere", 1)
    set_target(places["C01"], 4)
    session.get_one(Place, places["C02"].id).names = {"en": "=1+1"}
    session.commit()
    rows = read_csv(su.get("/office/board.csv"))
    assert [row[1:6] for row in rows[1:4]] == [
        ["C01", "Community C01", "3", "4", "75"],
        ["C02", "'=1+1", "0", "", ""],
        ["C03", "Community C03", "2", "", ""],
    ]
    assert [row[2:4] for row in rows[4:]] == [["Unassigned: no known community", "1"], ["Total", "6"]]
    assert sum(int(row[3]) for row in rows[1:-1]) == int(rows[-1][3])
    assert read_csv(su.get("/office/board.csv?under=S2"))[-1][3] == "2"


def test_the_tiles_as_svg(su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place]) -> None:
    """It is whole by itself: a tile for each community, and nothing is fetched from elsewhere."""
    send("C01", 21)
    set_target(places["C01"], 20)
    answer = su.get("/office/board.svg")
    assert answer.mimetype == "image/svg+xml" and "sandbox" in answer.headers["Content-Security-Policy"]
    root = ElementTree.fromstring(answer.data)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "21 / 20" in texts and "105 %" in texts and "Community C03" in texts
    assert "href" not in answer.text and "url(" not in answer.text


def test_the_tiles_as_png(su: FlaskClient, send: Send, places: dict[str, Place], session: Session) -> None:
    """Chinese names are drawn: two pictures with different names differ."""
    session.get_one(Place, places["C01"].id).names = {"en": "香铺营社区"}
    session.commit()
    answer = su.get("/office/board.png")
    if not picture.has_chinese_font():
        pytest.skip("no font with Chinese characters here")
    first = Image.open(io.BytesIO(answer.data))
    assert first.width == 2 * picture.WIDTH
    session.get_one(Place, places["C01"].id).names = {"en": "长江路社区"}
    session.commit()
    assert su.get("/office/board.png").data != answer.data


def test_without_a_chinese_font_the_png_says_what_to_do(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "has_chinese_font", lambda: False)
    assert su.get("/office/board.png").status_code == 200, "nothing Chinese is in it"
    session.get_one(Place, places["C01"].id).names = {"en": "香铺营社区"}
    session.commit()
    answer = su.get("/office/board.png")
    assert answer.status_code == 501 and "fonts-noto-cjk" in answer.text


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["香铺营社区", "长江路社区"], ["香铺营", "长江路"]),
        (["Hill Community", "Lake Community"], ["Hill Community", "Lake Community"]),
        (["社区", "长江路社区"], ["社", "长江路社"]),
        (["长江路社区"], ["长江路社区"]),
        ([], []),
    ],
)
def test_short_names(names: list[str], short: list[str]) -> None:
    assert list(short_names(names).values()) == short


def test_a_step_is_told_by_filled_columns() -> None:
    assert [glyph(level).count('fill="none"') for level in range(5)] == [4, 3, 2, 1, 0]


def place_point(session: Session, household: Version, response_id: str, latitude: float) -> None:
    """The point of a response, as measuring it would write it."""
    response = session.get_one(Response, response_id)
    measured = session.get(Measures, response_id) or Measures(response_id=response_id)
    measured.questionnaire_id, measured.place_id = household.questionnaire_id, response.place_id
    measured.latitude, measured.longitude = latitude, 118.78
    session.add(measured)
    session.commit()


def test_points_are_of_the_filters_and_of_ones_part(
    su: FlaskClient,
    send: Send,
    app: Flask,
    so: User,
    household: Version,
    places: dict[str, Place],
    session: Session,
    people: People,
) -> None:
    """A81, A82: outside there are no points; a name that looks like markup comes as it is, as JSON, for the map to show as text."""
    here, there = send("C01")[0], send("C03")[0]
    send("C02")
    place_point(session, household, here, 32.04)
    place_point(session, household, there, 32.05)
    session.get_one(Response, here).instance_name = EVIL
    session.commit()
    found = su.get("/office/board/points.geojson").get_json()
    assert {feature["geometry"]["coordinates"][1] for feature in found["features"]} == {32.04, 32.05}
    assert found["is_cut"] is False and MOST_POINTS == 5000
    mine = sign_in(app.test_client(), "so").get("/office/board/points.geojson").get_json()
    assert [feature["properties"]["name"] for feature in mine["features"]] == [EVIL]
    assert mine["features"][0]["properties"]["url"] == f"/office/responses/{here}"
    assert su.get("/office/board/points.geojson?state=approved").get_json()["features"] == []
    assert len(su.get("/office/board/points.geojson?under=S2").get_json()["features"]) == 1


def test_who_may_not_see_personal_answers_gets_no_points(
    app: Flask, send: Send, household: Version, places: dict[str, Place], session: Session, people: People
) -> None:
    place_point(session, household, send("C01")[0], 32.04)
    session.get_one(User, people.ren.id).sees_personal = False
    session.commit()
    client = sign_in(app.test_client(), "ren")
    assert client.get("/office/board/points.geojson").get_json()["features"] == []


def test_figures_of_the_map(su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place]) -> None:
    send("C01", 3)
    set_target(places["C01"], 4)
    figure = su.get("/office/board/figures.json").get_json()["C01"]
    assert (figure["received"], figure["target"], figure["percent"], figure["level"]) == (3, 4, 75, 3)


def test_the_map_asks_nobody_unless_a_server_of_tiles_is_set(
    su: FlaskClient, app: Flask, household: Version, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TILE_URL pictures of that one server may be shown, on the map's page alone."""
    page = su.get("/office/board?view=map")
    assert "The map needs JavaScript." in page.text and 'data-tiles=""' in page.text
    assert "https:" not in page.headers["Content-Security-Policy"]
    changed = dataclasses.replace(app.config["SETTINGS"], tile_url="https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    policy = su.get("/office/board?view=map").headers["Content-Security-Policy"]
    assert "img-src 'self' https://*.tiles.example.org blob: data:" in policy
    assert "tiles.example" not in su.get("/office/board").headers["Content-Security-Policy"]


def test_leaflet_comes_from_here(su: FlaskClient, household: Version, places: dict[str, Place]) -> None:
    """From its package, with an address that may be cached for ever."""
    page = su.get("/office/board?view=map").text
    address = page.split('src="/static/leaflet-')[1].split('"')[0]
    answer = su.get(f"/static/leaflet-{address}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
