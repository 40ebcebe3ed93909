"""Questionnaires that the screens are shown with: one with every kind of question, and a short one."""

from tests.workbooks import read_sheets

#: Every kind of control, in the order in which the catalogue walks through them.
EVERY_KIND = """
| survey   |
|          | type                 | name       | label::中文 (zh)             | label::English (en)                  | hint::中文 (zh)       | hint::English (en)          | required | constraint      | constraint_message::中文 (zh) | constraint_message::English (en) | appearance     | parameters               | bind::missing |
|          | text                 | head       | 户主叫什么名字？              | What is the name of the head of the household? | 请写全名。  | Please write the full name. | yes      | string-length(.) > 1 | 请写全名。              | Please write the full name.      |                |                          |
|          | integer              | people     | 家里一共有几口人？            | How many people live here?           |                       |                             | yes      | . > 0 and . < 30 | 应在 1 到 29 之间。          | Between 1 and 29, please.        |                |                          |
|          | decimal              | rent       | 每月房租是多少元？            | How much is the rent a month?        |                       |                             |          |                 |                              |                                  |                |                          | declined dont_know |
|          | date                 | born       | 户主的出生日期                | Date of birth of the head of the household |                 |                             |          |                 |                              |                                  |                |                          |
|          | date                 | moved      | 哪年哪月搬来的？              | When did you move here?              |                       |                             |          |                 |                              |                                  | month-year     |                          |
|          | time                 | at         | 几点方便再来？                | What time is good to come again?     |                       |                             |          |                 |                              |                                  |                |                          |
|          | dateTime             | met        | 上次来访的日期和时间          | Date and time of the last visit      |                       |                             |          |                 |                              |                                  |                |                          |
|          | select_one health    | health     | 您的身体怎么样？              | How is your health?                  | 选一项。              | Choose one.                 | yes      |                 |                              |                                  |                |                          |
|          | select_multiple help | help       | 需要哪些帮助？                | Which kinds of help do you need?     | 可以选几项。          | You may choose several.     |          |                 |                              |                                  |                |                          |
|          | select_one health    | short      | 邻里关系怎么样？              | How do you get on with the neighbours? |                     |                             |          |                 |                              |                                  | minimal        |                          |
|          | select_one agree     | likert     | 小区很安全。您同意吗？        | The neighbourhood is safe. Do you agree? |                   |                             |          |                 |                              |                                  | likert         |                          |
|          | select_one agree     | columns    | 小区很干净。您同意吗？        | The neighbourhood is clean. Do you agree? |                  |                             |          |                 |                              |                                  | columns-2      |                          |
|          | select_one village   | village    | 您从哪个村来？                | Which village do you come from?      |                       |                             |          |                 |                              |                                  |                |                          |
|          | select_multiple village | trips   | 您去过哪些村？                | Which villages have you visited?     |                       |                             |          |                 |                              |                                  | minimal        |                          |
|          | rank help            | rank       | 哪样最要紧？请排个顺序。      | Which matters most? Please put them in order. |              |                             |          |                 |                              |                                  |                |                          |
|          | range                | satisfied  | 您有多满意？                  | How satisfied are you?               |                       |                             |          |                 |                              |                                  |                | start=0 end=10 step=1    |
|          | range                | stars      | 给物业打几颗星？              | How many stars for the caretakers?   |                       |                             |          |                 |                              |                                  | rating         | start=1 end=5 step=1     |
|          | integer              | rooms      | 有几间房？                    | How many rooms are there?            |                       |                             |          |                 |                              |                                  | counter        |                          |
|          | text                 | remarks    | 还有什么要说的？              | Is there anything else?              |                       |                             |          |                 |                              |                                  | multiline      |                          |
|          | acknowledge          | agreed     | 我愿意参加。                  | I am willing to take part.           |                       |                             |          |                 |                              |                                  |                |                          |
|          | image                | door       | 请拍一张大门的照片            | Please take a photo of the door      |                       |                             |          |                 |                              |                                  |                |                          |
|          | image                | sketch     | 请画一张房间的草图            | Please draw a sketch of the rooms    |                       |                             |          |                 |                              |                                  | draw           |                          |
|          | image                | signed     | 请签名                        | Please sign                          |                       |                             |          |                 |                              |                                  | signature      |                          |
|          | audio                | said       | 请录一段话                    | Please record a few words            |                       |                             |          |                 |                              |                                  |                |                          |
|          | video                | film       | 请拍一段录像                  | Please take a film                   |                       |                             |          |                 |                              |                                  |                |                          |
|          | file                 | paper      | 请附上文件                    | Please attach the document           |                       |                             |          |                 |                              |                                  |                |                          |
|          | geopoint             | here       | 现在在哪里？                  | Where are you now?                   |                       |                             |          |                 |                              |                                  |                |                          |
|          | geotrace             | way        | 请走一遍进村的路              | Please walk the way into the village |                       |                             |          |                 |                              |                                  |                |                          |
|          | barcode              | code       | 门牌上的二维码                | The code on the door plate           |                       |                             |          |                 |                              |                                  |                |                          |
|          | decimal              | facing     | 大门朝哪边？                  | Which way does the door face?        |                       |                             |          |                 |                              |                                  | bearing        |                          |
|          | note                 | thanks     | 谢谢！最后问几个关于家人的问题。 | Thank you! A few questions about the family come last. |   |                             |          |                 |                              |                                  |                |                          |
|          | begin group          | table      | 对小区的看法                  | What you think of the neighbourhood  |                       |                             |          |                 |                              |                                  | table-list     |                          |
|          | select_one agree     | quiet      | 很安静                        | It is quiet                          |                       |                             |          |                 |                              |                                  |                |                          |
|          | select_one agree     | green      | 绿化好                        | It is green                          |                       |                             |          |                 |                              |                                  |                |                          |
|          | end group            |            |                               |                                      |                       |                             |          |                 |                              |                                  |                |                          |
|          | begin group          | contact    | 联系方式                      | How to reach you                     |                       |                             |          |                 |                              |                                  | field-list     |                          |
|          | text                 | phone      | 电话                          | Telephone                            |                       |                             |          |                 |                              |                                  | numbers        |                          |
|          | text                 | street     | 地址                          | Address                              |                       |                             |          |                 |                              |                                  |                |                          |
|          | end group            |            |                               |                                      |                       |                             |          |                 |                              |                                  |                |                          |
|          | begin repeat         | member     | 家庭成员                      | Members of the family                |                       |                             |          |                 |                              |                                  |                |                          |
|          | text                 | name       | 姓名                          | Name                                 |                       |                             |          |                 |                              |                                  |                |                          |
|          | end repeat           |            |                               |                                      |                       |                             |          |                 |                              |                                  |                |                          |
| choices  |
|          | list_name            | name       | label::中文 (zh)              | label::English (en)                  |
|          | health               | good       | 很好                          | Very good                            |
|          | health               | fair       | 还可以                        | Fair                                 |
|          | health               | poor       | 不太好，需要有人照顾          | Not so good, I need somebody to look after me |
|          | help                 | shopping   | 买菜                          | Shopping                             |
|          | help                 | doctor     | 看病                          | Going to the doctor                  |
|          | help                 | talk       | 陪着说说话                    | Somebody to talk to                  |
|          | agree                | a1         | 非常不同意                    | Strongly disagree                    |
|          | agree                | a2         | 不同意                        | Disagree                             |
|          | agree                | a3         | 一般                          | Neither                              |
|          | agree                | a4         | 同意                          | Agree                                |
|          | agree                | a5         | 非常同意                      | Strongly agree                       |
{villages}
| settings |
|          | form_title | form_id    | version | default_language | style | instance_name | attribute::title_en |
|          | 各种问题   | every_kind | 1       | 中文 (zh)        | pages | ${{head}}     | All kinds of questions |
"""

