"""What a season file may no longer change, because people have begun to use it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from blueprints.faults import Faults
from blueprints.rubric_rows import rubric_in_words, stored_in_words
from blueprints.samples import check_locked
from blueprints.schema import RULES_SAID, WAY_FIELDS, Blueprint, Nomination, Outcome, Prompt
from blueprints.visits import differs
from judging import models as judging
from judging.rubrics import is_consulted, is_marked
from nominations import models as nominations
from nominations.fields import read_table
from nominations.models import Answer, Attachment, Entry, PromptKind
from results.models import OutcomeRule, ReleaseState
from seasons.models import Season


def check_locks(blueprint: Blueprint, faults: Faults) -> None:
    """Note what the file would change though it is in use."""
    part = blueprint.season
    if part is None:
        return
    season = Season.objects.filter(slug=part.slug).select_related("programme").first()
    if Season.objects.filter(code=part.code).exclude(slug=part.slug).exists():
        faults.add("season.code", _("Another season has this code."))
    if season is None:
        return
    if blueprint.programme and season.programme.slug != blueprint.programme.slug:
        message = _("The season %(season)s belongs to the programme %(programme)s.")
        words = {"season": season.slug, "programme": season.programme.slug}
        faults.add("programme.slug", message % words)
    if season.last_entry_number and season.code != part.code:
        message = _("Entries have numbers with the code %(code)s; it cannot change any more.")
        faults.add("season.code", message % {"code": season.code})
    check_agreement(blueprint, season, faults)
    check_rubrics(blueprint, season, faults)
    check_rounds(blueprint, season, faults)
    check_outcomes(blueprint, season, faults)
    for nomination in blueprint.nominations():
        check_nomination(nomination, season, faults)


def check_agreement(blueprint: Blueprint, season: Season, faults: Faults) -> None:
    part = blueprint.agreement
    row = season.agreements.filter(version=part.version).first() if part else None
    if part and row and row.text != part.text and row.consents.exists():
        faults.add(
            "agreement.text",
            _("Judges have accepted this version; give a changed text a new version."),
        )


def check_rubrics(blueprint: Blueprint, season: Season, faults: Faults) -> None:
    for part in blueprint.rubrics:
        row = season.rubrics.filter(slug=part.slug, version=part.version or 0).first()
        if row is None or rubric_in_words(part) == stored_in_words(row):
            continue
        if is_marked(row):
            faults.add(
                part.path, _("This rubric has marks and cannot change; add it as a new version.")
            )
        elif is_consulted(row):
            faults.add(
                part.path, _("People are being consulted on this rubric; wait until it closes.")
            )


def check_rounds(blueprint: Blueprint, season: Season, faults: Faults) -> None:
    newest = {
        rubric.slug: rubric.version
        for rubric in sorted(blueprint.rubrics, key=lambda rubric: rubric.version or 0)
    }
    for part in blueprint.rounds:
        row = season.rounds.filter(slug=part.slug).select_related("rubric").first()
        if row is None:
            continue
        scored = judging.Scorecard.objects.filter(assignment__round=row).exists()
        wanted = (part.rubric, newest.get(part.rubric))
        if scored and (row.rubric.slug, row.rubric.version) != wanted:
            faults.add(
                f"{part.path}.rubric",
                _("The judges of this round have begun with another rubric or version."),
            )
        if scored and row.entrants != part.entrants:
            faults.add(f"{part.path}.entrants", _("The judges of this round have begun."))
        for name in WAY_FIELDS:
            if scored and getattr(row, name) != getattr(part, name):
                faults.add(f"{part.path}.{name}", _("The judges of this round have begun."))
        judged = set(row.nominations.values_list("number", flat=True))
        if scored and judged != set(part.nominations):
            faults.add(f"{part.path}.nominations", _("The judges of this round have begun."))
        begun = row.visits.filter(begun_at__isnull=False).exists()
        if begun and part.visits is not None and differs(part.visits, row):
            message = _("A team has begun with this check list; it cannot change any more.")
            faults.add(f"{part.visits.path}.check_list", message)
        check_locked(part.samples, row, faults)
        if row.weight != part.weight and any(released(row.outcome_rules.all())):
            faults.add(f"{part.path}.weight", _("A result with this weight is released."))


def released(rules: Any) -> Iterator[OutcomeRule]:
    """Those rules whose outcome is public."""
    return iter(rules.filter(releases__state=ReleaseState.RELEASED))


def check_outcomes(blueprint: Blueprint, season: Season, faults: Faults) -> None:
    for part in blueprint.outcomes:
        rules = season.outcome_rules.filter(kind=part.kind).select_related("priority")
        for rule in rules.exclude(decisions=None).distinct():
            check_decided(part, rule, faults)
        for rule in released(rules):
            rounds = set(rule.rounds.values_list("slug", flat=True))
            if rule.stage.slug != part.stage or rounds != set(part.rounds):
                faults.add(part.path, _("This outcome is released and cannot change."))


def check_decided(part: Outcome, rule: OutcomeRule, faults: Faults) -> None:
    """Once somebody has decided, what the decision rests on stands still."""
    stored = {name: getattr(rule, name) for name in RULES_SAID}
    stored["priority"] = rule.priority.slug if rule.priority else ""
    for name, value in stored.items():
        wanted = getattr(part, name)
        if wanted and wanted != value:
            faults.add(f"{part.path}.{name}", _("This outcome is decided and cannot change."))


def check_nomination(part: Nomination, season: Season, faults: Faults) -> None:
    """Entries keep their nomination's number and a kind it takes; answers keep their prompt's kind."""
    row = season.nominations.filter(slug=part.slug).first()
    if row is None:
        return
    kinds = set(Entry.objects.filter(nomination=row).values_list("kind", flat=True))
    if kinds and row.number != part.number:
        faults.add(f"{part.path}.number", _("There are entries under the old number."))
    for kind in sorted(kinds - set(part.kinds)):
        message = _("There are entries of the kind “%(kind)s” already.") % {"kind": kind}
        faults.add(f"{part.path}.kinds", message)
    stored = {prompt.slug: prompt for prompt in row.prompts.all()}
    for prompt in part.prompts:
        if prompt.slug in stored:
            check_answered(prompt, stored[prompt.slug], faults)


def check_answered(part: Prompt, row: nominations.Prompt, faults: Faults) -> None:
    """Answers keep the kind of their prompt, and the choices or columns they use."""
    if row.kind != part.kind:
        if (
            Answer.objects.filter(prompt=row).exclude(text="").exists()
            or Attachment.objects.filter(prompt=row, removed_at=None).exists()
        ):
            faults.add(f"{part.path}.kind", _("There are answers of another kind to this prompt."))
        return
    named = {option.slug for option in [*part.options, *part.columns]}
    dropped = {option.slug for option in row.options.all()} - named
    if not dropped:
        return
    for slug in sorted(dropped & used_options(row)):
        key = "columns" if row.kind == PromptKind.TABLE else "options"
        message = _("There are answers with “%(value)s”; it cannot go any more.")
        faults.add(f"{part.path}.{key}", message % {"value": slug})


def used_options(row: nominations.Prompt) -> set[str]:
    """The choices that were taken, or the columns that were filled."""
    texts = Answer.objects.filter(prompt=row).exclude(text="").values_list("text", flat=True)
    if row.kind == PromptKind.TABLE:
        rows = [line for text in texts for line in read_table(text)]
        return {slug for line in rows for slug, cell in line.items() if cell}
    return {slug for text in texts for slug in text.split()}
