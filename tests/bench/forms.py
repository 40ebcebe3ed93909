"""The questionnaires that are measured: small (30 questions), big (500 in 20 sections, a cascade of 2,074 places), a roster, and chains.

The first three are equal, cell by cell, to those that the peers' figures were measured with.
"""

from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "appearance",
    "default",
)
#: From this question on, the big form limits no number.
LIMITED = 112

Row = dict[str, str]

COLOURS: list[Row] = [
    {"list_name": "yn", "name": "yes", "label": "Yes"},
    {"list_name": "yn", "name": "no", "label": "No"},
    *({"list_name": "col", "name": f"c{n}", "label": f"Colour number {n}"} for n in range(1, 9)),
]


def small() -> bytes:
    """Thirty questions of the common types, four of them calculated or conditional."""
    rows = [
        row("text", "q1", "What is the name of the respondent?", required="yes"),
        row(
            "integer",
            "q2",
            "How old is the respondent?",
            constraint=". >= 0 and . < 121",
            constraint_message="Age is 0 to 120",
        ),
        row("select_one yn", "q3", "Does the respondent consent?"),
        row("select_one col", "q4", "Which colour is the house?", relevant="${q3} = 'yes'"),
        row("select_multiple col", "q5", "Which colours are the walls?"),
        row("date", "q6", "Date of visit"),
        row("decimal", "q7", "Plot size (ha)", constraint=". > 0"),
        row("calculate", "q8", calculation="${q7} * 10000"),
        row("note", "q9", "The plot has ${q8} square metres"),
        row("time", "q10", "Time of visit"),
        row("text", "q11", "Any remarks?", appearance="multiline"),
        row("integer", "q12", "Number of rooms"),
        row("integer", "q13", "Number of people"),
        row("calculate", "q14", calculation="round(${q13} div ${q12}, 2)"),
        row("note", "q15", "People per room: ${q14}", relevant="${q12} > 0"),
        *(small_filler(n) for n in range(16, 31)),
    ]
    return workbook("small", rows, COLOURS)


def small_filler(n: int) -> Row:
    """The further questions of the small form: five kinds in turn."""
    name = f"q{n}"
    return (
        row("text", name, f"Free text question {n}", hint="Write what the person says"),
        row("integer", name, f"How many of item {n}?", relevant="${q3} = 'yes'" if n == 21 else ""),
        row("select_one yn", name, f"Is statement {n} true?"),
        row("select_one col", name, f"Choose for {n}", appearance="minimal"),
        row("select_multiple col", name, f"Tick all for {n}"),
    )[n % 5]


def big(sections: int = 20) -> bytes:
    """25 questions a section: a driver, relevance that hangs on it, and a chain of calculations through all sections."""
    rows = [line for section in range(sections) for line in big_section(section, is_last=section == sections - 1)]
    regions = [{"list_name": "region", "name": f"r{n}", "label": f"Region r{n}"} for n in range(8)]
    districts = [
        {"list_name": "district", "name": f"d{n}", "label": f"District d{n}", "region": f"r{n % 8}"} for n in range(66)
    ]
    wards = [
        {"list_name": "ward", "name": f"w{n}", "label": f"Ward w{n}", "district": f"d{n % 66}"} for n in range(2000)
    ]
    return workbook(
        "big" if sections == 20 else f"big{25 * sections}",
        rows,
        [*COLOURS, *regions, *districts, *wards],
        ("region", "district"),
    )


def big_section(section: int, *, is_last: bool) -> Iterator[Row]:
    """The rows of one section."""
    first = 25 * section
    driver = f"${{q{first}}}"
    calculated = f"${{q{first - 1}}}"
    yield row("begin group", f"g{section}", f"Section {section + 1}")
    yield row("integer", f"q{first}", f"Driver number for section {section + 1}")
    start = first + 1
    if section == 0:
        yield row("select_one region", "q1", "Choose the region", appearance="minimal")
        yield row(
            "select_one district", "q2", "Choose the district", choice_filter="region = ${q1}", appearance="minimal"
        )
        yield row("select_one ward", "q3", "Choose the ward", choice_filter="district = ${q2}", appearance="minimal")
        yield row("calculate", "q4", calculation=f"coalesce({driver}, 0) + 1")
        start, calculated = 5, "${q4}"
    asked = 0
    for n in range(start, first + 25):
        if n % 5 == 4:
            yield row("calculate", f"q{n}", calculation=f"{calculated} + coalesce({driver}, 0)")
            calculated = f"${{q{n}}}"
        elif is_last and n == first + 23:
            yield row("note", f"q{n}", f"Total so far: ${{q{n + 1}}} end")
        else:
            yield big_question(n, asked, section, driver, calculated)
            asked += 1
    yield row("end group")


