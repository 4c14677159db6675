"""Secrets of the test world: what differs in the other one, who may know it, and where it is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from common.triggers import guards_off
from judging.models import (
    Assignment,
    AssignmentStatus,
    Ballot,
    Comparison,
    Finding,
    Jury,
    JuryKind,
    Mark,
    Meeting,
    MeetingSummary,
    Objection,
    Opinion,
    Outcome,
    PaperMark,
    PaperSheet,
    ReferenceMark,
    Remark,
    Round,
    Sample,
    Scorecard,
    SiteVisit,
    Verdict,
    VisitAnswer,
)
from judging.services import correct_scorecard, give_leave, open_scorecard
from nominations.models import Answer
from results.models import Appeal, AppealStatus, Decision, Feedback, LaureatePage
from results.services.feedback import create_feedback
from tests.addresses import addresses
from tests.factories import make_judge, make_person
from tests.world import World
from tests.world_feedback import hold_back
from tests.world_judging import criteria_of, score

WAYS = ("screening", "ranking", "points", "pairwise")


def add_secrets(world: World) -> None:
    """What only this proof asks about: everything begun, nothing of it anybody else's business."""
    add_draft(world)
    for way in WAYS:
        add_way(world, way)
    add_struck_ballot(world)
    add_decision(world)
    Round.objects.filter(pk=world.rounds["essay"].pk).update(
        discussion_until=timezone.now() + timedelta(days=1)
    )
    consulted = world.person("nominee").consulted.get()
    Opinion.objects.create(invitee=consulted, text="It is clear.")
    LaureatePage.objects.create(entry=world.entries["rival"], summary={"en": "Sunny."})


def add_draft(world: World) -> None:
    """The chair has begun a scorecard."""
    card = open_scorecard(world.assignments["chair"], by=world.person("chair"))
    criterion = criteria_of(card.assignment.round.rubric)[0]
    Mark.objects.create(scorecard=card, criterion=criterion, value=Decimal(5), version=1)
    world.scorecards["chair"] = card


def add_way(world: World, way: str) -> None:
    """A round judged otherwise; the chair has said something of two entries, the judge nothing."""
    essay = world.rounds["essay"]
    round_ = Round.objects.create(
        season=world.season,
        slug=way,
        name={"en": way.title()},
        stage=essay.stage,
        rubric=essay.rubric,
        way=way,
        weight=Decimal(50),
        budget=10,
        most_points=10,
    )
    jury = world.assignments["chair"].judge.jury
    round_.juries.add(jury)
    world.rounds[way] = round_
    ballot = Ballot.objects.create(
        round=round_, judge=world.assignments["chair"].judge, nomination=world.nomination
    )
    for place, name in enumerate(["admitted", "rival"], start=1):
        for role, of in [("chair", "chair"), ("judge", "submitted")]:
            world.assignments[f"{way}: {role}, {name}"] = Assignment.objects.create(
                round=round_, judge=world.assignments[of].judge, entry=world.entries[name]
            )
        row = world.assignments[f"{way}: chair, {name}"]
        card = Scorecard.objects.create(
            assignment=row, revision=world.entries[name].revisions.latest("number")
        )
        said = {
            "screening": {"answer": "yes"},
            "ranking": {"place": place, "of": 2},
            "points": {"points": 4 + place, "of": 10},
        }
        if way in said:
            Verdict.objects.create(scorecard=card, **said[way])
    if way != "pairwise":
        ballot.version = 1
        ballot.save()


def add_struck_ballot(world: World) -> None:
    """A member of the public gave a ballot, which was struck."""
    world.people["member"] = member = make_person("member@example.org", "Member Person")
    seat = make_judge(Jury.objects.get(kind=JuryKind.PUBLIC), member, world.season.agreements.get())
    world.assignments["struck"] = Assignment.objects.create(
        round=world.rounds["essay"], judge=seat, entry=world.entries["admitted"]
    )
    score(world, "struck", "member", 10)
    Assignment.objects.filter(pk=world.assignments["struck"].pk).update(
        status=AssignmentStatus.STRUCK, reason="Ten in a row."
    )


def ask_another(world: World) -> None:
    """One more judge is asked for both entries, and has said nothing yet."""
    world.people["another"] = make_person("another@example.org", "Another Person")
    jury = world.assignments["chair"].judge.jury
    seat = make_judge(jury, world.person("another"), world.season.agreements.get())
    for which in ("admitted", "rival"):
        world.assignments[f"another: {which}"] = Assignment.objects.create(
            round=world.rounds["essay"], judge=seat, entry=world.entries[which]
        )


