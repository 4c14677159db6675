"""Chromium for the journeys: with which switches it starts and how a page is opened."""

import os
from typing import Any

import pytest

from tests.services import chromium

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's synchronous calls run inside an event loop, where Django refuses the database
    # unless told that it is on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "headless": True,
        "args": SWITCHES,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader of English in Moscow, at the width of a laptop; `page.set_viewport_size` narrows it."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/Moscow",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }
