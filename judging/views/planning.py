"""The plan of a round's defences: days, rooms and times, for organisers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.http import UserRequest
from common.moments import day as in_words
from common.moments import written, zone_label
from common.policy import SIGNED_IN, policy
from judging.forms.planning import AbsenceForm, GenerateForm, SlotTimeForm, slot_values
from judging.models import DefencePhase, DefenceRules, DefenceSlot, Entrants, JudgeAbsence, Round
from judging.permissions import can_organise
from judging.planning import Clash, clashes_of, hearing_of, hidden_from, planned
from judging.services.defence import SlotConflict, plan_defence, take_off_plan
from judging.services.planning import Wanted, add_absence, generate_slots, remove_absence
from judging.timetable import Block, day_of, table_of
from nominations.content import as_submitted
from nominations.models import Entry

MOST_WAITING = 20
MOST_CLASHES = 40


@dataclass
class Line:
    """One entry with the fields of its time."""

    entry: Entry
    values: dict[str, Any]
    slot: DefenceSlot | None = None
    clashes: list[Clash] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def fixed(self) -> bool:
        """Whether the defence has begun."""
        return self.slot is not None and self.slot.phase != DefencePhase.WAITING


@dataclass
class Refused:
    """What was sent and could not be done."""

    act: str
    errors: list[str]
    form: Any = None
    entry: int = 0
    typed: dict[str, Any] = field(default_factory=dict)


def planned_round_or_404(request: UserRequest, pk: int) -> Round:
    """A round with a defence that the person organises."""
    rounds = Round.objects.filter(entrants=Entrants.FINALISTS)
    round_ = get_object_or_404(
        rounds.select_related("season", "stage", "defence_rules").prefetch_related(
            "stage__extensions"
        ),
        pk=pk,
    )
    if not can_organise(request.user, round_.season):
        raise Http404
    return round_


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: UserRequest, pk: int) -> HttpResponse:
    """A day of the plan; every change is one of its forms."""
    round_ = planned_round_or_404(request, pk)
    if request.method != "POST":
        return plan_page(request, round_)
    acts = {"slot": move, "off": take_off, "generate": generate, "away": away, "back": back}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return plan_page(request, round_, Refused("", [_("Nothing was changed.")]))
    done = act(request, round_)
    if isinstance(done, Refused):
        return plan_page(request, round_, done)
    return done


def to_day(round_: Round, day: date, anchor: str = "") -> HttpResponse:
    """Back to the plan, at a place of it."""
    return redirect(f"{reverse('judging:plan', args=[round_.pk])}?day={day:%Y-%m-%d}{anchor}")


def faults_of(form: Any) -> list[str]:
    """What a form says, one sentence a field."""
    return [
        error if name == "__all__" else f"{form.fields[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def move(request: UserRequest, round_: Round) -> HttpResponse | Refused:
    """Give an entry a time, or another one."""
    form = SlotTimeForm(request.POST, round=round_)
    entry = entry_of(request)
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in form.fields}
    if not form.is_valid():
        return Refused("slot", faults_of(form), entry=entry.pk, typed=typed)
    data = form.cleaned_data
    try:
        plan_defence(
            round_,
            entry,
            by=request.user,
            starts_at=form.starts_at,
            minutes=data["minutes"],
            place=data["place"],
            video_link=data["video_link"],
            version=data["version"],
        )
    except SlotConflict as error:
        # What stands there now is shown; nobody saves over it without having seen it.
        words = [str(error)]
        if error.stored is not None:
            typed["version"] = error.stored.version
        return Refused("slot", words, entry=entry.pk, typed=typed)
    except DomainError as error:
        return Refused("slot", [str(error)], entry=entry.pk, typed=typed)
    messages.success(request, _("Entry %(number)s: the time is saved.") % {"number": entry.number})
    # Whoever dragged stays at the table.
    anchor = "" if request.POST.get("from") == "table" else f"#slot-{entry.pk}"
    return to_day(round_, data["day"], anchor)


def entry_of(request: UserRequest) -> Entry:
    """The entry a form of the plan is about, if the organiser may know it."""
    sent = request.POST.get("entry", "")
    pk = int(sent) if sent.isdecimal() and len(sent) < 18 else 0
    return get_object_or_404(Entry.objects.organised_by(request.user), pk=pk)


def take_off(request: UserRequest, round_: Round) -> HttpResponse | Refused:
    """Leave an entry without a time."""
    entry = entry_of(request)
    version = request.POST.get("version", "")
    try:
        take_off_plan(
            round_, entry, by=request.user, version=int(version) if version.isdecimal() else 0
        )
    except DomainError as error:
        return Refused("off", [str(error)])
    messages.success(request, _("Entry %(number)s is off the plan.") % {"number": entry.number})
    return redirect(f"{request.get_full_path()}#waiting")


def generate(request: UserRequest, round_: Round) -> HttpResponse | Refused:
    """Times for everybody who has none."""
    form = GenerateForm(request.POST, round=round_, auto_id="generate-%s")
    if not form.is_valid():
        return Refused("generate", [], form=form)
    data = form.cleaned_data
    wanted = Wanted(form.starts_at, form.ends_at, data["minutes"], data["pause"], form.room_names)
    try:
        done = generate_slots(round_, wanted, by=request.user)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return Refused("generate", [], form=form)
    messages.success(
        request,
        ngettext("%(n)d entry got a time.", "%(n)d entries got a time.", done.planned)
        % {"n": done.planned},
    )
    if done.left:
        messages.warning(
            request,
            ngettext(
                "For %(n)d entry no time was left on this day.",
                "For %(n)d entries no time was left on this day.",
                done.left,
            )
            % {"n": done.left},
        )
    return to_day(round_, data["day"])


def away(request: UserRequest, round_: Round) -> HttpResponse | Refused:
    """A judge cannot be there."""
    form = AbsenceForm(request.POST, round=round_)
    if form.is_valid():
        judge = form.cleaned_data["judge"]
        try:
            add_absence(judge, by=request.user, starts_at=form.starts_at, ends_at=form.ends_at)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return to_day(round_, form.cleaned_data["day"], "#absences")
    return Refused("away", [], form=form)


def back(request: UserRequest, round_: Round) -> HttpResponse:
    """The judge is there after all."""
    sent = request.POST.get("absence", "")
    rows = JudgeAbsence.objects.filter(judge__jury__season=round_.season_id)
    absence = get_object_or_404(rows, pk=int(sent) if sent.isdecimal() and len(sent) < 18 else 0)
    remove_absence(absence, by=request.user)
    return to_day(round_, day_of(absence.starts_at, round_.season.zone), "#absences")


def shown_day(request: UserRequest, round_: Round, slots: list[DefenceSlot]) -> date:
    """The day asked for, else the first with something to come, else the first one of the stage."""
    try:
        asked = parse_date(request.POST.get("day") or request.GET.get("day") or "")
    except ValueError:
        asked = None
    if asked is not None and date.min + timedelta(7) < asked < date.max - timedelta(7):
        return asked
    zone, now = round_.season.zone, timezone.now()
    mine = [one for one in slots if one.round_id == round_.pk]
    to_come = [one for one in mine if one.ends_at > now] or mine[-1:]
    if to_come:
        return day_of(to_come[0].starts_at, zone)
    last = round_.stage.closes_for() - timedelta(seconds=1)
    return day_of(min(max(round_.stage.opens_at, now), last), zone)


def words_of(day: date) -> str:
    """A day in the reader's language."""
    return in_words(datetime.combine(day, time()))


