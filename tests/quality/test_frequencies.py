"""How often each answer is given."""

from typing import Any

from collector.quality.frequencies import count, cross
from collector.questionnaires.model_items import Item

LIST = {"nodeset": "instance('yn')/root/item", "value": "name", "label": "label"}
LABELS = {"yes": "Yes", "no": "No"}


def item(path: str, **node: Any) -> Item:
    return Item(path, "question", {"name": path.rpartition("/")[2], **node})


def choice(path: str, control: str = "select1") -> Item:
    return item(path, control=control, itemset=LIST, type="string")


def lines(item_: Item, *documents: dict[str, Any], labels: dict[str, str] | None = None) -> list[tuple[str, int]]:
    return [(line.label, line.count) for line in count(item_, documents, labels or {}).lines]


def test_choices_in_the_order_of_the_list_then_reasons() -> None:
    documents = [{"g": {"q": "no"}}, {"g": {"q": "no"}}, {"g": {"q@missing": "declined"}}, {"g": {"q": "odd"}}, {}]
    found = count(choice("g/q"), documents, LABELS)
    assert [(line.label, line.count) for line in found.lines] == [("Yes", 0), ("No", 2), ("odd", 1), ("declined", 1)]
    assert (found.answered, found.asked, found.not_asked) == (3, 4, 1)


def test_several_choices_in_one_answer() -> None:
    assert lines(choice("q", "select"), {"q": "yes no"}, {"q": "no"}, labels=LABELS) == [("Yes", 1), ("No", 2)]


def test_entries_of_a_repeat_are_counted() -> None:
    found = count(choice("m/q"), [{"m": [{"q": "yes"}, {"q": "no"}]}, {"m": []}], LABELS)
    assert (found.answered, found.not_asked) == (2, 1)


def test_few_numbers_each_get_a_line_and_many_get_spans() -> None:
    number = item("n", type="int", control="input")
    assert lines(number, {"n": "3"}, {"n": "10"}, {"n": "3"}, {"n": "x"}) == [("3", 2), ("10", 1)]
    spans = lines(number, *({"n": str(age)} for age in range(100)))
    assert spans[0] == ("0–9", 10) and spans[-1] == ("90–99", 10) and len(spans) == 10
    found = count(number, [{"n": "1"}, {"n": "2"}, {"n": "9"}], {})
    assert (found.least, found.middle, found.most) == (1, 2, 9)


def test_decimals_get_spans_too() -> None:
    number = item("n", type="decimal", control="input")
    assert sum(times for _, times in lines(number, *({"n": f"{at / 7}"} for at in range(40)))) == 40


def test_a65_days_stay_the_days_that_were_answered() -> None:
    assert lines(item("d", type="date"), {"d": "2025-05-15"}) == [("2025-05-15", 1)]
    assert lines(item("d", type="dateTime"), {"d": "2025-05-15T00:30:00.000+08:00"}) == [("2025-05-15", 1)]


def test_many_days_are_counted_by_month() -> None:
    documents = [{"d": f"2025-0{month}-{day:02}"} for month in (1, 2) for day in range(1, 21)]
    assert lines(item("d", type="date"), *documents) == [("2025-01", 20), ("2025-02", 20)]


def test_answers_in_words_are_only_counted_together() -> None:
    found = count(item("t", type="string", control="input"), [{"t": "Ana"}, {"t": ""}], {})
    assert (found.lines, found.answered, found.not_asked) == ([], 1, 1)


def test_two_questions_against_each_other() -> None:
    documents = [{"a": "yes", "b": "no"}, {"a": "yes", "b": "no"}, {"a": "no", "b": "yes"}, {"a": "yes"}]
    crossed = cross(choice("a"), choice("b"), documents, LABELS, LABELS)
    assert (crossed.rows, crossed.columns, crossed.counts) == (["Yes", "No"], ["Yes", "No"], [[0, 2], [1, 0]])
