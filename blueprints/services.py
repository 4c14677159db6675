"""Storing a season file: all of it or nothing, and again without harm.

Rows are known by their short names. What people have begun to use is locked: a rubric with marks,
the agreement judges accepted, prompts with answers, numbers given out. A file that would change
something locked is refused like any faulty file; what it merely no longer mentions is kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from blueprints.faults import FaultyFileError
from blueprints.ledger import Change, Ledger
from blueprints.locks import check_locks
from blueprints.reading import read_blueprint
from blueprints.rubric_rows import store_rubric
from blueprints.samples import store_samples
from blueprints.schema import (
    RULES_SAID,
    WAY_FIELDS,
    Blueprint,
    Interests,
    Nomination,
    Outcome,
    Prompt,
)
from blueprints.visits import store_visits
from judging import models as judging
from nominations import models as nominations
from results.models import CHOICES, Disclosure, OutcomeRule, ResultPart, Scale
from seasons.models import Organiser, Programme, Season, Stage

OUT_OF_THE_WAY = 10_000


@dataclass(frozen=True)
class Loaded:
    """What became of a season file; `kept` stays in use though the file no longer names it."""

    season: Season
    changes: list[Change]
    kept: list[Change]


def check_season_file(content: bytes) -> Blueprint:
    """Check a file, also against what is stored, and store nothing; raise FaultyFileError."""
    read = read_blueprint(content)
    check_locks(read.blueprint, read.faults)
    if read.faults.found:
        raise FaultyFileError(read.faults.found)
    return read.blueprint


@transaction.atomic
def load_season(
    content: bytes, *, by: User | None = None, organisers: Iterable[User] = ()
) -> Loaded:
    """Store a season file; loading it again changes nothing."""
    blueprint = check_season_file(content)
    ledger = Ledger()
    season = store_season(blueprint, ledger)
    store_stages(blueprint, season, ledger)
    store_juries(blueprint, season, ledger)
    rubrics = {
        rubric.slug: store_rubric(rubric, season, ledger)
        for rubric in sorted(blueprint.rubrics, key=lambda rubric: rubric.version or 0)
    }
    store_catalogue(blueprint, season, ledger)
    store_rounds(blueprint, season, rubrics, ledger)
    store_outcomes(blueprint, season, ledger)
    store_prerequisites(blueprint, season, ledger)
    sweep_away(blueprint, season, ledger)
    for user in organisers:
        ledger.put(Organiser, {"programme": season.programme, "user": user}, {}, name=user.email)
        # Organisers work in the back office, which asks for this flag.
        ledger.put(User, {"pk": user.pk}, {"is_staff": True}, name=user.email)
    if ledger.changes:
        record(
            "season.loaded",
            by=by,
            about=season,
            season=season.slug,
            data={
                "sha256": hashlib.sha256(content).hexdigest(),
                "changes": [change.as_data() for change in ledger.changes],
            },
        )
    return Loaded(season, ledger.changes, ledger.kept)


def store_season(blueprint: Blueprint, ledger: Ledger) -> Season:
    """The programme and the season row."""
    programme, season = blueprint.programme, blueprint.season
    assert programme is not None  # noqa: S101 - a checked file has both
    assert season is not None  # noqa: S101
    brand = ledger.put(
        Programme,
        {"slug": programme.slug},
        {"name": programme.name, "summary": programme.summary},
        name=programme.slug,
    )
    values = {
        name: getattr(season, name)
        for name in [
            "name",
            "language",
            "time_zone",
            "code",
            "summary",
            "about",
            "rules",
            "accent",
            "logo",
            "contact_email",
            "channels",
            "draft_rule",
            "max_entries_per_applicant",
        ]
    }
    row = ledger.put(
        Season, {"slug": season.slug}, {"programme": brand, **values}, name=season.slug
    )
    if season.moderate_comments is not None:
        said = {"moderate_comments": season.moderate_comments}
        ledger.put(Season, {"slug": season.slug}, said, name=season.slug)
    if season.discloses:
        chosen = {name: name in season.discloses for name in CHOICES}
        ledger.put(Disclosure, {"season": row}, chosen, name=season.slug)
    return row


def store_stages(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """The dated steps; local times become instants."""
    zone = season.zone
    for stage in blueprint.stages:
        assert stage.opens is not None  # noqa: S101
        assert stage.closes is not None  # noqa: S101
        ledger.put(
            Stage,
            {"season": season, "slug": stage.slug},
            {
                "kind": stage.kind,
                "name": stage.name,
                "who": stage.who,
                "opens_at": stage.opens.replace(tzinfo=zone),
                "closes_at": stage.closes.replace(tzinfo=zone),
            },
            name=stage.slug,
        )


def store_juries(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """The panels, and what their members accept."""
    for jury in blueprint.juries:
        ledger.put(
            judging.Jury,
            {"season": season, "slug": jury.slug},
            {
                "kind": jury.kind,
                "name": jury.name,
                "admission": jury.admission,
                "handout": jury.handout,
                "daily_limit": jury.daily_limit,
                "about": jury.about,
            },
            name=jury.slug,
        )
    if blueprint.interests is not None:
        store_interests(blueprint.interests, season, ledger)
    if blueprint.agreement is not None:
        ledger.put(
            judging.Agreement,
            {"season": season, "version": blueprint.agreement.version},
            {"text": blueprint.agreement.text},
            name=blueprint.agreement.version,
        )


def store_interests(part: Interests, season: Season, ledger: Ledger) -> None:
    """What interests do in the season; a file that does not speak of them leaves them alone."""
    until = part.objections_until
    ledger.put(
        judging.ConflictRules,
        {"season": season},
        {
            "email_domain": part.email_domain,
            "employer": part.employer,
            "past_employer": part.past_employer,
            "competitor": part.competitor,
            "objections": bool(part.objections),
            "objections_until": until and until.replace(tzinfo=season.zone),
        },
        name=season.slug,
    )


def store_rounds(
    blueprint: Blueprint, season: Season, rubrics: dict[str, judging.Rubric], ledger: Ledger
) -> None:
    """The passes of judging."""
    stages = {stage.slug: stage for stage in season.stages.all()}
    juries = {jury.slug: jury for jury in season.juries.all()}
    by_number = {row.number: row for row in season.nominations.all()}
    for part in blueprint.rounds:
        row = ledger.put(
            judging.Round,
            {"season": season, "slug": part.slug},
            {
                "name": part.name,
                "stage": stages[part.stage],
                "rubric": rubrics[part.rubric],
                "entrants": part.entrants,
                "weight": part.weight,
                "quorum": part.quorum,
                "shows": part.shows,
                "see_others": part.see_others,
                "others_named": part.others_named,
                "discussion_until": part.discussion_until
                and part.discussion_until.replace(tzinfo=season.zone),
                "question": part.question,
                "calibration": part.calibration,
                **{name: getattr(part, name) for name in WAY_FIELDS},
            },
            name=part.slug,
        )
        ledger.tie(row, "juries", [juries[slug] for slug in part.juries], name=part.slug)
        for panel in part.panels:
            ledger.put(
                judging.PanelWeight,
                {"round": row, "jury": juries[panel.jury]},
                {"weight": panel.weight},
                name=f"{part.slug} {panel.jury}",
            )
        judged = [by_number[number] for number in part.nominations]
        ledger.tie(row, "nominations", judged, name=part.slug)
        store_samples(part.samples, row, ledger)
        if part.visits is not None:
            store_visits(part.visits, row, ledger)
        if part.defence is not None:
            ledger.put(
                judging.DefenceRules,
                {"round": row},
                {
                    "presentation_minutes": part.defence.presentation_minutes,
                    "question_minutes": part.defence.question_minutes,
                    "pause_minutes": part.defence.pause_minutes,
                    "from_start": part.defence.from_start,
                    "rooms": "\n".join(part.defence.rooms),
                },
                name=part.slug,
            )


def store_outcomes(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """What is announced, and from which rounds."""
    stages = {stage.slug: stage for stage in season.stages.all()}
    rounds = {part.slug: part for part in season.rounds.all()}
    for outcome in blueprint.outcomes:
        row = ledger.put(
            OutcomeRule,
            {"season": season, "kind": outcome.kind},
            {
                "stage": stages[outcome.stage],
                "quota": outcome.quota,
                "least_score": outcome.least_score,
                "diploma": outcome.diploma,
                "appeal_days": outcome.appeal_days,
            },
            name=outcome.kind,
        )
        ledger.tie(row, "rounds", [rounds[slug] for slug in outcome.rounds], name=outcome.kind)
        store_result_parts(outcome, row, rounds, season, ledger)


def store_result_parts(
    outcome: Outcome,
    rule: OutcomeRule,
    rounds: dict[str, judging.Round],
    season: Season,
    ledger: Ledger,
) -> None:
    """The tree of a result, and how places come about where the file says so."""
    juries = {jury.slug: jury for jury in season.juries.all()}
    said = {name: getattr(outcome, name) for name in RULES_SAID if getattr(outcome, name)}
    if outcome.priority:
        said["priority"] = priority_of(outcome, rounds)
    if said:
        ledger.put(OutcomeRule, {"season": season, "kind": outcome.kind}, said, name=outcome.kind)
    for part in outcome.parts:
        ledger.put(
            ResultPart,
            {"rule": rule, "slug": part.slug},
            {
                "under": part.under,
                "name": part.name,
                "weight": part.weight,
                "round": rounds[part.round] if part.round else None,
                "jury": juries[part.jury] if part.jury else None,
                "scale": part.scale or Scale.POINTS,
                "method": part.method,
                "quorum": part.quorum,
                "decimals": part.decimals,
            },
            name=f"{outcome.kind} {part.slug}",
        )


def priority_of(outcome: Outcome, rounds: dict[str, judging.Round]) -> judging.Criterion:
    """The criterion that parts equal scores: that of the first round which has it."""
    found = (
        judging.Criterion.objects.filter(
            dimension__rubric=rounds[slug].rubric_id, slug=outcome.priority
        ).first()
        for slug in outcome.rounds
    )
    return next(one for one in found if one is not None)


def store_catalogue(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """Categories and nominations with their prompts; hints last, when every nomination is there."""
    make_way(blueprint, season)
    rows: dict[int | None, nominations.Nomination] = {}
    for category in blueprint.categories:
        group = ledger.put(
            nominations.Category,
            {"season": season, "slug": category.slug},
            {
                "number": category.number,
                "name": category.name,
                "description": category.description,
            },
            name=category.slug,
        )
        for nomination in category.nominations:
            row = ledger.put(
                nominations.Nomination,
                {"season": season, "slug": nomination.slug},
                {
                    "category": group,
                    "number": nomination.number,
                    "name": nomination.name,
                    "summary": nomination.summary,
                    "kinds": nomination.kinds,
                    "requires_roles": nomination.requires_roles,
                    "max_per_applicant": nomination.max_per_applicant,
                    "max_entries": nomination.max_entries,
                    "essay_upload": nomination.essay_upload,
                },
                name=nomination.slug,
            )
            rows[nomination.number] = row
            store_prompts(nomination, row, ledger)
            store_check_list(nomination, row, ledger)
    for part in blueprint.nominations():
        row = rows[part.number]
        for hint in part.hints:
            ledger.put(
                nominations.Hint,
                {"nomination": row, "better": rows[hint.nomination]},
                {"text": hint.text},
                name=f"{part.slug} → {hint.nomination}",
            )
        ledger.remove(
            row.hints.exclude(better__number__in=[hint.nomination for hint in part.hints])
        )


def make_way(blueprint: Blueprint, season: Season) -> None:
    """Move rows whose numbers are exchanged aside, so that no number stands twice on the way."""
    wanted = {part.slug: part.number for part in blueprint.nominations()}
    for row in season.nominations.all():
        if wanted.get(row.slug, row.number) != row.number:
            season.nominations.filter(pk=row.pk).update(number=F("number") + OUT_OF_THE_WAY)
    groups = {part.slug: part.number for part in blueprint.categories}
    for group in season.categories.all():
        if groups.get(group.slug, group.number) != group.number:
            season.categories.filter(pk=group.pk).update(number=F("number") + OUT_OF_THE_WAY)


def store_prompts(part: Nomination, row: nominations.Nomination, ledger: Ledger) -> None:
    """The questions, in the order of the file."""
    stored: dict[str, nominations.Prompt] = {}
    for position, prompt in enumerate(part.prompts, start=1):
        condition = prompt.shown_if
        name = f"{part.slug} {prompt.slug}"
        stored[prompt.slug] = ledger.put(
            nominations.Prompt,
            {"nomination": row, "slug": prompt.slug},
            {
                "position": position,
                "kind": prompt.kind,
                "label": prompt.label,
                "help": prompt.help,
                "required": prompt.required,
                "jury_sees": prompt.jury_sees,
                "min_words": prompt.min_words,
                "max_words": prompt.max_words,
                "unit": prompt.unit,
                "decimals": prompt.decimals,
                "minimum": prompt.minimum,
                "maximum": prompt.maximum,
                "minimum_message": prompt.minimum_message,
                "shown_if": stored[condition.prompt] if condition else None,
                "shown_value": condition.value if condition else "",
            },
            name=name,
        )
        store_options(prompt, stored[prompt.slug], name, ledger)
    gone = row.prompts.exclude(slug__in=list(stored))
    ledger.remove(gone.filter(answers=None, files=None))
    ledger.keep(gone.exclude(answers=None, files=None), _("has answers"))


def store_options(part: Prompt, row: nominations.Prompt, name: str, ledger: Ledger) -> None:
    """The choices of a prompt, or the columns of its table."""
    options = [*part.options, *part.columns]
    for position, option in enumerate(options, start=1):
        ledger.put(
            nominations.Option,
            {"prompt": row, "slug": option.slug},
            {"position": position, "label": option.label},
            name=f"{name} {option.slug}",
        )
    ledger.remove(row.options.exclude(slug__in=[option.slug for option in options]))


def store_check_list(part: Nomination, row: nominations.Nomination, ledger: Ledger) -> None:
    """What the vetting team checks, in the order of the file."""
    for position, line in enumerate(part.check_list, start=1):
        ledger.put(
            nominations.CheckItem,
            {"nomination": row, "slug": line.slug},
            {"position": position, "aspect": line.aspect, "text": line.text},
            name=f"{part.slug} {line.slug}",
        )
    gone = row.check_items.exclude(slug__in=[line.slug for line in part.check_list])
    ledger.remove(gone.filter(checks=None))
    ledger.keep(gone.exclude(checks=None), _("has been checked"))


def store_prerequisites(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """The documents applicants must hold, each for some nominations or for all."""
    rows = {row.number: row for row in season.nominations.all()}
    for position, part in enumerate(blueprint.prerequisites, start=1):
        row = ledger.put(
            nominations.Prerequisite,
            {"season": season, "slug": part.slug},
            {
                "position": position,
                "name": part.name,
                "help": part.help,
                "missing": part.missing,
                "needs_proof": part.needs_proof,
            },
            name=part.slug,
        )
        ledger.tie(
            row, "nominations", [rows[number] for number in part.nominations], name=part.slug
        )
    gone = season.prerequisites.exclude(slug__in=[part.slug for part in blueprint.prerequisites])
    ledger.remove(gone.filter(credentials=None))
    ledger.keep(gone.exclude(credentials=None), _("has documents"))


def sweep_away(blueprint: Blueprint, season: Season, ledger: Ledger) -> None:
    """Remove what the file no longer names and nobody uses; keep the rest, and say so."""
    gone = season.nominations.exclude(slug__in=[part.slug for part in blueprint.nominations()])
    ledger.keep(gone.exclude(entries=None), _("has entries"))
    ledger.remove(gone.filter(entries=None))
    groups = season.categories.exclude(slug__in=[part.slug for part in blueprint.categories])
    ledger.remove(groups.filter(nominations=None))
    rules = season.outcome_rules.exclude(kind__in=[part.kind for part in blueprint.outcomes])
    ledger.keep(rules.exclude(standings=None), _("has standings"))
    ledger.remove(rules.filter(standings=None, releases=None))
    rounds = season.rounds.exclude(slug__in=[part.slug for part in blueprint.rounds])
    ledger.keep(rounds.exclude(assignments=None), _("has assignments"))
    ledger.remove(rounds.filter(assignments=None, outcome_rules=None))
    kept = [(part.slug, part.version) for part in blueprint.rubrics]
    for rubric in season.rubrics.filter(rounds=None):
        marked = judging.Mark.objects.filter(criterion__dimension__rubric=rubric).exists()
        if (rubric.slug, rubric.version) not in kept and not marked:
            ledger.remove(season.rubrics.filter(pk=rubric.pk))
    juries = season.juries.exclude(slug__in=[part.slug for part in blueprint.juries])
    ledger.keep(juries.exclude(judges=None), _("has judges"))
    ledger.remove(juries.filter(judges=None))
    stages = season.stages.exclude(slug__in=[part.slug for part in blueprint.stages])
    ledger.remove(stages.filter(rounds=None, outcome_rules=None, extensions=None, feedback=None))
