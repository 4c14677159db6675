"""Diplomas to look at."""

import pytest

from diplomas.services import issue_diploma, make_diploma


@pytest.fixture
def diploma(admitted_entry):
    """Issued, its file not made yet."""
    return issue_diploma(admitted_entry, "finalist")


@pytest.fixture
def ready(diploma):
    """With its file."""
    make_diploma(diploma.pk)
    diploma.refresh_from_db()
    return diploma
