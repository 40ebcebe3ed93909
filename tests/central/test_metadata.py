"""`$metadata`: whatever a row has is declared, with a type that its value has."""

import re
from typing import Any

from flask.testing import FlaskClient
from lxml import etree

from collector.central.names import identifier, unique
from tests.central.clients import basic, push, read
from tests.central.test_odata import ANSWERS, NESTED, NESTED_FEED
from tests.conftest import People, Phone, Publish

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"

ODD = """
| survey   |
|          | type              | name     | label   | bind::missing |
|          | text              | place    | Place   |               |
|          | integer           | a-b      | A       |               |
|          | integer           | a.b      | B       | declined      |
|          | text              | 姓名     | Name    |               |
|          | begin group       | g.1      | G       |               |
|          | decimal           | a-b      | C       |               |
|          | end group         |          |         |               |
|          | begin repeat      | r-1      | R       |               |
|          | time              | when     | When    |               |
|          | geotrace          | way      | Way     |               |
|          | geoshape          | land     | Land    |               |
|          | end repeat        |          |         |               |
| settings |
|          | form_title | form_id | version | attribute::place_path |
|          | Odd        | 1-odd.x | 1       | place                 |
"""


def document(client: FlaskClient, feed: str) -> etree._Element:
    answer = client.get(f"{feed}/$metadata", headers=basic("ana"))
    assert answer.status_code == 200 and answer.mimetype == "application/xml"
    assert answer.headers["OData-Version"] == "4.0"
    return etree.fromstring(answer.data)


class Model:
    """The document as its readers use it: properties by qualified name of the type."""

    def __init__(self, root: etree._Element) -> None:
        self.properties: dict[str, dict[str, str]] = {}
        self.links: dict[str, dict[str, str]] = {}
        self.members: dict[str, set[str]] = {}
        for schema in root.iter(f"{EDM}Schema"):
            space = schema.get("Namespace")
            for kind in schema:
                name = f"{space}.{kind.get('Name')}"
                self.properties[name] = {one.get("Name"): one.get("Type") for one in kind.findall(f"{EDM}Property")}
                self.links[name] = {
                    one.get("Name"): one.get("Type") for one in kind.findall(f"{EDM}NavigationProperty")
                }
                self.members[name] = {one.get("Name") for one in kind.findall(f"{EDM}Member")}
        self.sets = {one.get("Name"): one.get("EntityType") for one in root.iter(f"{EDM}EntitySet")}

    def check(self, kind: str, row: dict[str, Any]) -> None:
        """Every property of a row is declared and has a value of its type; every declared one is there."""
        declared, links = self.properties[kind], self.links[kind]
        named = {name for name in row if "@" not in name and name not in links}
        assert named == set(declared), kind
        assert {name for name in row if "@" in name} == {f"{name}@odata.navigationLink" for name in links}
        for name, type_ in declared.items():
            self.check_value(type_, row[name])
        for name, type_ in links.items():
            inner = re.fullmatch(r"Collection\((.*)\)", type_)
            assert inner and inner[1] in self.properties
            for one in row.get(name, []):
                self.check(inner[1], {**one, **dict.fromkeys(self.parents(inner[1]))})

    def parents(self, kind: str) -> list[str]:
        return [name for name in self.properties[kind] if re.fullmatch(r"__Submissions.*-id", name)]

    def check_value(self, type_: str, value: Any) -> None:
        if value is None:
            return
        kinds: dict[str, Any] = {
            "Edm.String": str, "Edm.Int64": int, "Edm.Decimal": (int, float), "Edm.Boolean": bool, "Edm.Date": str,
            "Edm.DateTimeOffset": str, "Edm.GeographyPoint": dict, "Edm.GeographyLineString": dict, "Edm.GeographyPolygon": dict,
        }  # fmt: skip
        if type_ in kinds:
            assert isinstance(value, kinds[type_]), (type_, value)
        elif self.members[type_]:
            assert value in self.members[type_]
        else:
            self.check(type_, value)


def test_each_property_of_the_data_is_declared(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    push(phone, publish(NESTED), ANSWERS, {"place": "C01"})
    model = Model(document(client, NESTED_FEED))
    tables = [one["name"] for one in read(client, NESTED_FEED)["value"]]
    assert list(model.sets) == tables == ["Submissions", "Submissions.hh.members", "Submissions.hh.members.visits"]
    for table in tables:
        rows = read(client, f"{NESTED_FEED}/{table}")["value"]
        assert rows
        for row in rows:
            model.check(model.sets[table], row)
    for row in read(client, f"{NESTED_FEED}/Submissions", **{"$expand": "*"})["value"]:
        model.check(model.sets["Submissions"], row)


def test_names_that_odata_cannot_have_become_others(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    ring = "39.9 116.4 0 0; 39.9 116.5 0 0; 39.8 116.5 0 0"
    answers = {
        "place": "C01",
        "a-b": "1",
        "a.b@missing": "declined",
        "姓名": "王",
        "g.1": {"a-b": "0.50"},
        "r-1": [{"when": "09:43:10.000+08:00", "way": ring, "land": ring}],
    }
    push(phone, publish(ODD), answers)
    feed = "/v1/projects/1/forms/1-odd.x.svc"
    model = Model(document(client, feed))
    [row] = read(client, f"{feed}/Submissions")["value"]
    assert (row["a_b"], row["a_b_2"], row["a_b_missing"], row["姓名"], row["g_1"]) == (
        1,
        None,
        "declined",
        "王",
        {"a_b": 0.5},
    )
    model.check(model.sets["Submissions"], row)
    [inner] = read(client, f"{feed}/Submissions.r_1")["value"]
    model.check(model.sets["Submissions.r_1"], inner)
    assert inner["when"] == "09:43:10.000+08:00"
    assert inner["land"]["coordinates"][0][0] == inner["land"]["coordinates"][0][-1]
    fields = read(client, "/v1/projects/1/forms/1-odd.x/fields", odata="true")
    assert {"/a_b", "/a_b_2", "/g_1", "/g_1/a_b", "/r_1", "/r_1/when"} <= {field["path"] for field in fields}


def test_numbers_with_digits_behind_the_point_keep_them(
    client: FlaskClient, people: People, publish: Publish, places: Any
) -> None:
    publish(NESTED)
    [rent] = document(client, NESTED_FEED).findall(f".//{EDM}Property[@Name='rent']")
    assert rent.get("Type") == "Edm.Decimal" and rent.get("Scale") == "variable"


def test_it_need_not_be_sent_twice(client: FlaskClient, people: People, publish: Publish) -> None:
    publish(NESTED)
    first = client.get(f"{NESTED_FEED}/$metadata", headers=basic("ana"))
    again = client.get(f"{NESTED_FEED}/$metadata", headers=basic("ana") | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_identifiers() -> None:
    taken: set[str] = set()
    assert [unique(name, taken) for name in ("a", "a", "a_2", "1", "", "姓 名", "x" * 200, "x" * 201)] == [
        "a", "a_2", "a_2_2", "_1", "_", "姓_名", "x" * 128, "x" * 126 + "_2",
    ]  # fmt: skip
    assert identifier("a-b.c") == "a_b_c"
