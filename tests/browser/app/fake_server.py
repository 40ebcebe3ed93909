"""A server that speaks the sync protocol and can be told to fail: what no healthy server does on demand."""

import gzip
import hashlib
import json
import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.serving import BaseWSGIServer, make_server

from collector.edge import CONTENT_SECURITY_POLICY
from collector.field.routes import bp
from collector.static_files import StaticFiles

ROOT = Path(__file__).resolve().parents[3]
USER = {"id": "u1", "name": "李华", "language": "zh"}
#: A second volunteer, by the token of their link.
OTHERS = {"wang": {"id": "u2", "name": "王芳", "language": "zh"}}
PLACES = [
    {"code": "320102", "names": {"zh": "玄武区", "en": "Xuanwu District"}, "parent": None, "level": 0},
    {"code": "320102003", "names": {"zh": "新街口街道", "en": "Xinjiekou"}, "parent": "320102", "level": 1},
    {"code": "320102003001", "names": {"zh": "香铺营社区", "en": "Xiangpuying"}, "parent": "320102003", "level": 2},
    {"code": "320102003002", "names": {"zh": "长江路社区", "en": "Changjianglu"}, "parent": "320102003", "level": 2},
]


def question(name: str, **more: Any) -> dict[str, Any]:
    """A text question with its label's key."""
    key = f"/data/{name}:label"
    return {"name": name, "kind": "question", "type": "string", "control": "input", "label": key, **more}


def make_model(
    form_id: str, title: str, *, place_path: list[str] | None = None, photos: bool = False
) -> dict[str, Any]:
    """A small form: a name, an age, and two photos if asked for. Shape: docs/form-model.md."""
    children = [question(name, control=None) for name in place_path or []]
    for child in children:
        del child["control"], child["label"]
    children += [question("name"), question("age", type="int")]
    if photos:
        photo = {"type": "binary", "control": "upload", "mediatype": "image/*"}
        children += [question("front", **photo), question("back", **photo)]
    meta = {
        "name": "meta",
        "kind": "group",
        "children": [{"name": "instanceID", "kind": "question", "type": "string", "preload": "uid"}],
    }
    languages = [{"name": "中文 (zh)", "code": "zh"}, {"name": "English (en)", "code": "en"}]
    words = {"中文 (zh)": ["姓名", "年龄", "正面", "背面"], "English (en)": ["Name", "Age", "Front", "Back"]}
    keys = [f"/data/{name}:label" for name in ("name", "age", "front", "back")]
    return {
        "model": 1,
        "form": {
            "id": form_id,
            "version": "1",
            "title": title,
            "languages": languages,
            "default_language": "中文 (zh)",
            "style": "pages",
            "place_path": place_path or [],
            "titles": {"en": "Household"},
        },
        "root": {"kind": "group", "name": "data", "children": [*children, meta]},
        "texts": {language: dict(zip(keys, labels, strict=True)) for language, labels in words.items()},
        "lists": {},
        "actions": [],
    }


@dataclass
class FakeServer:
    """What the server holds, and how it behaves now."""

    #: How /sync/ answers: ok, error (500), html (a captive portal), silent_drop (200 without receipts).
    mode: str = "ok"
    #: Name of the build that is served; another one stands for a new version.
    build: str = ""
    #: Contents of forms' files by hash, the hashes that phones asked for, and those that are refused for now.
    form_files: dict[str, bytes] = field(default_factory=dict)
    fetched_files: list[str] = field(default_factory=list)
    withheld_files: set[str] = field(default_factory=set)
    #: How many of these files may still be given; the next one waits.
    file_permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1000))
    #: Bytes of a file after which the link is cut once, or None.
    cut_upload_at: int | None = None
    #: How many pieces of files may still come; the next one waits.
    piece_permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(10_000))
    #: After so many whole files every further piece is refused, or None.
    whole_files_at_most: int | None = None
    #: How these are refused: code and status.
    refused_as: tuple[str, int] = ("unavailable", 503)
    #: What is other about the receipts, whatever came: `{"status": "deleted"}` for one.
    receipt: dict[str, Any] = field(default_factory=dict)
    #: When the forms are open, as a pull says it: `{"opens_at": …, "closes_at": …}`.
    window: dict[str, Any] = field(default_factory=dict)
    #: Whether the forms are being tried out; returned responses and lists of doors, as a pull says them.
    testing: bool = False
    returned: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    #: Visits that came, once each, by id; and keys of doors that the server does not know.
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    unknown_doors: set[str] = field(default_factory=set)
    #: Queries of pulls, and what came in which order: ("push", ids) and ("piece", file).
    pulls: list[dict[str, str]] = field(default_factory=list)
    arrivals: list[tuple[str, Any]] = field(default_factory=list)
    #: Device tokens that were taken back, and how many were given.
    revoked: set[str] = field(default_factory=set)
    tokens: int = 0
    #: Whose each device token is.
    users: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The public key that phones seal for, as a pull tells it; None: none yet.
    sealing_key: dict[str, str] | None = None
    #: What phones asked after a forgotten PIN, in order: the body, `state`, and `granted`, the box for the reply key in base64.
    recoveries: list[dict[str, Any]] = field(default_factory=list)
    #: Documents by the device token that they came with.
    senders: list[tuple[str, str]] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    received_bytes: int = 0
    url: str = ""

    def add_model(self, model: dict[str, Any]) -> str:
        """Publish `model`; gives its hash."""
        text = json.dumps(model, ensure_ascii=False)
        name = hashlib.sha256(text.encode()).hexdigest()
        self.models[name] = text
        return name

    def add_file(self, content: bytes) -> dict[str, Any]:
        """Keep a form's file; gives its `sha256` and `size` as a form model names them."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.form_files[sha256] = content
        return {"sha256": sha256, "size": len(content)}

    def withdraw(self, form: str) -> None:
        """Take a form out of what is published."""
        self.models = {name: text for name, text in self.models.items() if json.loads(text)["form"]["id"] != form}

    def response_for(self, form: str) -> list[dict[str, Any]]:
        """Newest documents of `form`, parsed."""
        newest = [json.loads(revisions[-1]) for revisions in self.documents.values()]
        return [document for document in newest if document["form"] == form]


def now() -> str:
    """The server's clock."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def refusal(code: str, status: int) -> tuple[Response, int]:
    """An error in the protocol's one shape."""
    return jsonify({"error": {"code": code, "message": code, "details": {}}}), status


