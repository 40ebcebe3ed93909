"""Requests as they should be, one or more for each public route: what is spoiled afterwards, and what is sent as it is in between."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from urllib.parse import quote
from uuid import UUID

from flask import Flask

from tests.accounts.test_every_route import ANYONE, PHONE, TABLE, TOKEN, requests_of
from tests.fuzz.target import FORM_ID, OWNER_LOGIN, Known
from tests.fuzz.wire import Asked

JSON = ("Content-Type", "application/json")
TUS = ("Tus-Resumable", "1.0.0")
BOUNDARY = "fuzzed"
PHOTO = b"\xff\xd8\xff\xe0 a photo"
#: A questionnaire of the sample survey, and how often what reads a whole table is asked of the one with responses.
EMPTY_FORM_ID, WHOLE_TABLES = "community_profile", 0.03
Seed = Callable[[Random], Asked]


class Seeds:
    """Requests of a caller who knows `known`. Each is made anew from a random source, so that ids differ."""

    def __init__(self, app: Flask, known: Known) -> None:
        self.known = known
        self.phone = ("Authorization", f"Bearer {known.device_token}")
        self.program = ("Authorization", f"Bearer {known.access_token}")
        self.collect = ("Authorization", f"Basic {known.collect}")
        #: With how often each is taken.
        self.all: dict[Seed, int] = {
            self.push: 22, self.visits: 6, self.enrol: 4, self.create_file: 6, self.patch_file: 6, self.ask_recovery: 3, self.pull: 3,
            self.submit: 16, self.sign_in: 3, self.sign_in_code: 2, self.switch_language: 2, self.central_session: 3,
            self.odata: 6, self.central_read: 5, self.api_read: 5, self.api_webhook: 4, self.api_export: 2,
        }  # fmt: skip
        self.plain = list(self.every_route(app))
        self.all[self.any_route] = 25

    def take(self, source: Random) -> Asked:
        """One of them."""
        [seed] = source.choices(list(self.all), list(self.all.values()))
        asked = self.spare(seed(source), source)
        if source.random() < 0.12 and asked.header("Authorization"):
            # A token that is none, of another kind, or none at all.
            wrong = source.choice(["", "Bearer " + "x" * 43, self.phone[1], self.program[1], self.collect[1]])
            asked = asked.with_header("Authorization", wrong)
        return asked

    def spare(self, asked: Asked, source: Random) -> Asked:
        """The same of a questionnaire without responses, most of the time: whole tables of what a run stores would be all that it does."""
        if source.random() < WHOLE_TABLES:
            return asked
        return replace(asked, target=asked.target.replace(f"/{FORM_ID}", f"/{EMPTY_FORM_ID}"))

    def every_route(self, app: Flask) -> Iterator[Asked]:
        """Every route of the table that can be reached without a session of the office, with every method; the office's too, which refuse."""
        credentials = {ANYONE: (), PHONE: (self.phone,), TOKEN: (self.program,)}
        for request in requests_of(app):
            headers = credentials.get(TABLE[request.endpoint], ())
            if request.endpoint.startswith("openrosa."):
                headers = (self.collect,)
            yield Asked(request.endpoint, request.method, quote(request.address, safe="/:$"), headers)

    def any_route(self, source: Random) -> Asked:
        """Some route, bare or with a body that it does not expect."""
        asked = source.choice(self.plain)
        body = source.choice(
            [b"", b"", b'{"a": [1, {"b": "c"}]}', b"a=1&csrf_token=x&b=%E5%9B%9B", b"<a><b c='d'/></a>"]
        )
        kinds = {b"{": "application/json", b"a": "application/x-www-form-urlencoded", b"<": "text/xml"}
        headers = asked.headers + ((("Content-Type", kinds[body[:1]]),) if body else ())
        return Asked(asked.route, asked.method, asked.target, headers, body)

    def document(self, source: Random) -> str:
        """A response document."""
        photo = {
            "name": "p.jpg",
            "sha256": hashlib.sha256(PHOTO).hexdigest(),
            "size": len(PHOTO),
            "path": "/data/photo",
            "type": "image/jpeg",
        }
        document = {
            "id": new_id(source),
            "form": FORM_ID,
            "version": "1",
            "model": self.known.model_hash,
            "base": None,
            "place": self.known.place,
            "author": self.known.user_id,
            "device": self.known.device_id,
            "language": "English (en)",
            "started_at": "2026-03-28T09:43:10.000+08:00",
            "finished_at": "2026-03-28T09:51:44.000+08:00",
            "tz": "Asia/Shanghai",
            "answers": {
                "place": self.known.place,
                "hh_size": str(source.randint(1, 9)),
                "members": [{"name": "王", "age": str(source.randint(0, 99))} for _ in range(source.randint(0, 3))],
                "photo": "p.jpg",
            },
            "instance_name": "",
            "files": [photo] if source.random() < 0.3 else [],
        }
        return json.dumps(document, ensure_ascii=False)

    def push(self, source: Random) -> Asked:
        """Some responses."""
        body = {
            "sent_at": "2026-03-28T10:00:00.000+08:00",
            "waiting": {
                "responses": 1,
                "files": 0,
                "drafts": 2,
                "failed": 0,
                "oldest": "2026-03-28T09:00:00.000+08:00",
            },
            "responses": [self.document(source) for _ in range(source.choice([1, 1, 2, 5]))],
        }
        return self._json("sync.push", "/sync/v1/push", body, self.phone)

    def visits(self, source: Random) -> Asked:
        """Visits at doors."""
        visit = {
            "id": new_id(source),
            "list": str(self.known.list_id),
            "key": source.choice(["H0", "H1", "H9"]),
            "at": "2026-03-28T09:43:10.000+08:00",
            "outcome": source.choice(["not_home", "refused", "done", "later"]),
            "call_at": "2026-03-29T09:00:00+08:00",
            "response": new_id(source),
        }
        return self._json("sync.visits", "/sync/v1/visits", {"visits": [visit]}, self.phone)

    def enrol(self, source: Random) -> Asked:
        """A phone with an enrolment code: the right one, or one that is none."""
        token = source.choice([self.known.enrolment, "x" * 43])
        return self._json("sync.enrol", "/sync/v1/enrol", {"token": token, "label": "Phone"})

    def create_file(self, source: Random) -> Asked:
        """The beginning of an upload (tus 1.0.0, creation)."""
        content = PHOTO + source.randbytes(4)
        pairs = {
            "response": new_id(source),
            "name": "p.jpg",
            "sha256": hashlib.sha256(content).hexdigest(),
            "type": "image/jpeg",
        }
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        headers = (self.phone, TUS, ("Upload-Length", str(len(content))), ("Upload-Metadata", metadata))
        return Asked("sync.create_file", "POST", "/sync/v1/files", headers)

    def patch_file(self, source: Random) -> Asked:
        """A piece of an upload that nobody began, or the question how far one is."""
        headers = (self.phone, TUS, ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream"))
        method = source.choice(["PATCH", "PATCH", "HEAD"])
        target = f"/sync/v1/files/{base64.urlsafe_b64encode(source.randbytes(32)).decode().rstrip('=')}"
        return Asked("sync.patch_file", method, target, headers, PHOTO if method == "PATCH" else b"")

    def ask_recovery(self, source: Random) -> Asked:
        """A question about a forgotten PIN, sealed as it should be or not."""
        body = {
            "user": self.known.user_id,
            "key_id": self.known.sealing_key_id,
            "sealed": base64.b64encode(source.randbytes(113)).decode(),
            "reply_key": base64.b64encode(b"\x04" + source.randbytes(64)).decode(),
        }
        return self._json("sync.ask", "/sync/v1/recoveries", body, self.phone)

    def pull(self, source: Random) -> Asked:
        """A pull with what waits."""
        return Asked(
            "sync.pull",
            "GET",
            "/sync/v1/pull?since=abc&responses=1&files=0&drafts=2&oldest=2026-03-28T09%3A00%3A00Z",
            (self.phone,),
        )

    def submit(self, source: Random) -> Asked:
        """A submission of ODK Collect with a photo."""
        xml = (
            f'<?xml version=\'1.0\' ?><data id="{FORM_ID}" version="1" xmlns:orx="http://openrosa.org/xforms">'
            f"<place>{self.known.place}</place><hh_size>4</hh_size><members><name>\u738b</name><age>3</age></members>"
            f"<photo>p.jpg</photo><orx:meta><orx:instanceID>uuid:{new_id(source)}</orx:instanceID></orx:meta></data>"
        )
        parts = [("xml_submission_file", "x.xml", "text/xml", xml.encode())]
        if source.random() < 0.5:
            parts.append(("p.jpg", "p.jpg", "image/jpeg", PHOTO))
        headers = (
            self.collect,
            ("X-OpenRosa-Version", "1.0"),
            ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
        )
        return Asked("openrosa.submit", "POST", "/openrosa/submission?deviceID=x", headers, multipart(parts))

    def sign_in(self, source: Random) -> Asked:
        """The form of signing in. A name that nobody has: tries are counted by name."""
        login = source.choice([OWNER_LOGIN, f"n{source.randrange(9999)}"])
        return self._form(
            "accounts.sign_in",
            "/office/sign-in?next=/office/board",
            f"csrf_token=x&login={login}&password=wrong&stay=y",
        )

    def sign_in_code(self, source: Random) -> Asked:
        """The second step."""
        return self._form("accounts.second_step", "/office/sign-in/code", "csrf_token=x&code=123456")

    def switch_language(self, source: Random) -> Asked:
        """The language of a page."""
        return self._form(
            "accounts.switch_language", "/office/language", "csrf_token=x&language=zh&next=%2Foffice%2Fboard"
        )

    def central_session(self, source: Random) -> Asked:
        """A session as pyodk begins it."""
        body = {"email": f"n{source.randrange(9999)}@example.invalid", "password": "wrong"}
        return self._json("central.begin_session", "/v1/sessions", body)

    def odata(self, source: Random) -> Asked:
        """OData with its options."""
        table = source.choice(["Submissions", "Submissions.members", "Submissions('uuid:x')/members", "$metadata", ""])
        options = [
            "$top=5", "$skip=1", "$count=true", "$expand=*", "$wkt=true", "$select=__id,place",
            "$filter=" + quote("__system/submissionDate ge 2026-01-01T00:00:00.000Z and not (year(__system/updatedAt) lt 2025)"),
            "$filter=" + quote("__id eq 'uuid:1' or __system/reviewState eq null"), "$skiptoken=01eyJhIjoxfQ==", "$orderby=__system/submissionDate",
        ]  # fmt: skip
        query = "&".join(source.sample(options, source.randint(0, 3)))
        target = f"/v1/projects/1/forms/{FORM_ID}.svc/{quote(table, safe='/$.')}?{query}"
        return Asked("central.table", "GET", target, (self.program,))

    def central_read(self, source: Random) -> Asked:
        """What else programs read as from ODK Central."""
        rest = source.choice(
            [
                "submissions?limit=2&offset=1", "submissions.csv?attachments=false", "submissions.csv.zip?splitSelectMultiples=true&groupPaths=false",
                f"submissions/uuid:{new_id(source)}", "fields?odata=true", "versions/1/fields", "attachments/p.csv", f"{''}submissions/submitters",
            ]
        )  # fmt: skip
        return Asked("central.read", "GET", f"/v1/projects/1/forms/{FORM_ID}/{rest}", (self.program,))

    def api_read(self, source: Random) -> Asked:
        """Lists of the API with their arguments."""
        rest = source.choice(
            [
                f"responses?questionnaire={FORM_ID}&state=new&order=oldest&limit=2&from=2026-01-01&to=2026-12-31", "responses?cursor=eyJhIjoxfQ",
                f"responses?changed_since=2026-01-01T00%3A00%3A00Z&place={self.known.place}&tests=true", f"responses/{new_id(source)}",
                f"questionnaires/{FORM_ID}/counts?by=place", f"questionnaires/{FORM_ID}/versions/1/model", "places?at=2026-01-01", "questionnaires?state=open",
            ]
        )  # fmt: skip
        return Asked("api.read", "GET", f"/api/v1/{rest}", (self.program,))

    def api_webhook(self, source: Random) -> Asked:
        """A webhook to nowhere: no name below `.invalid` leads to anybody (RFC 6761)."""
        body = {"url": "https://hook.invalid/x", "questionnaire": FORM_ID, "has_answers": True, "is_active": False}
        method, path = source.choice([("POST", ""), ("PATCH", "/1"), ("POST", "/1/test"), ("DELETE", "/1")])
        asked = self._json("api.webhook", f"/api/v1/webhooks{path}", body, self.program)
        return Asked(asked.route, method, asked.target, asked.headers, asked.body)

    def api_export(self, source: Random) -> Asked:
        """An export to be made, of nothing."""
        body = {
            "questionnaire": FORM_ID,
            "format": "csv",
            "states": ["new"],
            "versions": [1],
            "places": [self.known.place],
            "from": "2020-01-01",
            "to": "2020-01-02",
        }
        return self._json("api.ask", "/api/v1/exports", body, self.program)

    def _json(self, route: str, path: str, body: object, *headers: tuple[str, str]) -> Asked:
        return Asked(route, "POST", path, (JSON, *headers), json.dumps(body, ensure_ascii=False).encode())

    def _form(self, route: str, path: str, body: str) -> Asked:
        return Asked(route, "POST", path, (("Content-Type", "application/x-www-form-urlencoded"),), body.encode())


def new_id(source: Random) -> str:
    """A UUID of version 4."""
    return str(UUID(int=source.getrandbits(128), version=4))


def multipart(parts: list[tuple[str, str, str, bytes]]) -> bytes:
    """Fields as multipart/form-data: name, name of the file, type, content."""
    body = b""
    for name, filename, kind, content in parts:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()
