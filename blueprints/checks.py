"""What the keys of a season file must mean together: references, ranges, clocks, languages.

Values that could not be read are blank here; every check leaves blanks alone, since their own
fault is noted already.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf.locale import LANG_INFO
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from blueprints.faults import Faults
from blueprints.kinds import Part
from blueprints.prompts import check_prompts
from blueprints.rubrics import check_in_force, check_rubric
from blueprints.samples import check_references
from blueprints.schema import Blueprint, Nomination, Outcome, Round, Stage
from judging.models import Calibration, Entrants, JuryKind, Shows, Way
from results.models import PUBLIC_METHODS, OutcomeKind, Scale, against_standardised
from seasons.models import StageKind

STAGE_OF_OUTCOME = {
    OutcomeKind.FINALIST: StageKind.FINALISTS,
    OutcomeKind.LAUREATE: StageKind.CEREMONY,
}


def check(blueprint: Blueprint, faults: Faults) -> None:
    """Note every fault of meaning."""
    check_season(blueprint, faults)
    check_languages(blueprint, faults)
    check_stages(blueprint, faults)
    check_rubrics(blueprint, faults)
    check_rounds(blueprint, faults)
    check_outcomes(blueprint, faults)
    check_categories(blueprint, faults)


def once(parts: Iterable[Part], key: str, faults: Faults, message: str = "") -> None:
    """Refuse a value that an earlier part has already."""
    first: dict[Any, Part] = {}
    for part in parts:
        value = getattr(part, key)
        if value in {None, ""}:
            continue
        if value in first:
            line = faults.nearest(f"{first[value].path}.{key}").line
            words = message or _("“%(value)s” is used already, on line %(line)s.")
            faults.add(f"{part.path}.{key}", words % {"value": value, "line": line})
        else:
            first[value] = part


def each_once(values: list[Any], path: str, faults: Faults) -> None:
    """Refuse a plain list that names something twice."""
    if len(set(values)) != len(values):
        faults.add(path, _("Something is named twice in this list."))


def known(value: Any, among: Iterable[Any], path: str, faults: Faults) -> bool:
    """Refuse a reference to what the file does not have."""
    if value in {None, ""} or value in set(among):
        return True
    faults.add(path, _("The file has no “%(value)s” of this sort.") % {"value": value})
    return False


def check_season(blueprint: Blueprint, faults: Faults) -> None:
    season = blueprint.season
    if season is None:
        return
    each_once(season.languages, "season.languages", faults)
    for index, language in enumerate(season.languages):
        if language and language not in LANG_INFO:
            message = _("“%(value)s” is not a known language.") % {"value": language}
            faults.add(f"season.languages[{index}]", message)
    if season.languages and season.language and season.language not in season.languages:
        faults.add("season.language", _("The main language is one of the season's languages."))
    each_once(season.channels, "season.channels", faults)
    if season.time_zone and season.time_zone not in available_timezones():
        message = _("%(zone)s is not a known time zone.") % {"zone": season.time_zone}
        faults.add("season.time_zone", message)
    if season.logo and finders.find(f"seasons/logos/{season.logo}") is None:
        message = _("There is no picture %(name)s in seasons/static/seasons/logos/.")
        faults.add("season.logo", message % {"name": season.logo})
    if season.contact_email:
        try:
            validate_email(season.contact_email)
        except ValidationError:
            faults.add("season.contact_email", _("This is not an e-mail address."))


def check_languages(blueprint: Blueprint, faults: Faults) -> None:
    """Every text has a value for each language of the season, and for no other."""
    languages = blueprint.season.languages if blueprint.season else []
    if not languages or faults.spoilt("season.languages"):
        return
    for path, written in faults.texts.items():
        for language in languages:
            if language not in written:
                message = _("The text in “%(language)s” is missing.") % {"language": language}
                faults.add(path, message)
        for language in sorted(written - set(languages)):
            message = _("“%(language)s” is not among the season's languages.")
            faults.add(f"{path}.{language}", message % {"language": language})


def clock_fault(moment: datetime, zone: ZoneInfo) -> str | None:
    """Say why a local time names no instant, or two: clocks are changed that night."""
    instants = {moment.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)}
    if len(instants) == 1:
        return None
    there = datetime.fromtimestamp(min(instants), zone).replace(tzinfo=None)
    if there == moment:
        return _("This time comes twice: the clocks are set back that night. Choose another.")
    return _("This time does not exist: the clocks are set forward then. Choose another.")


def check_stages(blueprint: Blueprint, faults: Faults) -> None:
    once(blueprint.stages, "slug", faults)
    for stage in blueprint.stages:
        if stage.opens and stage.closes and stage.closes <= stage.opens:
            faults.add(f"{stage.path}.closes", _("A stage closes after it opens."))
    if blueprint.stages and not faults.spoilt("stages"):
        kinds = {stage.kind for stage in blueprint.stages}
        if StageKind.ENTRY not in kinds:
            faults.add("stages", _("A season needs a stage of kind “entry”."))
    if blueprint.season is None or blueprint.season.time_zone not in available_timezones():
        return
    zone = ZoneInfo(blueprint.season.time_zone)
    for stage in blueprint.stages:
        for key, moment in (("opens", stage.opens), ("closes", stage.closes)):
            fault = clock_fault(moment, zone) if moment else None
            if fault:
                faults.add(f"{stage.path}.{key}", fault)


def check_rubrics(blueprint: Blueprint, faults: Faults) -> None:
    once(blueprint.juries, "slug", faults)
    for jury in blueprint.juries:
        by_itself = (jury.admission, jury.handout) != ("invited", "assigned")
        if by_itself and jury.kind and jury.kind != JuryKind.PUBLIC:
            faults.add(
                f"{jury.path}.kind",
                _("Only a public jury takes registrations, or entries by itself."),
            )
    versions: set[tuple[str, int | None]] = set()
    for rubric in blueprint.rubrics:
        if rubric.slug and (rubric.slug, rubric.version) in versions:
            faults.add(f"{rubric.path}.version", _("The rubric has this version already."))
        versions.add((rubric.slug, rubric.version))
        once(rubric.criteria(), "slug", faults)
        splits = [one for group in rubric.dimensions for one in group.criteria if one.items]
        once(splits, "slug", faults)
        once(rubric.phases, "slug", faults)
        check_rubric(rubric, blueprint, faults)


def check_rounds(blueprint: Blueprint, faults: Faults) -> None:
    once(blueprint.rounds, "slug", faults)
    stages = {stage.slug: stage for stage in blueprint.stages}
    announced = {outcome.kind for outcome in blueprint.outcomes}
    for part in blueprint.rounds:
        if known(part.stage, stages, f"{part.path}.stage", faults) and part.stage:
            kind = stages[part.stage].kind
            if kind not in {StageKind.JUDGING, StageKind.DEFENCE, ""}:
                message = _("A round takes place in a stage of kind judging or defence.")
                faults.add(f"{part.path}.stage", message)
        rubrics = {rubric.slug for rubric in blueprint.rubrics}
        known(part.rubric, rubrics, f"{part.path}.rubric", faults)
        check_in_force(part, blueprint.newest_rubric(part.rubric), stages.get(part.stage), faults)
        each_once(part.juries, f"{part.path}.juries", faults)
        for index, jury in enumerate(part.juries):
            juries = {jury.slug for jury in blueprint.juries}
            known(jury, juries, f"{part.path}.juries[{index}]", faults)
        each_once(part.nominations, f"{part.path}.nominations", faults)
        numbers = {nomination.number for nomination in blueprint.nominations()}
        for index, number in enumerate(part.nominations):
            known(number, numbers, f"{part.path}.nominations[{index}]", faults)
        if part.budget and part.most_points and part.most_points > part.budget:
            message = _("One entry cannot get more points than there are to give.")
            faults.add(f"{part.path}.most_points", message)
        if part.entrants == Entrants.FINALISTS and OutcomeKind.FINALIST not in announced:
            faults.add(f"{part.path}.entrants", _("The file has no outcome “finalist”."))
        check_visits(part, faults)
        check_defence(part, faults)
        check_samples(part, blueprint, faults)


def check_defence(part: Round, faults: Faults) -> None:
    """Times and rooms of defences belong to a round of finalists."""
    if part.defence is None:
        return
    if part.entrants not in {Entrants.FINALISTS, ""}:
        faults.add(part.defence.path, _("Only a round of finalists has a defence."))
    each_once(part.defence.rooms, f"{part.defence.path}.rooms", faults)


def check_samples(part: Round, blueprint: Blueprint, faults: Faults) -> None:
    """Samples belong to a round of scorecards, with a reference mark on each criterion of its rubric."""
    if part.way != Way.SCORECARD and (part.samples or part.calibration != Calibration.NONE):
        place = f"{part.path}.{'samples' if part.samples else 'calibration'}"
        faults.add(place, _("Only a round judged by scorecards has samples."))
    once(part.samples, "slug", faults)
    rubric = blueprint.newest_rubric(part.rubric)
    if rubric is None:
        return
    marked = {
        item.slug: (item.max, item.step)
        for dimension in rubric.dimensions
        for item, _split in dimension.marked()
    }
    for sample in part.samples:
        check_references(sample, marked, faults)


def check_visits(part: Round, faults: Faults) -> None:
    """A check list belongs to a round of visits, whose jury knows the applicant."""
    visits = part.entrants == Entrants.VISITED
    if visits and part.shows != Shows.EVERYTHING:
        message = _(
            "Whoever visits an applicant knows it: let the jury of the round see everything."
        )
        faults.add(f"{part.path}.shows", message)
    if part.visits is None:
        return
    if not visits and part.entrants:
        message = _("Only a round of entries that are visited has this.")
        faults.add(part.visits.path, message)
    once(part.visits.check_list, "slug", faults)


def check_outcomes(blueprint: Blueprint, faults: Faults) -> None:
    once(blueprint.outcomes, "kind", faults)
    stages = {stage.slug: stage for stage in blueprint.stages}
    rounds = {part.slug: part for part in blueprint.rounds}
    for outcome in blueprint.outcomes:
        each_once(outcome.rounds, f"{outcome.path}.rounds", faults)
        for index, slug in enumerate(outcome.rounds):
            known(slug, rounds, f"{outcome.path}.rounds[{index}]", faults)
        if known(outcome.stage, stages, f"{outcome.path}.stage", faults) and outcome.stage:
            check_announcement(outcome, stages, rounds, faults)
        check_result_parts(outcome, rounds, faults)
        check_juries_weigh(outcome, blueprint, rounds, faults)
        check_ties(outcome, blueprint, rounds, faults)
    for part in blueprint.rounds:
        for index, panel in enumerate(part.panels):
            known(
                panel.jury, dict.fromkeys(part.juries), f"{part.path}.panels[{index}].jury", faults
            )
    check_weights(blueprint, faults)


def check_result_parts(outcome: Outcome, rounds: dict[str, Round], faults: Faults) -> None:
    """A tree: parts under groups that are there, rounds of the outcome, juries of their rounds."""
    once(outcome.parts, "slug", faults)
    groups = {part.slug: part for part in outcome.parts if not part.round}
    for part in outcome.parts:
        if part.under:
            known(part.under, groups, f"{part.path}.under", faults)
        if part.round:
            known(part.round, dict.fromkeys(outcome.rounds), f"{part.path}.round", faults)
        if part.jury and part.round in rounds:
            juries = dict.fromkeys(rounds[part.round].juries)
            known(part.jury, juries, f"{part.path}.jury", faults)
        if part.scale == Scale.STANDARDISED:
            against = against_standardised(outcome.least_score, outcome.missing)
            if against:
                faults.add(f"{part.path}.scale", against)
        seen, at = {part.slug}, part.under
        while at in groups:
            if at in seen:
                faults.add(f"{part.path}.under", _("The parts go round in a circle."))
                break
            seen.add(at)
            at = groups[at].under
    for slug in groups.keys() - {part.under for part in outcome.parts}:
        faults.add(
            f"{groups[slug].path}.slug", _("Nothing lies under “%(slug)s”.") % {"slug": slug}
        )


def check_juries_weigh(
    outcome: Outcome, blueprint: Blueprint, rounds: dict[str, Round], faults: Faults
) -> None:
    """Experts and the public in one round have weights, unless a plain mean over all is asked for."""
    kinds = {jury.slug: jury.kind for jury in blueprint.juries}
    for index, slug in enumerate(outcome.rounds):
        sitting = {kinds.get(jury) for jury in rounds[slug].juries} if slug in rounds else set()
        if not {JuryKind.EXPERT, JuryKind.PUBLIC} <= sitting:
            continue
        if outcome.parts:
            whole = [part for part in outcome.parts if part.round == slug and not part.jury]
            methods = [part.method or outcome.method for part in whole]
        else:
            methods = [] if rounds[slug].panels else [outcome.method]
        if any(method not in PUBLIC_METHODS for method in methods):
            message = _(
                "Experts and the public judge the round “%(round)s” together: say under its panels, or "
                "in the parts of this outcome, what each jury weighs."
            )
            faults.add(f"{outcome.path}.rounds[{index}]", message % {"round": slug})


def check_ties(
    outcome: Outcome, blueprint: Blueprint, rounds: dict[str, Round], faults: Faults
) -> None:
    """The criterion that parts equal scores is one that a round of the outcome is judged by."""
    if "priority" in outcome.ties and not outcome.priority:
        faults.add(f"{outcome.path}.ties", _("Name the criterion that parts equal scores."))
    rubrics = [
        blueprint.newest_rubric(rounds[slug].rubric) for slug in outcome.rounds if slug in rounds
    ]
    criteria = [one.slug for rubric in rubrics if rubric for one in rubric.criteria()]
    known(outcome.priority, criteria, f"{outcome.path}.priority", faults)


def check_announcement(
    outcome: Outcome, stages: dict[str, Stage], rounds: dict[str, Round], faults: Faults
) -> None:
    """Announced in the right kind of stage, and not while its judges still score."""
    stage = stages[outcome.stage]
    wanted = STAGE_OF_OUTCOME.get(OutcomeKind(outcome.kind)) if outcome.kind else None
    if wanted and stage.kind and stage.kind != wanted:
        message = _("This is announced in a stage of kind %(kind)s.") % {"kind": wanted.value}
        faults.add(f"{outcome.path}.stage", message)
    for slug in outcome.rounds:
        held = stages.get(rounds[slug].stage) if slug in rounds else None
        if held and held.closes and stage.opens and stage.opens < held.closes:
            message = _("The stage opens before the round “%(round)s” is over.")
            faults.add(f"{outcome.path}.stage", message % {"round": slug})


def check_weights(blueprint: Blueprint, faults: Faults) -> None:
    """The rounds that decide the laureates of a nomination share 100 among them."""
    by_slug = {part.slug: part for part in blueprint.rounds}
    for outcome in blueprint.outcomes:
        rounds = [by_slug[slug] for slug in outcome.rounds if slug in by_slug]
        unread = len(rounds) != len(outcome.rounds) or any(one.weight is None for one in rounds)
        if outcome.kind != OutcomeKind.LAUREATE or unread or not rounds:
            continue
        totals = {
            nomination.number: sum(
                (one.weight or Decimal(0) for one in rounds if one.judges(nomination.number)),
                Decimal(0),
            )
            for nomination in blueprint.nominations()
        }
        wrong = {number: total for number, total in totals.items() if total != 100}
        for number, total in list(wrong.items())[:1]:
            words = {"total": f"{total.normalize():f}", "number": number}
            message = _("The weights of these rounds add up to %(total)s, not to 100.")
            if len(wrong) != len(totals):
                message = _(
                    "The weights of these rounds add up to %(total)s, not to 100, "
                    "for nomination %(number)s."
                )
            faults.add(f"{outcome.path}.rounds", message % words)


def check_categories(blueprint: Blueprint, faults: Faults) -> None:
    nominations = blueprint.nominations()
    once(blueprint.categories, "slug", faults)
    once(blueprint.categories, "number", faults)
    once(nominations, "number", faults)
    once(nominations, "slug", faults)
    numbers = {nomination.number for nomination in nominations}
    for nomination in nominations:
        check_nomination(nomination, numbers, faults)
        once(nomination.prompts, "slug", faults)
        once(nomination.check_list, "slug", faults)
        for prompt in nomination.prompts:
            once(prompt.options, "slug", faults)
            once(prompt.columns, "slug", faults)
        check_prompts(nomination, faults)
    check_prerequisites(blueprint, numbers, faults)


def check_nomination(nomination: Nomination, numbers: set[int | None], faults: Faults) -> None:
    each_once(nomination.kinds, f"{nomination.path}.kinds", faults)
    each_once(nomination.requires_roles, f"{nomination.path}.requires_roles", faults)
    for hint in nomination.hints:
        where = f"{hint.path}.nomination"
        if not known(hint.nomination, numbers, where, faults) or hint.nomination is None:
            continue
        if hint.nomination == nomination.number:
            faults.add(where, _("A nomination does not hint at itself."))
    of_one, of_all = nomination.max_per_applicant, nomination.max_entries
    if of_one and of_all and of_one > of_all:
        message = _("One applicant cannot have more entries than there are in all.")
        faults.add(f"{nomination.path}.max_per_applicant", message)


def check_prerequisites(blueprint: Blueprint, numbers: set[int | None], faults: Faults) -> None:
    once(blueprint.prerequisites, "slug", faults)
    for part in blueprint.prerequisites:
        each_once(part.nominations, f"{part.path}.nominations", faults)
        for index, number in enumerate(part.nominations):
            known(number, numbers, f"{part.path}.nominations[{index}]", faults)
