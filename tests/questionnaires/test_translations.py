"""Languages: missing translations (A55), the words of or_other (A51), the default language."""

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.texts import language_code
from tests.questionnaires.books import compile_clean, compile_markdown, make_book, model_of, only, place

GERMAN_MISSING = """
    | survey |
    | | type         | name | label::English (en) | label::Deutsch (de) | hint::English (en) | hint::Deutsch (de) |
    | | text         | a    | Name                |                     | Full               | Ganz               |
    | | text         | b    | Age                 | Alter               |                    |                    |
    | | select_one l | c    | Choice              | Wahl                |                    |                    |
    | choices |
    | | list_name | name | label::English (en) | label::Deutsch (de) |
    | | l         | x    | Ex                  | Iks                 |
    | | l         | y    | Why                 |                     |
    | settings |
    | | form_id | default_language |
    | | f       | English (en)     |
"""


def test_a55_a_missing_translation_is_left_out_so_that_the_default_language_shows() -> None:
    model = compile_clean(GERMAN_MISSING)
    assert model["form"]["default_language"] == "English (en)"
    assert "/data/a:label" not in model["texts"]["Deutsch (de)"]
    assert model["texts"]["English (en)"]["/data/a:label"] == "Name"
    assert model["texts"]["Deutsch (de)"]["/data/a:hint"] == "Ganz"
    assert "-" not in model["texts"]["Deutsch (de)"].values()


def test_a55_the_import_lists_missing_translations_with_their_place() -> None:
    compiled = compile_markdown(GERMAN_MISSING)
    missing = [place(finding) for finding in compiled.warnings if finding.code == "translation_missing"]
    assert missing == [("survey", 2, "label::Deutsch (de)"), ("choices", 3, "label::Deutsch (de)")]


def test_a55_a_language_without_the_column_is_told_once() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type | name | label::English (en) | label::Deutsch (de) | hint::English (en) |
        | | text | a    | Name                | Name                | Full               |
        | | text | b    | Age                 | Alter               | Years              |
    """)
    assert place(only(compiled.warnings, "translation_missing")) == ("survey", 1, "hint::Deutsch (de)")


def test_a55_a_dash_that_the_author_typed_stays() -> None:
    model = compile_clean("""
        | survey |
        | | type | name | label::English (en) | label::Deutsch (de) |
        | | text | a    | -                   | -                   |
    """)
    assert model["texts"]["Deutsch (de)"]["/data/a:label"] == "-"


def test_a55_media_that_only_one_language_has() -> None:
    model = compile_clean("""
        | survey |
        | | type | name | label::English (en) | label::Deutsch (de) | image::English (en) |
        | | text | a    | Look                | Schau               | x.png               |
    """)
    assert model["texts"]["English (en)"]["/data/a:label"] == {"text": "Look", "image": "x.png"}
    assert model["texts"]["Deutsch (de)"]["/data/a:label"] == "Schau"


def test_a51_the_extra_choice_of_or_other_has_its_word_in_each_language() -> None:
    model = compile_clean("""
        | survey |
        | | type                      | name | label::English (en) | label::Deutsch (de) |
        | | select_one crops or_other | crop | Crop                | Frucht              |
        | choices |
        | | list_name | name  | label::English (en) | label::Deutsch (de) |
        | | crops     | maize | Maize               | Mais                |
    """)
    crops = model["lists"]["crops"]
    other = next(row for row in crops["rows"] if row[crops["columns"].index("name")] == "other")
    key = other[crops["columns"].index("itextId")]
    assert model["texts"]["English (en)"][key] == "Other"
    assert model["texts"]["Deutsch (de)"][key] == "Sonstiges"
    assert model["texts"]["Deutsch (de)"]["/data/crop_other:label"] == "Bitte angeben."


def test_a56_messages_are_kept_in_the_languages_that_have_them_and_nowhere_else() -> None:
    model = compile_clean("""
        | survey |
        | | type    | name | label::English (en) | label::Français (fr) | required | required_message::Français (fr) | constraint | constraint_message::Français (fr) |
        | | integer | a    | Age                 | Âge                  | yes      | Obligatoire                     | . < 120    | Invalide                          |
        | | integer | b    | Age                 | Âge                  | yes      |                                 | . < 120    |                                   |
    """)
    first, second = model["root"]["children"][:2]
    french, english = model["texts"]["Français (fr)"], model["texts"]["English (en)"]
    assert (french[first["required_message"]], french[first["constraint_message"]]) == ("Obligatoire", "Invalide")
    assert not {"Obligatoire", "Invalide"} & set(english.values())
    assert not {"required_message", "constraint_message"} & set(second)


def test_a_hint_without_a_language_belongs_to_the_first_one() -> None:
    model = compile_clean("""
        | survey |
        | | type | name | label::中文 (zh) | label::English (en) | hint |
        | | text | a    | 姓名             | Name                | 全名 |
    """)
    assert [language["name"] for language in model["form"]["languages"]] == ["中文 (zh)", "English (en)"]
    assert model["texts"]["中文 (zh)"]["/data/a:hint"] == "全名"


def test_a_form_without_languages_has_one() -> None:
    model = compile_clean("| survey |\n| | type | name | label |\n| | text | a | A |")
    assert model["form"]["languages"] == [{"name": "default", "code": ""}]
    assert model["form"]["default_language"] == "default"


def test_the_languages_are_in_the_order_of_the_workbook() -> None:
    survey = [["type", "name", "label::C (sw)", "label::A (fr)", "label::B (en)"], ["text", "q", "1", "2", "3"]]
    settings = [["form_id", "default_language"], ["f", "B (en)"]]
    model = model_of(compile_workbook(make_book(survey=survey, settings=settings), "form.xlsx"))
    assert [language["code"] for language in model["form"]["languages"]] == ["sw", "fr", "en"]


def test_a_default_language_that_no_column_has_is_told() -> None:
    survey = [["type", "name", "label::English (en)"], ["text", "q", "Q"]]
    settings = [["form_id", "default_language"], ["f", "Klingon"]]
    compiled = compile_workbook(make_book(survey=survey, settings=settings), "form.xlsx")
    assert place(only(compiled.warnings, "default_language_unknown")) == ("settings", 2, "default_language")


def test_codes_in_the_names_of_languages() -> None:
    names = ("中文 (zh)", "Português(pt_br)", "en", "English", "français", "Ateso", "中文")
    assert [language_code(name) for name in names] == ["zh", "pt_br", "en", "en", "fr", "", "zh"]
