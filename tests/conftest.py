"""What the tests across rooms share."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.walk import Walk, Walker


@pytest.fixture
def walk(browser: Browser, live_server: Any) -> Iterator[Walk]:
    """Make somebody with a browser of their own; whoever is still there is closed at the end."""
    made: list[Walker] = []

    def make(**context: Any) -> Walker:
        made.append(Walker(browser, live_server.url, **context))
        return made[-1]

    yield make
    for walker in made:
        # Of a journey that failed half-way: what its pages complained of until then.
        sys.stdout.write("\n".join(map(str, walker.faults)))
        walker.context.close()
