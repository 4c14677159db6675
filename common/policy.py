"""Every view says who may call it; a view that says nothing cannot ship.

A policy is the coarse gate in front of a view (who may knock at all); rows come through
`visible_to(user)` and verbs through `can_…` predicates inside it.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

View = TypeVar("View", bound=Callable[..., Any])
Predicate = Callable[[HttpRequest], bool]

PUBLIC = "public"
SIGNED_IN = "signed in"
STAFF = "staff"
NOBODY = "nobody"

PREDICATES: dict[str, Predicate] = {
    PUBLIC: lambda request: True,
    SIGNED_IN: lambda request: request.user.is_authenticated,
    STAFF: lambda request: request.user.is_authenticated and request.user.is_staff,
    NOBODY: lambda request: False,
}


def policy(name: str) -> Callable[[View], View]:
    """Mark a view with the name of its policy."""
    if name not in PREDICATES:
        message = f"unknown policy {name!r}"
        raise ImproperlyConfigured(message)

    def mark(view: View) -> View:
        view.policy = name  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    return policy(PUBLIC)(login_not_required(view))


def add_policy(name: str, predicate: Predicate) -> None:
    """Let a room name a gate of its own, in its AppConfig.ready()."""
    PREDICATES[name] = predicate


def foreign_policies() -> dict[str, str]:
    """Policies of views from libraries, by module prefix (the project lists them in one place)."""
    found: dict[str, str] = import_string(settings.FOREIGN_POLICIES)
    return found


def policy_of(callback: Callable[..., Any]) -> str | None:
    """Return a view's policy name, or None when nobody gave it one."""
    own = getattr(callback, "policy", None)
    if own is not None:
        return str(own)
    view_class = getattr(callback, "view_class", None)
    module = view_class.__module__ if view_class else getattr(callback, "__module__", "")
    name = view_class.__name__ if view_class else getattr(callback, "__name__", "")
    best = ""
    for prefix in foreign_policies():
        if f"{module}.{name}".startswith(prefix) and len(prefix) > len(best):
            best = prefix
    return foreign_policies().get(best)


class PolicyMiddleware:
    """Hold every request to its view's policy; a refused one looks like an unknown page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        name = policy_of(callback)
        if name is None or not PREDICATES[name](request):
            raise Http404


def url_patterns(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Walk the URLconf: route, qualified name, pattern."""
    if patterns is None:
        patterns = get_resolver().url_patterns
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_patterns(pattern.url_patterns, route, inner)
        else:
            yield route, f"{namespace}{pattern.name or ''}", pattern


@register()
def check_policies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a URL whose view carries no policy."""
    return [
        Error(
            f"The view of {route!r} has no policy.",
            hint="Mark it with @policy(…) or @public, or list a library's in FOREIGN_POLICIES.",
            id="common.E001",
        )
        for route, _name, pattern in url_patterns()
        if policy_of(pattern.callback) is None
    ]