def make_app(server: FakeServer) -> Flask:
    """The Flask application over `server`."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    static = StaticFiles(ROOT / "static")
    app.extensions["collector_static"] = static
    app.jinja_env.globals["static_url"] = lambda path: static.url(path)
    original = static.build
    app.register_blueprint(bp)

    @app.get("/static/<build>/<path:name>")
    def static_file(build: str, name: str) -> Response:
        if build != static.build:
            # Like the real server, this one has only the files of its own build.
            return Response(status=404)
        return send_from_directory(ROOT / "static", name)

    @app.before_request
    def behave() -> Any:
        static.build = server.build or original
        if not request.path.startswith("/sync/"):
            return None
        if server.mode == "error":
            return refusal("internal", 500)
        if server.mode == "html":
            return "<!doctype html><title>Wi-Fi</title>Please sign in", 200
        if token() in server.revoked:
            return refusal("device_revoked", 401)
        return None

    @app.after_request
    def add_policy(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    add_sync(app, server)
    add_files(app, server)
    add_recoveries(app, server)
    return app


def token() -> str:
    """The device token of the present call."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def add_sync(app: Flask, server: FakeServer) -> None:
    """Enrolment, pull, models and push."""

    @app.post("/sync/v1/enrol")
    def enrol() -> Any:
        if request.get_json()["token"] == "unknown":
            return refusal("enrolment_unknown", 404)
        server.tokens += 1
        user = OTHERS.get(request.get_json()["token"], USER)
        server.users[f"t{server.tokens}"] = user
        return {
            "device_token": f"t{server.tokens}",
            "device_id": "d1" if user is USER else "d2",
            "user": user,
            "server_time": now(),
        }, 201

    @app.get("/sync/v1/pull")
    def pull() -> Any:
        server.pulls.append(dict(request.args))
        forms = []
        for name, text in server.models.items():
            form = json.loads(text)["form"]
            fields = {key: form[key] for key in ("id", "title", "titles", "version")}
            forms.append({**fields, "model": name, "size_bytes": len(text), "testing": server.testing, **server.window})
        cursor = hashlib.sha256(
            (
                "".join(server.models)
                + str((server.sealing_key, server.window, server.testing, server.returned, server.lists))
            ).encode()
        ).hexdigest()
        user = server.users.get(token(), USER)
        if request.args["since"] == cursor:
            return {"cursor": cursor, "changed": False, "server_time": now()}
        progress = [{"form": form["id"], "place": "320102003001", "target": 70, "received": 12} for form in forms]
        body = {
            "cursor": cursor,
            "changed": True,
            "server_time": now(),
            "user": user,
            "forms": forms,
            "places": PLACES,
            "progress": progress,
        }
        return {
            **body,
            "mine": ["320102003001", "320102003002"],
            "returned": server.returned,
            "lists": server.lists,
            "has_more_doors": False,
            "notices": [],
            "sealing_key": server.sealing_key,
        }

    @app.post("/sync/v1/visits")
    def visits() -> Any:
        receipts = []
        for visit in request.get_json()["visits"]:
            status = "already_stored" if visit["id"] in server.visits else "stored"
            if visit["key"] in server.unknown_doors:
                status = "unknown_door"
            else:
                server.visits[visit["id"]] = visit
            receipts.append({"id": visit["id"], "status": status})
        return {"server_time": now(), "receipts": receipts}

    @app.get("/sync/v1/models/<name>")
    def model(name: str) -> Response:
        return Response(server.models[name], mimetype="application/json")

    @app.get("/sync/v1/form-files/<name>")
    def form_file(name: str) -> Any:
        server.fetched_files.append(name)
        server.file_permits.acquire()
        if name in server.withheld_files:
            return refusal("unavailable", 503)
        if name not in server.form_files:
            return refusal("form_file_unknown", 404)
        return Response(server.form_files[name], mimetype="application/octet-stream")

    @app.post("/sync/v1/push")
    def push() -> Any:
        data = request.get_data()
        server.received_bytes += len(data)
        body = json.loads(gzip.decompress(data) if request.headers.get("Content-Encoding") == "gzip" else data)
        server.pushes.append(body)
        server.arrivals.append(("push", [json.loads(text)["id"] for text in body["responses"]]))
        server.senders.extend((token(), text) for text in body["responses"])
        if server.mode == "silent_drop":
            return {"server_time": now(), "receipts": []}
        return {"server_time": now(), "receipts": [receive(server, text) for text in body["responses"]]}


