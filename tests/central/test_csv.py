"""`submissions.csv` and `submissions.csv.zip`, read back by the csv and zipfile modules."""

import csv
import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector.store import Version
from tests.central.clients import FORMS, PHOTO, basic, file_entry, problem, push, read, response_id, send_file
from tests.central.test_odata import ANSWERS, NESTED
from tests.conftest import HOUSEHOLD, People, Phone, Publish

NESTED_ZIP = f"{FORMS}/nested/submissions.csv.zip"
HOUSEHOLD_CSV = f"{FORMS}/household/submissions.csv"


def table(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV; no header stands twice."""
    [header, *rows] = csv.reader(io.StringIO(content.decode(), newline=""))
    assert len(set(header)) == len(header), header
    return [dict(zip(header, row, strict=True)) for row in rows]


def unzipped(client: FlaskClient, address: str, **options: str) -> dict[str, bytes]:
    """The files of the zip at an address, by name."""
    answer = client.get(address, query_string=options, headers=basic("ana"))
    assert answer.status_code == 200 and answer.mimetype == "application/zip", answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return {name: archive.read(name) for name in names}


def test_A63_tables_join(client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any) -> None:
    [instance] = push(phone, publish(NESTED), ANSWERS)
    files = unzipped(client, NESTED_ZIP)
    assert list(files) == ["nested.csv", "nested-members.csv", "nested-visits.csv"]
    [main] = table(files["nested.csv"])
    assert main["KEY"] == instance and main["SubmitterName"] == "Wei" and main["Edits"] == "0"
    assert main["SubmissionDate"].endswith("Z") and main["FormVersion"] == "1" and main["ReviewState"] == ""
    assert (main["hh-size"], main["hh-rent"], main["food"]) == ("4", "1234567890.10", "rice tea")
    assert [main[f"spot-{part}"] for part in ("Latitude", "Longitude", "Altitude", "Accuracy")] == [
        "39.9",
        "116.4",
        "50",
        "5",
    ]
    members = table(files["nested-members.csv"])
    assert [(row["name"], row["PARENT_KEY"]) for row in members] == [("王", instance), ("李", instance)]
    assert members[0]["KEY"] == f"{instance}/hh/members[1]"
    visits = table(files["nested-visits.csv"])
    assert [(row["day"], row["PARENT_KEY"]) for row in visits] == [
        ("2026-03-01", members[0]["KEY"]),
        ("2026-03-02", members[0]["KEY"]),
    ]


def test_answers_are_as_they_were_written(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    odd = ["=1+1", "007", 'a "quoted", text', "two\nlines", "12345678901234567890", "王", " blank "]
    push(phone, household, *({"place": "C01", "hh_size": one} for one in odd))
    rows = table(client.get(HOUSEHOLD_CSV, headers=basic("ana")).data)
    assert sorted(row["hh_size"] for row in rows) == sorted(odd)
    assert [row["KEY"] for row in rows] == [one["instanceId"] for one in read(client, f"{FORMS}/household/submissions")]


def test_half_characters_break_nothing(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    """They have no UTF-8, and a phone may hold them all the same."""
    push(phone, household, {"place": "C01", "hh_size": "a\ud800b", "members": [{"name": "\udfff"}]})
    [row] = table(client.get(HOUSEHOLD_CSV, headers=basic("ana")).data)
    assert row["hh_size"].startswith("a") and row["hh_size"].endswith("b")
    unzipped(client, f"{HOUSEHOLD_CSV}.zip")
    [member] = read(client, f"{FORMS}/household.svc/Submissions.members")["value"]
    assert len(member["name"]) == 1
    [one] = read(client, f"{FORMS}/household/submissions")
    assert client.get(f"{FORMS}/household/submissions/{one['instanceId']}.xml", headers=basic("ana")).status_code == 200


def test_options(client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any) -> None:
    push(phone, publish(NESTED), ANSWERS, {"place": "C01"}, first=1)
    files = unzipped(client, NESTED_ZIP, splitSelectMultiples="true", groupPaths="false", attachments="false")
    rows = {row["food"]: row for row in table(files["nested.csv"])}
    assert (rows["rice tea"]["food/rice"], rows["rice tea"]["food/tea"], rows["rice tea"]["size"]) == ("1", "1", "4")
    assert (rows[""]["food/rice"], rows[""]["food/tea"]) == ("", "")
    for name, value in (
        ("groupPaths", "x"),
        ("splitSelectMultiples", "2"),
        ("attachments", "x"),
        ("deletedFields", "x"),
    ):
        assert problem(client, NESTED_ZIP, **{name: value})[1] == 400.8


def test_A69_names_without_groups_stay_apart(
    client: FlaskClient, people: People, phone: Phone, publish: Publish
) -> None:
    publish(
        """
        | survey   |
        |          | type        | name | label |
        |          | begin group | g1   | A     |
        |          | text        | name | Name  |
        |          | text        | age  | Age   |
        |          | end group   |      |       |
        |          | begin group | g2   | B     |
        |          | text        | name | Name  |
        |          | end group   |      |       |
        | settings |
        |          | form_title | form_id | version |
        |          | Two        | two     | 1       |
        """
    )
    answer = client.get(f"{FORMS}/two/submissions.csv?groupPaths=false", headers=basic("ana"))
    header = next(csv.reader(io.StringIO(answer.text)))
    assert {"g1-name", "age", "g2-name"} <= set(header)


def test_A62_questions_of_earlier_versions(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    """A62: they are in the tables, unless only those of the present version are wanted."""
    push(phone, publish(HOUSEHOLD), {"place": "C01", "hh_size": "4"})
    publish(HOUSEHOLD.replace("hh_size ", "size_of_hh ").replace("household | 1 ", "household | 2 "))
    [row] = table(client.get(HOUSEHOLD_CSV, headers=basic("ana")).data)
    assert row["hh_size"] == "4" and row["size_of_hh"] == ""
    [row] = table(client.get(f"{HOUSEHOLD_CSV}?deletedFields=false", headers=basic("ana")).data)
    assert "hh_size" not in row and row["size_of_hh"] == ""


def test_filtered(client: FlaskClient, people: People, phone: Phone, household: Version, places: Any) -> None:
    ids = push(phone, household, *({"place": "C01", "members": [{"name": f"m{n}"}]} for n in range(3)))
    text = f"__id eq '{ids[1]}'"
    files = unzipped(client, f"{HOUSEHOLD_CSV}.zip", **{"$filter": text})
    assert [row["KEY"] for row in table(files["household.csv"])] == [ids[1]]
    assert [row["name"] for row in table(files["household-members.csv"])] == ["m1"]
    assert problem(client, HOUSEHOLD_CSV, **{"$filter": "x' or 1"})[1] == 400.18


def test_photos_lie_in_the_zip(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    """Of two photos of one name both are there."""
    for number, content in ((1, PHOTO), (2, PHOTO + b"2"), (3, PHOTO)):
        files = [file_entry("a.jpg", content, "/data/photo"), file_entry("lost.jpg", b"?", "/data/photo")]
        push(phone, household, {"place": "C01", "photo": "a.jpg"}, first=number, files=files)
        send_file(phone, response_id(number), "a.jpg", content)
    found = unzipped(client, f"{HOUSEHOLD_CSV}.zip")
    assert set(found) == {
        "household.csv", "household-members.csv", "media/a.jpg", f"media/{response_id(2)}/a.jpg",
    }  # fmt: skip
    assert found["media/a.jpg"] == PHOTO and found[f"media/{response_id(2)}/a.jpg"] == PHOTO + b"2"
    assert not any(name.startswith("media/") for name in unzipped(client, f"{HOUSEHOLD_CSV}.zip", attachments="false"))


def test_R_asks_by_post_and_gets_the_same_bytes(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    push(phone, household, {"place": "C01"})
    got = client.get(f"{HOUSEHOLD_CSV}.zip", headers=basic("ana"))
    posted = client.post(f"{HOUSEHOLD_CSV}.zip", headers=basic("ana"))
    assert got.data == posted.data and got.headers["Content-Disposition"] == "attachment; filename=household.zip"
    assert client.post(HOUSEHOLD_CSV, headers=basic("ana")).data == client.get(HOUSEHOLD_CSV, headers=basic("ana")).data


@pytest.mark.parametrize("number", [0, 1, 499, 500, 501, 1001])
def test_A64_each_response_stands_once(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any, number: int
) -> None:
    """A64: also where the number fills chunks exactly."""
    ids = []
    for start in range(0, number, 50):
        part = [{"place": "C01", "members": [{"age": "1"}]}] * min(50, number - start)
        ids += push(phone, household, *part, first=start + 1)
    files = unzipped(client, f"{HOUSEHOLD_CSV}.zip")
    assert sorted(row["KEY"] for row in table(files["household.csv"])) == sorted(ids)
    assert sorted(row["PARENT_KEY"] for row in table(files["household-members.csv"])) == sorted(ids)
