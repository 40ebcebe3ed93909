"""Files beside the workbook: which ones a form names, found among those uploaded, and named in the model."""

import hashlib
import json

from collector.questionnaires.beside import media_type
from collector.questionnaires.compile import Compiled, compile_workbook
from tests.questionnaires.books import model_of, node, only, place
from tests.workbooks import make_workbook

BOOK = """
    | survey |
    | | type                                   | name | label  | calculation                       | parameters         | image   | audio::English (en) |
    | | select_one_from_file people.csv        | who  | Who    |                                   | value=id label=nom |         |                     |
    | | select_multiple_from_file wells.geojson | well | Wells |                                   |                    |         | hello.mp3           |
    | | csv-external                           | more |        |                                   |                    |         |                     |
    | | xml-external                           | tree |        |                                   |                    |         |                     |
    | | calculate                              | c    |        | pulldata('fruits', 'n', 'k', 'x') |                    |         |                     |
    | | select_one pets                        | pet  | Pet    |                                   |                    | Dog.JPG |                     |
    | choices |
    | | list_name | name | label | image   | big-image |
    | | pets      | cat  | Cat   | cat.png | cat-b.png |
    | settings |
    | | form_id |
    | | f       |
"""
PEOPLE = "id;nom\n1;Ève\n2;李\n".encode()
WELLS = json.dumps({"type": "FeatureCollection", "features": []}).encode()


def compile_with(**files: bytes) -> Compiled:
    """BOOK with files, whose names are written with _ for the last full stop."""
    return compile_workbook(make_workbook(BOOK), "f.xlsx", {".".join(n.rsplit("_", 1)): c for n, c in files.items()})


def test_lists_are_kept_as_json_and_named_by_its_hash() -> None:
    compiled = compile_with(people_csv=PEOPLE)
    kept = '{"columns":["id","nom"],"rows":[["1","Ève"],["2","李"]]}'.encode()
    assert model_of(compiled)["lists"]["people"] == {
        "file": "people.csv",
        "sha256": hashlib.sha256(kept).hexdigest(),
        "size": len(kept),
    }
    file = compiled.files[0]
    assert (file.name, file.is_list, file.content, file.size, file.rows) == ("people.csv", True, kept, len(kept), 2)
    assert (file.type, file.is_missing, file.sheet, file.row) == ("application/json", False, "survey", 2)


def test_value_and_label_parameters_name_the_columns_and_defaults_follow_the_kind_of_file() -> None:
    model = model_of(compile_with(people_csv=PEOPLE, wells_geojson=WELLS))
    assert node(model, "who")["itemset"] == {
        "nodeset": "instance('people')/root/item",
        "value": "id",
        "label": "nom",
        "is_itext": False,
    }
    assert (node(model, "well")["itemset"]["value"], node(model, "well")["itemset"]["label"]) == ("id", "title")


def test_media_of_labels_and_choices_are_in_the_model_and_found_whatever_their_case() -> None:
    compiled = compile_with(dog_jpg=b"dog", cat_png=b"cat", hello_mp3=b"hi")
    media = model_of(compiled)["media"]
    assert media == {
        "Dog.JPG": {"sha256": hashlib.sha256(b"dog").hexdigest(), "size": 3, "type": "image/jpeg"},
        "cat.png": {"sha256": hashlib.sha256(b"cat").hexdigest(), "size": 3, "type": "image/png"},
        "hello.mp3": {"sha256": hashlib.sha256(b"hi").hexdigest(), "size": 2, "type": "audio/mpeg"},
    }
    by_name = {file.name: file for file in compiled.files}
    assert by_name["cat.png"].content == b"cat" and not by_name["cat.png"].is_list
    assert by_name["cat-b.png"].is_missing and by_name["cat-b.png"].type == "image/png"


def test_other_content_is_another_model() -> None:
    first, second = compile_with(people_csv=PEOPLE), compile_with(people_csv=PEOPLE + b"3;Kim\n")
    assert first.model_hash != second.model_hash
    assert compile_with(dog_jpg=b"a").model_hash != compile_with(dog_jpg=b"b").model_hash