def receive(server: FakeServer, text: str) -> dict[str, Any]:
    """Store a document and give its receipt."""
    document = json.loads(text)
    revisions = server.documents.setdefault(document["id"], [])
    status = "already_stored" if text in revisions else "revision_stored" if revisions else "stored"
    if text not in revisions:
        revisions.append(text)
    missing = [file["name"] for file in document["files"] if not is_whole(server, document["id"], file["name"])]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "id": document["id"],
        "hash": digest,
        "status": status,
        "revision": len(revisions),
        "missing_files": missing,
        **server.receipt,
    }


def is_whole(server: FakeServer, response: str, name: str) -> bool:
    """Whether every byte of a file has arrived."""
    file = server.files.get(f"{response}.{name}")
    return file is not None and len(file["bytes"]) == file["length"]


def add_files(app: Flask, server: FakeServer) -> None:
    """The tus protocol, as far as the phone uses it."""
    from base64 import b64decode

    @app.post("/sync/v1/files")
    def create() -> Any:
        pairs = (pair.split(" ") for pair in request.headers["Upload-Metadata"].split(","))
        metadata = {key: b64decode(value).decode() for key, value in pairs}
        name = f"{metadata['response']}.{metadata['name']}"
        length = int(request.headers["Upload-Length"])
        file = server.files.setdefault(name, {"bytes": b"", "length": length, **metadata})
        headers = {"Location": f"/sync/v1/files/{name}", "Upload-Offset": str(len(file["bytes"]))}
        return "", 201, headers

    @app.route("/sync/v1/files/<name>", methods=["HEAD", "PATCH"])
    def upload(name: str) -> Any:
        file = server.files[name]
        if request.method == "PATCH":
            piece = request.get_data()
            server.piece_permits.acquire()
            server.received_bytes += len(piece)
            whole = [other for other in server.files.values() if len(other["bytes"]) == other["length"]]
            if server.whole_files_at_most is not None and len(whole) >= server.whole_files_at_most:
                return refusal(*server.refused_as)
            server.arrivals.append(("piece", name))
            cut = server.cut_upload_at
            if cut is not None and len(file["bytes"]) + len(piece) > cut:
                server.cut_upload_at = None
                return refusal("unavailable", 503)
            if int(request.headers["Upload-Offset"]) != len(file["bytes"]):
                return refusal("upload_offset_differs", 409)
            file["bytes"] += piece
        return "", 204, {"Upload-Offset": str(len(file["bytes"])), "Upload-Length": str(file["length"])}


def add_recoveries(app: Flask, server: FakeServer) -> None:
    """What a phone asks after a forgotten PIN."""

    @app.post("/sync/v1/recoveries")
    def ask() -> Any:
        body = request.get_json()
        known = [index for index, one in enumerate(server.recoveries) if one["reply_key"] == body["reply_key"]]
        if not known:
            server.recoveries.append({**body, "state": "asked", "granted": None})
        number = known[0] if known else len(server.recoveries) - 1
        return {"id": str(number), "state": server.recoveries[number]["state"]}, 201

    @app.get("/sync/v1/recoveries/<int:number>")
    def recovery(number: int) -> Any:
        if number >= len(server.recoveries):
            return refusal("recovery_unknown", 404)
        return {"state": server.recoveries[number]["state"], "sealed": server.recoveries[number]["granted"]}


class RunningServer:
    """Runs a FakeServer on a free port of this machine until `stop`."""

    def __init__(self, server: FakeServer) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.http: BaseWSGIServer = make_server("127.0.0.1", 0, make_app(server), threaded=True)
        server.url = f"http://localhost:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End it."""
        self.http.shutdown()
        self.thread.join()
