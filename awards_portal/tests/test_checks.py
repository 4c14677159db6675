"""A wrong setting is explained in words."""

import pytest
from django.core.checks.registry import registry

from awards_portal.checks import check_environment, check_publicity
from awards_portal.environment import database_from_url, email_from_url


@pytest.fixture(autouse=True)
def _embedded(settings):
    """Start from the embedded default, whatever the tests themselves run on."""
    settings.DEBUG = True
    settings.SITE_URL = "http://localhost:8000"


def ids(found):
    return [message.id for message in found]


def test_the_embedded_default_is_right(monkeypatch):
    for name in ("REDIS_URL", "EMAIL_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)

    assert ids(check_environment(None)) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("REDIS_URL", "localhost:6379", "portal.E002"),
        ("PORT", "eighty", "portal.E005"),
        ("PORT", "70000", "portal.E005"),
        ("EMAIL_URL", "mail.example.org", "portal.E006"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch, name, value, expected):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv(name, value)

    assert ids(check_environment(None)) == [expected]


def test_a_database_address_of_an_unknown_kind_is_explained(settings, monkeypatch):
    wrong = database_from_url("mysql://localhost/portal")
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", wrong["ENGINE"])

    assert "portal.E001" in ids(check_environment(None))


def test_a_site_address_without_a_host_is_explained(settings):
    settings.SITE_URL = "awards.example.org"

    assert "portal.E003" in ids(check_environment(None))


def test_a_public_portal_needs_host_names(settings, monkeypatch):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    settings.DEBUG = False
    settings.SITE_URL = "https://awards.example.org"

    assert ids(check_publicity(None)) == ["portal.E004"]


def test_a_sqlite_address_keeps_an_absolute_path():
    assert database_from_url("sqlite:////srv/portal.db")["NAME"] == "/srv/portal.db"


def test_a_postgres_address_is_taken_apart():
    found = database_from_url("postgres://anna:s%40crt@db.example.org:5433/portal")

    assert [found[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "django.db.backends.postgresql",
        "portal",
        "anna",
        "s@crt",
        "db.example.org",
        "5433",
    ]


def test_a_mail_server_address_is_taken_apart(tmp_path):
    found = email_from_url("smtp://anna:pw@mail.example.org:587?tls=1", tmp_path)

    assert [found[key] for key in ("host", "port", "user", "tls")] == [
        "mail.example.org",
        587,
        "anna",
        True,
    ]


def test_the_checks_are_known_to_the_portal():
    known: set[object] = set(registry.get_checks(include_deployment_checks=True))

    assert {check_environment, check_publicity} <= known
