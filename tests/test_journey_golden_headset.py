"""The golden-headset awards: two juries with all that may happen to them, and at most ten winners each."""

import re
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from judging.models import (
    Admission,
    Handout,
    Judge,
    Jury,
    Round,
    Scorecard,
    ScorecardStatus,
    SeeOthers,
    SiteVisit,
)
from judging.services import assign
from judging.services.visits import plan_visit, set_team
from nominations.models import Entry
from outbox.tasks import remind
from results.models import QuotaMode, TieOrder
from tests.bulk import card, competitor
from tests.console import confirms, open_console, prepares, verify_protocol
from tests.story import PASSWORD, Story
from tests.test_journey_award import link_in_mail
from tests.walk import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLUG = "golden-headset-2025"
SEASON = f"/s/{SLUG}/"
AWARDS = {1: "digital-operations", 2: "customer-centre", 3: "service-brand"}
EXPERTS = "CDF"
# What three experts gave: nine entries clearly ahead, two that tie for the tenth place, one behind.
# In the first award two of three experts preferred Kiwi, in the second nothing parts Juno and Kiwi.
AHEAD = [(98 - 3 * n, 96 - 3 * n, 97 - 3 * n) for n in range(9)]
TIES = {1: [(64, 62, 60), (65, 63, 58)], 2: [(62, 62, 62), (62, 62, 62)], 3: []}
FRUIT = ["Apple", "Berry", "Cherry", "Date", "Elder", "Fig", "Grape", "Hop", "Iris"]


class Golden(Story):
    """Three awards: twelve, twelve and nine entries, judged by three experts and three of the public."""

    slug = SLUG

    def __init__(self) -> None:
        super().__init__()
        self.open_stage("judging")
        names = ["Chen Chair", "Dong Expert", "Fang Expert", "Gao Bribed", "Lin Novice"]
        self.experts = {name[0]: self.judge_joins(name) for name in names}
        Judge.objects.filter(pk=self.experts["C"].pk).update(chair=True)
        public = ["Olaf Public", "Petra Public", "Quinn Public"]
        self.public = [self.judge_joins(name, "public") for name in public]
        experts_rounds = Round.objects.filter(season=self.season, slug__startswith="expert")
        experts_rounds.update(see_others=SeeOthers.OWN)
        self.entries = {number: self.enter(number) for number in AWARDS}
        self.visit = self.plan_a_visit()
        # Whom Gao favours: with this scorecard Juno of the first award would be ahead of Kiwi.
        card(
            self.experts["G"], self.entries[1]["Juno"], self.round("expert-digital-operations"), 100
        )

    def plan_a_visit(self) -> SiteVisit:
        """Two experts visit one client centre; of the others experts and public alone decide."""
        round_, centre = self.round("visit-customer-centre"), self.entries[2]["Iris"]
        leader, other = self.experts["D"], self.experts["F"]
        starts_at = timezone.now() - timedelta(minutes=5)
        visit: SiteVisit = plan_visit(
            round_,
            centre,
            by=self.organiser,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            place="Camomile street 1",
        )
        set_team(visit, [leader, other], leader=leader, by=self.organiser)
        self.score(other, centre, round_, Decimal("0.9"))
        visit.refresh_from_db()
        return visit

    def enter(self, number: int) -> dict[str, Entry]:
        """Entries of an award with the scorecards of three experts and three of the public."""
        nomination = self.nomination(number)
        names = [*FRUIT, *(["Juno", "Kiwi", "Lime"] if TIES[number] else [])]
        points = [*AHEAD, *TIES[number], *([(30, 30, 30)] if TIES[number] else [])]
        entries = {name: competitor(f"{name}{number} Group", nomination) for name in names}
        for entry, given in zip(entries.values(), points, strict=True):
            for expert, total in zip(EXPERTS, given, strict=True):
                card(self.experts[expert], entry, self.round(f"expert-{AWARDS[number]}"), total)
            # The first entry of the first award waits for Pat: a member gets what was judged least.
            waits = entry == entries["Apple"] and number == 1
            for member in self.public[:2] if waits else self.public:
                card(member, entry, self.round(f"public-{AWARDS[number]}"), 80)
        return entries