def big_question(n: int, asked: int, section: int, driver: str, calculated: str) -> Row:
    """A question of the big form: five kinds and three kinds of relevance in turn."""
    relevant = (
        f"{driver} > {asked}",
        f"{driver} > 0 and {driver} < {50 + asked}",
        f"{calculated} > {asked} or {driver} = {asked}",
    )[asked % 3]
    kind, limits = (
        ("text", {}),
        ("integer", {"constraint": ". >= 0 and . <= 1000", "constraint_message": "0 to 1000"} if n < LIMITED else {}),
        ("select_one yn", {}),
        ("select_multiple col", {}),
        ("decimal", {"constraint": ". >= 0", "constraint_message": "not negative"} if n < LIMITED else {}),
    )[asked % 5]
    return row(
        kind,
        f"q{n}",
        f"Section {section + 1} question q{n}: please answer",
        hint="" if asked % 4 else "A hint",
        relevant=relevant if asked < 15 else "",
        **limits,
    )


def roster() -> bytes:
    """A household with a repeat of thirteen questions a member, and sums over it."""
    rows = [
        row("text", "hh", "Household head"),
        row("begin repeat", "member", "Member"),
        row("text", "m_name", "Name"),
        row("integer", "m_age", "Age", constraint=". >= 0 and . < 121"),
        row("select_one yn", "m_f", "Female?"),
        row("select_one yn", "m_preg", "Pregnant?", relevant="${m_f} = 'yes' and ${m_age} > 14"),
        row("select_one yn", "m_school", "In school?", relevant="${m_age} > 4 and ${m_age} < 25"),
        row("integer", "m_grade", "Grade", relevant="${m_school} = 'yes'"),
        row("decimal", "m_income", "Income per month", relevant="${m_age} > 14"),
        row("decimal", "m_other", "Other income"),
        row("calculate", "m_total", calculation="coalesce(${m_income},0) + coalesce(${m_other},0)"),
        row("select_multiple col", "m_col", "Favourite colours"),
        row("date", "m_dob", "Date of birth"),
        row("text", "m_note", "Remarks"),
        row("end repeat"),
        row("calculate", "hh_total", calculation="sum(${m_total})"),
        row("calculate", "hh_n", calculation="count(${member})"),
        row("note", "n1", "Household income ${hh_total}, members ${hh_n}"),
    ]
    return workbook("repeat", rows, COLOURS)


def chain(length: int) -> bytes:
    """One number, `length` calculations that hang on each other, and a note with the last, all on one screen."""
    rows = [row("begin group", "page", appearance="field-list"), row("integer", "start", "Start")]
    rows += [row("calculate", f"c{n}", calculation=f"${{{f'c{n - 1}' if n else 'start'}}} + 1") for n in range(length)]
    rows += [row("note", "end", f"Total: ${{c{length - 1}}}"), row("end group")]
    return workbook(f"chain{length}", rows, COLOURS)


def row(kind: str, name: str = "", label: str = "", **cells: str) -> Row:
    """A row of the survey sheet."""
    return {"type": kind, "name": name, "label": label, **cells}


def workbook(name: str, rows: list[Row], choices: list[Row], columns: tuple[str, ...] = ()) -> bytes:
    """The workbook `bench_<name>` as a file's content; `columns`: further columns of the choices sheet."""
    book = Workbook()
    sheets = (
        ("survey", SURVEY, rows),
        ("choices", ("list_name", "name", "label", *columns), choices),
        (
            "settings",
            ("form_title", "form_id", "version"),
            [{"form_title": f"Bench {name}", "form_id": f"bench_{name}", "version": "1"}],
        ),
    )
    book.remove(book.worksheets[0])
    for title, header, lines in sheets:
        sheet = book.create_sheet(title)
        sheet.append(header)
        for line in lines:
            sheet.append([line.get(column) or None for column in header])
    content = BytesIO()
    book.save(content)
    return content.getvalue()