def plan_page(request: UserRequest, round_: Round, refused: Refused | None = None) -> HttpResponse:
    """The page; after a refusal everything typed stands where it was."""
    season, zone = round_.season, round_.season.zone
    slots = planned(season)
    hidden = hidden_from(request.user, slots)
    hearing = hearing_of(season)
    clashes = clashes_of(slots, hearing, hidden, round_.pk)
    by_slot: dict[int, list[Clash]] = defaultdict(list)
    for one in clashes:
        by_slot[one.slot.pk].append(one)
    day = shown_day(request, round_, slots)
    today = [one for one in slots if day_of(one.starts_at, zone) == day]
    rules = getattr(round_, "defence_rules", None) or DefenceRules()
    blocks = [
        Block(one, one.entry_id in hidden, one.round_id != round_.pk, by_slot[one.pk])
        for one in today
    ]
    waiting = list(
        Entry.objects.organised_by(request.user)
        .filter(pk__in=round_.entries().values("pk"))
        .exclude(pk__in=[one.entry_id for one in slots if one.round_id == round_.pk])
        .select_related("organisation", "nomination")
        .order_by("nomination__number", "number")
    )
    as_submitted(waiting[:MOST_WAITING])
    lines = [
        Line(one.entry, slot_values(round_, one.entry_id, one, day), one, by_slot[one.pk])
        for one in today
        if one.round_id == round_.pk and one.entry_id not in hidden
    ]
    lines_waiting = [
        Line(one, slot_values(round_, one.pk, None, day)) for one in waiting[:MOST_WAITING]
    ]
    if refused is not None and refused.act == "slot":
        line = refused_line(refused, round_, [*lines, *lines_waiting], slots)
        line.values, line.errors = refused.typed, refused.errors
        if line not in lines and line not in lines_waiting:
            lines.append(line)
    days = sorted(
        {day_of(one.starts_at, zone) for one in slots if one.round_id == round_.pk} | {day}
    )
    absences = JudgeAbsence.objects.filter(judge__jury__rounds=round_, judge__removed_at=None)
    forms = {
        "generate": GenerateForm.of(round_, day),
        "away": AbsenceForm(round=round_, initial={"day": day, "until_day": day}),
    }
    if refused is not None and refused.act in forms:
        forms[refused.act] = refused.form
    table = table_of(day, zone, rules.room_names, blocks)
    context = {
        "season": season,
        "round": round_,
        "zone": zone_label(round_.stage.opens_at, zone),
        "day": day,
        "day_words": words_of(day),
        "days": [(one, words_of(one)) for one in days],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "table": table,
        "lines": lines,
        "waiting": lines_waiting,
        "waiting_count": len(waiting),
        "rooms": list(dict.fromkeys([*rules.room_names, *filter(None, table.columns)])),
        "clashes": clashes[:MOST_CLASHES],
        "more_clashes": max(len(clashes) - MOST_CLASHES, 0),
        "absences": [
            (one, written(one.starts_at, zone), written(one.ends_at, zone))
            for one in absences.select_related("judge__user")[:100]
        ],
        "generate": forms["generate"],
        "away": forms["away"],
        "refused": refused,
    }
    with timezone.override(zone):
        return render(request, "judging/plan.html", context, status=422 if refused else 200)


def refused_line(
    refused: Refused, round_: Round, shown: list[Line], slots: list[DefenceSlot]
) -> Line:
    """The entry whose time was refused; it may stand on another day."""
    found = next((one for one in shown if one.entry.pk == refused.entry), None)
    if found is not None:
        return found
    of_entry = (one for one in slots if one.entry_id == refused.entry)
    slot = next((one for one in of_entry if one.round_id == round_.pk), None)
    return Line(slot.entry if slot else Entry.objects.get(pk=refused.entry), {}, slot)
