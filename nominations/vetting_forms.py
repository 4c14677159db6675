"""Forms of vetting: comments, reasons and deadlines, the latter in the season's zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moments import zone_label

TEXT_LENGTH = 6_000
PICKER = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A date and time read and written in one zone, whoever sits before the form."""

    def __init__(self, *, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=PICKER)
        super().__init__(widget=widget, **kwargs)
        self.help_text = _("Time: %(zone)s.") % {"zone": zone_label(timezone.now(), zone)}

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


class ActForm(forms.Form):
    """A text that is told or kept, and for some acts a deadline."""

    def __init__(
        self, *args: Any, label: Any, help_text: Any = "", required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=label,
            help_text=help_text,
            required=required,
            max_length=TEXT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 6}),
        )


class DatedForm(ActForm):
    """The same with a deadline."""

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"] = MomentField(label=_("Until"), zone=zone)
