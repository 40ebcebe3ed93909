"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from collector import create_app, logs
from collector.store.key_guard import LostKey

logs.set_up()
try:
    app = create_app()
except LostKey as error:
    raise SystemExit(f"Collector does not start. {error}") from None