def add_decision(world: World) -> None:
    """One organiser has proposed what becomes of the appeal; nobody has confirmed it."""
    organiser = world.person("organiser")
    Appeal.objects.update(
        status=AppealStatus.PROPOSED,
        looked_at=timezone.now(),
        looked_at_by=organiser,
        proposed_by=organiser,
        reasons="The table was read.",
        holders=sorted(world.entries[name].pk for name in ("admitted", "rival")),
    )


@dataclass(frozen=True)
class Secret:
    """What differs, who may know it, and where one of them sees it, after some time."""

    change: Callable[[World], None]
    knows: set[str]
    seen_by: str
    seen_at: Callable[[World], str]
    after: timedelta = timedelta()


def other_laureate(world: World) -> None:
    """The rival is the laureate that nobody has announced yet."""
    decided = Decision.objects.filter(rule=world.rules["laureate"])
    decided.update(entry=world.entries["rival"])


def other_mark(world: World) -> None:
    """The chair gave another mark, and has not submitted yet."""
    Mark.objects.filter(scorecard=world.scorecards["chair"]).update(value=Decimal(9))


def other_note(world: World) -> None:
    """The chair's private note and comment say something else."""
    card = Scorecard.objects.filter(pk=world.scorecards["chair"].pk)
    card.update(private_note="I doubt every figure.", comment="Show the sources.")


def other_author(world: World) -> None:
    """The submitted scorecard, and the feedback made from it, are the chair's work."""
    of_judge, of_chair = world.assignments["submitted"], world.assignments["chair"]
    judge, chair = of_judge.judge, of_chair.judge
    aside = world.assignments["conflicted"].round_id
    Assignment.objects.filter(pk=of_chair.pk).update(round=world.rounds["defence"])
    Assignment.objects.filter(pk=of_judge.pk).update(judge=chair)
    Assignment.objects.filter(pk=of_chair.pk).update(judge=judge, round=aside)
    made = Feedback.objects.get(entry=world.entries["admitted"])
    stage, pk = made.stage, made.pk
    made.delete()
    create_feedback(world.season)
    Feedback.objects.filter(entry=world.entries["admitted"]).update(stage=stage, id=pk)


def other_feedback(world: World) -> None:
    """The feedback that is not shown yet says something else."""
    feedback = Feedback.objects.get(entry=world.entries["rival"])
    feedback.content["rounds"][0]["comments"] = ["Entirely different words."]
    feedback.save(update_fields=["content"])


def other_held_comment(world: World) -> None:
    """The comment that is held back from the nominee says something else."""
    hold_back(world, "Their rival pays me.")


def other_summary(world: World) -> None:
    """The summary of a meeting, which is not published yet, says something else."""
    MeetingSummary.objects.update(text="The jury was divided.")


def other_draft(world: World) -> None:
    """The draft that is not submitted has another answer."""
    answers = Answer.objects.filter(entry=world.entries["draft"])
    answers.update(text="Words that nobody else should read.")


def other_appeal(world: World) -> None:
    """The appeal says something else."""
    Appeal.objects.filter(entry=world.entries["admitted"]).update(text="They know each other.")


def other_finding(world: World) -> None:
    """The team of the visit saw something else, and answered its check list otherwise."""
    Finding.objects.update(text="Screens stood open.")
    VisitAnswer.objects.update(value="no", comment="Three of them.")


def other_objection(world: World) -> None:
    """The objection has another reason."""
    rows = Objection.objects.filter(entry=world.entries["admitted"])
    rows.update(reason="We were in court with them.")


def other_remark(world: World) -> None:
    """Somebody of the jury said something about the entry."""
    Remark.objects.create(
        round=world.rounds["essay"],
        entry=world.entries["admitted"],
        author=world.person("colleague"),
        text="Their numbers are too good.",
        said_at=timezone.now(),
        key=UUID(int=11),
    )


def other_meeting(world: World) -> None:
    """The jury has met about the entry."""
    Meeting.objects.create(
        round=world.rounds["essay"],
        entry=world.entries["admitted"],
        notes="Two thought it was too high.",
        opened_by=world.person("organiser"),
        opened_at=timezone.now(),
    )


def other_correction(world: World) -> None:
    """A judge has taken marks back, with leave."""
    colleague = world.person("colleague")
    card = world.scorecards["both: admitted"]
    give_leave(card, by=world.person("organiser"), reason="A slip of the finger.")
    marks = {one.pk: Decimal(1) for one in criteria_of(card.assignment.round.rubric)}
    correct_scorecard(card, by=colleague, marks=marks, reason="I meant one.")


