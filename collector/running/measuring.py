"""Counting each request: by endpoint, method and status, and how long it took."""

from time import monotonic

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from collector import disk, metrics


def init_app(app: Flask) -> None:
    """Count the requests of `app`."""

    def count(response: Response) -> Response:
        seconds = monotonic() - g.begun_at if "begun_at" in g else 0.0
        metrics.count_request(request.endpoint, request.method, response.status_code, seconds)
        return response

    app.after_request(count)
    app.jinja_env.globals["is_disk_low"] = is_disk_low


def is_disk_low() -> bool:
    """Whether the owner, who looks at a page, is to be told that the disk is nearly full."""
    is_owner = current_user.is_authenticated and current_user.may("installation.see")
    return is_owner and disk.measure(current_app.config["SETTINGS"]).is_low
