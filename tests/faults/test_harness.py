"""The harness notices what it is there for: a phone that breaks the receipt rule, and whatever is lost, doubled or stuck."""

import json
import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.store import Revision
from tests.faults.conftest import NewPhone, send_all
from tests.faults.kinds import Fault, QueuedPlan
from tests.faults.ledger import Ledger
from tests.faults.oracle import judge
from tests.faults.phone import Phone, TrustingPhone
from tests.faults.proxy import Proxy
from tests.faults.server import FragileServer


def send_through_a_portal(phone: Phone, queue: QueuedPlan, proxy: Proxy) -> set[str]:
    phone.finish()
    queue.add(Fault("portal_200_json"))
    phone.send()
    queue.clear()
    return send_all(proxy, phone)


def test_a_phone_that_drops_on_any_200_loses_its_response_and_is_found_out(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    held = send_through_a_portal(new_phone(1, TrustingPhone), queue, proxy)
    verdict = judge(fragile, ledger, held)
    assert len(verdict.lost) == 1
    assert not verdict.is_clean


def test_a_phone_that_keeps_the_rule_loses_nothing_at_the_same_portal(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    held = send_through_a_portal(new_phone(2), queue, proxy)
    assert judge(fragile, ledger, held).is_clean


def test_what_is_still_on_the_phone_is_stuck_and_not_lost(
    fragile: FragileServer, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone(3)
    phone.finish()
    verdict = judge(fragile, ledger, set(phone.outbox))
    assert (len(verdict.lost), len(verdict.stuck)) == (0, 1)


def test_a_changed_byte_a_second_content_and_a_missing_file_are_seen(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone(4)
    changed, twice, robbed = phone.finish(), phone.finish(), phone.finish(files=1)
    assert not send_all(proxy, phone)
    [file] = json.loads(robbed.text)["files"]
    stored = fragile.app.config["SETTINGS"].data_dir / "files" / file["sha256"][:2] / file["sha256"]
    stored.write_bytes(b"x" + stored.read_bytes()[1:])
    # A second content of the same response that no phone finished.
    words = json.dumps(json.loads(twice.text) | {"instance_name": str(uuid.uuid4())})
    phone.call(
        "POST", "/sync/v1/push", json.dumps({"responses": [words]}).encode(), {"Content-Type": "application/json"}
    )
    engine = fragile.app.extensions["collector_engine"]
    with Session(engine) as session:
        session.connection(execution_options={"is_write": True})
        session.execute(update(Revision).where(Revision.response_id == changed.id).values(document=changed.text + " "))
        session.commit()
    engine.dispose()
    verdict = judge(fragile, ledger, set())
    assert {sentence.split()[2] for sentence in verdict.lost} == {changed.id, "file"}
    assert [sentence.split()[0] for sentence in verdict.doubled] == [twice.id]