@pytest.fixture
def golden(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Golden()


def test_the_golden_headset_awards_are_judged_by_two_juries_and_publish_ten_winners_each(
    golden: Golden, walk: Walk, tmp_path: Path
) -> None:
    organiser, lin, chair, dong, pat = (walk() for _person in range(5))
    opens_the_public_jury(organiser, golden)
    registers_and_votes(pat, golden)
    joins_scores_and_steps_back(lin, golden)
    is_removed_for_a_violation(organiser, golden)
    meets_and_corrects(chair, dong, golden)
    visits_on_site(dong, golden)
    assert_ledger_is_intact()

    states_how_ties_are_parted(organiser)
    finds_ten_winners_each(organiser, golden, tmp_path)
    golden.set_opening("ceremony", timezone.now() + timedelta(minutes=1))
    prepares(organiser)
    second = walk()
    confirms(second, golden, "Laureate")
    golden.open_stage("ceremony", before=timedelta(seconds=1))
    remind()
    ten_are_public(pat)
    says_what_happened(pat, golden)
    for person in (organiser, second, lin, chair, dong, pat):
        person.leave()


def opens_the_public_jury(organiser: Walker, golden: Golden) -> None:
    jury = Jury.objects.get(season=golden.season, slug="public")
    page = organiser.sign_in(
        golden.organiser.email, PASSWORD, f"/admin/judging/jury/{jury.pk}/change/"
    )
    page.locator("#id_admission").select_option(value=Admission.OPEN)
    page.locator("#id_handout").select_option(value=Handout.NEXT)
    organiser.narrow("jury-settings")
    organiser.press(re.compile("^Save$"))
    organiser.sees("was changed successfully")


def registers_and_votes(pat: Walker, golden: Golden) -> None:
    page = pat.open(f"{SEASON}jury/")
    pat.narrow("jury-public")
    pat.follow("Rules and registration")
    pat.narrow("register-anonymous")
    pat.follow("Create an account")
    page.get_by_label("Your full name").fill("Pat Public")
    page.get_by_label("Email").fill("pat@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    pat.press("Create an account")
    page.wait_for_url("**/confirm-email/")
    pat.open(link_in_mail("pat@example.org", "Confirm"))
    pat.press("Yes, confirm")
    page.wait_for_url("**/register/")
    pat.narrow("register-form")
    page.locator("[name=profile]").first.check()
    page.locator("[name=rules]").check()
    pat.press("Register")
    pat.sees("You are a member of this jury")
    pat.narrow("register-done")
    pat.follow("Digital Operations Benchmark Case: public jury")
    pat.narrow("agreement")
    page.get_by_label("I have read the agreement and accept it.").check()
    pat.press("Accept and continue")
    page.wait_for_url("**/judging/ballots/*/")
    pat.look()
    pat.narrow("ballots")
    pat.press("Give me the next entry")
    pat.sees("This entry is yours to score.")
    pat.narrow("scorecard-simple")
    scores(pat, [9, 8])
    pat.narrow("scorecard-simple-locked")


def scores(judge: Walker, positions: list[int] | None = None) -> None:
    """Mark everything, say something, submit and say yes."""
    page = judge.page
    lines = page.locator("[data-unit][data-answered]").all()
    for number, line in enumerate(lines):
        options = line.locator(".marks__option")
        # Next to the best: this rubric wants a comment for marks at the ends.
        options.nth(positions[number] if positions else options.count() - 2).click()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.get_by_label("Comment for the nominee").fill("Clear from end to end.")
    page.get_by_label("Comment for the nominee").blur()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.locator("#scorecard-form").get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, continue").click()
    judge.sees("Submitted and locked")


def joins_scores_and_steps_back(lin: Walker, golden: Golden) -> None:
    """A new expert agrees, scores one entry and steps back from another."""
    seat, round_ = golden.experts["L"], golden.round("expert-digital-operations")
    seat.user.consents.all().delete()
    entries = golden.entries[1]
    for name in ("Apple", "Lime"):
        assign(round_, seat, entries[name], by=golden.organiser)
    page = lin.sign_in("lin@example.org", PASSWORD, "/judging/")
    lin.sees_not("Apple1")
    lin.follow("Read the agreement")
    page.get_by_label("I have read the agreement and accept it.").check()
    lin.press("Accept and continue")
    page.wait_for_url("**/judging/")
    lin.narrow("desk-expert")
    page.get_by_role("link", name="Apple1 Group").click()
    lin.look()
    lin.narrow("scorecard-expert")
    scores(lin)
    lin.open("/judging/")
    page.get_by_role("link", name="Lime1 Group").click()
    lin.follow(re.compile("Step back from this entry"))
    page.get_by_label("Reason").fill("I advised them last year.")
    lin.narrow("recuse")
    lin.press("Step back")
    page.wait_for_url("**/judging/")
    lin.sees("You stepped back from entry")
    lin.narrow("desk-after-recusal")


def is_removed_for_a_violation(organiser: Walker, golden: Golden) -> None:
    page = organiser.open("/admin/judging/judge/?q=Gao")
    organiser.narrow("members")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option(value="record_violation")
    page.get_by_role("button", name=re.compile("^(Go|Run)", re.IGNORECASE)).first.click()
    organiser.look()
    page.get_by_label("Reason").fill("Took a gift of an applicant.")
    organiser.narrow("violation")
    page.locator("main, #main, form").get_by_role(
        "button", name=re.compile("violation|Confirm|Yes|Record")
    ).first.click()
    organiser.look()
    organiser.narrow("violation-done")
    assert Judge.objects.get(user__email="gao@example.org").violation is True


def meets_and_corrects(chair: Walker, dong: Walker, golden: Golden) -> None:
    """The chair opens a meeting about an entry, one expert corrects a mark, the chair closes it."""
    round_, entry = golden.round("expert-digital-operations"), golden.entries[1]["Elder"]
    table = f"/judging/rounds/{round_.pk}/entries/{entry.pk}/"
    page = chair.sign_in("chen@example.org", PASSWORD, f"/judging/rounds/{round_.pk}/chair/")
    chair.narrow("chair")
    chair.open(table)
    page.get_by_label("Agenda").fill("Are the savings measured?")
    chair.press("Open a meeting")
    chair.narrow("table-meeting")
    dong.sign_in("dong@example.org", PASSWORD, table)
    dong.follow("Change my marks")
    mark = dong.page.locator(".correct-mark").first
    before = Decimal(mark.input_value())
    mark.fill(str(before - 1))
    dong.page.get_by_label("Why the marks change").fill("The savings are planned, not measured.")
    dong.narrow("correct")
    dong.press("Put the new marks beside")
    dong.sees("Your new marks stand beside the submitted ones.")
    dong.narrow("table-corrected")
    chair.open(table)
    page.get_by_label("Minutes").fill("One mark was corrected.")
    page.get_by_label("Decision").fill("The scores stand as corrected.")
    chair.press("Close the meeting")
    chair.sees("The scores stand as corrected.")
    chair.narrow("table-closed")


def visits_on_site(dong: Walker, golden: Golden) -> None:
    """The leader answers the check list, notes a finding, ends the visit and gives marks."""
    page = dong.page
    dong.open("/judging/")
    dong.narrow("desk-visit")
    dong.open(golden.visit.get_absolute_url())
    for line in page.locator(".check-line__choice").get_by_text("Yes", exact=True).all():
        line.click()
    page.locator(".check-line__figure").fill("12")
    page.locator(".check-line__figure").blur()
    expect(page.locator("#visit-saved")).to_have_attribute("data-state", "saved")
    page.locator("#id_text").fill("Every desk shows the queue.")
    dong.press("Add the finding")
    dong.sees("Every desk shows the queue.")
    dong.narrow("visit")
    dong.press("The visit is done")
    page.get_by_role("dialog").get_by_role("button", name="Yes, continue").click()
    dong.sees("Done and locked")
    dong.narrow("visit-done")
    dong.open(golden.visit.round.assignments.get(judge=golden.experts["D"]).get_absolute_url())
    scores(dong)


def assert_ledger_is_intact() -> None:
    """The command that anybody who runs the portal can call finds every row as it was written."""
    told = StringIO()
    call_command("verify_ledger", SLUG, stdout=told)
    cards = Scorecard.objects.filter(status=ScorecardStatus.SUBMITTED).count()
    assert cards == 12 * 6 + 12 * 6 + 9 * 6 + 4  # Gao's, Lin's and two of the visit.
    assert "rows are as they were written" in told.getvalue()


def states_how_ties_are_parted(organiser: Walker) -> None:
    """First the judges who saw both, then the draw; the seed is on the page for everybody."""
    open_console(organiser, "Laureate")
    organiser.follow("Settings of this outcome")
    organiser.page.locator("#id_ties").select_option(value=TieOrder.MEETING)
    organiser.page.locator("#id_quota_mode").select_option(value=QuotaMode.DRAW)
    organiser.press(re.compile("^Save$"))
    organiser.sees("was changed successfully")


def finds_ten_winners_each(organiser: Walker, golden: Golden, tmp_path: Path) -> None:
    page = organiser.page
    open_console(organiser, "Laureate")
    organiser.press("Compute all")
    organiser.sees("All standings are computed")
    organiser.narrow("console-golden")
    chosen = {}
    for number in AWARDS:
        open_console(organiser, "Laureate")
        organiser.follow(str(golden.nomination(number).name))
        organiser.narrow(f"nomination-golden-{number}")
        protocol = verify_protocol(organiser, tmp_path)
        assert protocol["nomination"] == number
        chosen[number] = [
            name
            for name, entry in golden.entries[number].items()
            if page.get_by_label(entry.number, exact=True).is_checked()
        ]
        if number == 1:
            knows_nothing_of_the_removed_judge(organiser, golden)
        if number == 2:
            organiser.sees("the draw by the published seed went against them")
            was_visited(organiser, golden)
        organiser.press("Confirm the laureates")
        organiser.sees("Confirmed")
    assert chosen[1] == [*FRUIT, "Kiwi"]  # Two experts of three preferred it to Juno.
    assert len(chosen[2]) == 10
    assert len({"Juno", "Kiwi"} & set(chosen[2])) == 1
    assert chosen[3] == FRUIT


def was_visited(organiser: Walker, golden: Golden) -> None:
    """The one visited is a place higher by it; of the others the table says what becomes of the part."""
    rows = organiser.page.get_by_role("row")
    iris = rows.filter(has_text=golden.entries[2]["Iris"].number)
    expect(iris.get_by_role("cell").nth(1)).to_have_text("8")  # It was ninth before the visit.
    expect(iris).to_contain_text("95.00")
    expect(rows.filter(has_text=golden.entries[2]["Hop"].number)).to_contain_text("weight shared")


def knows_nothing_of_the_removed_judge(organiser: Walker, golden: Golden) -> None:
    """Gao's scorecard is on record and counts nowhere; the correction of the meeting does count."""
    juno = organiser.page.get_by_role("row").filter(has_text=golden.entries[1]["Juno"].number)
    expect(juno).to_contain_text("62.00")
    elder = organiser.page.get_by_role("row").filter(has_text=golden.entries[1]["Elder"].number)
    expect(elder).to_contain_text("84.67")
    organiser.follow("How firm is it?")
    organiser.press("Count it")
    organiser.sees("Fang Expert")
    organiser.sees_not("Gao Bribed")
    organiser.narrow("firmness-golden")
    organiser.follow(re.compile("Digital Operations Benchmark Case"))


def ten_are_public(visitor: Walker) -> None:
    visitor.open(f"{SEASON}results/")
    visitor.narrow("results-golden")
    awards = visitor.page.locator("article.outcome")
    assert [one.locator(".laureate-card").count() for one in awards.all()] == [10, 10, 9]


def says_what_happened(pat: Walker, golden: Golden) -> None:
    pat.open(f"{SEASON}jury/")
    pat.sees("stepped back 1 time")
    pat.sees("1 member was removed from the jury")
    pat.narrow("jury-after")
    pat.open(f"{SEASON}methodology/")
    pat.sees("Recusals in this season: 1.")
    pat.sees(re.compile("What parts equal scores\\s*the judges who saw both"))
    pat.sees(golden.season.outcome_rules.get().seed)
    pat.narrow("methodology")
