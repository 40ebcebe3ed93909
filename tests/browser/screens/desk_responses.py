"""The supervisor's desk, responses: the list and its columns, one response, changed answers, decisions, duplicates."""

import io
import json
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

from PIL import Image
from playwright.sync_api import expect

from tests.bench.phone import publish
from tests.browser.office.test_board_refresh import call
from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.workbooks import make_workbook

DWELLINGS = """
| survey   |
|          | type               | name   | label::English (en)             | label::中文 (zh)     | constraint | appearance |
|          | text               | door   | Dwelling                        | 门牌                 |            |            |
|          | text               | head   | Name of the head of household   | 户主姓名             |            |            |
|          | integer            | size   | How many people live here?      | 这里住几个人？       | . < 30     |            |
|          | select_one water   | water  | Where does the water come from? | 用水来自哪里？       |            |            |
|          | select_multiple ill | ills  | What is missing?                | 缺什么？             |            |            |
|          | date               | since  | Living here since               | 从何时住在这里       |            |            |
|          | text               | remark | Remarks                         | 备注                 |            | multiline  |
|          | geopoint           | where  | Where is it?                    | 位置                 |            |            |
|          | image              | photo  | Photo of the door               | 门的照片             |            |            |
|          | begin repeat       | people | People                          | 成员                 |            |            |
|          | text               | name   | Name                            | 姓名                 |            |            |
|          | integer            | age    | Age                             | 年龄                 |            |            |
|          | end repeat         |        |                                 |                      |            |            |
| choices  |
|          | list_name | name  | label::English (en)          | label::中文 (zh) |
|          | water     | tap   | Tap                          | 自来水           |
|          | water     | well  | Well                         | 井水             |
|          | ill       | light | Light in the stairwell       | 楼道照明         |
|          | ill       | lift  | A lift                       | 电梯             |
|          | ill       | odd   | <img src=x onerror=alert(1)> | 其他             |
| settings |
|          | form_title | form_id | version | default_language | attribute::title_zh | instance_name |
|          | Dwellings  | FORM_ID | 1       | English (en)     | 住户调查            | concat(${door}, ' ', ${head}) |
"""
HEADS = ("Ana Silva", "ana  silva", "王小明", "<img src=x onerror=alert(1)>")


def responses(stage: Stage) -> Tour:
    """From the list to a changed answer and a duplicate."""
    form_id = f"dwellings_{stage.lang}"
    sent = stock(stage, form_id)
    page = open_desk(stage)
    first = f"/office/responses/{sent[0]}"
    stage.go(f"/office/responses?questionnaire={form_id}")
    expect(page.locator("tbody tr")).to_have_count(len(HEADS))
    yield "responses"
    stage.go(
        f"/office/responses?questionnaire={form_id}&sort=name&flagged=1&column=size&column=ills&column=people/name"
    )
    yield "responses-columns"
    page.locator("[name=response]").first.check()
    stage.button("退回…", "Return …").click()
    expect(page.locator("#reason")).to_be_visible()
    yield "responses-return"
    stage.go(f"{first}/edit")
    yield "response-edit"
    page.get_by_label(stage.say("这里住几个人？", "How many people live here?")).fill("many")
    stage.button("保存为新的提交", "Save as a revision").click()
    expect(page.locator(".field__fault").first).to_be_visible()
    yield "response-edit-faults"
    page.get_by_label(stage.say("这里住几个人？", "How many people live here?")).fill("5")
    page.get_by_label(stage.say("修改回答的理由", "Why the answers are changed")).fill("Asked by telephone")
    stage.button("保存为新的提交", "Save as a revision").click()
    expect(page.locator("[data-history] table")).to_be_visible()
    stage.button("通过", "Approve").click()
    expect(page.locator(".decided")).to_be_visible()
    yield "response"
    stage.go(f"{first}?compare=1,2")
    yield "response-compare"
    stage.go(f"/office/duplicates?questionnaire={form_id}")
    for question in (stage.say("门牌", "Dwelling"), stage.say("户主姓名", "Name of the head of household")):
        page.locator("[data-keys] label", has_text=question).locator("input").check()
    yield "duplicates-keys"
    stage.button("按这些问题比较", "Compare by these").click()
    expect(page.locator("[data-group]")).to_have_count(1)
    yield "duplicates"
    stage.close_phone()


def stock(stage: Stage, form_id: str) -> list[str]:
    """Publish the questionnaire and send responses to it; gives their ids."""
    publish(stage.server, make_workbook(DWELLINGS.replace("FORM_ID", form_id)), form_id)
    link = stage.server.enrolment_link(f"Lian {stage.lang}", (PLACE,))
    enrolled = call(
        f"{stage.server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "Chrome on Android"}
    )
    token, author = str(enrolled["device_token"]), enrolled["user"]["id"]  # type: ignore[index]
    photo = picture()
    ids = []
    for number, head in enumerate(HEADS):
        response_id = str(uuid4())
        ids.append(response_id)
        answers: dict[str, Any] = {
            "door": "12-3",
            "head": head,
            "size": "99" if number else "4",
            "water": "tap",
            "ills": "light odd",
            "since": "1998-05-01",
            "remark": "Rings twice.\nThe lift is broken.",
            "where": f"32.0{number + 1} 118.78 10 4.5",
            "meta": {"instanceName": f"12-3 {head}"},
            "people": [{"name": head, "age": "61"}, {"name": "李", "age": "30"}],
        }
        file = {"name": f"{response_id}.jpg", "sha256": sha256(photo).hexdigest(), "size": len(photo)}
        if number == 0:
            answers["photo"] = file["name"]
        document = {
            "id": response_id,
            "form": form_id,
            "version": "1",
            "model": "",
            "base": None,
            "place": PLACE,
            "author": author,
            "started_at": "2026-03-28T09:43:10.000+08:00",
            "finished_at": "2026-03-28T09:51:44.000+08:00",
            "tz": "Asia/Shanghai",
            "instance_name": f"12-3 {head}",
            "answers": answers,
            "files": [file | {"path": "/data/photo", "type": "image/jpeg"}] if number == 0 else [],
        }
        call(f"{stage.server.url}/sync/v1/push", {"responses": [json.dumps(document)]}, token)
    send_photo(stage, token, ids[0], photo)
    return ids


def picture() -> bytes:
    """A photo, as far as a page can tell."""
    target = io.BytesIO()
    Image.new("RGB", (900, 600), (60, 120, 110)).save(target, "JPEG")
    return target.getvalue()


def send_photo(stage: Stage, token: str, response_id: str, photo: bytes) -> None:
    """Upload the photo as the phone does."""
    parts = {"response": response_id, "name": f"{response_id}.jpg", "sha256": sha256(photo).hexdigest()}
    metadata = ",".join(
        f"{key} {b64encode(value.encode()).decode()}" for key, value in (parts | {"type": "image/jpeg"}).items()
    )
    headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
    request = stage.browser.new_context().request
    created = request.post(
        f"{stage.server.url}/sync/v1/files",
        headers=headers | {"Upload-Length": str(len(photo)), "Upload-Metadata": metadata},
    )
    offset = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    address = created.headers["location"]
    address = address if address.startswith("http") else f"{stage.server.url}{address}"
    assert request.patch(address, headers=headers | offset, data=photo).status == 204
