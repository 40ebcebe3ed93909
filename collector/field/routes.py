"""The phone client's addresses: one shell for every page, the manifest, and the service worker with its list of files."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from collector.field.phone_files import phone_files
from collector.languages import LANGUAGES

bp = Blueprint("field", __name__)

#: What pages need besides the first module, by the beginning of their address.
MODULES_AHEAD = (
    ("new/", "field/views/fill.js"),
    ("new/", "field/views/new.js"),
    ("fill/", "field/views/fill.js"),
)

#: What the client is called under its picture on the home screen: docs/decisions/0013-name-and-icon.md.
NAMES = {"zh": "入户问卷", "en": "Collector"}
#: The client's own colours of a page, light and dark: the phone's bars around it go with them.
PAGE_COLOURS = {"light": "#f3f6f4", "dark": "#0e1513"}


@bp.get("/app/")
@bp.get("/app/<path:page>")
@bp.get("/join/<token>")
def shell(page: str = "", token: str = "") -> Response:
    """Give the shell. The page inside, and what `token` is worth, are the client's to find out: it works without a signal."""
    static = current_app.extensions["collector_static"]
    # A link that opens a questionnaire says early what it needs: on a slow network each round trip counts.
    modules_ahead = [module for start, module in MODULES_AHEAD if page.startswith(start)]
    # Chinese comes with the client; a phone that prefers English needs its words before it shows anything.
    words_ahead = ("english",) if request.accept_languages.best_match(LANGUAGES) == "en" else ()
    page_text = render_template(
        "field/shell.html",
        build=static.build,
        modules_ahead=modules_ahead,
        words_ahead=words_ahead,
        name=NAMES[phone_language()],
        colours=PAGE_COLOURS,
    )
    response = Response(page_text, mimetype="text/html")
    # It names a build's files, so a kept copy has to be asked about each time; the service worker keeps its own.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response


def phone_language() -> str:
    """The language that the phone asks for: zh or en; Chinese where it asks for neither, as the client itself does."""
    return request.accept_languages.best_match(LANGUAGES) or "zh"


@bp.get("/app/manifest.webmanifest")
def manifest() -> Response:
    """Give the web app manifest, which makes the client installable."""
    body = manifest_body(phone_language())
    response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response


def manifest_body(language: str) -> dict[str, Any]:
    """Give the members of the manifest. Source: W3C Web Application Manifest."""
    url = current_app.extensions["collector_static"].url
    icons = [
        {"src": url("icons/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": url("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": url("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    return {
        "id": "/app/",
        "lang": language,
        "name": NAMES[language],
        "short_name": NAMES[language],
        "start_url": "/app/",
        "scope": "/app/",
        "display": "standalone",
        "background_color": PAGE_COLOURS["light"],
        "theme_color": PAGE_COLOURS["light"],
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
