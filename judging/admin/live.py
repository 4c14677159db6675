"""How the defences of a round go, who keeps their time, and giving them to the whole jury."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from common.admin import ScopedStackedInline, ScopedTabularInline
from common.errors import DomainError
from common.http import UserRequest
from judging.admin.check_lists import VisitItemInline, VisitRulesInline
from judging.models import DefenceRules, Round, Secretary
from judging.services import assign_everybody


class DefenceRulesInline(ScopedStackedInline):
    """Minutes of the presentation and the questions, and from when marks are taken."""

    model = DefenceRules
    fields = (
        ("presentation_minutes", "question_minutes", "pause_minutes"),
        "from_start",
        "rooms",
    )
    extra = 0
    max_num = 1


class SecretaryInline(ScopedTabularInline):
    """Who keeps the time beside the chair."""

    model = Secretary
    fields = ("user",)
    autocomplete_fields = ("user",)
    extra = 0
    may_delete = True


def give_to_everybody(request: UserRequest, rounds: Any) -> None:
    """Give every entry of the chosen rounds to every judge of their juries."""
    made = 0
    for round_ in rounds:
        try:
            made += assign_everybody(round_, by=request.user)
        except DomainError as error:
            messages.error(request, f"{round_}: {error}")
    messages.success(
        request,
        ngettext("%(count)d assignment was made.", "%(count)d assignments were made.", made)
        % {"count": made},
    )


def inlines_for(request: HttpRequest, obj: Round | None) -> list[Any]:
    """Only rounds with a defence have rules and secretaries; visits have rules and a check list."""
    if obj is not None and obj.has_visits:
        return [VisitRulesInline, VisitItemInline]
    return [DefenceRulesInline, SecretaryInline] if obj is not None and obj.has_defence else []
