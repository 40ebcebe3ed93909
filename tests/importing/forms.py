"""A questionnaire for tests with each kind of question that exports write in a way of their own."""

import json
from typing import Any

from collector.importing.questions import Question, Questions, questions_of
from tests.questionnaires.books import compile_clean

FARM = """
| survey |
|        | type                   | name     | label::English (en) | label::中文 (zh) | bind::missing |
|        | start                  | start    |                     |                  |               |
|        | end                    | end      |                     |                  |               |
|        | text                   | place    | Community           | 社区             |               |
|        | begin group            | farm     | Farm                | 农场             |               |
|        | select_multiple crops  | crops    | Crops               | 作物             |               |
|        | select_one yn          | organic  | Organic?            | 有机？           |               |
|        | geopoint               | where    | Where?              | 在哪里？         |               |
|        | date                   | since    | Since               | 自               |               |
|        | decimal                | area     | Area                | 面积             | declined      |
|        | begin repeat           | fields   | Fields              | 地块             |               |
|        | text                   | name     | Field's name        | 地块名称         |               |
|        | begin repeat           | harvests | Harvests            | 收成             |               |
|        | integer                | year     | Year                | 年份             |               |
|        | select_multiple crops  | got      | Harvested           | 收获             |               |
|        | end repeat             |          |                     |                  |               |
|        | end repeat             |          |                     |                  |               |
|        | end group              |          |                     |                  |               |
|        | begin group            | owner    | Owner               | 户主             |               |
|        | text                   | name     | Name                | 姓名             |               |
|        | image                  | photo    | Photo               | 照片             |               |
|        | end group              |          |                     |                  |               |
| choices |
|        | list_name | name  | label::English (en) | label::中文 (zh) |
|        | crops     | rice  | Rice                | 水稻             |
|        | crops     | tea   | Green tea           | 绿茶             |
|        | crops     | other | Other               | 其他             |
|        | yn        | yes   | Yes                 | 是               |
|        | yn        | no    | No                  | 否               |
| settings |
|        | form_title | form_id | version | default_language | attribute::place_path |
|        | Farm       | farm    | 7       | English (en)     | place                 |
"""


def farm_model() -> dict[str, Any]:
    """Its form model."""
    model: dict[str, Any] = json.loads(json.dumps(compile_clean(FARM)))
    return model


def farm() -> Questions:
    """Its questions."""
    return questions_of([farm_model()])


def question(name: str) -> Question:
    """One of them, by its path in one text."""
    return farm().by_path[tuple(name.split("/"))]
