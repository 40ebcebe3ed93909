"""The phone client's addresses: one shell for every page, the manifest, and the service worker with its list of files."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from collector.field.phone_files import phone_files
from collector.languages import LANGUAGES

bp = Blueprint("field", __name__)


@bp.get("/app/")
@bp.get("/app/<path:page>")
@bp.get("/join/<token>")
def shell(page: str = "", token: str = "") -> Response:
    """Give the shell. The page inside, and what `token` is worth, are the client's to find out: it works without a signal."""
    static = current_app.extensions["collector_static"]
    # A link that opens a questionnaire says early what it needs: on a slow network each round trip counts.
    is_fill = page.startswith(("new/", "fill/"))
    # Chinese comes with the client; a phone that prefers English needs its words before it shows anything.
    words_ahead = ("english",) if request.accept_languages.best_match(LANGUAGES) == "en" else ()
    page_text = render_template("field/shell.html", build=static.build, is_fill=is_fill, words_ahead=words_ahead)
    response = Response(page_text, mimetype="text/html")
    # It names a build's files, so a kept copy has to be asked about each time; the service worker keeps its own.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.get("/app/manifest.webmanifest")
def manifest() -> Response:
    """Give the web app manifest, which makes the client installable."""
    response = Response(json.dumps(manifest_body(), ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def manifest_body() -> dict[str, Any]:
    """Give the members of the manifest. Source: W3C Web Application Manifest."""
    url = current_app.extensions["collector_static"].url
    icons = [
        {"src": url("icons/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": url("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": url("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    return {
        "id": "/app/",
        "name": "Collector",
        "short_name": "Collector",
        "start_url": "/app/",
        "scope": "/app/",
        "display": "standalone",
        "background_color": "#f3f6f4",
        "theme_color": "#0b6b5b",
        "icons": icons,
    }


@bp.get("/app/sw.js")
def service_worker() -> Response:
    """Give the service worker's code, headed by the build and the files that it keeps.

    The heading is what differs from build to build: a browser that sees other bytes installs the new worker.
    """
    static = current_app.extensions["collector_static"]
    kept = {"build": static.build, "files": [static.url(path) for path in phone_files(static.files)]}
    code = (static.root / "field" / "sw.js").read_text(encoding="utf-8")
    response = Response(f"self.collector = {json.dumps(kept)};\n{code}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response
