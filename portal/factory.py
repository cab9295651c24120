"""Puts the house together: one app from one Settings. The features stand in the order their menus appear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from portal.accounts import wiring as accounts
from portal.admin import wiring as admin
from portal.adoption import wiring as adoption
from portal.community import wiring as community
from portal.core import (
    actor,
    assets,
    buffer,
    clock,
    database,
    health,
    i18n,
    logs,
    options,
    pages,
    registry,
    styleguide,
    templating,
    web,
)
from portal.core.access import is_nameless
from portal.core.database import db
from portal.core.feature import Feature
from portal.core.operations import serving
from portal.core.routing import LateRule
from portal.core.turnstile import Turnstile
from portal.demo import wiring as demo
from portal.files import wiring as files
from portal.home import wiring as home
from portal.imports import wiring as imports
from portal.insights import wiring as insights
from portal.jobs import wiring as jobs
from portal.kb import wiring as kb
from portal.measures import wiring as measures
from portal.notifications import wiring as notifications
from portal.pulse import wiring as pulse
from portal.roadmap import wiring as roadmap
from portal.search import wiring as search
from portal.talk import wiring as talk
from portal.tickets import wiring as tickets
from portal.webhooks import wiring as webhooks
from portal.weblogs import wiring as weblogs

FEATURES: tuple[Callable[[], Feature], ...] = (
    jobs.feature,
    notifications.feature,
    accounts.feature,
    files.feature,
    search.feature,
    webhooks.feature,
    imports.feature,
    weblogs.feature,
    talk.feature,
    kb.feature,
    community.feature,
    tickets.feature,
    measures.feature,
    pulse.feature,
    adoption.feature,
    roadmap.feature,
    home.feature,
    insights.feature,
    admin.feature,
    demo.feature,
)

PORTAL = Path(__file__).parent

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal for these settings (default: from the environment). Refuses unsafe ones (SettingsError)."""
    settings = settings or Settings.from_env()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask("portal", static_folder=None, root_path=str(PORTAL))
    app.config.from_mapping(_flask_config(settings))
    app.url_rule_class = LateRule
    templating.install(app)
    app.jinja_env.undefined = StrictUndefined
    logs.install(level=settings.log_level, is_json=settings.log_format == "json", is_testing=settings.testing)

    db.init_app(app)
    csrf.init_app(app)
    i18n.install(app)
    buffer.install(app, is_threaded=not settings.testing)
    web.install(app, is_secure=settings.is_secure)
    pages.install(app)
    with app.app_context():
        database.prepare(db.engine)

    found = registry.install(app, [make() for make in FEATURES])
    app.register_blueprint(health.bp)
    app.register_blueprint(styleguide.bp)
    for feature in found.features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
            if getattr(blueprint, "is_nameless", False):
                csrf.exempt(blueprint)
        for command in feature.commands:
            app.cli.add_command(command)
    csrf.exempt(serving.install(app, found.operations.values()))
    for feature in found.features:
        if feature.start:
            feature.start(app)
    _globals(app)
    _wrap(app, settings)
    return app


def _wrap(app: Flask, settings: Settings) -> None:
    """Put around the app, from the inside out: the turnstile, built files, the path it lives under, the proxies."""
    app.wsgi_app = Turnstile(app.wsgi_app)  # type: ignore[method-assign]
    assets.install(app)
    if settings.url_prefix:
        app.wsgi_app = web.MountedAt(app.wsgi_app, settings.url_prefix)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n, x_prefix=n)  # type: ignore[method-assign]


def _flask_config(settings: Settings) -> dict[str, Any]:
    name = "__Host-dity" if settings.is_secure and not settings.url_prefix else "dity"
    return {
        "DITY": settings,
        "SECRET_KEY": settings.secret(),
        "TESTING": settings.testing,
        "DEBUG": settings.debug,
        "TEMPLATES_AUTO_RELOAD": settings.debug,
        "SQLALCHEMY_DATABASE_URI": settings.url,
        # What people wrote stays out of messages of errors, and so out of logs.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,
            "pool_pre_ping": settings.url.startswith("postgresql"),
        },
        "SESSION_COOKIE_NAME": name,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_PATH": "/" if not settings.url_prefix else settings.url_prefix,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": settings.upload_limit,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "MAX_FORM_PARTS": 200,
        "TRUSTED_HOSTS": _trusted_hosts(settings),
        "APPLICATION_ROOT": settings.url_prefix or "/",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_HEADERS": ["X-CSRFToken"],
        "WTF_CSRF_SSL_STRICT": False,  # core.web compares Origin for every change, with and without TLS
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _trusted_hosts(settings: Settings) -> list[str]:
    given = list(settings.trusted_hosts)
    public = urlsplit(settings.outside_url).hostname
    return [*given, *([public] if public else []), "localhost", "127.0.0.1", "[::1]", *([settings.host])]


def _globals(app: Flask) -> None:
    """Give templates what every page needs; nothing here costs a query that the request has not paid already."""

    @app.context_processor
    def page() -> dict[str, Any]:
        who = actor.current()
        return {
            "actor": who,
            "nav": registry.Menus(who),
            "panels": registry.render_panels,
            "options": _options_or_defaults(),
            "theme": _theme(who),
            "locale": get_locale(),
            "text_direction": i18n.text_direction(),
            "now": clock.now,
            "is_demo": app.config["DITY"].demo,
            **({"csrf_token": lambda: ""} if is_nameless() else {}),
        }


def _options_or_defaults() -> options.Options:
    try:
        return options.get()
    except Exception:  # an error page must come out even without a database
        return options.Options()


def _theme(who: actor.Actor) -> str:
    chosen = who.theme if who.is_signed_in else request.cookies.get("theme", "auto")
    return chosen if chosen in ("light", "dark", "auto") else "auto"
