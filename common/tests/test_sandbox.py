"""A process of its own: what it says comes back, what it swallows ends it alone."""

import os

import pytest

from common.sandbox import Limits, Overrun, run_apart

TRICKS = "common.tests.sandboxed"
LIMITS = Limits(seconds=2, megabytes=300, written=1)


def test_what_it_prints_comes_back():
    assert run_apart(TRICKS, "say", "привет", limits=LIMITS) == {"said": "привет"}


@pytest.mark.parametrize("trick", ["swell", "spin", "fall", "write", "talk"])
def test_what_swells_spins_or_falls_ends_alone(trick):
    with pytest.raises(Overrun):
        run_apart(TRICKS, trick, limits=LIMITS)


def test_it_knows_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:hush@db/portal")
    assert os.environ["SECRET_KEY"] == "hush"

    known = run_apart(TRICKS, "secrets", limits=LIMITS)["names"]

    assert not {"SECRET_KEY", "DATABASE_URL"} & set(known)
