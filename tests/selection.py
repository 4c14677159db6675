"""Which tests run where: PORTAL_TEST_PART picks a part, and what the machine lacks is skipped aloud.

`./portal test` runs three parts, each with its own surroundings:

unit        everything that is neither `postgres` nor `browser`, on SQLite
postgres    what is marked `postgres`, and every quick test that uses the database, on PostgreSQL
journeys    what is marked `browser`, in Chromium

Plain `pytest` sets no part and runs whatever it can. With PORTAL_TEST_NO_SKIP=1 a test that would be
skipped fails instead.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest
from django.db import connection

from tests.services import chromium

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def uses_database(item: pytest.Item) -> bool:
    """Say whether a test asks for the database, by mark or by a fixture of a fixture."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def belongs(part: str, marks: set[str], *, database: bool) -> bool:
    """Say whether a test with these marks runs in the part; without a part all do."""
    match part:
        case "unit":
            return not marks & {"postgres", "browser"}
        case "postgres":
            repeated = database and "slow" not in marks
            return "browser" not in marks and ("postgres" in marks or repeated)
        case "journeys":
            return "browser" in marks
    return True


def missing_for(marks: set[str]) -> str | None:
    """Return, in words, what the machine lacks for a test with these marks."""
    if "postgres" in marks and connection.vendor != "postgresql":
        return "needs PostgreSQL: DATABASE_URL=postgres://… or ./portal test"
    if "redis" in marks and not os.environ.get("TEST_REDIS_URL"):
        return "needs Redis: TEST_REDIS_URL=redis://… or ./portal test"
    if "reference" in marks and not os.environ.get("SCORING_REFERENCE"):
        return "needs SCORING_REFERENCE, the folder of reference results kept outside the project"
    if "browser" in marks and chromium() is None:
        return "needs Chromium, which is not installed"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    part = os.environ.get("PORTAL_TEST_PART", "")
    on_postgres = connection.vendor == "postgresql"
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        repeated = on_postgres and uses_database(item)
        chosen_here = belongs(part, marks, database=repeated) and not (
            # These data cannot be had by a set-up, so their absence is no skip that is forbidden.
            os.environ.get("PORTAL_TEST_NO_SKIP") == "1"
            and "reference" in marks
            and missing_for(marks)
        )
        if os.environ.get("PORTAL_TEST_FAST") == "1" and "slow" in marks:
            chosen_here = False
        (chosen if chosen_here else others).append(item)
        if reason := missing_for(marks):
            item.add_marker(pytest.mark.skip(reason=reason))
    items[:] = chosen
    if others:
        config.hook.pytest_deselected(items=others)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where skipping is forbidden."""
    report = yield
    forbidden = os.environ.get("PORTAL_TEST_NO_SKIP") == "1"
    if forbidden and report.skipped and not hasattr(report, "wasxfail"):
        reason: Any = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipping is forbidden here. {reason}"
    return report


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis that the tests may fill and empty; for tests marked `redis`."""
    return os.environ["TEST_REDIS_URL"]