#: Twenty questions of the common types, for the walks and for what stands whole on one page.
TWENTY = """
| survey   |
|          | type              | name | label::中文 (zh) | label::English (en) | required | constraint |
{rows}
| choices  |
|          | list_name | name | label::中文 (zh) | label::English (en) |
|          | yn        | yes  | 是               | Yes                 |
|          | yn        | no   | 否               | No                  |
| settings |
|          | form_title | form_id | version | default_language | style | instance_name | attribute::title_en |
|          | 二十个问题 | twenty  | 1       | 中文 (zh)        | pages | ${{q1}}       | Twenty questions    |
"""


def every_kind() -> str:
    """The workbook with every kind of question, as a markdown table."""
    villages = "\n".join(f"| | village | v{n} | 第{n}村 | Village number {n} |" for n in range(1, 41))
    return EVERY_KIND.format(villages=villages)


def twenty() -> str:
    """Twenty questions: a name, numbers, choices and a few that are written."""
    rows = ["| | text | q1 | 姓名 | Name | yes | |"]
    for n in range(2, 21):
        kind = ("text", "select_one yn", "select_one yn", "select_one yn", "integer")[n % 5]
        limit = ". < 130" if kind == "integer" else ""
        rows.append(f"| | {kind} | q{n} | 第{n}题 | Question {n} | yes | {limit} |")
    return TWENTY.format(rows="\n".join(rows))


def labels(lang: str) -> dict[str, str]:
    """The labels of the questions of every kind before the rows of the family, by name, in the order of the form."""
    header, *rows = read_sheets(every_kind())["survey"]
    column = next(index for index, name in enumerate(header) if name.startswith("label::") and f"({lang})" in name)
    return {row[1]: row[column] for row in rows if not row[0].startswith(("begin", "end")) and row[1] != "name"}
