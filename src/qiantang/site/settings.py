"""Django's settings, made from the zone's folder and the environment.

QIANTANG_ZONE           the zone's folder. Without it (type checker, tests) nothing is kept: the
                        database is in memory and the check ``site.W001`` says so
QIANTANG_DATABASE_URL   PostgreSQL instead of the zone's SQLite file
QIANTANG_DATABASE_POOL  ``0`` opens a connection per thread instead of pooling
QIANTANG_API_ANONYMOUS_PER_MINUTE, QIANTANG_API_PROXIES   how often an unknown reader may ask, and
                        how many proxies in front tell his address
QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE   the same for the standards' endpoints, where harvesters page
QIANTANG_DEBUG          ``1`` shows tracebacks in the page; never for others' eyes
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from qiantang.site.databases import postgresql, sqlite
from qiantang.site.numbers import whole
from qiantang.site.zone import DEFAULT_HOSTS, DEFAULT_NAME, Zone

_folder = os.environ.get("QIANTANG_ZONE")
_zone = Zone.open(_folder) if _folder else None
_home = _zone.folder if _zone else Path(tempfile.gettempdir()) / "qiantang-without-zone"
_url = os.environ.get("QIANTANG_DATABASE_URL", "")

QIANTANG_ZONE = str(_zone.folder) if _zone else ""
QIANTANG_NAME = _zone.name if _zone else DEFAULT_NAME
QIANTANG_DIVISION = _zone.division if _zone else "330000"
QIANTANG_LAKE = _home / "lake"
QIANTANG_PACKS = _home / "packs"
QIANTANG_STATIC = _home / "static"
QIANTANG_SPOOL = _home / "spool"
QIANTANG_EDITIONS = _home / "editions"
QIANTANG_CREDENTIALS = _home / "credentials"
QIANTANG_WORKER = "qiantang.site.worker" if _zone else ""
QIANTANG_INTAKE_LARGEST = (_zone.largest_delivery if _zone else 20_480) * 2**20
QIANTANG_INTAKE_ALLOW_HOSTS = list(_zone.allow_hosts) if _zone else []
QIANTANG_COMPUTE = (
    {
        "engine": _zone.engine,
        "spark": _zone.spark,
        "spark_above_gb": _zone.spark_above_gb,
        "query_memory_mb": _zone.query_memory,
    }
    if _zone
    else {}
)

QIANTANG_API_ANONYMOUS_PER_MINUTE = whole("QIANTANG_API_ANONYMOUS_PER_MINUTE", 240)
QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = whole("QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE", 600)
QIANTANG_API_PROXIES = whole("QIANTANG_API_PROXIES", 0)

DEBUG = os.environ.get("QIANTANG_DEBUG") == "1"
SECRET_KEY = _zone.secret() if _zone else secrets.token_urlsafe(48)
ALLOWED_HOSTS = list(_zone.hosts if _zone else DEFAULT_HOSTS)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "qiantang.rooms.journal",
    "qiantang.rooms.people",
    "qiantang.rooms.shelf",
    "qiantang.rooms.upkeep",
    "qiantang.rooms.catalogue",
    "qiantang.rooms.harvest",
    "qiantang.rooms.elements",
    "qiantang.rooms.intake",
    "qiantang.rooms.indicators",
    "qiantang.rooms.indices",
    "qiantang.doors.portal",
    "qiantang.doors.desk",
    "qiantang.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qiantang.site.middleware.ContentSecurityMiddleware",
    # Above WhiteNoise, so that the chart library travels compressed.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qiantang.doors.portal.middleware.LanguageMiddleware",
    "qiantang.site.middleware.DjangoLanguageMiddleware",
    "qiantang.doors.portal.middleware.ActorMiddleware",
    "qiantang.doors.portal.middleware.ErrorPagesMiddleware",
    "qiantang.site.middleware.OutageMiddleware",
]

ROOT_URLCONF = "qiantang.site.urls"
WSGI_APPLICATION = "qiantang.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": (
        postgresql(_url, pooled=os.environ.get("QIANTANG_DATABASE_POOL") != "0")
        if _url
        else sqlite(_zone.database if _zone else None)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["qiantang.rooms.people.signin.BrakedBackend"]
_validation = "django.contrib.auth.password_validation"
_attributes = ("username", "name_zh", "name_en")
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_validation}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": _attributes},
    },
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

# Our own words are bilingual in the code; these serve Django's own messages only.
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = QIANTANG_STATIC
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Files are served where they lie: nothing to collect, so nothing to forget after an upgrade.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

_https = bool(_zone and _zone.https)
SESSION_COOKIE_NAME = "qiantang_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "qiantang_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _https
CSRF_FAILURE_VIEW = "qiantang.doors.portal.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS] if _https else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_SSL_REDIRECT = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(QIANTANG_SPOOL / "arriving")
# The upload handler makes the folder when the first file comes; before, it need not be there.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
FILE_UPLOAD_HANDLERS = [
    "qiantang.site.uploads.GuardedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 500},
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # Robots with odd host names and missing pages are no news.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
