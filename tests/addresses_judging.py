"""Where the URLs of judging lead in the world of the access matrix."""

from collections.abc import Iterator
from uuid import UUID

from judging.models import Consultation, DefenceSlot, PaperSheet, SiteVisit
from tests.pages import Row
from tests.world import World
from tests.world_judging import criteria_of
from tests.world_juries import TO_JURY, unlisted


def of_juries(world: World) -> Iterator[Row]:
    """Coming onto a jury, ballots, objections, and who has signed."""
    slug, judge = world.season.slug, world.assignments["submitted"].judge
    yield "judging:register", "public", [slug, "public"]
    yield "judging:register", "expert", [slug, judge.jury.slug]
    yield "judging:portrait", "listed", [judge.pk]
    yield "judging:portrait", "unlisted", [unlisted(world).pk]
    for name in ("invitation", "invitation_decline"):
        yield f"judging:{name}", "waiting", [TO_JURY]
        yield f"judging:{name}", "unknown", ["nothing"]
    for name in ("ballots", "take"):
        yield f"judging:{name}", "essay", [world.rounds["essay"].pk]
    yield "judging:consent", "judge", [judge.user.consents.get().pk]
    yield "judging:consent_pdf", "judge", [judge.user.consents.get().pk]
    yield "judging:own_profile", "published", [slug]
    for subject in ("draft", "admitted"):
        yield "judging:objections", subject, [world.entries[subject].pk]
    yield "admin:judging_juryinvitation_invite", "", []
    yield "admin:judging_agreement_signed", "published", [world.season.agreements.get().pk]


def of_judging(world: World) -> Iterator[Row]:
    """The judge's submitted and open scorecards; the one a conflict closed to its judge."""
    for subject in ("submitted", "open", "conflicted"):
        assignment = world.assignments[subject]
        for name in ["assignment", "comment_save", "scorecard_submit", "recuse", "proof"]:
            yield f"judging:{name}", subject, [assignment.pk]
        criterion = criteria_of(assignment.round.rubric)[0]
        yield "judging:mark_save", subject, [assignment.pk, criterion.pk]
    token = world.files["admitted"].token
    yield "judging:file", "submitted", [world.assignments["submitted"].pk, token]
    yield "judging:file", "conflicted", [world.assignments["conflicted"].pk, token]
    yield "judging:file", "of another entry", [world.assignments["open"].pk, token]


def of_ways(world: World) -> Iterator[Row]:
    """Rounds that are judged otherwise than by scorecards."""
    essay = world.rounds["essay"].pk
    for name in ("round_work", "verdicts_submit"):
        yield f"judging:{name}", "essay", [essay]
    for name in ("ballot", "compare", "ballot_submit"):
        yield f"judging:{name}", "essay", [essay, world.nomination.number]
    for subject in ("open", "conflicted"):
        yield "judging:verdict", subject, [world.assignments[subject].pk]


def of_scorecards(world: World) -> Iterator[Row]:
    """Quotes on the judge's scorecards."""
    for subject in ("submitted", "open", "conflicted"):
        assignment = world.assignments[subject]
        criterion = criteria_of(assignment.round.rubric)[0]
        yield "judging:quote_add", subject, [assignment.pk, criterion.pk]
        yield "judging:quote_remove", subject, [assignment.pk, UUID(int=4)]


def of_rounds(world: World) -> Iterator[Row]:
    """The jury's table of the admitted entry, and the chair's page of its round."""
    row = world.assignments["submitted"]
    for name in ("table", "table_say", "meeting"):
        yield f"judging:{name}", "essay", [row.round_id, row.entry_id]
    yield "judging:chair", "essay", [row.round_id]
    yield "judging:chair_remind", "essay", [row.round_id, row.judge_id]
    yield "judging:correct", "submitted", [row.pk]


def of_rubrics(world: World) -> Iterator[Row]:
    """The rubrics of a season, and the draft that the nominee is consulted on."""
    yield "judging:rubrics", "published", [world.season.slug]
    yield "judging:rubrics", "unpublished", [world.secret_season.slug]
    yield "judging:consultation", "draft", [Consultation.objects.get().pk]


def of_live(world: World) -> Iterator[Row]:
    """The day of the defence, and visits."""
    visit = world.rows[SiteVisit]
    finding = visit.findings.get()
    for name in ("visit", "finding_add", "visit_done", "visit_calendar"):
        yield f"judging:{name}", "now", [visit.pk]
    yield "judging:visit_answer", "now", [visit.pk, visit.round.visit_items.get().pk]
    yield "judging:finding_remove", "now", [visit.pk, finding.token]
    yield "judging:visit_photo", "now", [visit.pk, finding.photos.get().token]
    yield "judging:entry_visit", "admitted", [visit.entry_id]
    yield "judging:defence_calendar", "published", [world.season.slug]
    slot = world.rows[DefenceSlot]
    for name in ("clock", "clock_turn", "close_entry"):
        yield f"judging:{name}", "slot", [slot.pk]
    yield "judging:paper", "waiting", [world.assignments["paper"].pk]
    yield "judging:paper_scan", "waiting", [world.rows[PaperSheet].pk]
    for name in ("close_round", "plan", "papers"):
        yield f"judging:{name}", "defence", [world.rounds["defence"].pk]
