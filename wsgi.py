"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from collector import create_app

app = create_app()
