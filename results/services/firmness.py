"""Counting a frozen standing again in other ways: asked by a person, done in the background, kept."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.corrections import corrected_values
from judging.models import Criterion, JuryKind, Mark, Round
from judging.scoring.tree import Json, leaves_of
from judging.scoring.types import ScoringError
from judging.totals import scored_of
from nominations.models import Revision
from outbox.jobs import enqueue
from results.models import Firmness, OutcomeRule, RunState, Standing
from results.permissions import can_run_results
from results.recounting import LeafMarks, count_again
from results.services.collecting import pseudonym, submitted_scorecards


@transaction.atomic
def ask_firmness(standing: Standing, *, by: User) -> Firmness:
    """Ask how firm a standing is; what was asked or counted already is returned."""
    rule = OutcomeRule.objects.select_for_update().get(pk=standing.rule_id)
    if not can_run_results(by, rule):
        raise DomainError(_("Only organisers of the season may do this."))
    if standing.basis_id is None or standing.lock_id is None:
        raise DomainError(_("This standing keeps too little to be counted again."))
    earlier = Firmness.objects.filter(standing=standing).first()
    if earlier is not None and earlier.state != RunState.FAILED:
        return earlier
    if earlier is not None:
        earlier.delete()
    asked = Firmness.objects.create(
        standing=standing, results_sha256=standing.results_sha256, asked_by=by
    )
    enqueue(
        "count-again",
        effect_key=f"count-again:{asked.pk}",
        args={"firmness": asked.pk},
        about=f"results.outcomerule:{rule.pk}",
        by=by,
    )
    return asked


def perform_firmness(asked: Firmness) -> Firmness:
    """Count what was asked for; what is done stays as it is."""
    if asked.state != RunState.WAITING:
        return asked
    standing = asked.standing
    if standing.basis is None or standing.lock is None:
        return asked

    def show(percent: int) -> None:
        Firmness.objects.filter(pk=asked.pk, state=RunState.WAITING).update(progress=percent)

    try:
        content = count_again(
            standing.lock.content,
            standing.basis.inputs,
            standing.nomination.number,
            standing.results["rows"],
            marks=marks_of_standing(standing),
            public=public_parts(standing.lock.content["tree"], standing.rule),
            progress=show,
        )
    except ScoringError:
        Firmness.objects.filter(pk=asked.pk).update(state=RunState.FAILED)
        asked.state = RunState.FAILED
        return asked
    content["standing"] = standing.inputs_sha256
    with transaction.atomic():
        asked = Firmness.objects.select_for_update().get(pk=asked.pk)
        if asked.state != RunState.WAITING:
            return asked
        asked.content, asked.sha256 = content, Revision.digest(content)
        asked.state, asked.progress, asked.done_at = RunState.DONE, 100, timezone.now()
        asked.save()
        record(
            "standing.counted-again",
            by=asked.asked_by,
            about=standing,
            season=standing.rule.season.slug,
            data={"results_sha256": asked.results_sha256, "sha256": asked.sha256},
        )
    return asked


def marks_of_standing(standing: Standing) -> dict[str, LeafMarks]:
    """The single marks behind the frozen totals, by leaf, with what was corrected until then."""
    if standing.lock is None or standing.basis is None:
        return {}
    salt, inputs = standing.rule.judge_salt, standing.basis.inputs
    rounds = {
        one.slug: one for one in standing.rule.season.rounds.filter(outcome_rules=standing.rule)
    }
    found: dict[str, LeafMarks] = {}
    given: dict[str, dict[tuple[str, str], dict[int, Decimal | None]]] = {}
    for leaf in leaves_of(standing.lock.content["tree"]):
        round_ = rounds.get(leaf["round"])
        if round_ is None:
            continue
        if round_.slug not in given:
            given[round_.slug] = marks_of_round(round_, salt, standing.computed_at)
        criteria = list(
            Criterion.objects.filter(dimension__rubric=round_.rubric_id)
            .select_related("dimension", "phase")
            .order_by("pk")
        )
        cards = [(card[0], card[1]) for card in inputs["scorecards"].get(leaf["slug"], ())]
        marks = marks_of_leaf(criteria, cards, given[round_.slug])
        if marks.rows:
            found[leaf["slug"]] = marks
    return found


def public_parts(tree: Json, rule: OutcomeRule) -> set[str]:
    """The leaves that members of a public jury judge."""
    public = set(
        rule.rounds.filter(juries__kind=JuryKind.PUBLIC).values_list("slug", "juries__slug")
    )
    rounds = {round_ for round_, _jury in public}
    return {
        leaf["slug"]
        for leaf in leaves_of(tree)
        if (leaf["round"], leaf["jury"]) in public
        or (leaf["jury"] is None and leaf["round"] in rounds)
    }


def marks_of_leaf(
    criteria: list[Criterion],
    cards: list[tuple[str, str]],
    given: Mapping[tuple[str, str], Mapping[int, Decimal | None]],
) -> LeafMarks:
    """The marks of these scorecards, as given and as they count; criteria nobody marked are left out."""
    marks = LeafMarks([])
    for pair in cards:
        values = given.get(pair, {})
        kept = [one for one in criteria if one.pk in values]
        for one, scored in zip(kept, scored_of(criteria, values), strict=True):
            value = values[one.pk]
            if value is not None and scored.value is not None:
                marks.rows.append([*pair, one.slug, f"{value:.2f}"])
                marks.counted.append([*pair, one.slug, f"{scored.value:.2f}"])
    used = {row[2] for row in marks.rows}
    marks.criteria.extend(
        [one.slug, f"{one.maximum:.2f}", f"{one.weight:.3f}"]
        for one in criteria
        if one.slug in used
    )
    return marks


def marks_of_round(
    round_: Round, salt: str, until: datetime
) -> dict[tuple[str, str], dict[int, Decimal | None]]:
    """By entry and judge: the mark of each criterion, with what was corrected until a moment."""
    found: dict[tuple[str, str], dict[int, Decimal | None]] = defaultdict(dict)
    cards = submitted_scorecards([round_]).values("pk")
    corrected = corrected_values(cards, until)
    rows = Mark.objects.filter(scorecard__in=cards)
    for card, entry, user, criterion, value in rows.values_list(
        "scorecard",
        "scorecard__assignment__entry__number",
        "scorecard__assignment__judge__user",
        "criterion",
        "value",
    ):
        current = corrected.get((card, criterion), value)
        found[entry, pseudonym(salt, user)][criterion] = current
    return found


def firmness_shown(standing: Standing) -> Firmness | None:
    """What was counted of the standing, or of the last one before it of which something was."""
    asked = Firmness.objects.filter(
        standing__rule=standing.rule_id, standing__nomination=standing.nomination_id
    ).select_related("standing__lock", "asked_by")
    rows = asked.defer("standing__inputs", "standing__results").order_by("-standing__pk")
    own = list(rows[:5])
    return next((one for one in own if one.standing_id == standing.pk), None) or next(
        (one for one in own if one.state == RunState.DONE), None
    )
