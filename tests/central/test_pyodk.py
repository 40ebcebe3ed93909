"""pyodk, as analysts install it, against a real server."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyodk.client import Client
from pyodk.errors import PyODKError

from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store.people import ANALYST, VOLUNTEER
from collector.store.session import writing
from tests.central.clients import PHOTO, file_entry, push, send_file
from tests.conftest import HOUSEHOLD, PASSWORD, Phone
from tests.servers import Server, running_server
from tests.workbooks import make_workbook

NUMBER = 12


@dataclass(frozen=True)
class Filled:
    """A server with the questionnaire `household` and twelve responses, of which the first one has a photo. Oldest first."""

    server: Server
    instances: list[str]


@pytest.fixture(scope="module")
def filled(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """That server, with an analyst who signs in as `ana.lyst@example.org`."""
    with running_server(database_kind, tmp_path_factory.mktemp("pyodk")) as server:
        app = server.app
        workbook = Workbook("form.xlsx", make_workbook(HOUSEHOLD), {})
        with app.app_context(), writing() as session:
            session.expire_on_commit = False
            version = add_draft(session, compile_workbook(workbook.content, workbook.name), workbook, by=None)
            publish_version(session, version, by=None)
            assert version.questionnaire.form_id == "household"
            create_user(session, name="Ana", role=ANALYST, login="ana.lyst@example.org", password=PASSWORD)
            user = create_user(session, name="Wei", role=VOLUNTEER)
            device, token = enrol_device(session, issue_enrolment(session, user, by=None)[1], "Test phone")
        phone = Phone(app.test_client(), device, token, user)
        instances = []
        for number in range(1, NUMBER + 1):
            answers = {"place": "C01", "hh_size": str(number), "members": [{"name": "王", "age": "30"}] * (number % 3)}
            files = []
            if number == 1:
                answers |= {"photo": "door.jpg"}
                files = [file_entry("door.jpg", PHOTO, "/data/photo")]
            instances += push(phone, version, answers, first=number, files=files)
        send_file(phone, instances[0].removeprefix("uuid:"), "door.jpg", PHOTO)
        app.extensions["collector_engine"].dispose()
        yield Filled(server, instances)


def configured(server: Server, folder: Path, password: str = PASSWORD) -> Client:
    """A client with its configuration and its cache in files, as its documentation says."""
    config = folder / "pyodk_config.toml"
    lines = [
        "[central]",
        f'base_url = "{server.url}"',
        'username = "ana.lyst@example.org"',
        f'password = "{password}"',
        "default_project_id = 1",
    ]
    config.write_text("\n".join(lines))
    return Client(config_path=config, cache_path=folder / "pyodk_cache.toml")


def test_it_lists_projects_and_forms(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        assert [(project.id, project.name) for project in client.projects.list()] == [(1, "Collector")]
        assert client.projects.get().id == 1
        forms = {form.xmlFormId: form for form in client.forms.list()}
        assert {"household", "member_questionnaire", "meeting_record", "community_profile"} == set(forms)
        assert client.forms.get("household") == forms["household"]
        assert "<h:title>Household</h:title>" in client.forms.get_xml("household")


def test_it_pulls_all_responses_as_a_table(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        table = client.submissions.get_table(form_id="household", count=True)
        assert table["@odata.count"] == NUMBER
        assert [row["__id"] for row in table["value"]] == filled.instances[::-1]
        assert [row["hh_size"] for row in table["value"]] == list(range(NUMBER, 0, -1))
        members = client.submissions.get_table(form_id="household", table_name="Submissions.members")
        expected = sum(number % 3 for number in range(1, NUMBER + 1))
        assert len(members["value"]) == expected and members["value"][0]["name"] == "王"
        expanded = client.submissions.get_table(form_id="household", expand="*", top=5)
        assert [len(row["members"]) for row in expanded["value"]] == [0, 2, 1, 0, 2]
        chosen = client.submissions.get_table(form_id="household", select="__id,hh_size", skip=10, wkt=True)
        assert chosen["value"] == [
            {"__id": filled.instances[1], "hh_size": 2},
            {"__id": filled.instances[0], "hh_size": 1},
        ]
        latest = table["value"][3]["__system"]["submissionDate"]
        newer = client.submissions.get_table(form_id="household", filter=f"__system/submissionDate gt {latest}")
        assert [row["__id"] for row in newer["value"]] == filled.instances[:-4:-1]


def test_it_follows_pages(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        table = client.submissions.get_table(form_id="household", top=5)
        found = table["value"]
        while "@odata.nextLink" in table:
            table = client.get(table["@odata.nextLink"]).json()
            found += table["value"]
        assert [row["__id"] for row in found] == filled.instances[::-1]


def test_it_pulls_all_responses_as_csv(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        answer = client.get(
            "projects/1/forms/household/submissions.csv.zip?splitSelectMultiples=true&deletedFields=true"
        )
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            rows = list(csv.DictReader(io.StringIO(archive.read("household.csv").decode())))
            assert [row["KEY"] for row in rows] == filled.instances[::-1]
            assert archive.read("media/door.jpg") == PHOTO


def test_it_fetches_a_photo(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        [row] = client.submissions.get_table(form_id="household", filter=f"__id eq '{filled.instances[0]}'")["value"]
        base = f"projects/1/forms/household/submissions/{row['__id']}/attachments"
        assert client.get(base).json() == [{"name": "door.jpg", "exists": True}]
        answer = client.get(f"{base}/{row['photo']}")
        assert (answer.content, answer.headers["Content-Type"]) == (PHOTO, "image/jpeg")


def test_it_reads_one_response(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        submissions = client.submissions.list(form_id="household")
        assert [one.instanceId for one in submissions] == filled.instances[::-1]
        one = client.submissions.get(filled.instances[0], form_id="household")
        assert one == submissions[-1] and one.submitterId > 0


def test_its_session_is_kept_and_renewed(filled: Filled, tmp_path: Path) -> None:
    """From one run to the next in the cache's file, and begun anew once it has ended."""
    with configured(filled.server, tmp_path) as client:
        client.projects.list()
    kept = (tmp_path / "pyodk_cache.toml").read_text()
    with configured(filled.server, tmp_path, "not needed while the session lasts") as client:
        client.projects.list()
        assert client.delete("sessions/current").json() == {"success": True}
    assert (tmp_path / "pyodk_cache.toml").read_text() == kept
    with configured(filled.server, tmp_path) as client:
        client.projects.list()
    assert (tmp_path / "pyodk_cache.toml").read_text() != kept


def test_it_is_told_what_is_wrong(filled: Filled, tmp_path: Path) -> None:
    with configured(filled.server, tmp_path) as client:
        with pytest.raises(PyODKError) as missing:
            client.forms.get("nothing")
        assert missing.value.is_central_error(404.1)
        with pytest.raises(PyODKError) as refused:
            client.submissions.get_table(form_id="household", filter="hh_size gt 3")
        assert refused.value.is_central_error(501.5)
        with pytest.raises(PyODKError) as written:
            client.submissions.add_comment(filled.instances[0], "a remark", form_id="household")
        assert written.value.is_central_error(501.1)
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    with pytest.raises(PyODKError) as unknown, configured(filled.server, wrong, "wrong"):
        pass
    assert unknown.value.is_central_error(401.2)
