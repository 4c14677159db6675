"""A current demo season at a point, filled once for all tests of that point."""

import pytest
from django.db import transaction
from django.test import override_settings

from blueprints.demo.fill import fill_current


@pytest.fixture(scope="module")
def playground(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database of the module's own, forgotten afterwards, with quick passwords and private files."""
    wished = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CELERY_TASK_ALWAYS_EAGER=True,
    )
    with wished, django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def season(playground, request):
    """The current season at the point that the test names."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield fill_current(request.param, "small", lambda _text: None)
        transaction.savepoint_rollback(point)


@pytest.fixture(autouse=True)
def _quick_and_private(playground):
    """The module's own settings hold; nothing to do for each test."""
