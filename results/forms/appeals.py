"""What nominees write in an appeal, and what organisers decide of it."""

from datetime import tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.uploads import CheckedFile, check_upload
from judging.models import Judge, Round
from nominations.models import Entry
from results.forms.console import ZonedDateTimeField
from results.models import Ground


class SeveralFiles(forms.ClearableFileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


class CheckedFilesField(forms.FileField):
    """Files, each looked into; a refusal names the file."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        checked = []
        for one in sent:
            try:
                checked.append(check_upload(one))
            except DomainError as error:
                raise forms.ValidationError(str(error)) from error
        return checked


class AppealForm(forms.Form):
    """What is contested, and why."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What you contest, and why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Name facts. The organisers read it; the judges who score anew do not."),
        error_messages={"required": _("Say what you contest, and why.")},
    )
    attachments = CheckedFilesField(
        label=_("Files"),
        required=False,
        help_text=_("Up to five: PDF, Word, Excel, PowerPoint, PNG or JPEG, 20 MB each."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class LookForm(forms.Form):
    """Whether an appeal is admissible."""

    verdict = forms.ChoiceField(
        label=_("Is it admissible?"),
        choices=[("admit", _("Admit it")), ("refuse", _("It is not admissible"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the nominee"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where it is not admissible: the nominee reads the reason."),
    )


class PanelForm(forms.Form):
    """Who scores the entry anew, in which round, until when."""

    def __init__(
        self,
        *args: Any,
        rounds: list[Round],
        judges: list[Judge],
        zone: tzinfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = {str(one.pk): one for one in rounds}
        self.judges = {str(one.pk): one for one in judges}
        self.fields["round"] = forms.ChoiceField(
            label=_("Round"), choices=[(pk, str(one.name)) for pk, one in self.rounds.items()]
        )
        self.fields["judges"] = forms.MultipleChoiceField(
            label=_("Independent judges"),
            choices=[(pk, str(one)) for pk, one in self.judges.items()],
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Members of the review panels who never had this entry and have no interest in it."
            ),
            error_messages={"required": _("Choose at least one.")},
        )
        self.fields["until"] = ZonedDateTimeField(
            zone=zone, label=_("Open until"), help_text=_("In the time zone of the season.")
        )

    def chosen(self) -> list[Judge]:
        """The judges that are ticked."""
        return [self.judges[pk] for pk in self.cleaned_data["judges"]]


class VerdictForm(forms.Form):
    """What is decided, and who holds the outcome afterwards."""

    changes = forms.ChoiceField(
        label=_("Decision"),
        choices=[("no", _("The result stands")), ("yes", _("The result changes"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The nominee reads them. Name no judge."),
        error_messages={"required": _("Give the reasons; the nominee reads them.")},
    )

    def __init__(self, *args: Any, entries: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = {str(one.pk): one for one in entries}
        self.fields["holders"] = forms.MultipleChoiceField(
            label=_("Who holds the outcome if it changes"),
            required=False,
            choices=[
                (pk, f"{one.number} · {one.display_name}") for pk, one in self.entries.items()
            ],
            widget=forms.CheckboxSelectMultiple,
        )

    def chosen(self) -> list[Entry]:
        """The entries that are ticked."""
        return [self.entries[pk] for pk in self.cleaned_data["holders"]]
