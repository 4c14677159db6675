"""Forms of the plan of a defence; times are meant in the season's zone."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from judging.models import DefenceRules, DefenceSlot, Judge, Round


def date_field(label: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


def time_field(label: Any) -> forms.TimeField:
    """A time of the day."""
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


class SeasonForm(forms.Form):
    """The base: joins a day and a time to a moment in the season's zone."""

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(*args, **kwargs)
        self.round = round

    def moment(self, day: date, clock: time) -> datetime:
        """A moment from what was typed."""
        return datetime.combine(day, clock, tzinfo=self.round.season.zone)


class SlotTimeForm(SeasonForm):
    """When and where an entry presents."""

    entry = forms.IntegerField()
    version = forms.IntegerField(min_value=0)
    day = date_field(_("Day"))
    starts = time_field(_("Starts"))
    minutes = forms.IntegerField(label=_("Length, minutes"), min_value=1, max_value=600)
    place = forms.CharField(label=_("Room"), max_length=200, required=False)
    video_link = forms.URLField(
        label=_("Video link"), required=False, max_length=200, assume_scheme="https"
    )

    @property
    def starts_at(self) -> datetime:
        return self.moment(self.cleaned_data["day"], self.cleaned_data["starts"])


def slot_values(round_: Round, entry: int, slot: DefenceSlot | None, day: date) -> dict[str, Any]:
    """What the fields of one entry hold: what is planned, or what the rules of the round suggest."""
    if slot is None:
        rules = getattr(round_, "defence_rules", None) or DefenceRules()
        return {
            "entry": entry,
            "version": 0,
            "day": f"{day:%Y-%m-%d}",
            "starts": "",
            "minutes": rules.minutes,
            "place": next(iter(rules.room_names), ""),
            "video_link": "",
        }
    starts_at = slot.starts_at.astimezone(round_.season.zone)
    return {
        "entry": entry,
        "version": slot.version,
        "day": f"{starts_at:%Y-%m-%d}",
        "starts": f"{starts_at:%H:%M}",
        "minutes": slot.minutes,
        "place": slot.place,
        "video_link": slot.video_link,
    }


class GenerateForm(SeasonForm):
    """Times for all entries that have none."""

    day = date_field(_("Day"))
    starts = time_field(pgettext_lazy("start of a time", "From"))
    until = time_field(pgettext_lazy("end of a time", "Until"))
    minutes = forms.IntegerField(label=_("Minutes each"), min_value=1, max_value=600)
    pause = forms.IntegerField(label=_("Pause between, minutes"), min_value=0, max_value=600)
    rooms = forms.CharField(
        label=_("Rooms"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One a line; in each of them somebody may present at the same time."),
    )

    @classmethod
    def of(cls, round_: Round, day: date) -> "GenerateForm":
        """What the rules of the round suggest."""
        rules = getattr(round_, "defence_rules", None) or DefenceRules()
        initial = {
            "day": day,
            "starts": time(10),
            "until": time(18),
            "minutes": rules.minutes,
            "pause": rules.pause_minutes,
            "rooms": rules.rooms,
        }
        return cls(round=round_, initial=initial, auto_id="generate-%s")

    @property
    def starts_at(self) -> datetime:
        return self.moment(self.cleaned_data["day"], self.cleaned_data["starts"])

    @property
    def ends_at(self) -> datetime:
        return self.moment(self.cleaned_data["day"], self.cleaned_data["until"])

    @property
    def room_names(self) -> tuple[str, ...]:
        return tuple(DefenceRules(rooms=self.cleaned_data["rooms"]).room_names) or ("",)


class AbsenceForm(SeasonForm):
    """When a judge is away."""

    judge = forms.ModelChoiceField(
        label=_("Judge"), queryset=Judge.objects.none(), empty_label=_("Choose…")
    )
    day = date_field(_("Day"))
    starts = time_field(pgettext_lazy("start of a time", "From"))
    until_day = date_field(_("Until, day"))
    until = time_field(pgettext_lazy("end of a time", "Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "absence-%s", **kwargs})
        seats = Judge.objects.active().filter(jury__rounds=self.round).select_related("user")
        self.fields["judge"].queryset = seats.order_by("user__full_name")  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        return self.moment(self.cleaned_data["day"], self.cleaned_data["starts"])

    @property
    def ends_at(self) -> datetime:
        return self.moment(self.cleaned_data["until_day"], self.cleaned_data["until"])
