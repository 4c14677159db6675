"""A view without a policy cannot ship."""

from django.test import override_settings
from django.urls import path

from common.policy import check_policies, policy_of, public, url_patterns


def bare(request):
    """A view nobody thought about."""


@public
def open_to_all(request):
    """A public view."""


urlpatterns = [path("bare/", bare), path("open/", open_to_all)]


@override_settings(ROOT_URLCONF="common.tests.test_policy")
def test_a_view_without_a_policy_is_an_error():
    found = [error.msg for error in check_policies(None)]

    assert found == ["The view of 'bare/' has no policy."]


def test_every_view_of_the_portal_has_a_policy():
    missing = [route for route, _name, pattern in url_patterns() if not policy_of(pattern.callback)]

    assert missing == []
