"""Collector: questionnaires filled in on phones, with or without a signal, and brought together in one database."""

from flask import Flask, redirect
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from collector import cli, edge, languages, logs, static_files, streams
from collector.accounts import signed_in, tries
from collector.accounts.landing import first_page
from collector.accounts.routes import account_bp
from collector.accounts.routes import bp as accounts_bp
from collector.api.routes import bp as api_bp
from collector.api.routes import office_bp as api_office_bp
from collector.central.routes import bp as central_bp
from collector.coverage.routes import bp as coverage_bp
from collector.export.routes import bp as export_bp
from collector.field.routes import bp as field_bp
from collector.importing.routes import bp as importing_bp
from collector.openrosa.routes import bp as openrosa_bp
from collector.places.routes import bp as places_bp
from collector.privacy.routes import bp as privacy_bp
from collector.quality.routes import bp as quality_bp
from collector.questionnaires.routes import bp as questionnaires_bp
from collector.review.routes import bp as review_bp
from collector.running import measuring
from collector.running.routes import bp as running_bp
from collector.running.routes import health_bp
from collector.sealing import keys as sealing_keys
from collector.settings import MAX_BODY_BYTES, PROJECT_ROOT, Settings, load_settings
from collector.store import contents, session
from collector.sync import pushes
from collector.sync.routes import bp as sync_bp
from collector.webhooks.routes import bp as webhooks_bp

BLUEPRINTS = (
    health_bp,
    accounts_bp,
    account_bp,
    coverage_bp,
    questionnaires_bp,
    places_bp,
    review_bp,
    privacy_bp,
    quality_bp,
    export_bp,
    importing_bp,
    field_bp,
    sync_bp,
    api_bp,
    api_office_bp,
    running_bp,
    webhooks_bp,
    openrosa_bp,
    central_bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application: settings, then extensions, then one blueprint for each capability."""
    settings = settings or load_settings()
    app = Flask(__name__, static_folder=None, template_folder=str(PROJECT_ROOT / "templates"))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        # Flask-WTF knows no fallbacks; what signs its tokens takes several keys, of which the last one signs.
        WTF_CSRF_SECRET_KEY=settings.signing_keys,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        # With this prefix a browser takes the cookie from this very name by HTTPS only (RFC 6265bis, section 4.1.3.2).
        SESSION_COOKIE_NAME="__Host-session" if settings.is_secure else "session",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may stay open all day; its token ends with the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    logs.init_app(app, settings)
    measuring.init_app(app)
    session.init_app(app, settings)
    contents.init_app(app, settings)
    sealing_keys.init_app(app)
    languages.init_app(app)
    tries.init_app(app, settings)
    signed_in.init_app(app)
    csrf = CSRFProtect(app)
    edge.init_app(app)
    streams.init_app(app)
    pushes.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    # Phones authenticate with a token in a header, which no other site can make a browser send.
    csrf.exempt(sync_bp)
    csrf.exempt(api_bp)
    # So does ODK Collect, with a name and password that no browser holds.
    csrf.exempt(openrosa_bp)
    # Programs that read as from ODK Central authenticate in a header too, and change nothing.
    csrf.exempt(central_bp)
    app.add_url_rule("/", "home", home)
    cli.init_app(app)
    static_files.init_app(app, PROJECT_ROOT / "static", settings.data_dir)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def home() -> Response:
    """Send a visitor of the bare address to where their work in the office begins."""
    return redirect(first_page())