def other_word(world: World) -> None:
    """The chair said no to the entry."""
    of_chair = Verdict.objects.filter(
        scorecard__assignment=world.assignments["screening: chair, admitted"]
    )
    of_chair.update(answer="no")


def other_order(world: World) -> None:
    """The chair prefers the other entry."""
    for place, name in enumerate(["rival", "admitted"], start=1):
        row = world.assignments[f"ranking: chair, {name}"]
        Verdict.objects.filter(scorecard__assignment=row).update(place=place)


def other_points(world: World) -> None:
    """The chair gave other points."""
    row = world.assignments["points: chair, admitted"]
    Verdict.objects.filter(scorecard__assignment=row).update(points=0)


def other_pair(world: World) -> None:
    """The chair has compared the entries."""
    Comparison.objects.create(
        ballot=Ballot.objects.get(round=world.rounds["pairwise"]),
        first=world.assignments["pairwise: chair, admitted"],
        second=world.assignments["pairwise: chair, rival"],
        outcome=Outcome.SECOND,
    )


def other_strike(world: World) -> None:
    """The ballot was struck for another reason."""
    struck = Assignment.objects.filter(pk=world.assignments["struck"].pk)
    struck.update(reason="A relative of the nominee.")


def other_decision(world: World) -> None:
    """What is proposed about the appeal, and why, is something else."""
    Appeal.objects.update(
        changes=True, reasons="The rival was overrated.", holders=[world.entries["admitted"].pk]
    )


def other_opinion(world: World) -> None:
    """The nominee thinks otherwise of the draft rubric."""
    Opinion.objects.update(text="Nobody can measure this.")


def other_page(world: World) -> None:
    """The rival writes something else for the public, and has not approved it."""
    pages = LaureatePage.objects.filter(entry=world.entries["rival"])
    pages.update(summary={"en": "We beat everybody."})


def other_paper(world: World) -> None:
    """The sheet from paper that waits for a second person holds other marks."""
    sheet = world.rows[PaperSheet]
    with guards_off():
        PaperMark.objects.filter(sheet=sheet).update(value=Decimal(9))
    PaperSheet.objects.filter(pk=sheet.pk).update(private_note="They read from the slides.")


def paper_page(world: World) -> str:
    """The sheet as its judge compares it."""
    return reverse("judging:paper", args=[world.assignments["paper"].pk])


def other_reference(world: World) -> None:
    """A sample deserves another mark; the chair has not answered it."""
    with guards_off():
        ReferenceMark.objects.update(value=Decimal(3))


def answered_sample(world: World) -> str:
    """The judge has submitted marks of it."""
    return reverse("judging:sample", args=[Sample.objects.get(slug="calm").pk])


def console(world: World) -> str:
    """The organiser's table of the laureates."""
    return addresses(world)["admin:results_outcomerule_nomination", "laureate"]


def chairs_sheet(world: World) -> str:
    """The scorecard as its judge sees it."""
    return reverse("judging:assignment", args=[world.assignments["chair"].pk])


def scorecard_page(world: World) -> str:
    """The submitted scorecard in the back office."""
    return reverse("admin:judging_scorecard_change", args=[world.scorecards["submitted"].pk])


def comments_held(world: World) -> str:
    """What organisers hold back."""
    return addresses(world)["admin:results_outcomerule_comments", "finalist"] + "?state=held"


def rivals_feedback(world: World) -> str:
    """What the rival reads after the date."""
    return reverse("results:feedback", args=[world.entries["rival"].pk])


def appeal_page(world: World) -> str:
    """The appeal as the applicant sees it."""
    return reverse("results:appeal", args=[Appeal.objects.get().pk])


def visit_page(world: World) -> str:
    """The check list and the findings of the visit."""
    return reverse("judging:visit", args=[world.rows[SiteVisit].pk])


def objections(world: World) -> str:
    """What the applicant said about judges."""
    return reverse("judging:objections", args=[world.entries["admitted"].pk])


def essay(world: World) -> str:
    """The nominee's own draft."""
    return reverse("nominations:essay", args=[world.entries["draft"].pk])


def table(world: World, which: str = "admitted") -> str:
    """The jury's table of an entry."""
    return reverse("judging:table", args=[world.rounds["essay"].pk, world.entries[which].pk])


