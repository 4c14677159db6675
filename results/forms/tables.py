"""A table of marks to be ranked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from results.models import Method

MOST_BYTES = 20 * 1024 * 1024
# More single marks than this would keep the reader, and everybody else, waiting.
MOST_RASCH = 50_000


class TableForm(forms.Form):
    """The table and how to rank it; nothing is kept."""

    file = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_(
            "Columns: entry, judge, criterion, mark and, if there are several, nomination. Who "
            "abstained has no row. The file is read and forgotten."
        ),
    )
    method = forms.ChoiceField(
        label=_("Method"), choices=[one for one in Method.choices if one[0] != Method.BAYES]
    )
    top = forms.IntegerField(
        label=_("Places per nomination"), min_value=1, max_value=999, initial=10
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        try:
            self.decoded: str = file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise forms.ValidationError(
                _("Line %(n)d: this is not UTF-8 text.") % {"n": line}
            ) from error
        return file

    def text(self) -> str:
        """The table as it was sent."""
        return self.decoded