def test_what_is_named_but_not_there_is_told_with_its_place_and_the_list_is_empty() -> None:
    compiled = compile_with()
    model = model_of(compiled)
    assert model["lists"]["people"] == {"file": "people.csv"} and model["media"] == {}
    places = {f.params["file"]: place(f) for f in compiled.warnings if f.code.startswith("file_missing")}
    assert places == {
        "people.csv": ("survey", 2, "type"),
        "wells.geojson": ("survey", 3, "type"),
        "more.csv": ("survey", 4, "type"),
        "tree.xml": ("survey", 5, "type"),
        "fruits.csv": ("survey", 6, "calculation"),
        "Dog.JPG": ("survey", 7, "image"),
        "hello.mp3": ("survey", 3, "audio::English (en)"),
        "cat.png": ("choices", 2, "image"),
        "cat-b.png": ("choices", 2, "big-image"),
    }
    assert {file.name for file in compiled.files if file.is_missing} == set(places)


def test_an_uploaded_file_that_the_form_does_not_name_is_told() -> None:
    finding = only(compile_with(people_csv=PEOPLE, holiday_jpg=b"x").warnings, "file_unused")
    assert finding.params == {"file": "holiday.jpg"}


def test_a_file_that_cannot_be_read_is_an_error_with_its_line_and_not_missing_too() -> None:
    compiled = compile_with(people_csv=b"id,nom\n1,a,b\n")
    assert compiled.model_json is None
    assert place(only(compiled.errors, "file_list_width")) == ("people.csv", 2, None)
    assert "people.csv" not in [f.params.get("file") for f in compiled.warnings if f.code == "file_missing_list"]


def test_a_picture_that_a_question_begins_with_is_media_of_the_form() -> None:
    book = make_workbook(
        "| survey |\n| | type | name | label | default | appearance |\n| | image | i | I | map.png | annotate |"
    )
    compiled = compile_workbook(book, "f.xlsx", {"map.png": b"map"})
    model = model_of(compiled)
    assert node(model, "i")["default"] == "jr://images/map.png"
    assert list(model["media"]) == ["map.png"]
    assert place(only(compile_workbook(book, "f.xlsx").warnings, "file_missing_media")) == ("survey", 2, "default")


HOMES = b"<homes><home><no>1</no><head><name>Li</name></head></home><home><no>2</no><head><name>Wu</name></head></home></homes>"


def test_expressions_follow_the_names_that_an_xml_file_has() -> None:
    book = make_workbook("""
        | survey |
        | | type         | name  | label                                                    | calculation                                            |
        | | xml-external | homes |                                                          |                                                        |
        | | text         | no    | No                                                       |                                                        |
        | | begin group  | head  | Head                                                     |                                                        |
        | | calculate    | a     |                                                          | instance('homes')/homes/home[no = ${no}]/head/name     |
        | | calculate    | b     |                                                          | count(instance('homes')/homes/home[head/name = 'Li' and /data/head/a != '']) |
        | | end group    |       |                                                          |                                                        |
    """)
    model = model_of(compile_workbook(book, "f.xlsx", {"homes.xml": HOMES}))
    assert node(model, "head", "a")["calculate"].split() == [
        "instance('homes')/root/item[no",
        "=",
        "/data/no",
        "]/name",
    ]
    assert (
        node(model, "head", "b")["calculate"]
        == "count(instance('homes')/root/item[name = 'Li' and /data/head/a != ''])"
    )


def test_only_pictures_recordings_and_films_have_a_type_of_their_own() -> None:
    assert [media_type(name) for name in ("a.JPEG", "b.webp", "c.m4a", "d.mp4", "e.html", "f")] == [
        "image/jpeg",
        "image/webp",
        "audio/mp4",
        "video/mp4",
        "application/octet-stream",
        "application/octet-stream",
    ]
