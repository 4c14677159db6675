"""Reading what a judge sent: whole scorecards, single marks, reasons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from common.errors import DomainError
from judging.bands import band_faults
from judging.distribution import MUCH, NONE, SOME, Wanted
from judging.models import (
    Assignment,
    AvoidPair,
    Background,
    Conflict,
    Criterion,
    DefenceSlot,
    Judge,
)
from judging.services.assigning import check_assignable
from judging.services.defence import check_slot
from nominations.models import Entry
from nominations.words import clean_text as plain_text

LONGEST_COMMENT = 10_000
LARGEST_FILE = 2_000_000


class AgreementForm(forms.Form):
    """Consent to one version, in the language it was read in."""

    agreement = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.CharField(widget=forms.HiddenInput, max_length=10)
    accept = forms.BooleanField(
        label=_("I have read the agreement and accept it."),
        error_messages={"required": _("Tick the box to accept the agreement.")},
    )


class RecusalForm(forms.Form):
    """Why a judge steps back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The organisers read it; the nominee does not."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words why you step back.")},
    )


@dataclass(frozen=True)
class TypedMark:
    """A mark as it was sent."""

    value: Decimal | None
    abstained: bool
    comment: str
    version: int


def read_number(raw: str, field: str) -> Decimal | None:
    """Read a mark; an empty one is none, a comma is as good as a point."""
    text = raw.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise DomainError(_("Write the mark as a number."), field=field)
    return number


def read_version(raw: str | None) -> int:
    """Read a version; nonsense counts as none, so that it is refused as stale."""
    return int(raw) if raw and raw.isdecimal() and len(raw) < 10 else 0


def read_mark(typed: Mapping[str, str], criterion: Criterion, *, buttons: bool) -> TypedMark | None:
    """Read one criterion of a whole scorecard; None when nothing of it was sent."""
    pk = criterion.pk
    raw, comment = typed.get(f"mark-{pk}"), typed.get(f"comment-{pk}")
    if raw is None and comment is None:
        return None
    # Among buttons only the one for “abstain” sends an empty value; no choice sends nothing.
    abstained = f"abstain-{pk}" in typed or (buttons and raw == "")
    return TypedMark(
        value=None if abstained else read_number(raw or "", f"mark-{pk}"),
        abstained=abstained,
        comment=clean_text(comment),
        version=read_version(typed.get(f"version-{pk}")),
    )


def clean_text(text: str | None) -> str:
    """One way of ending lines, no impossible characters, and no more than a comment holds."""
    return plain_text(text or "")[:LONGEST_COMMENT].strip()


class ReasonForm(forms.Form):
    """Why an organiser does what is hard to undo."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason; it is kept in the log.")},
    )


LEVELS = [
    (NONE, _("does not matter")),
    (SOME, _("matters")),
    (MUCH, _("matters much")),
]


def level(label: Any, start: int) -> forms.TypedChoiceField:
    """How much a part of the cost matters."""
    return forms.TypedChoiceField(label=label, choices=LEVELS, coerce=int, initial=start)


class DistributionForm(forms.Form):
    """What an organiser asks of a distribution."""

    least = forms.IntegerField(
        label=_("Judges per entry, at least"),
        min_value=1,
        max_value=50,
        help_text=_("Counting those who have the entry already."),
    )
    most = forms.IntegerField(
        label=_("Judges per entry, at most"),
        min_value=1,
        max_value=50,
        help_text=_("The same number for exactly so many; more is given while judges have room."),
    )
    load_least = forms.IntegerField(
        label=_("Entries per judge, at least"), min_value=0, max_value=5000, initial=0
    )
    load_most = forms.IntegerField(
        label=_("Entries per judge, at most"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("Empty means no limit; a judge's own limit holds as well."),
    )
    areas = level(_("Judges know the area"), SOME)
    languages = level(_("Judges read the language"), MUCH)
    wishes = level(_("Judges' preferences"), SOME)
    spread = level(_("Even loads"), SOME)
    ties = level(_("Distance: another city, no employer with a similar name"), SOME)
    backgrounds = forms.MultipleChoiceField(
        label=_("Each entry needs at least one"),
        choices=Background.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    linked = forms.BooleanField(
        label=_("Link all judges through shared entries"),
        required=False,
        initial=True,
        help_text=_("Without links, a strict jury cannot be told from weak entries."),
    )
    replace = forms.BooleanField(
        label=_("Replace judges who are not available"),
        required=False,
        help_text=_("Only entries they have not begun go to others; no scorecard moves."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("most") and data.get("least") and data["most"] < data["least"]:
            self.add_error("most", _("The most is less than the least."))
        top, bottom = data.get("load_most"), data.get("load_least")
        if top is not None and bottom is not None and top < bottom:
            self.add_error("load_most", _("The most is less than the least."))
        return data

    def wanted(self) -> Wanted:
        """As the distribution takes it."""
        return Wanted.from_json(self.cleaned_data)


class PairsForm(forms.Form):
    """Pairs of entry and judge, typed or from a file."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "entry,judge"}),
        help_text=_("The columns entry and judge; a judge by e-mail or full name."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = data.get("file")
        if sent is not None:
            if sent.size > LARGEST_FILE:
                raise forms.ValidationError(_("The file is too large."))
            try:
                data["text"] = sent.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("Save the file as UTF-8, please.")) from error
        elif not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or type the lines."))
        return data


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


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A criterion whose maximum is reachable by its steps."""

    class Meta:
        model = Criterion
        fields = [
            "dimension",
            "position",
            "slug",
            "name",
            "description",
            "maximum",
            "weight",
            "step",
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        maximum, step = data.get("maximum"), data.get("step")
        if maximum and step and maximum % step:
            self.add_error("step", _("The maximum is not a whole number of steps."))
        return data


class BandFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Bands that cover every mark of the criterion once; each fault names its place."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE", False)
        ]
        if not kept or not self.instance.maximum or not self.instance.step:
            return
        bands = [(form.cleaned_data["low"], form.cleaned_data["high"]) for form in kept]
        faults = band_faults(bands, maximum=self.instance.maximum, step=self.instance.step)
        if faults:
            raise forms.ValidationError([str(fault.message) for fault in faults])
