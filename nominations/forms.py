"""What a nominee fills in beside the essay: which nominations, and who competes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from nominations.catalogue import Shelf, special_terms
from nominations.drafts import NAMED_KINDS, asks_for_participants, missing_name
from nominations.models import Category, Entry, EntryKind, Nomination, ParticipantRole
from nominations.places import Places, Room
from nominations.services.credentials import Written
from nominations.services.entries import NAME_LENGTH, Pick


@dataclass(frozen=True)
class PickRow:
    """One nomination as it stands in the form."""

    nomination: Nomination
    ticked: bool
    kinds: list[dict[str, Any]]
    kind: str
    named: bool
    name: str
    error: str
    terms: list[str]
    places: Places


class EnterForm(forms.Form):
    """An organisation and the nominations it enters, each with who competes in it."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the organisation that enters."),
            "invalid_choice": gettext_lazy("Choose the organisation that enters."),
        },
    )
    nominations = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Nominations"),
        coerce=int,
        error_messages={"required": gettext_lazy("Tick one nomination or more.")},
    )
    code = forms.CharField(label=gettext_lazy("Your code"), max_length=60, required=False)

    def __init__(
        self, *args: Any, user: User, shelves: list[Shelf], room: Room, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shelves = shelves
        self.room = room
        self.known = {
            nomination.number: nomination for shelf in shelves for nomination in shelf.nominations
        }
        organisations = Organisation.objects.editable_by(user)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["nominations"].choices = [  # type: ignore[attr-defined]
            (number, str(nomination)) for number, nomination in self.known.items()
        ]
        self.pick_errors: dict[int, str] = {}

    def given(self, name: str) -> str:
        """What was typed or chosen beside a nomination."""
        return str(self.data.get(name, "")).strip() if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in cleaned.get("nominations", []):
            if message := self.pick_problem(self.known[number]):
                self.pick_errors[number] = message
        if self.pick_errors:
            self.add_error(
                None, _("Some of the nominations you ticked need a word more, see below.")
            )
        return cleaned

    def kind_of(self, nomination: Nomination) -> str:
        """The kind chosen for a nomination, or the only one there is."""
        only = nomination.kinds[0] if len(nomination.kinds) == 1 else ""
        return self.given(f"kind-{nomination.number}") or only

    def pick_problem(self, nomination: Nomination) -> str:
        """Say what is missing beside a ticked nomination."""
        kind = self.kind_of(nomination)
        if kind not in nomination.kinds:
            return _("Say who enters.")
        name = self.given(f"name-{nomination.number}")
        if kind in NAMED_KINDS and not name:
            return missing_name(kind)
        if len(name) > NAME_LENGTH:
            return _("The name has %(count)d characters at most.") % {"count": NAME_LENGTH}
        return ""

    def picks(self) -> list[Pick]:
        """What was chosen, in the order of the nominations."""
        chosen = sorted(self.cleaned_data["nominations"])
        return [
            Pick(self.known[number], self.kind_of(self.known[number]), self.given(f"name-{number}"))
            for number in chosen
        ]

    def rows(self) -> list[tuple[Category, list[PickRow]]]:
        """Every nomination with what was ticked, typed and refused beside it."""
        source = self.initial.get("nominations", [])
        if isinstance(self.data, QueryDict) and self.is_bound:
            source = self.data.getlist("nominations")
        ticked = {str(number) for number in source}
        return [
            (
                shelf.category,
                [
                    self.row(nomination, ticked=str(nomination.number) in ticked)
                    for nomination in shelf.nominations
                ],
            )
            for shelf in self.shelves
        ]

    def row(self, nomination: Nomination, *, ticked: bool) -> PickRow:
        """One nomination for the template."""
        chosen = self.kind_of(nomination)
        return PickRow(
            nomination=nomination,
            ticked=ticked,
            kinds=[
                {"value": kind, "label": EntryKind(kind).label, "checked": kind == chosen}
                for kind in nomination.kinds
            ],
            kind=chosen,
            named=any(kind in NAMED_KINDS for kind in nomination.kinds),
            name=self.given(f"name-{nomination.number}"),
            error=self.pick_errors.get(nomination.number, ""),
            terms=special_terms(nomination),
            places=self.room.places(nomination),
        )

    def refuse_pick(self, nomination: Nomination, message: str) -> None:
        """Say beside a nomination why it takes no entry, and at the top that something is wrong."""
        self.pick_errors[nomination.number] = message
        self.add_error("nominations", message)


class DetailsForm(forms.Form):
    """Title, kind, and the person or team; participants are rows of ParticipantFormSet."""

    title = forms.CharField(
        label=gettext_lazy("Title of the project"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("How the jury and the results page call your work, in a few words."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Who competes"), widget=forms.RadioSelect)
    nominee_name = forms.CharField(
        label=gettext_lazy("Person or team"), max_length=NAME_LENGTH, required=False
    )

    def __init__(self, data: QueryDict | None = None, *, entry: Entry) -> None:
        initial = {
            "title": entry.title,
            "kind": entry.kind,
            "nominee_name": entry.nominee_name,
        }
        super().__init__(data, initial=initial)
        kinds = entry.nomination.kinds
        choices = [(kind, EntryKind(kind).label) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].required = False
            self.fields["kind"].widget = forms.HiddenInput()
        if not any(kind in NAMED_KINDS for kind in kinds):
            del self.fields["nominee_name"]
        elif kinds == [EntryKind.PERSON]:
            self.fields["nominee_name"].label = _("Full name of the person")
        elif kinds == [EntryKind.TEAM]:
            self.fields["nominee_name"].label = _("Name of the team")
        elif kinds == [EntryKind.BRAND]:
            self.fields["nominee_name"].label = _("Name of the brand")
        elif EntryKind.BRAND in kinds:
            self.fields["nominee_name"].label = _("Person, team or brand")
        self.entry = entry

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["kind"] = cleaned.get("kind") or self.entry.nomination.kinds[0]
        return cleaned


class ParticipantForm(forms.Form):
    """One organisation with its role; an empty row is no participant."""

    name = forms.CharField(
        label=gettext_lazy("Organisation"), max_length=NAME_LENGTH, required=False
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=[("", gettext_lazy("Choose the role")), *ParticipantRole.choices],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("role"):
            self.add_error("role", _("Choose the role of this organisation."))
        if cleaned.get("role") and not cleaned.get("name"):
            self.add_error("name", _("Name the organisation."))
        return cleaned


ParticipantFormSet = forms.formset_factory(ParticipantForm, extra=0, max_num=20)


def participant_rows(entry: Entry) -> list[dict[str, str]]:
    """Rows to begin with: those saved, or the applicant without a role; and one or two empty ones."""
    rows = [{"name": one.name, "role": one.role} for one in entry.participants.all()]
    rows = rows or [{"name": entry.organisation.name, "role": ""}]
    return [*rows, {"name": "", "role": ""}]


def needs_participants(entry: Entry) -> bool:
    """Whether any kind the entry may take names participants."""
    return any(asks_for_participants(entry.nomination, kind) for kind in entry.nomination.kinds)


class RecommendationForm(forms.Form):
    """Whom somebody recommends, and why."""

    organisation_name = forms.CharField(
        label=gettext_lazy("Organisation or team"), max_length=NAME_LENGTH
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact person"), max_length=150)
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail of the contact person"),
        help_text=gettext_lazy(
            "Only the organisers see it. Nobody is written to before they approve."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why should they take part?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "A few sentences. If the organisers approve, the contact person reads them with your name."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())


class CredentialForm(forms.Form):
    """What a document says; each may still be empty, a submission needs them."""

    number = forms.CharField(
        label=gettext_lazy("Number of the document"), max_length=120, required=False
    )
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200, required=False)
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave empty if it does not expire."),
    )
    base = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data: QueryDict | None = None, *, prefix: str, stored: Written) -> None:
        initial = {
            "number": stored.number,
            "issuer": stored.issuer,
            "expires_on": stored.expires_on,
            "base": stored.base,
        }
        super().__init__(data, prefix=prefix, initial=initial)

    def written(self) -> Written:
        """What was typed."""
        values = self.cleaned_data
        return Written(
            " ".join(values["number"].split()),
            " ".join(values["issuer"].split()),
            values["expires_on"],
        )


class DecisionForm(forms.Form):
    """A note to whom a decision concerns."""

    note = forms.CharField(
        label=gettext_lazy("Note to the nominee"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
