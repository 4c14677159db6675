"""Addresses that belong to no room: is it alive, and what crawlers may read."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.policy import public

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /desk/
Disallow: /entries/
Disallow: /judging/
Disallow: /diplomas/
"""


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers are asked to leave alone; nothing private rests on it."""
    return HttpResponse(ROBOTS, content_type="text/plain")
