"""What the world has for judging and its results: two rounds, their scorecards, what came of them."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile

from accounts.models import MemberRole, Membership
from diplomas.models import Diploma, DiplomaState
from judging.distribution import Wanted
from judging.models import (
    Agreement,
    Assignment,
    AvoidPair,
    Bid,
    Conflict,
    ConflictRules,
    Criterion,
    Entrants,
    Judge,
    Jury,
    Round,
    Rubric,
    Scorecard,
    Wish,
)
from judging.services import (
    accept_agreement,
    open_scorecard,
    plan_defence,
    propose,
    save_comment,
    save_mark,
    submit_scorecard,
)
from outbox.services import run_due
from results.models import Feedback, OutcomeKind, OutcomeRule
from results.services import arm_release, compute_standing, confirm_outcomes, confirm_release
from results.services.feedback import create_feedback
from tests.factories import make_person, make_rubric

if TYPE_CHECKING:
    from tests.world import World


def add_judging(world: "World") -> None:
    """Two rounds; the judge has submitted one scorecard, drafts another, and hears a defence."""
    season, organiser = world.season, world.person("organiser")
    jury = Jury.objects.create(season=season, slug="expert", name={"en": "Expert jury"})
    agreement = Agreement.objects.create(season=season, version="1", text={"en": "I keep quiet."})
    stages = {stage.slug: stage for stage in season.stages.all()}
    world.people["colleague"] = make_person("colleague@example.org", "Colleague Person")
    judges = {}
    for role in ("judge", "conflicted", "chair", "colleague"):
        judges[role] = Judge.objects.create(
            jury=jury, user=world.person(role), employer="Aster", chair=role == "chair"
        )
        accept_agreement(agreement, world.person(role), language="en")
    for slug, stage, entrants in [
        ("essay", "judging", Entrants.ADMITTED),
        ("defence", "defence", Entrants.FINALISTS),
    ]:
        world.rounds[slug] = Round.objects.create(
            season=season,
            slug=slug,
            name={"en": slug.title()},
            stage=stages[stage],
            rubric=make_rubric(season, slug),
            entrants=entrants,
            weight=Decimal(50),
            quorum=1,
        )
        world.rounds[slug].juries.add(jury)
    admitted, rival = world.entries["admitted"], world.entries["rival"]
    for name, round_, role, entry in [
        ("submitted", "essay", "judge", admitted),
        ("open", "essay", "judge", rival),
        ("conflicted", "essay", "conflicted", admitted),
        ("chair", "essay", "chair", admitted),
        ("rival", "essay", "chair", rival),
        ("defence", "defence", "judge", admitted),
        # Who has read both: without them nobody could tell a strict judge from a weak entry.
        ("both: admitted", "essay", "colleague", admitted),
        ("both: rival", "essay", "colleague", rival),
    ]:
        world.assignments[name] = Assignment.objects.create(
            round=world.rounds[round_], judge=judges[role], entry=entry, assigned_by=organiser
        )
    for name, role, value in [
        ("submitted", "judge", 8),
        ("rival", "chair", 6),
        ("both: admitted", "colleague", 7),
        ("both: rival", "colleague", 6),
    ]:
        world.scorecards[name] = score(world, name, role, value)
    world.scorecards["open"] = open_scorecard(world.assignments["open"], by=world.person("judge"))


def score(world: "World", name: str, role: str, value: int) -> Scorecard:
    """Fill and submit a scorecard as its judge."""
    user = world.person(role)
    card = open_scorecard(world.assignments[name], by=user)
    for criterion in criteria_of(card.assignment.round.rubric):
        save_mark(card, criterion, by=user, value=Decimal(value), base_version=0)
    card = save_comment(
        card,
        by=user,
        comment="Clear and measured.",
        private_note="Ask about the numbers.",
        base_version=card.version,
    )
    return submit_scorecard(card, by=user, key=uuid4())


def criteria_of(rubric: Rubric) -> list[Criterion]:
    """The criteria of a rubric, in order."""
    return list(Criterion.objects.filter(dimension__rubric=rubric).order_by("position"))


def add_conflicts(world: "World") -> None:
    """A judge who joined the applicant, and an organiser who declared an interest in it."""
    Membership.objects.create(
        user=world.person("conflicted"), organisation=world.organisation, role=MemberRole.VIEWER
    )
    ConflictRules.objects.create(season=world.season)
    Conflict.objects.create(
        user=world.person("barred"),
        organisation=world.organisation,
        reason="A brother works there.",
        declared_by=world.person("barred"),
    )


def add_wishes(world: "World") -> None:
    """A preference, two judges kept apart, and a distribution that waits to be confirmed."""
    judge, chair = world.assignments["submitted"].judge, world.assignments["chair"].judge
    Bid.objects.create(judge=judge, nomination=world.nomination, wish=Wish.WANT)
    one, other = sorted((judge.user_id, chair.user_id))
    AvoidPair.objects.create(season=world.season, one_id=one, other_id=other)
    propose(world.rounds["essay"], Wanted(2, 2), by=world.person("organiser"))


def add_results(world: "World") -> None:
    """Finalists are public; the laureate is decided and its release prepared; feedback is made."""
    season = world.season
    organiser, second = world.person("organiser"), world.person("second")
    stages = {stage.slug: stage for stage in season.stages.all()}
    for kind, stage, rounds in [
        (OutcomeKind.FINALIST, "finalists", ["essay"]),
        (OutcomeKind.LAUREATE, "ceremony", ["essay", "defence"]),
    ]:
        rule = OutcomeRule.objects.create(season=season, kind=kind, stage=stages[stage], quota=5)
        rule.rounds.set([world.rounds[slug] for slug in rounds])
        world.rules[kind] = rule
    admitted, rival = world.entries["admitted"], world.entries["rival"]
    finalist = world.rules["finalist"]
    compute_standing(finalist, world.nomination, by=organiser)
    confirm_outcomes(finalist, world.nomination, [admitted, rival], by=organiser)
    confirm_release(arm_release(finalist, by=organiser), by=second)
    run_due(kinds=["release-results"])
    for diploma in Diploma.objects.all():
        # Drawing them is slow and proved elsewhere; here somebody asks for the file.
        diploma.file.save("diploma.pdf", ContentFile(b"%PDF-1.7\n%%EOF\n"), save=False)
        diploma.state = DiplomaState.READY
        diploma.save()
        name = "admitted" if diploma.entry_id == admitted.pk else "rival"
        world.diplomas[name] = diploma
    opens = stages["defence"].opens_at + timedelta(days=10)
    plan_defence(
        world.rounds["defence"], admitted, by=organiser, starts_at=opens, minutes=20, place="Hall 1"
    )
    score(world, "defence", "judge", 9)
    laureate = world.rules["laureate"]
    standing = compute_standing(laureate, world.nomination, by=organiser)
    rivals = standing.rows.filter(entry=rival, proposed=True).values_list("entry", flat=True)
    reasons = dict.fromkeys(rivals, "One laureate is enough.")
    confirm_outcomes(laureate, world.nomination, [admitted], by=organiser, reasons=reasons)
    arm_release(laureate, by=organiser)
    create_feedback(season)
    Feedback.objects.filter(entry=rival).update(stage=stages["feedback"])
