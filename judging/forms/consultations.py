"""The form of a consultation, with the addresses of people to invite."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from common.errors import DomainError
from judging.models import Consultation, InviteeRole
from judging.services.consultations import check_consultable

MOST_AT_ONCE = 500


class ConsultationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Dates, text, and whom to ask."""

    emails = forms.CharField(
        label=_("Invite by e-mail"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One address a line. Each person gets a mail when the consultation opens."),
    )
    role = forms.ChoiceField(
        label=_("Invite as"),
        choices=InviteeRole.choices,
        initial=InviteeRole.EXPERT,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Consultation
        fields = ["rubric", "text", "opens_at", "closes_at", "shares_comments", "answer"]

    def clean_emails(self) -> list[str]:
        """Addresses, each a real one."""
        emails = [one for one in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if one]
        if len(emails) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(most)d addresses at once.") % {"most": MOST_AT_ONCE})
        for email in emails:
            try:
                validate_email(email)
            except ValidationError as error:
                message = _("“%(value)s” is not an e-mail address.") % {"value": email[:100]}
                raise ValidationError(message) from error
        if emails and self.instance.pk and timezone.now() >= self.instance.closes_at:
            raise ValidationError(_("The consultation is closed."))
        return emails

    def clean_rubric(self) -> Any:
        """A draft that can be asked about."""
        rubric = self.cleaned_data["rubric"]
        try:
            check_consultable(rubric)
        except DomainError as error:
            raise ValidationError(str(error)) from error
        return rubric

    def clean_answer(self) -> Any:
        """Only when the comments are in."""
        answer = self.cleaned_data["answer"]
        if "answer" in self.changed_data and timezone.now() < self.instance.closes_at:
            raise ValidationError(_("Answer when the consultation is closed."))
        if self.instance.answered_at and not any((answer or {}).values()):
            raise ValidationError(_("Write the answer."))
        return answer
