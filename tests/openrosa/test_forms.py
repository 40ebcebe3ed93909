"""Forms for ODK Collect: the list, the forms themselves, what lies beside them, and who gets which."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import md5

import pytest
from lxml import etree
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_questionnaires
from collector.store import Questionnaire, User, Version, utc_now
from tests.conftest import People, Publish
from tests.openrosa.collect import LIST, MANIFEST, Collect, message

WITH_FILES = """
| survey |
|        | type                            | name  | label  | media::image |
|        | select_one_from_file people.csv | who   | Who    | cat.png      |
| settings |
|        | form_title | form_id | version |
|        | Files      | files   | 7       |
"""
PEOPLE = "name,label\na,Ann\nb,王\n".encode()
CAT = b"\x89PNG\r\n\x1a\n cat"
KEYED = """
| survey |
|        | type | name | label |
|        | text | t    | T     |
| settings |
|        | form_title | form_id | version | public_key |
|        | Keyed      | keyed   | 1       | MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A |
"""


def listed(collect: Collect, path: str = "/formList") -> list[str]:
    """The ids of the forms in the list."""
    answer = collect.get(path)
    assert answer.status_code == 200, answer.text
    return [str(element.text) for element in etree.fromstring(answer.data).iter(f"{LIST}formID")]


def test_the_list_names_each_form_with_hash_and_address(collect: Collect, household: Version) -> None:
    answer = collect.get("/formList")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    [form] = etree.fromstring(answer.data)
    parts = {etree.QName(part).localname: part.text for part in form}
    assert form.tag == f"{LIST}xform"
    assert (parts["formID"], parts["version"], parts["name"]) == ("household", "1", "Household")
    assert "manifestUrl" not in parts
    xform = collect.get(parts["downloadUrl"] or "")
    assert xform.status_code == 200
    assert parts["hash"] == f"md5:{md5(xform.data, usedforsecurity=False).hexdigest()}"
    assert b'id="household"' in xform.data and b"<h:html" in xform.data


def test_one_form_can_be_asked_for(collect: Collect, household: Version, publish: Publish) -> None:
    publish(WITH_FILES)
    assert listed(collect) == ["household", "files"]
    assert listed(collect, "/formList?formID=files") == ["files"]
    assert listed(collect, "/formList?formID=nothing&verbose=true") == []


def test_lists_and_media_come_as_they_were_uploaded(collect: Collect, publish: Publish) -> None:
    publish(WITH_FILES, files={"people.csv": PEOPLE, "cat.png": CAT})
    [form] = etree.fromstring(collect.get("/formList").data)
    answer = collect.get(form.findtext(f"{LIST}manifestUrl") or "")
    files = {item.findtext(f"{MANIFEST}filename"): item for item in etree.fromstring(answer.data)}
    assert set(files) == {"people.csv", "cat.png"}
    for name, content in (("people.csv", PEOPLE), ("cat.png", CAT)):
        assert files[name].findtext(f"{MANIFEST}hash") == f"md5:{md5(content, usedforsecurity=False).hexdigest()}"
        assert collect.get(files[name].findtext(f"{MANIFEST}downloadUrl") or "").data == content


def test_a_file_that_was_not_uploaded_is_not_promised(collect: Collect, publish: Publish) -> None:
    version = publish(WITH_FILES, files={"people.csv": PEOPLE})
    root = etree.fromstring(collect.get(f"/forms/{version.id}/manifest").data)
    assert [item.findtext(f"{MANIFEST}filename") for item in root] == ["people.csv"]


@pytest.mark.parametrize(
    "change",
    [
        {"archived_at": utc_now()},
        {"closes_at": utc_now() - timedelta(minutes=1)},
        {"opens_at": utc_now() + timedelta(hours=1)},
    ],
)
def test_only_what_is_open_is_listed(
    collect: Collect, household: Version, session: Session, change: dict[str, object]
) -> None:
    questionnaire = session.get_one(Questionnaire, household.questionnaire_id)
    for name, value in change.items():
        setattr(questionnaire, name, value)
    session.commit()
    assert listed(collect) == []


def test_a_volunteer_gets_the_forms_assigned_to_them(
    people: People,
    with_collect: Callable[[User], Collect],
    household: Version,
    publish: Publish,
    session: Session,
) -> None:
    other = publish(WITH_FILES, files={"people.csv": PEOPLE})
    assign_questionnaires(session, session.merge(people.wei), [household.questionnaire_id], by=None)
    session.commit()
    wei, mei = with_collect(people.wei), with_collect(people.mei)
    assert (listed(wei), listed(mei)) == (["household"], ["household", "files"])
    for path in (f"/forms/{other.id}.xml", f"/forms/{other.id}/manifest", f"/forms/{other.id}/files/1"):
        assert wei.get(path).status_code == 404
    assert message(wei.get(f"/forms/{other.id}.xml"))
    assert mei.get(f"/forms/{other.id}.xml").status_code == 200


def test_a_draft_is_nobodys_form(collect: Collect, household: Version, session: Session) -> None:
    version = session.get_one(Version, household.id)
    version.state = "draft"
    session.commit()
    assert collect.get(f"/forms/{household.id}.xml").status_code == 404


def test_no_form_asks_clients_to_encrypt(collect: Collect, publish: Publish) -> None:
    """What they encrypted, nobody here could read: the column `public_key` has no effect, and the workbook's check says so."""
    version = publish(KEYED)
    assert listed(collect) == ["keyed"]
    assert b"base64RsaPublicKey" not in collect.get(f"/forms/{version.id}.xml").data


def test_what_is_not_there_is_said_in_openrosa(collect: Collect, household: Version) -> None:
    for path, status in (("/forms/999999.xml", 404), (f"/forms/{household.id}/files/1", 404), ("/nothing", 404)):
        answer = collect.get(path)
        assert answer.status_code == status
        assert message(answer)
    assert collect.get("/submission").status_code == 405
