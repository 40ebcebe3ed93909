"""The questionnaire of the load: 28 questions, seven of them in a repeat with three rows, 1.84 kB a response, as the peers' figures were
measured with (anchors.md); and responses to it, each with answers of its own, in which the engine's check finds nothing wrong.
"""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from tests.bench.forms import COLOURS, row, workbook

FORM_ID = "bench_push"
ROWS, DOCUMENT_BYTES = 3, 1840
SURNAMES = ("Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun")


def push_form() -> bytes:
    """21 questions with limits, relevance and two sums, and a repeat of seven, as a workbook."""
    limits = {"constraint": ". >= 0 and . < 121", "constraint_message": "0 to 120"}
    rows = [
        row("text", "place", "Community"),
        row("text", "head", "Head of the household", required="yes"),
        row("integer", "age", "Age", required="yes", **limits),
        row("select_one yn", "consent", "May we ask?", required="yes"),
        row("select_one col", "house", "Colour of the house", relevant="${consent} = 'yes'"),
        row("select_multiple col", "walls", "Colours of the walls"),
        row("date", "visited", "Day of the visit", constraint=". > date('2000-01-01')"),
        row("time", "came", "Time of the visit"),
        row("decimal", "plot", "Plot, ha", constraint=". > 0"),
        row("integer", "rooms", "Rooms", constraint=". > 0"),
        row("decimal", "income", "Income", constraint=". >= 0"),
        row("geopoint", "point", "Where is it?"),
        *(row("select_one yn", f"has{n}", f"Is there a {n}?", required="yes") for n in range(1, 5)),
        row("text", "remark", "Remarks", appearance="multiline"),
        row("begin repeat", "member", "Member"),
        row("text", "m_name", "Name", required="yes"),
        row("integer", "m_age", "Age", **limits),
        row("select_one yn", "m_female", "Female?"),
        row("select_one yn", "m_school", "In school?", relevant="${m_age} > 4 and ${m_age} < 25"),
        row("select_one col", "m_colour", "Favourite colour"),
        row("decimal", "m_income", "Income a month", relevant="${m_age} > 14"),
        row("date", "m_born", "Born on"),
        row("end repeat"),
        row("calculate", "metres", calculation="${plot} * 10000"),
        row("calculate", "people", calculation="count(${member})"),
        row("calculate", "earned", calculation="sum(${m_income})"),
        row("text", "end", "Anything else?"),
    ]
    return workbook("push", rows, COLOURS)


def make_answers(chance: Random, place: str) -> dict[str, object]:
    """Answers to all that is asked, by chance."""

    def name() -> str:
        return f"{chance.choice(SURNAMES)} {chance.choice(SURNAMES).lower()}{chance.randint(1, 99)}"

    members: list[dict[str, str]] = []
    for _ in range(ROWS):
        age = chance.randint(0, 95)
        member = {"m_name": name(), "m_age": str(age), "m_female": chance.choice(("yes", "no"))}
        member |= {"m_school": chance.choice(("yes", "no"))} if 4 < age < 25 else {}
        member["m_colour"] = f"c{chance.randint(1, 8)}"
        member |= {"m_income": str(chance.randint(0, 9000))} if age > 14 else {}
        members.append(member | {"m_born": f"{2025 - age}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"})
    plot = chance.randint(1, 9)
    return {
        "place": place,
        "head": name(),
        "age": str(chance.randint(18, 95)),
        "consent": "yes",
        "house": f"c{chance.randint(1, 8)}",
        "walls": " ".join(f"c{n}" for n in sorted(chance.sample(range(1, 9), 3))),
        "visited": "2026-11-24",
        "came": f"{chance.randint(8, 20):02}:{chance.randint(0, 59):02}:00.000+08:00",
        "plot": str(plot),
        "rooms": str(chance.randint(1, 9)),
        "income": f"{chance.randint(0, 99999)}.5",
        "point": f"{32 + chance.random():.7f} {118 + chance.random():.7f} 12.0 4.5",
        **{f"has{n}": chance.choice(("yes", "no")) for n in range(1, 5)},
        "remark": "",
        "member": members,
        "metres": str(plot * 10000),
        "people": str(ROWS),
        "earned": str(sum(int(member.get("m_income", 0)) for member in members)),
        "end": "Nothing else was said by anybody here.",
    }


def make_document(chance: Random, *, model_hash: str, place: str, author: str) -> str:
    """A response document as a phone writes it."""
    finished = datetime.now(UTC) - timedelta(minutes=chance.randint(1, 600))
    answers = make_answers(chance, place)
    document = {
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "form": FORM_ID,
        "version": "1",
        "model": model_hash,
        "base": None,
        "place": place,
        "author": author,
        "language": "default",
        "started_at": (finished - timedelta(seconds=chance.randint(200, 2000))).isoformat(timespec="milliseconds"),
        "finished_at": finished.isoformat(timespec="milliseconds"),
        "tz": "Asia/Shanghai",
        "answers": answers,
        "instance_name": str(answers["head"]),
        "files": [],
    }
    # The remark makes up what is left, so that each is as long as the peers' was.
    remark = DOCUMENT_BYTES - len(json.dumps(document, separators=(",", ":")))
    answers["remark"] = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz      ", k=max(remark, 1))).strip() or "x"
    return json.dumps(document, separators=(",", ":"))
