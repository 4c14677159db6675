"""All settings, read from the environment; `manage.py check` explains a wrong one in words.

DATABASE_URL   sqlite:///path or postgres://user:password@host:port/name; default: SQLite in PORTAL_VAR
REDIS_URL      redis://…; default: the embedded file broker in PORTAL_VAR
PORTAL_VAR     where state is kept (database, uploads, broker, secret key); default: var/ beside this project
SECRET_KEY     default: made once and kept in PORTAL_VAR
DEBUG          1 or 0; default 1 without, 0 with ALLOWED_HOSTS
ALLOWED_HOSTS  comma-separated host names
SITE_URL       the public address used in mails and QR codes; default http://localhost:$PORT
TRUSTED_PROXIES how many proxies stand in front and set X-Forwarded-For; default 0
DEFAULT_FROM_EMAIL the sender of mails
EMAIL_URL      smtp://user:password@host:port?tls=1; default: mails are kept as files in PORTAL_VAR/mail
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from awards_portal.environment import (
    database_from_url,
    email_from_url,
    flag,
    names,
    secret_key,
)

django_stubs_ext.monkeypatch()  # lets ModelForm[Organisation] and the like stand in code

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").resolve()
for folder in ("", "media", "broker/queue", "broker/control", "mail"):
    (VAR / folder).mkdir(parents=True, exist_ok=True)

ALLOWED_HOSTS = names("ALLOWED_HOSTS")
DEBUG = flag("DEBUG", default=not ALLOWED_HOSTS)
if not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost"]
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(VAR / "secret_key")
PORT = os.environ.get("PORT", "8000")
SITE_URL = os.environ.get("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
SECURE = urlsplit(SITE_URL).scheme == "https"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "csp",
    "awards_portal",
    "common",
    "audit",
    "outbox",
    "accounts",
    "seasons",
    "nominations",
    "judging",
    "diplomas",
    "results",
    "blueprints",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.policy.PolicyMiddleware",
]

ROOT_URLCONF = "awards_portal.urls"
WSGI_APPLICATION = "awards_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": database_from_url(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'portal.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Queue: Redis when there is one, else files; either may lose a message, the database does not.
REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 300}
    CACHES = {
        "default": {
            "BACKEND": "common.cache.TolerantRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "portal",
        }
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "broker/queue"),
        "data_folder_out": str(VAR / "broker/queue"),
        "control_folder": str(VAR / "broker/control"),
        "polling_interval": 0.1,
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = flag("CELERY_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
# A tick nobody took in time is dropped: a worker that was away does not come back to thousands.
CELERY_BEAT_SCHEDULE = {
    "send what is due": {
        "task": "outbox.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 30},
    },
    "remind of deadlines": {
        "task": "outbox.tasks.remind",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:desk")
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ru", "Русский"),
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["common.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "awards_portal.static.StaticStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# Mail
EMAIL_CONFIG = email_from_url(os.environ.get("EMAIL_URL", ""), VAR / "mail")
EMAIL_BACKEND = EMAIL_CONFIG["backend"]
EMAIL_FILE_PATH = EMAIL_CONFIG.get("file_path")
EMAIL_HOST = EMAIL_CONFIG.get("host", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("port", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("user", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("password", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("tls", False)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Awards portal <portal@example.org>")

# Safety
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Awards back office"),
    "SITE_HEADER": _("Awards back office"),
    "SITE_SUBHEADER": _("Seasons, entries, juries and results"),
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_LANGUAGES": True,
    "SITE_SYMBOL": "workspace_premium",
    "STYLES": [lambda request: static("css/back-office.css")],
    "DASHBOARD_CALLBACK": "awards_portal.back_office.dashboard",
    "SIDEBAR": {"show_search": False, "navigation": "awards_portal.back_office.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .012 225)",
            "100": "oklch(94.5% .025 225)",
            "200": "oklch(89% .045 225)",
            "300": "oklch(81% .065 225)",
            "400": "oklch(71% .08 225)",
            "500": "oklch(58% .08 225)",
            "600": "oklch(46% .07 225)",
            "700": "oklch(40% .062 225)",
            "800": "oklch(34% .052 225)",
            "900": "oklch(29% .044 225)",
            "950": "oklch(22% .034 225)",
        },
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf", "PIL")
    },
}

FOREIGN_POLICIES = "awards_portal.foreign_policies.FOREIGN_POLICIES"
