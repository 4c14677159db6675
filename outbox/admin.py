"""The back office of messages and jobs: what was sent, what failed, try again."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin
from outbox.models import Job, Message, State
from outbox.services import retry


@admin.action(description=_("Try again"), permissions=["view"])
def try_again(
    model_admin: Any, request: HttpRequest, queryset: models.QuerySet[Message | Job]
) -> None:
    """Give failed rows a new chance, now."""
    failed = list(queryset.filter(state=State.FAILED))
    for row in failed:
        retry(row)
    messages.success(request, _("%(count)d will be tried again.") % {"count": len(failed)})


class RowAdmin(ScopedModelAdmin):
    """Read only, and for superusers: mails tell secrets of every season."""

    superusers_only = True
    may_add = False
    may_change = False
    actions = (try_again,)
    list_filter = ("state", "kind")
    date_hierarchy = "created_at"


@admin.register(Message)
class MessageAdmin(RowAdmin):
    """Mails, as written and as sent."""

    list_display = ("subject", "kind", "email", "state", "due_at", "sent_at", "attempts")
    search_fields = ("email", "subject", "about")


@admin.register(Job)
class JobAdmin(RowAdmin):
    """Background work."""

    list_display = ("kind", "about", "state", "progress", "due_at", "finished_at", "attempts")
    search_fields = ("effect_key", "about")
