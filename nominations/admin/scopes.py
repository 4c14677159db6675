"""Which rows of this room an organiser sees or picks, wherever the back office shows them."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation
from audit.models import Event
from common.admin import (
    changeable,
    scopes,
)
from nominations.barriers import barred
from nominations.models import (
    Category,
    Entry,
    Hint,
    Nomination,
    Option,
    Prompt,
)
from outbox.models import Message
from seasons.models import Season


def own_organisations(rows: QuerySet[Organisation], user: Any) -> QuerySet[Organisation]:
    """Organisations that enter one's seasons and nobody else's; others change theirs themselves."""
    if user.is_superuser:
        return rows
    seasons = Season.objects.organised_by(user).values("pk")
    elsewhere = Entry.objects.exclude(nomination__season__in=seasons).values("organisation")
    here = Entry.objects.organised_by(user).values("organisation")
    return rows.filter(pk__in=here).exclude(pk__in=elsewhere)


def events_shown(rows: QuerySet[Event], user: Any) -> QuerySet[Event]:
    """The log, without the seasons in which a conflict hides an entry: it names the chosen ones."""
    hidden = Season.objects.filter(nominations__entries__in=Entry.objects.filter(barred(user)))
    chains = [f"season:{slug}" for slug in hidden.values_list("slug", flat=True).distinct()]
    return rows.exclude(chain__in=chains) if user.is_superuser else rows.none()


def messages_shown(rows: QuerySet[Message], user: Any) -> QuerySet[Message]:
    """Mails, without those about entries that a conflict hides."""
    hidden = Entry.objects.filter(barred(user)).values_list("pk", flat=True).distinct()
    about = [f"nominations.entry:{pk}" for pk in hidden]
    return rows.exclude(about__in=about) if user.is_superuser else rows.none()


changeable[Organisation] = own_organisations
scopes[Event] = events_shown
scopes[Message] = messages_shown
scopes[Category] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[Nomination] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[Option] = lambda rows, user: rows.filter(
    prompt__nomination__season__in=Season.objects.organised_by(user)
)
scopes[Prompt] = lambda rows, user: rows.filter(
    nomination__season__in=Season.objects.organised_by(user)
)
scopes[Hint] = lambda rows, user: rows.filter(
    nomination__season__in=Season.objects.organised_by(user)
)
scopes[Entry] = lambda rows, user: rows.filter(pk__in=Entry.objects.organised_by(user).values("pk"))
