"""The codebook: the workbook read back with openpyxl, the page with lxml."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from lxml import html
from openpyxl import load_workbook

from collector.export.options import Options
from collector.export.sheets.own_columns import ASIDE_COLUMNS, OTHER_ANSWERS, OWN_COLUMNS
from collector.export.sheets.rows import KEY_COLUMNS
from collector.export.sheets.sheet import INDICATOR, Choice, Dataset, Variable
from collector.export.writers import codebook_words
from collector.export.writers.codebook import wanted
from collector.export.writers.codebook_html import write_codebook_html
from collector.export.writers.codebook_xlsx import write_codebook_xlsx
from collector.export.writers.statistics.names import name_map
from tests.export.sheets import dataset, ignore, sheet, variable

ENGLISH, CHINESE = "English (en)", "中文 (zh)"
LONG = "问" * 300


@pytest.fixture
def content() -> Dataset:
    """A household with members: a choice without an English label, a reason, a personal group, two versions, a long text."""
    sex = (Choice("m", {CHINESE: "男", ENGLISH: "Male"}), Choice("n2", {CHINESE: "女", ENGLISH: ""}))
    main = sheet(
        [
            variable("response_id", path="", versions=()),
            variable(
                "size", "int", path="size", labels={ENGLISH: "Size <b>", CHINESE: LONG}, versions=("1", "2"), reason=2
            ),
            variable("size_missing", path="size", versions=("1", "2")),
            variable("likes", path="likes", is_multiple=True, choices={"rice": "Rice"}, versions=("2",)),
            variable("likes/rice", INDICATOR, path="likes", versions=("2",)),
        ],
        [["r1", "3", "", "rice", "1"], ["r2", "", "declined", "", ""], ["r3", None, None, "rice", "1"]],
    )
    sex_variable = Variable("sex", "sex", path="members/sex", labels={ENGLISH: "Sex"}, choices=sex, versions=("1", "2"))
    members = sheet(
        [variable("key", path="", versions=()), sex_variable, variable("age", "int", path="members/age")],
        [["r1/members[1]", "m", "ninety"]],
        "members",
    )
    return dataset(
        main,
        members,
        language=ENGLISH,
        default_language=ENGLISH,
        languages=(ENGLISH, CHINESE),
        versions=("1", "2"),
        personal=frozenset({"members"}),
    )


def workbook(app: Flask, content: Dataset, path: Path, locale: str = "en") -> dict[str, list[dict[str, Any]]]:
    """Rows by column, by sheet."""
    with app.test_request_context(), force_locale(locale):
        write_codebook_xlsx(content, path, ignore)
    found = {}
    for page in load_workbook(path).worksheets:
        head, *rows = page.iter_rows(values_only=True)
        found[page.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def page(app: Flask, content: Dataset, path: Path, locale: str = "en") -> html.HtmlElement:
    with app.test_request_context(), force_locale(locale):
        write_codebook_html(content, path, ignore)
    return html.fromstring(path.read_bytes().decode())


def test_each_column_has_its_names_texts_and_rules(app: Flask, content: Dataset, tmp_path: Path) -> None:
    book = workbook(app, content, tmp_path / "out.xlsx")
    assert list(book) == ["variables", "choices", "versions", "notes"]
    of = {(row["table"], row["name"]): row for row in book["variables"]}
    assert len(of) == 8
    size = of["hh", "size"]
    assert (size["question"], size["type"], size["about"]) == ("size", "int", "Whole number")
    assert (size["label (English (en))"], size["label (中文 (zh))"]) == ("Size <b>", LONG)
    assert (size["versions"], size["reason_column"]) == ("1, 2", "size_missing")
    assert size["spss_missing"] == "-99 = declined; -97 = not asked"
    assert of["hh", "size_missing"]["about"] == "Why “size” has no answer: dont_know, declined"
    assert of["hh", "likes"]["about"] == "Several choices, with blanks between"
    assert of["hh", "likes/rice"]["about"] == "1: chosen, 0: not chosen"
    assert of["hh", "response_id"]["about"] == "Identifies the response; joins all tables"
    assert of["hh.members", "sex"]["is_personal"] == "1"
    assert of["hh", "size"]["is_personal"] is None
    assert of["hh.members", "age"]["remark"].startswith("Text in SPSS and Stata: some answers")


def test_names_are_those_of_the_spss_and_stata_files(app: Flask, content: Dataset, tmp_path: Path) -> None:
    rows = workbook(app, content, tmp_path / "out.xlsx")["variables"]
    legal = [names for table in name_map(content).values() for names in table]
    assert [(row["spss_name"], row["stata_name"]) for row in rows] == [(names.spss, names.stata) for names in legal]
    assert "likes_rice" in {row["spss_name"] for row in rows}


def test_a71_choices_stand_with_the_label_of_each_language(app: Flask, content: Dataset, tmp_path: Path) -> None:
    choices = workbook(app, content, tmp_path / "out.xlsx")["choices"]
    assert [tuple(row.values()) for row in choices[1:]] == [
        ("hh.members", "sex", 1, "m", "Male", "男"),
        ("hh.members", "sex", 2, "n2", None, "女"),
    ]


def test_versions_and_notes_are_there(app: Flask, content: Dataset, tmp_path: Path) -> None:
    book = workbook(app, content, tmp_path / "out.xlsx")
    assert [tuple(row.values()) for row in book["versions"]] == [("1", 4), ("2", 5)]
    assert [row["format"] for row in book["notes"] if row["format"]] == [
        "CSV", "Excel", "SPSS", "Stata", "Parquet", "NDJSON", "GeoJSON",
    ]  # fmt: skip


def test_the_page_says_the_same_and_needs_nothing_else(app: Flask, content: Dataset, tmp_path: Path) -> None:
    tree = page(app, content, tmp_path / "out.html")
    text = re.sub(r"\s+", " ", tree.text_content())
    assert tree.xpath("//h1")[0].text == "Codebook: Household 住户"
    assert [heading.text_content() for heading in tree.xpath("//h3")] == [
        "response_id", "size", "size_missing", "likes", "likes/rice", "key", "sex", "age",
    ]  # fmt: skip
    assert "Size <b>" in text and LONG in text
    assert "-99 declined, -97 not asked" in text
    assert len(tree.xpath("//dd[@class='personal']")) == 2
    assert not tree.xpath("//script | //link | //img | //@style | //@src")
    assert [cell.text_content() for cell in tree.xpath("//tr[td/code='n2']/td")] == ["n2", "", "女"]


def test_the_page_speaks_chinese(app: Flask, content: Dataset, tmp_path: Path) -> None:
    tree = page(app, content, tmp_path / "out.html", "zh")
    assert tree.get("lang") == "zh"
    text = tree.text_content()
    for word in ("编码手册", "整数", "未询问", "拒绝回答"):
        assert word in text
    assert workbook(app, content, tmp_path / "out.xlsx", "zh")["variables"][1]["about"] == "整数"


def test_very_long_lists_of_choices_are_whole_in_the_workbook(app: Flask, tmp_path: Path) -> None:
    many = {f"c{number}": f"Choice {number}" for number in range(260)}
    content = dataset(sheet([variable("q", choices=many)], []))
    assert len(workbook(app, content, tmp_path / "out.xlsx")["choices"]) == 260
    tree = page(app, content, tmp_path / "out.html")
    assert "60 more choices are in the codebook as a workbook." in tree.text_content()


def test_every_column_of_ours_is_explained() -> None:
    assert set(codebook_words.OWN_COLUMNS) == {*OWN_COLUMNS, *ASIDE_COLUMNS, OTHER_ANSWERS, *KEY_COLUMNS}


def test_columns_are_told_as_spss_and_stata_have_them_whatever_cells_hold() -> None:
    assert wanted(Options(choices="labels", headers="label")) == Options(headers="label")


def test_the_same_export_gives_the_same_bytes(
    app: Flask, content: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    with app.test_request_context():
        for write in (write_codebook_xlsx, write_codebook_html):
            write(content, tmp_path / "one", seen.append)
            with monkeypatch.context() as patch:
                patch.setattr(time, "time", lambda: 4e9)
                write(content, tmp_path / "two", seen.append)
            assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert seen == [4, 4, 4, 4]


def test_an_export_without_columns_has_a_codebook(app: Flask, tmp_path: Path) -> None:
    content = dataset(sheet([], []))
    assert workbook(app, content, tmp_path / "out.xlsx")["variables"] == []
    assert page(app, content, tmp_path / "out.html").xpath("//h2")
