"""Forms of the back office about entries, judges and reasons."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from common.errors import DomainError
from judging.models import (
    Assignment,
    AvoidPair,
    Conflict,
    DefenceSlot,
    Judge,
)
from judging.services.assigning import check_assignable
from judging.services.defence import check_slot
from nominations.models import Entry


class ReasonForm(forms.Form):
    """Why an organiser does what is hard to undo."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason; it is kept in the log.")},
    )


class EntryNumberField(forms.CharField):
    """An entry by its number, among those the organiser may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Entry number"),
                "max_length": 24,
                "widget": UnfoldAdminTextInputWidget,
                **kwargs,
            }
        )
        self.entries: models.QuerySet[Entry] = Entry.objects.none()

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        entry = self.entries.filter(number__iexact=number.strip()).first()
        if entry is None:
            raise forms.ValidationError(_("There is no such entry."))
        return entry


class EntryByNumberForm(forms.ModelForm):  # type: ignore[type-arg]
    """The base of admin forms about an entry; the admin page sets `organiser` on a subclass."""

    organiser: User
    entry_number = EntryNumberField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("entry_number")
        if isinstance(field, EntryNumberField):
            field.entries = Entry.objects.organised_by(self.organiser)

    def check_with(self, check: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Turn a refusal of the domain into a message beside its field."""
        try:
            check(*args, **kwargs)
        except DomainError as error:
            field = "entry_number" if error.field == "entry" else error.field
            self.add_error(field if field in self.fields else None, str(error))


class AssignmentForm(EntryByNumberForm):
    """Give one entry to one judge; a conflict of interest is refused here already."""

    class Meta:
        model = Assignment
        fields = ["round", "judge"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.check_with(check_assignable, data["round"], data["judge"], data["entry_number"])
        return data


class SlotForm(EntryByNumberForm):
    """A time before the jury."""

    class Meta:
        model = DefenceSlot
        fields = ["round", "starts_at", "minutes", "place", "video_link"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self.check_with(
                check_slot,
                data.get("round") or self.instance.round,
                data.get("entry_number") or self.instance.entry,
                starts_at=data["starts_at"],
                minutes=data["minutes"],
                place=data.get("place", ""),
                by=self.organiser,
            )
        return data


class ConflictForm(EntryByNumberForm):
    """An interest in an entry, or in an organisation."""

    entry_number = EntryNumberField(
        required=False, help_text=_("Either an entry, or an organisation with all its entries.")
    )

    class Meta:
        model = Conflict
        fields = ["user", "organisation", "reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entry, organisation = data.get("entry_number"), data.get("organisation")
        if not self.errors:
            if (entry is None) == (organisation is None):
                raise forms.ValidationError(_("Name either an entry or an organisation."))
            known = Conflict.objects.in_force().filter(
                user=data["user"], entry=entry, organisation=organisation
            )
            if known.exists():
                raise forms.ValidationError(_("This conflict is on record already."))
            # The model's own rules look at the instance.
            self.instance.entry = entry
        return data


class AvoidPairForm(forms.ModelForm):  # type: ignore[type-arg]
    """Two judges of a season by name; who stands first does not matter."""

    first = forms.ModelChoiceField(label=_("judge"), queryset=Judge.objects.none())
    second = forms.ModelChoiceField(label=_("other judge"), queryset=Judge.objects.none())
    judges: ClassVar[Any] = None

    class Meta:
        model = AvoidPair
        fields = ["season", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field = self.fields[name]
            field.widget = UnfoldAdminSelectWidget()
            if self.judges is not None:
                field.queryset = self.judges.select_related("user")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or "first" not in data:
            return data
        one, other = data["first"], data["second"]
        for judge, name in ((one, "first"), (other, "second")):
            if judge.jury.season_id != data["season"].pk:
                self.add_error(name, _("This person is not on a jury of the season."))
        if one.user_id == other.user_id:
            self.add_error("second", _("Name two different people."))
        lower, higher = sorted((one.user_id, other.user_id))
        self.instance.one_id, self.instance.other_id = lower, higher
        if AvoidPair.objects.filter(season=data["season"], one=lower, other=higher).exists():
            self.add_error("second", _("These two are kept apart already."))
        return data


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A member of a jury; who it is cannot be exchanged afterwards."""

    class Meta:
        model = Judge
        fields = [
            "user",
            "position",
            "employer",
            "past_employers",
            "biography",
            "chair",
            "listed",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "user" in self.fields:
            self.fields["user"].widget = forms.HiddenInput()
            self.fields["user"].disabled = True
