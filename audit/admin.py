"""The log, to read."""

from django.contrib import admin

from audit.models import Event
from common.admin import ScopedModelAdmin


@admin.register(Event)
class EventAdmin(ScopedModelAdmin):
    """Who did what, when and why; for superusers, because it tells of every season and conflict."""

    superusers_only = True
    may_add = False
    may_change = False
    list_display = ("at", "chain", "position", "actor", "verb", "about")
    list_filter = ("chain", "verb")
    list_select_related = ("actor",)
    search_fields = ("about", "verb")
