"""From responses to SPSS and Stata files."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.sheets.selection import Selection
from collector.export.sheets.spool import make_dataset
from collector.export.writers.statistics.dta import write_dta
from collector.export.writers.statistics.plan import wanted
from collector.export.writers.statistics.sav import write_sav
from collector.store import Version
from tests.conftest import Phone, Publish
from tests.documents import fresh, make_document
from tests.export.sheets import ignore
from tests.export.statistics_reading import as_lists

FORM = """
| survey   |
|          | type                    | name    | label::English (en) | label::中文 (zh) | relevant       | bind::missing      |
|          | begin group             | g1      | Home                | 家               |                |                    |
|          | text                    | id      | Number on the door  | 门牌号           |                |                    |
|          | integer                 | rooms   | Rooms               | 房间数           |                | declined dont_know |
|          | end group               |         |                     |                  |                |                    |
|          | select_one tenure       | tenure  | Tenure              | 产权             |                |                    |
|          | select_one scale        | scale   | Scale               | 评分             |                |                    |
|          | select_multiple foods   | foods   | Foods               | 食物             |                |                    |
|          | date                    | moved   | Moved in            | 入住日期         |                |                    |
|          | note                    | rules   | With a note         | 说明             |                |                    |
|          | begin repeat            | members | Members             | 成员             |                |                    |
|          | text                    | name    | Name                | 姓名             |                |                    |
|          | decimal                 | height  | Height              | 身高             |                |                    |
|          | end repeat              |         |                     |                  |                |                    |
| choices  |
|          | list_name | name | label::English (en) | label::中文 (zh) |
|          | tenure    | own  | Own                 | 自有             |
|          | tenure    | rent | Rent                | 租赁             |
|          | scale     | 1    | Poor                | 差               |
|          | scale     | 2    | Good                | 好               |
|          | foods     | rice | Rice                | 米饭             |
|          | foods     | tofu | Tofu                | 豆腐             |
| settings |
|          | form_title | form_id   | version | default_language |
|          | Household  | household | 1       | English (en)     |
"""


@pytest.fixture
def version(publish: Publish, phone: Phone) -> Version:
    """A questionnaire with two responses, the second with little in it."""
    version = publish(FORM)
    full = {
        "g1": {"id": "0123", "rooms": "3"},
        "tenure": "own",
        "scale": "2",
        "foods": "rice",
        "moved": "2006-03-28",
        "members": [{"name": "王", "height": "1.62"}, {"name": "x" * 1_000}],
    }
    little = {"g1": {"rooms@missing": "declined"}, "members": [{"name": "Eva", "height": "1.7"}]}
    for number, answers in enumerate((full, little)):
        id_ = f"{number:08d}-1111-4111-8111-111111111111"
        receipts = phone.receipts(make_document(version, id=id_, answers=answers))
        assert receipts[0]["status"] == "stored", receipts
    return version


def export(write: Any, session: Session, version: Version, folder: Path, **options: Any) -> dict[str, Any]:
    """Write the file and read it back; by the name of each file in it, its columns and all else."""
    read = pyreadstat.read_sav if write is write_sav else pyreadstat.read_dta
    bind = fresh(session).get_bind()
    chosen = wanted(Options(**options))
    with make_dataset(
        bind.engine, version.questionnaire_id, chosen, Selection(), folder, ignore, time_zone="Asia/Shanghai"
    ) as dataset:
        write(dataset, folder / "file.zip", ignore)
    with zipfile.ZipFile(folder / "file.zip") as archive:
        archive.extractall(folder)
        return {
            name: as_lists(*read(folder / name, output_format="dict", user_missing=True)) for name in archive.namelist()
        }


def test_a_questionnaire_becomes_system_files(session: Session, version: Version, tmp_path: Path) -> None:
    files = export(write_sav, session, version, tmp_path, multiple="both", language="中文 (zh)")
    assert list(files) == ["household.sav", "household-members.sav"]
    columns, about = files["household.sav"]
    assert columns["g1_id"] == ["0123", ""]
    assert columns["g1_rooms"] == [3.0, -99.0]
    assert columns["g1_rooms_missing"] == ["", "declined"]
    assert (columns["tenure"], columns["scale"]) == (["own", ""], [2.0, None])
    assert (columns["foods"], columns["foods_rice"], columns["foods_tofu"]) == (["rice", ""], [1.0, None], [0.0, None])
    assert columns["moved"] == [datetime.date(2006, 3, 28), None]
    assert about.column_names_to_labels["g1_id"] == "门牌号"
    assert about.variable_value_labels["tenure"] == {"own": "自有", "rent": "租赁"}
    assert about.variable_value_labels["scale"] == {1.0: "差", 2.0: "好"}
    assert about.variable_value_labels["g1_rooms"] == {-99.0: "拒绝回答"}
    members, _ = files["household-members.sav"]
    assert members["name"] == ["王", "x" * 1_000, "Eva"]
    assert members["height"] == [1.62, None, 1.7]
    assert set(members["parent_key"]) == set(columns["response_id"])


def test_a_questionnaire_becomes_stata_datasets(session: Session, version: Version, tmp_path: Path) -> None:
    files = export(write_dta, session, version, tmp_path, times="utc")
    columns, about = files["household.dta"]
    assert columns["g1_rooms"] == [3.0, "b"]
    assert columns["scale"] == [2.0, None]
    assert columns["tenure"] == ["own", ""]
    assert columns["started_at_utc"] == [datetime.datetime(2026, 3, 28, 1, 43, 10)] * 2
    assert about.variable_value_labels == {"g1_rooms": {"b": "Declined"}, "scale": {1: "Poor", 2: "Good"}}
    members, _ = files["household-members.dta"]
    assert members["name"] == ["王", "x" * 1_000, "Eva"]


def test_repeats_as_columns_are_one_file(session: Session, version: Version, tmp_path: Path) -> None:
    chosen = wanted(Options(repeats="wide", headers="label"))
    bind = fresh(session).get_bind()
    with make_dataset(
        bind.engine, version.questionnaire_id, chosen, Selection(), tmp_path, ignore, time_zone="Asia/Shanghai"
    ) as dataset:
        write_sav(dataset, tmp_path / "file.sav", ignore)
    columns, _ = as_lists(*pyreadstat.read_sav(tmp_path / "file.sav", output_format="dict"))
    assert columns["members_2_name"] == ["x" * 1_000, ""]
