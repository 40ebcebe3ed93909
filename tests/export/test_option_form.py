"""Options: the same in an address, in the form, and as they are remembered."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from collector.export.formats import FORMATS
from collector.export.inputs import ExportForm, form_values
from collector.export.options import Options
from collector.store import Place, Version
from tests.conftest import Phone, sign_in
from tests.documents import make_document
from tests.export.waiting import ask, listed

STATES = ("received", "approved", "returned", "resubmitted", "rejected")
PLACES, VERSIONS, LANGUAGES = ("S1", "C01", "C03"), (1, 2, 7), ("", "English (en)", "中文 (zh)")
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
PERIODS = st.one_of(
    st.just((None, None)),
    st.tuples(DAYS, st.none()),
    st.tuples(st.none(), DAYS),
    st.tuples(DAYS, st.integers(0, 400)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))),
)


def several(*values: object) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


@st.composite
def any_options(draw: st.DrawFn) -> Options:
    since, until = draw(PERIODS)
    return Options(
        format=draw(st.sampled_from(list(FORMATS))),
        choices=draw(st.sampled_from(["values", "labels"])),
        language=draw(st.sampled_from(LANGUAGES)),
        headers=draw(st.sampled_from(["name", "path", "label"])),
        groups=draw(st.booleans()),
        multiple=draw(st.sampled_from(["one", "split", "both"])),
        repeats=draw(st.sampled_from(["tables", "wide"])),
        versions=draw(several(*VERSIONS)),  # type: ignore[arg-type]
        states=draw(several(*STATES)),  # type: ignore[arg-type]
        places=draw(several(*PLACES)),  # type: ignore[arg-type]
        since=since,
        until=until,
        times=draw(st.sampled_from(["offset", "utc", "district"])),
        personal=draw(st.booleans()),
        test=draw(st.booleans()),
        safe=draw(st.booleans()),
        bom=draw(st.booleans()),
        not_asked=draw(st.sampled_from(["", "NA", "-99", "没有问"])),
    )


@given(any_options())
def test_an_address_gives_back_the_options_that_it_was_made_of(options: Options) -> None:
    query = urlencode(options.as_args(), doseq=True)
    args = EnvironBuilder(query_string=query).get_request().args
    assert Options.from_args(args) == options
    assert Options.from_args(options.as_args()) == options


def fields_of(form: ExportForm) -> MultiDict[str, str]:
    """What a browser sends of the form as it was shown."""
    sent: MultiDict[str, str] = MultiDict()
    for field in form:
        if field.type == "CSRFTokenField":
            continue
        if field.type == "SelectMultipleField":
            sent.setlist(field.name, [str(value) for value, _, is_chosen, _ in field.iter_choices() if is_chosen])
        elif field.type == "BooleanField":
            if field.data:
                sent[field.name] = "y"
        else:
            sent[field.name] = field.data.isoformat() if isinstance(field.data, date) else str(field.data or "")
    return sent


@given(any_options())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_form_gives_back_the_options_that_it_shows(shared_app: Flask, options: Options) -> None:
    def form(**how: object) -> ExportForm:
        made = ExportForm(**how)
        made.language.choices = [(name, name) for name in LANGUAGES]
        made.versions.choices = [(number, str(number)) for number in VERSIONS]
        made.places.choices = [(code, code) for code in PLACES]
        return made

    with shared_app.test_request_context("/", method="POST"):
        sent = fields_of(form(data=form_values(options), formdata=None))
        answered = form(formdata=sent)
        assert answered.validate(), answered.errors
        assert set_of(answered.options()) == set_of(options)


def set_of(options: Options) -> dict[str, object]:
    """Options where the order of what was ticked does not matter."""
    many = {name: set(getattr(options, name)) for name in ("versions", "states", "places")}
    return vars(options) | many


@pytest.fixture
def one(phone: Phone, places: dict[str, Place], household: Version) -> None:
    phone.receipts(make_document(household))


def test_the_choice_is_remembered_for_the_person_and_the_questionnaire(app: Flask, su: FlaskClient, one: None) -> None:
    ask(su, format="xlsx", choices="labels", language="中文 (zh)", places=["S1", "C03"], since="2026-01-05", raw="y")
    page = su.get("/office/exports/household").text
    assert "These are the options that you used last." in page
    for value in ("xlsx", "labels", "中文 (zh)", "C03", "S1"):
        assert is_chosen(page, value), value
    assert not is_chosen(page, "csv") and not is_chosen(page, "C01") and 'value="2026-01-05"' in page
    other = sign_in(app.test_client(), "ana").get("/office/exports/household").text
    assert "These are the options that you used last." not in other


def is_chosen(page: str, value: str) -> bool:
    """Whether the box or the line of a list with this value is chosen."""
    return any(
        re.search(r"\b(checked|selected)\b", found)
        for found in re.findall(rf'<(?:input|option)[^>]*value="{re.escape(value)}"[^>]*>', page)
    )


def test_an_address_fills_the_form_in_whatever_is_remembered(su: FlaskClient, one: None) -> None:
    ask(su, format="xlsx")
    page = su.get("/office/exports/household?format=sav&times=utc&personal=0").text
    assert "These are the options that you used last." not in page
    assert "/office/exports/household?format=sav&amp;times=utc&amp;personal=0" in page


def test_an_address_may_give_a_language_by_its_code(su: FlaskClient, one: None) -> None:
    assert is_chosen(su.get("/office/exports/household?language=zh").text, "中文 (zh)")


def test_the_address_of_what_is_ticked_is_shown_without_asking_for_a_file(su: FlaskClient, one: None) -> None:
    sent = {"format": "xlsx", "choices": "labels", "language": "", "headers": "path", "multiple": "one"}
    sent |= {"repeats": "tables", "times": "offset", "raw": "y", "address": "1"}
    answer = su.post("/office/exports/household", data=sent)
    assert answer.headers["Location"] == "/office/exports/household?format=xlsx&choices=labels&safe=0#address"
    assert listed(su) == []
    assert "These are the options that you used last." not in su.get("/office/exports/household").text


def test_an_address_with_an_option_that_there_is_not_is_refused(su: FlaskClient, one: None) -> None:
    answer = su.get("/office/exports/household?choices=words")
    assert answer.status_code == 400 and "The export&#39;s option “choices” cannot be “words”" in answer.text
    assert su.get("/office/exports/household.csv?since=yesterday").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"since": "2026-31-31"},
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"not_asked": "x" * 21},
        {"format": "doc"},
        {"places": ["nowhere"]},
        {"versions": ["x"]},
        {"versions": ["9"]},
    ],
)
def test_what_does_not_fit_is_said_beside_it_and_nothing_is_asked_for(
    su: FlaskClient, one: None, fields: dict[str, object]
) -> None:
    sent = {"format": "csv", "choices": "values", "language": "", "headers": "path", "multiple": "one"}
    sent |= {"repeats": "tables", "times": "offset"}
    answer = su.post("/office/exports/household", data=sent | fields)
    assert answer.status_code == 200 and "No file was asked for; see the marked fields." in answer.text
    assert 'class="field__fault"' in answer.text
    assert listed(su) == []


def test_places_outside_of_somebodys_part_are_neither_shown_nor_taken(app: Flask, one: None, so: object) -> None:
    client = sign_in(app.test_client(), "so")
    page = client.get("/office/exports/household").text
    assert '<option value="C01">' in page and '<option value="C03">' not in page
    answer = client.get("/office/exports/household.csv?places=C03")
    assert answer.status_code == 400


def test_the_list_of_files_alone_is_given_to_the_script(su: FlaskClient, one: None) -> None:
    ask(su)
    for address in ("/office/exports/", "/office/exports/household"):
        part = su.get(address, headers={"X-Fragment": "files"}).text
        assert "<html" not in part and part.lstrip().startswith("<section") and "data-waiting" in part