def ballot(way: str) -> Callable[[World], str]:
    """The chair's list in a round judged in this way."""

    def path(world: World) -> str:
        return reverse("judging:ballot", args=[world.rounds[way].pk, world.nomination.number])

    return path


def screening(world: World) -> str:
    """The entry in the chair's screening."""
    row = world.assignments["screening: chair, admitted"]
    return reverse("judging:assignment", args=[row.pk])


def corrected(world: World) -> str:
    """The corrected scorecard in the back office."""
    pk = world.scorecards["both: admitted"].pk
    return reverse("admin:judging_scorecard_change", args=[pk])


def struck(world: World) -> str:
    """The struck ballot's assignment in the back office."""
    return reverse("admin:judging_assignment_change", args=[world.assignments["struck"].pk])


def handling(world: World) -> str:
    """The appeal as organisers handle it."""
    return reverse("admin:results_appeal_handle", args=[Appeal.objects.get().pk])


def consultation(world: World) -> str:
    """What the nominee says of the draft rubric."""
    return addresses(world)["judging:consultation", "draft"]


def own_page(world: World) -> str:
    """The rival's words for the public."""
    return reverse("results:own_page", args=[world.entries["rival"].pk])


def more_pages(world: World) -> set[str]:
    """Pages of what was added here, whatever they answer to whom."""
    rows = [row.pk for name, row in world.assignments.items() if name not in {"open", "conflicted"}]
    found = {reverse("judging:assignment", args=[pk]) for pk in rows}
    found |= {ballot(way)(world) for way in WAYS}
    for slug, round_ in world.rounds.items():
        found.add(reverse("judging:chair", args=[round_.pk]))
        for name in ("admitted", "rival"):
            found.add(reverse("judging:table", args=[round_.pk, world.entries[name].pk]))
        if slug in WAYS:
            found.add(reverse("judging:round_work", args=[round_.pk]))
    return found | {
        own_page(world),
        corrected(world),
        struck(world),
        reverse("results:laureate", args=[world.season.slug, world.entries["rival"].number]),
    }


APPLICANTS = {"nominee", "conflicted"}
RUNNERS = {"organiser", "superuser"}
SECRETS = {
    # The organiser in conflict runs the rival's entry, and may know what is decided about it.
    "laureate": Secret(other_laureate, {*RUNNERS, "barred"}, "organiser", console),
    "mark": Secret(other_mark, {*RUNNERS, "chair"}, "chair", chairs_sheet),
    "note": Secret(other_note, {*RUNNERS, "chair"}, "chair", chairs_sheet),
    # The organiser in conflict runs the rival's entry.
    "paper": Secret(other_paper, {*RUNNERS, "barred", "chair"}, "chair", paper_page),
    "author": Secret(other_author, {*RUNNERS, "judge", "chair"}, "organiser", scorecard_page),
    "feedback": Secret(other_feedback, set(), "stranger", rivals_feedback, timedelta(days=26)),
    "held comment": Secret(other_held_comment, RUNNERS, "organiser", comments_held),
    "summary": Secret(other_summary, {*RUNNERS, "judge"}, "judge", table),
    "draft": Secret(other_draft, APPLICANTS, "nominee", essay),
    "appeal": Secret(other_appeal, {*APPLICANTS, *RUNNERS}, "nominee", appeal_page),
    "finding": Secret(other_finding, {*RUNNERS, "judge"}, "judge", visit_page),
    "reference": Secret(other_reference, {*RUNNERS, "barred", "judge"}, "judge", answered_sample),
    "objection": Secret(other_objection, {*APPLICANTS, *RUNNERS}, "nominee", objections),
    "remark": Secret(other_remark, {*RUNNERS, "judge"}, "judge", table),
    "meeting": Secret(other_meeting, {*RUNNERS, "judge"}, "judge", table),
    "correction": Secret(other_correction, RUNNERS, "organiser", corrected),
    "word": Secret(other_word, {*RUNNERS, "chair"}, "chair", screening),
    "order": Secret(other_order, {*RUNNERS, "chair"}, "chair", ballot("ranking")),
    "points": Secret(other_points, {*RUNNERS, "chair"}, "chair", ballot("points")),
    "pair": Secret(other_pair, {*RUNNERS, "chair"}, "chair", ballot("pairwise")),
    "strike": Secret(other_strike, RUNNERS, "organiser", struck),
    "decision": Secret(other_decision, RUNNERS, "organiser", handling),
    "opinion": Secret(other_opinion, {*RUNNERS, "nominee", "barred"}, "nominee", consultation),
    "page": Secret(other_page, {"stranger"}, "stranger", own_page),
}
