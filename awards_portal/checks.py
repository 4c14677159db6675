"""Settings that are wrong say so in words before the portal starts."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning


def check_environment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Explain what is wrong with the environment and what to write instead."""
    found: list[CheckMessage] = []
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "django.db.backends.dummy":
        found.append(
            Error(
                f"DATABASE_URL is {settings.DATABASES['default']['NAME']!r}, which names no database.",
                hint="Write sqlite:///path/to/file or postgres://user:password@host:5432/name.",
                id="portal.E001",
            )
        )
    redis_url = os.environ.get("REDIS_URL", "")
    if redis_url and urlsplit(redis_url).scheme not in {"redis", "rediss", "unix"}:
        found.append(
            Error(
                f"REDIS_URL is {redis_url!r}, which is no Redis address.",
                hint="Write redis://host:6379/0, or leave it empty for the embedded broker.",
                id="portal.E002",
            )
        )
    site = urlsplit(settings.SITE_URL)
    if site.scheme not in {"http", "https"} or not site.netloc:
        found.append(
            Error(
                f"SITE_URL is {settings.SITE_URL!r}; links in mails and QR codes would lead nowhere.",
                hint="Write the public address, for example https://awards.example.org.",
                id="portal.E003",
            )
        )
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        found.append(
            Error(
                f"PORT is {port!r}, which is no port.",
                hint="Write a number from 1 to 65535, for example PORT=8000.",
                id="portal.E005",
            )
        )
    email = os.environ.get("EMAIL_URL", "")
    if email and urlsplit(email).scheme != "smtp":
        found.append(
            Error(
                f"EMAIL_URL is {email!r}, which is no mail server.",
                hint="Write smtp://user:password@host:587?tls=1, or leave it empty to keep mails in files.",
                id="portal.E006",
            )
        )
    return found


def check_publicity(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Explain what a portal that other people shall reach still lacks."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if not settings.DEBUG and site.hostname in {"localhost", "127.0.0.1"}:
        found.append(
            CheckWarning(
                "SITE_URL still points to this machine; mails and QR codes would lead nowhere.",
                hint="Set SITE_URL to the public address, for example https://awards.example.org.",
                id="portal.W001",
            )
        )
    if not settings.DEBUG and not os.environ.get("ALLOWED_HOSTS"):
        found.append(
            Error(
                "ALLOWED_HOSTS is empty, so the portal would answer nobody but this machine.",
                hint="Write the host names, for example ALLOWED_HOSTS=awards.example.org.",
                id="portal.E004",
            )
        )
    return found
