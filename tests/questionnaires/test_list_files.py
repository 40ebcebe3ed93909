"""Lists in CSV, GeoJSON and XML files, as spreadsheet programs and map tools write them."""

import json

import pytest

from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.list_files import FileList, XmlNames, read_list_file


def read(name: str, content: bytes) -> FileList:
    """The list of a file that gives no warning."""
    found, warnings = read_list_file(name, content)
    assert warnings == []
    return found


def refused(name: str, content: bytes) -> Finding:
    """Why that file is refused."""
    with pytest.raises(WorkbookRefused) as caught:
        read_list_file(name, content)
    assert caught.value.finding.sheet == name
    return caught.value.finding


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_delimiter_and_unicode_encoding_is_read(delimiter: str, encoding: str) -> None:
    text = f'name{delimiter}label\r\nli{delimiter}"李{delimiter} ""大""\n二"\r\n\r\nwang{delimiter}王\r\n'
    assert read("people.csv", text.encode(encoding)) == FileList(
        ["name", "label"], [["li", f'李{delimiter} "大"\n二'], ["wang", "王"]]
    )


def test_the_delimiter_is_told_by_the_first_line_outside_quotes() -> None:
    assert read("x.csv", b'"a;b;c",d\n1,2\n').columns == ["a;b;c", "d"]


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("名称,标签\n苹果,红苹果\n", "gb18030", "GB 18030"),
        ("name,label\ncafé,Café à Zürich\n", "latin-1", "Latin-1"),
        # These bytes would make sense in GB 18030 as well.
        ("name,label\nnaïve,naïve\n", "latin-1", "Latin-1"),
    ],
)
def test_other_encodings_are_guessed_with_a_warning(text: str, encoding: str, name: str) -> None:
    found, warnings = read_list_file("x.csv", text.encode(encoding))
    assert found.columns == text.splitlines()[0].split(",")
    assert found.rows == [text.splitlines()[1].split(",")]
    assert [(finding.code, finding.params["encoding"]) for finding in warnings] == [("file_encoding", name)]


def test_blanks_remarks_and_short_lines_do_no_harm() -> None:
    content = b" name ,label,,\n a , A ,a remark\nb\n,,\n"
    assert read("x.csv", content) == FileList(["name", "label"], [["a", "A"], ["b", ""]])


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"name,label\na,A\nb,B,too,many\n", "file_list_width", 3),
        (b'name,label\na,A\nb,"B\nc,C\n', "file_list_quotes", 4),
        (b"name,name\na,A\n", "file_list_column_twice", 1),
        (b"\n\n", "file_list_empty", None),
        (b"\x89PNG\0\0name", "file_list_binary", None),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_line(content: bytes, code: str, row: int | None) -> None:
    finding = refused("x.csv", content)
    assert (finding.code, finding.row) == (code, row)
    assert "x.csv" in finding.message and "x.csv" in finding.message_zh


def test_geojson_features_become_rows_with_their_geometry() -> None:
    line, polygon = [[102.5, 0.5], [103, 1, 7]], [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    features = [
        {"type": "Feature", "id": "p", "properties": {"title": "Well", "depth": 12, "dry": False, "note": None},
         "geometry": {"type": "Point", "coordinates": [102.5, 0.5]}},
        {"type": "Feature", "properties": {"id": 7, "title": "Path"}, "geometry": {"type": "LineString", "coordinates": line}},
        {"type": "Feature", "properties": None, "geometry": {"type": "Polygon", "coordinates": polygon}},
    ]  # fmt: skip
    found = read("x.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert found.columns == ["id", "geometry", "title", "depth", "dry", "note"]
    assert found.rows == [
        ["p", "0.5 102.5 0 0", "Well", "12", "false", ""],
        ["7", "0.5 102.5 0 0; 1 103 7 0", "Path", "", "", ""],
        ["", "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0", "", "", "", ""],
    ]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b'{"type":\n"FeatureCollection",\n', "file_list_syntax", 3),
        (b'{"type": "Feature"}', "file_list_features", None),
        (b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}', "file_list_feature", None),
        (b"\xff\x00", "file_list_binary", None),
    ],
)
def test_geojson_that_cannot_be_read_is_refused(content: bytes, code: str, row: int | None) -> None:
    finding = refused("x.geojson", content)
    assert (finding.code, finding.row) == (code, row)


def test_xml_items_have_their_children_as_columns() -> None:
    content = b"<root><item><name>a</name><label> A </label></item><item><name>b</name><x>1</x></item></root>"
    found = read("x.xml", content)
    assert (found.columns, found.rows) == (["name", "label", "x"], [["a", "A", ""], ["b", "", "1"]])


def test_groups_inside_an_xml_item_are_opened() -> None:
    found = read(
        "x.xml", b"<homes><home><no>1</no><head><name>Li</name><born><year>1950</year></born></head></home></homes>"
    )
    assert (found.columns, found.rows) == (["no", "name", "year"], [["1", "Li", "1950"]])
    assert found.names == XmlNames("homes", "home", ("head", "born"))


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"<root>\n<item>\n</root>", "file_list_syntax", 3),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><root/>', "file_list_unsafe", None),
    ],
)
def test_xml_that_cannot_be_read_is_refused(content: bytes, code: str, row: int | None) -> None:
    finding = refused("x.xml", content)
    assert (finding.code, finding.row) == (code, row)
