"""What an organiser fills in to decide and to release."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from results.models import CHOICES, Disclosure, LaureatePage, OutcomeRule, StruckReason
from results.overview import NominationShown


class DecisionForm(forms.Form):
    """Which entries get the outcome, preset to what was decided or is proposed."""

    entries = forms.MultipleChoiceField(
        label=_("Entries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you depart from the proposal; it is kept in the log."),
    )

    def __init__(self, *args: Any, shown: NominationShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        field = self.fields["entries"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(row.entry.pk), row.entry.number) for row in shown.rows]
        preset = shown.decided or shown.proposed
        self.initial.setdefault("entries", [str(row.entry.pk) for row in preset])
        self.initial.setdefault(
            "reason",
            next(
                (
                    row.decision.reason
                    for row in shown.decided
                    if row.decision and row.decision.reason
                ),
                "",
            ),
        )

    def chosen(self) -> set[int]:
        """Keys of the entries that are ticked."""
        return {int(pk) for pk in self.cleaned_data["entries"]}

    def reasons(self) -> dict[int, str]:
        """The reason, for each entry that departs from the proposal."""
        proposed = {row.entry.pk for row in self.shown.proposed}
        return dict.fromkeys(self.chosen() ^ proposed, self.cleaned_data["reason"])

    def ticked(self) -> set[str]:
        """What the boxes show: what was sent, else what is preset."""
        return set(self["entries"].value() or [])


class ZonedDateTimeField(forms.DateTimeField):
    """A date and time as a browser's own control gives it, meant in the season's zone."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
    )

    def __init__(self, *, zone: tzinfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value


class ReleaseForm(forms.Form):
    """When the outcome becomes public."""

    def __init__(self, *args: Any, rule: OutcomeRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opens_at = rule.stage.opens_at
        self.fields["not_before"] = ZonedDateTimeField(
            zone=rule.season.zone,
            label=_("Publish at"),
            initial=rule.stage.opens_at,
            help_text=_("In the time zone of the season. Never before the stage opens."),
        )

    by_ceremony = forms.BooleanField(
        label=_("Revealed at a ceremony"),
        required=False,
        help_text=_(
            "A host publishes it nomination by nomination, from this moment on; "
            "without the host nothing becomes public."
        ),
    )

    reason = forms.CharField(
        label=_("Why they are released as they are"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown to the one who confirms, and kept in the log."),
    )

    def clean_not_before(self) -> datetime:
        """The control knows whole minutes; the minute of the opening means the opening itself."""
        chosen: datetime = self.cleaned_data["not_before"]
        minute = self.opens_at.replace(second=0, microsecond=0)
        return max(chosen, self.opens_at) if chosen >= minute else chosen


class RetractionForm(forms.Form):
    """Why a release is taken back, and whether nominees are told."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the log, and as the reason why the diplomas are revoked."),
    )
    tells = forms.BooleanField(
        label=_("Write to the nominees who were told"), required=False, initial=True
    )


class LaureatePageForm(forms.Form):
    """Summary per language and a picture, for the public page."""

    alt = forms.CharField(
        label=_("What the picture shows"),
        required=False,
        max_length=200,
        help_text=_("For those who do not see it."),
    )
    picture = forms.FileField(
        label=pgettext_lazy("a photo", "Picture"),
        required=False,
        help_text=_("PNG or JPEG up to 10 MB; what hides in the file is removed."),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)

    def __init__(self, *args: Any, page: LaureatePage | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.initial.setdefault("alt", page.alt if page else "")
        self.languages = dict(settings.LANGUAGES)
        for code, name in self.languages.items():
            self.fields[f"summary_{code}"] = forms.CharField(
                label=name,
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                initial=page.summary.get(code, "") if page else "",
            )

    def summaries(self) -> list[forms.BoundField]:
        """The fields of the summary."""
        return [self[f"summary_{code}"] for code in self.languages]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "summary": {code: data[f"summary_{code}"] for code in self.languages},
            "alt": data["alt"],
            "picture": data["picture"],
            "without_picture": data["without_picture"],
        }


class DisclosureForm(forms.ModelForm[Disclosure]):
    """What the season publishes about its judging."""

    class Meta:
        model = Disclosure
        fields = CHOICES

    def __init__(self, *args: Any, struck: Mapping[str, str], **kwargs: Any) -> None:
        """Ask of each reason for striking ballots, known by its fingerprint, what the public is told."""
        super().__init__(*args, **kwargs)
        self.struck = struck
        for key, reason in struck.items():
            self.fields[f"reason-{key}"] = forms.ChoiceField(
                label=reason,
                choices=StruckReason.choices,
                initial=self.instance.reasons.get(key, StruckReason.OTHER),
            )

    def choices(self) -> list[forms.BoundField]:
        """The boxes to tick."""
        return [self[name] for name in CHOICES]

    def said(self) -> list[forms.BoundField]:
        """The reasons for striking ballots."""
        return [self[f"reason-{key}"] for key in self.struck]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "chosen": [name for name in CHOICES if data[name]],
            "reasons": {key: data[f"reason-{key}"] for key in self.struck},
        }


class OutcomeForm(forms.ModelForm[OutcomeRule]):
    """How an outcome comes about, all of it within one season."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        season = data.get("season") or (self.instance.season if self.instance.pk else None)
        stage, rounds = data.get("stage"), data.get("rounds") or []
        if season and stage and stage.season_id != season.pk:
            self.add_error("stage", _("Choose a stage of the same season."))
        if season and any(one.season_id != season.pk for one in rounds):
            self.add_error("rounds", _("Choose rounds of the same season."))
        priority = data.get("priority")
        if season and priority and priority.dimension.rubric.season_id != season.pk:
            self.add_error("priority", _("Choose a criterion of the same season."))
        if "priority" in (data.get("ties") or "") and not priority:
            self.add_error("priority", _("Name the criterion that parts equal scores."))
        return data


class AnswerForm(forms.Form):
    """What the nominee who asked is told."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It goes to the people of the entry by mail. Name no judge."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
