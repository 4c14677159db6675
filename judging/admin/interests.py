"""Interests the portal finds: of the jury, of its organisers, of somebody who may be invited."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from accounts.names import name_key
from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.admin.common import of_seasons
from judging.barriers import Interest, closed_scorecards, interests_of
from judging.models import Conflict, ConflictRules, Judge, Scorecard
from nominations.models import Entry
from seasons.models import Organiser, Season

scopes[ConflictRules] = of_seasons("season", "season")
SHOWN = 500
NOBODY = 0
"""The key of somebody who has no account yet."""


class InterestsForm(forms.Form):
    """A season, and perhaps somebody who may be invited to its jury."""

    season = forms.ModelChoiceField(
        Season.objects.none(), label=gettext_lazy("Season"), widget=UnfoldAdminSelectWidget
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail of somebody to invite"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    employer = forms.CharField(
        label=gettext_lazy("Employer"), required=False, widget=UnfoldAdminTextInputWidget
    )
    past_employers = forms.CharField(
        label=gettext_lazy("Earlier employers, separated by semicolons"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, seasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["season"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = seasons


@policy(STAFF)
@require_safe
def interests(request: UserRequest) -> HttpResponse:
    """Who has which interest in what; entries that are closed to the reader are left out."""
    seasons = Season.objects.organised_by(request.user).distinct()
    first = seasons.first()
    if first is None:
        raise Http404
    form = InterestsForm(
        request.GET if "season" in request.GET else {"season": first.pk}, seasons=seasons
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Interests the portal finds"),
        "form": form,
        "opts": Conflict._meta,
    }
    if form.is_valid():
        season = form.cleaned_data["season"]
        entries = list(
            Entry.objects.organised_by(request.user)
            .filter(nomination__season=season)
            .exclude(status="withdrawn")
            .select_related("organisation")
        )
        asked = form.cleaned_data["email"]
        people = guests(form) if asked else list(jury_and_organisers(season))
        said = employers_said(form, people) if asked else {}
        found = interests_of(people, entries, said=said)
        context |= {
            "asked": asked,
            "rows": rows(found, people, entries)[:SHOWN],
            "count": len(found),
            "not_counted": not_counted(season, entries),
        }
    return TemplateResponse(request, "admin/judging/interests.html", context)


def jury_and_organisers(season: Season) -> Iterable[User]:
    """Those whose interests matter in a season."""
    judges = Judge.objects.active().filter(jury__season=season).values("user")
    organisers = Organiser.objects.filter(programme=season.programme_id).values("user")
    return User.objects.filter(Q(pk__in=judges) | Q(pk__in=organisers))


def guests(form: InterestsForm) -> list[User]:
    """Somebody who may be invited, with or without an account."""
    email = form.cleaned_data["email"]
    return [User.objects.filter(email__iexact=email).first() or User(pk=NOBODY, email=email)]


def employers_said(form: InterestsForm, people: list[User]) -> dict[tuple[int, bool], set[str]]:
    """What was typed about the person's employers."""
    said = form.cleaned_data
    past = {name_key(name) for name in said["past_employers"].split(";")} - {""}
    now = {name_key(said["employer"])} - {""}
    return {
        (person.pk, old): keys for person in people for old, keys in ((False, now), (True, past))
    }


def rows(
    found: list[Interest], people: Iterable[User], entries: list[Entry]
) -> list[dict[str, Any]]:
    """Interests with the rows they speak of, the barring ones first."""
    names = {person.pk: str(person) for person in people}
    numbers = {entry.pk: entry for entry in entries}
    made = [
        {"person": names[one.user_id], "entry": numbers[one.entry_id], "interest": one}
        for one in found
    ]
    return sorted(
        made, key=lambda row: (not row["interest"].hard, row["person"], row["entry"].number)
    )


def not_counted(season: Season, entries: list[Entry]) -> list[Scorecard]:
    """Submitted scorecards that an interest took out of the result."""
    cards = Scorecard.objects.filter(
        assignment__round__season=season, assignment__entry__in=entries, status="submitted"
    )
    closed = closed_scorecards(cards)
    return list(
        Scorecard.objects.filter(pk__in=closed).select_related(
            "assignment__judge__user", "assignment__entry", "assignment__round"
        )
    )


def tell_of_interests(request: HttpRequest, judge: Judge) -> None:
    """Say right after somebody was added what they will not get."""
    entries = Entry.objects.organised_by(request.user).filter(
        nomination__season=judge.jury.season_id
    )
    found = interests_of([judge.user], list(entries))
    if barring := len({one.entry_id for one in found if one.hard}):
        messages.warning(
            request,
            ngettext(
                "An interest bars %(name)s from %(count)d entry of the season.",
                "An interest bars %(name)s from %(count)d entries of the season.",
                barring,
            )
            % {"name": judge.user, "count": barring},
        )


@admin.register(ConflictRules)
class ConflictRulesAdmin(ScopedModelAdmin):
    """What the interests that the portal finds do in a season."""

    list_display = ("season", "email_domain", "employer", "past_employer", "competitor")
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season",)
    season_path = "season"
    fields = (
        "season",
        "email_domain",
        "employer",
        "past_employer",
        "competitor",
        ("objections", "objections_until"),
    )
