"""Forms of site visits: planning one, picking its team, what the applicant and the team write."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from judging.forms.back_office import EntryByNumberForm
from judging.forms.marks import clean_text, read_number, read_version
from judging.models import Criterion, Judge, SiteVisit
from judging.services.visits import check_visit


class VisitForm(EntryByNumberForm):
    """When and where; the team is picked on the page of the visit."""

    class Meta:
        model = SiteVisit
        fields = ["round", "starts_at", "ends_at", "place", "note"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.check_with(
                check_visit,
                data.get("round") or self.instance.round,
                data.get("entry_number") or self.instance.entry,
                starts_at=data["starts_at"],
                ends_at=data["ends_at"],
                visit=self.instance if self.instance.pk else None,
            )
        return data


class TeamForm(VisitForm):
    """A planned visit with its team; the admin page sets `judges` and `notes` on a subclass."""

    team = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Team"),
        queryset=Judge.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy(
            "Members of the round's juries without a conflict of interest. Each gets the entry to"
            " score in this round, and a mail."
        ),
    )
    leader = forms.ModelChoiceField(
        label=gettext_lazy("Leader of the team"),
        queryset=Judge.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Says when the visit is done; the check list is locked then."),
    )
    judges: ClassVar[Any] = None
    notes: ClassVar[dict[int, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team, leader = self.fields.get("team"), self.fields.get("leader")
        if self.judges is None or team is None or leader is None:
            return
        free = Judge.objects.filter(pk__in=[one.pk for one in self.judges]).select_related("user")
        team.queryset = leader.queryset = free  # type: ignore[attr-defined]
        team.choices = [(one.pk, self.label(one)) for one in self.judges]  # type: ignore[attr-defined]
        leader.choices = [  # type: ignore[attr-defined]
            ("", "---------"),
            *[(one.pk, str(one.user)) for one in self.judges],
        ]
        if self.instance.pk:
            members = list(self.instance.members.all())
            self.initial["team"] = [one.judge_id for one in members]
            self.initial["leader"] = next((one.judge_id for one in members if one.leads), None)

    def label(self, judge: Judge) -> str:
        """A judge with what is known of their day."""
        return " · ".join(
            filter(None, [str(judge.user), str(judge.jury.name), self.notes.get(judge.pk)])
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        team, leader = list(data.get("team") or []), data.get("leader")
        if len(team) == 1 and leader is None:
            data["leader"] = leader = team[0]
        if team and leader not in team:
            self.add_error("leader", _("Say who of the team leads it."))
        if len({one.user_id for one in team}) < len(team):
            self.add_error("team", _("A person goes once, on one jury."))
        return data


class MoveForm(forms.Form):
    """Why the applicant needs another time."""

    reason = forms.CharField(
        label=gettext_lazy("Why, and which days would suit you"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FindingForm(forms.Form):
    """What was seen; the photos come as files of the request."""

    text = forms.CharField(
        label=gettext_lazy("What you saw"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    criterion = forms.ModelChoiceField(
        label=gettext_lazy("Criterion"),
        queryset=Criterion.objects.none(),
        required=False,
        empty_label=gettext_lazy("none in particular"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, visit: SiteVisit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_rubric = Criterion.objects.filter(dimension__rubric=visit.round.rubric_id)
        field: Any = self.fields["criterion"]
        field.queryset = of_rubric.select_related("dimension").order_by(
            "dimension__position", "position", "pk"
        )
        field.label_from_instance = lambda one: str(one.name)


def read_answer(data: Mapping[str, str], suffix: str = "") -> dict[str, Any]:
    """One answer as it was sent, from a form of all lines or of one."""
    # A long figure is written with spaces.
    figure = "".join(data.get(f"figure{suffix}", "").split())
    return {
        "value": data.get(f"value{suffix}", "")[:6],
        "figure": read_number(figure, f"figure{suffix}", _("Write the figure as a number.")),
        "comment": clean_text(data.get(f"comment{suffix}"))[:2000],
        "base_version": read_version(data.get(f"version{suffix}")),
    }
