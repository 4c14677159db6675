"""Ordering one more review of an entry."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from judging.models import Judge, Round
from results.forms.console import ZonedDateTimeField
from results.reviewing import Suggestion

DAYS = 7


class ReviewForm(forms.Form):
    """Who reads which entry once more, and until when."""

    entry = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    judge = forms.TypedChoiceField(label=_("Judge"), coerce=int)

    def __init__(self, *args: Any, round_: Round, offered: list[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.row.entry.pk: one for one in offered}
        self.fields["entry"].choices = [(pk, pk) for pk in self.offered]  # type: ignore[attr-defined]
        judges = {one.pk: one for each in offered for one in each.judges}
        self.fields["judge"].choices = [(pk, str(one.user)) for pk, one in judges.items()]  # type: ignore[attr-defined]
        self.judges = judges
        self.fields["until"] = ZonedDateTimeField(
            zone=round_.season.zone,
            label=_("Until"),
            initial=(timezone.now() + timedelta(days=DAYS)).replace(
                hour=20, minute=59, second=0, microsecond=0
            ),
            help_text=_("In the time zone of the season."),
        )

    def chosen(self) -> tuple[Suggestion, Judge]:
        """The entry and the judge."""
        return self.offered[self.cleaned_data["entry"]], self.judges[self.cleaned_data["judge"]]
