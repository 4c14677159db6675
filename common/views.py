"""Addresses that belong to no room: is it alive, and what crawlers may read."""

from django.conf import settings
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
    text = f"{ROBOTS}\nSitemap: {settings.SITE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain")
