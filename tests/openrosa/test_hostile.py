"""Whatever somebody sends with a right password: an answer of OpenRosa, never a fault of ours."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.openrosa.document import stored_name, zone_of
from collector.store import Version
from tests.openrosa.collect import PHOTO, Collect, message, submission

VALID = submission("<place>C01</place><members><name>a</name></members><photo>a.jpg</photo>").encode()
SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A submission with a piece taken out, doubled, or replaced."""
    start = draw(st.integers(0, len(VALID) - 1))
    end = draw(st.integers(start, min(len(VALID), start + 40)))
    return VALID[:start] + draw(st.binary(max_size=8) | st.just(VALID[start:end] * 2)) + VALID[end:]


@settings(max_examples=120, deadline=None, suppress_health_check=SUPPRESSED)
@given(xml=damaged() | st.binary(max_size=200))
def test_damaged_submissions(collect: Collect, household: Version, xml: bytes) -> None:
    answer = collect.submit(xml, {"a.jpg": PHOTO})
    assert answer.status_code in (201, 400)
    assert message(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESSED)
@given(value=st.text(st.characters(max_codepoint=255), max_size=60))
@pytest.mark.parametrize("scheme", ["Basic ", "Digest ", 'Digest username="x", ', ""])
def test_strange_proofs(collect: Collect, household: Version, scheme: str, value: str) -> None:
    header = (scheme + value).replace("\r", "").replace("\n", "")
    answer = collect.client.get("/openrosa/formList", headers={"Authorization": header})
    assert answer.status_code in (401, 429)
    assert message(answer)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\0b.jpg", "x" * 500, "..", 'a"b.jpg', "C:\\a.jpg", " ", "照片.jpg"]
)
def test_strange_names_of_files(collect: Collect, household: Version, name: str) -> None:
    data = {
        "xml_submission_file": (io.BytesIO(VALID), "x.xml"),
        "part": (io.BytesIO(PHOTO), name, "image/" + "x" * 300),
    }
    answer = collect.client.post("/openrosa/submission", data=data, headers=collect.headers)
    assert answer.status_code == 201
    assert "/" not in stored_name(name) and len(stored_name(name)) <= 201


def test_strange_addresses(collect: Collect, household: Version) -> None:
    for path in ("/formList?formID=%00", "/forms/99999999999999999999.xml", "/forms/1/files/-1", "/submission/x"):
        answer = collect.get(path)
        assert 400 <= answer.status_code < 500
        assert message(answer)


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        ("2026-03-28T09:51:44.000+08:00", "Etc/GMT-8"),
        ("2026-03-28T09:51:44.000-03:00", "Etc/GMT+3"),
        ("2026-03-28T09:51:44Z", "Etc/GMT+0"),
        ("2026-03-28T09:51:44.000+05:30", ""),
        ("2026-03-28T09:51:44.000+14:00", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_zones_by_their_offset(moment: str, zone: str) -> None:
    assert zone_of(moment) == zone
