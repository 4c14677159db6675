"""Protocols of standings for everybody, and the two programs that check them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common.policy import public
from results.disclosed import shows_protocols
from results.models import Standing
from results.protocols import RELATED, download, offered
from results.verifiers import SCRIPT, packed
from results.views.ceremony import season_for


@public
@require_safe
def protocol(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """The protocol behind a public outcome; no such page unless the season shows it."""
    season = season_for(request, slug)
    if not shows_protocols(season):
        raise Http404
    for one in offered(season):
        if one.open and (one.standing.rule.kind, one.standing.nomination.number) == (kind, number):
            return download(Standing.objects.select_related(*RELATED).get(pk=one.standing.pk))
    raise Http404


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The script that checks a protocol with Python alone."""
    answer = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{SCRIPT.name}"'
    return answer


@public
@require_safe
def recomputer(request: HttpRequest) -> HttpResponse:
    """The program that reckons a protocol again, byte for byte."""
    answer = HttpResponse(packed(), content_type="application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="verify_standing.pyz"'
    return answer
