"""The CX award from scores to feedback: judges-EB, two outcomes, an appeal, and the second it opens."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from judging.models import Judge, Jury, JuryKind
from judging.services import accept_agreement, add_judge
from outbox.tasks import remind, sweep
from results.models import Appeal, PublishedResult
from tests.bulk import card, competitor
from tests.console import confirms, open_console, prepares, verify_protocol
from tests.factories import make_person
from tests.story import PASSWORD, SLUG, Story
from tests.walk import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How good the essays are, and who read them. A is eight points lenient, E eight points strict, so
# the plain mean takes Fir for the better of Elm and Fir; judges-EB does not.
ESSAYS = {
    "Alder Bank": (88, "ABE"),
    "Birch Post": (86, "ACD"),
    "Cedar Rail": (82, "BDE"),
    "Dogwood Air": (78, "ACE"),
    "Elm Clinic": (74, "CDE"),
    "Fir Retail": (70, "ABD"),
    "Gum Energy": (66, "BCE"),
    "Hazel Hotel": (62, "ACD"),
}
LEANING = {"A": 8, "B": 0, "C": 0, "D": 0, "E": -8}
DEFENCES = {
    "Alder Bank": 86,
    "Birch Post": 90,
    "Cedar Rail": 70,
    "Dogwood Air": 66,
    "Elm Clinic": 60,
}
RESULTS = f"/s/{SLUG}/results/"


class Award(Story):
    """The season with eight judged essays in its first nomination."""

    def __init__(self) -> None:
        super().__init__()
        self.open_stage("essay-judging")
        nomination = self.nomination(1)
        self.entries = {name: competitor(name, nomination) for name in ESSAYS}
        names = ["Anna Lenient", "Boris Fair", "Clara Fair", "Dmitri Fair", "Egor Strict"]
        self.judges = {name[0]: self.judge_joins(name) for name in names}
        for name, (quality, readers) in ESSAYS.items():
            for reader in readers:
                self.gives(reader, name, "essay", quality + LEANING[reader])

    def gives(self, judge: str, name: str, round_slug: str, points: int) -> None:
        """A judge's scorecard for a company."""
        card(self.judges[judge], self.entries[name], self.round(round_slug), points)

    def panel(self) -> list[Judge]:
        """Two people who have judged nothing, for appeals."""
        jury = Jury.objects.create(
            season=self.season, slug="review", kind=JuryKind.REVIEW, name={"en": "Review panel"}
        )
        people = [
            make_person(f"{one}@panel.example", f"{one.title()} Panel") for one in ("pia", "raul")
        ]
        seats = [add_judge(jury, one, by=self.organiser, employer="Elsewhere") for one in people]
        accept_agreement(self.season.agreements.get(), people[1], language="en")
        return seats


@pytest.fixture
def award(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Award()


def test_the_cx_award_finds_finalists_and_laureates_hears_an_appeal_and_opens_feedback(
    award: Award, walk: Walk, tmp_path: Path
) -> None:
    organiser, second, visitor = walk(), walk(), walk()
    takes_appeals(organiser, award)
    finds_finalists_by_judges_eb(organiser, award, tmp_path)
    award.set_opening("finalists", timezone.now() + timedelta(minutes=1))
    prepares(organiser)
    confirms(second, award, "Finalist")
    sweep()
    visitor.open(RESULTS)
    visitor.sees_not("Elm Clinic")
    award.open_stage("finalists", before=timedelta(seconds=1))
    remind()
    visitor.open(RESULTS)
    visitor.narrow("results-finalists")
    visitor.sees("Elm Clinic")
    visitor.sees_not("Fir Retail")

    award.open_stage("defence")
    for name, points in DEFENCES.items():
        for judge in "BCD":
            award.gives(judge, name, "defence", points)
    finds_the_laureate(organiser, award, tmp_path)
    award.set_opening("ceremony", timezone.now() + timedelta(minutes=1))
    prepares(organiser)
    confirms(second, award, "Laureate")
    award.open_stage("ceremony", before=timedelta(seconds=1))
    remind()
    laureate_is(visitor, "Birch Post")

    nominee = walk(timezone_id="Asia/Hong_Kong")
    appeals(nominee, award)
    asks_the_panel(organiser, award)
    scores_anew(walk(), award)
    decides(organiser, award)
    confirms_the_decision(second)
    laureate_is(visitor, "Alder Bank")
    visitor.sees("Changed after an appeal")
    visitor.open(f"/s/{SLUG}/")
    visitor.sees("result changed 1")
    reads_the_decision(nominee)

    reads_feedback_to_the_second(nominee, award)
    for person in (organiser, second, visitor, nominee):
        person.leave()


def takes_appeals(organiser: Walker, award: Award) -> None:
    """The organiser says in the settings of the outcome how long appeals are taken."""
    organiser.sign_in(award.organiser.email, PASSWORD, "/admin/results/outcomerule/")
    organiser.narrow("outcomes")
    organiser.follow(re.compile("laureate$", re.IGNORECASE))
    organiser.follow("Settings of this outcome")
    organiser.page.get_by_label("Days for appeals").fill("14")
    organiser.narrow("outcome-settings")
    organiser.press(re.compile("^Save$"))
    organiser.sees("was changed successfully")


def open_table(organiser: Walker, award: Award, outcome: str) -> None:
    """Compute everything and open the table of the first nomination."""
    open_console(organiser, outcome)
    organiser.press("Compute all")
    organiser.sees("All standings are computed")
    organiser.narrow(f"console-{outcome.lower()}")
    organiser.follow(str(award.nomination(1).name))
    organiser.narrow(f"nomination-{outcome.lower()}")


def row_of(organiser: Walker, award: Award, name: str):
    return organiser.page.get_by_role("row").filter(has_text=award.entries[name].number)


def box_of(organiser: Walker, award: Award, name: str):
    return organiser.page.get_by_label(award.entries[name].number, exact=True)


def finds_finalists_by_judges_eb(organiser: Walker, award: Award, tmp_path: Path) -> None:
    open_table(organiser, award, "Finalist")
    organiser.sees("judges")
    expect(row_of(organiser, award, "Elm Clinic")).to_contain_text("proposed")
    expect(row_of(organiser, award, "Fir Retail")).not_to_contain_text("proposed")
    chosen = [name for name in ESSAYS if box_of(organiser, award, name).is_checked()]
    assert chosen == list(ESSAYS)[:5]
    verify_protocol(organiser, tmp_path)
    organiser.follow("How firm is it?")
    organiser.narrow("firmness-finalist")
    organiser.page.go_back()
    organiser.press("Confirm the finalists")
    organiser.sees("Confirmed")


def finds_the_laureate(organiser: Walker, award: Award, tmp_path: Path) -> None:
    open_table(organiser, award, "Laureate")
    row = row_of(organiser, award, "Birch Post")
    expect(row).to_contain_text("proposed")
    expect(organiser.page.locator(".rc-shares")).to_contain_text("50 %")
    protocol = verify_protocol(organiser, tmp_path)
    assert [one["round"] for one in protocol["rules"]["tree"]["children"]] == ["essay", "defence"]
    organiser.press("Confirm the laureates")
    organiser.sees("Confirmed")


def laureate_is(visitor: Walker, name: str) -> None:
    visitor.open(RESULTS)
    expect(visitor.page.locator(".laureate-card__name")).to_have_text(name)
    visitor.narrow(f"results-laureate-{name.split(maxsplit=1)[0].lower()}")


def appeals(nominee: Walker, award: Award) -> None:
    entry = award.entries["Alder Bank"]
    nominee.sign_in("alder@example.org", PASSWORD, f"/entries/{entry.pk}/")
    nominee.narrow("entry-finalist")
    nominee.follow(re.compile("Appeal against the result: laureate", re.IGNORECASE))
    nominee.narrow("appeal-new")
    nominee.page.get_by_role("radio").first.check()
    nominee.page.get_by_label("What you contest, and why").fill(
        "The waiting times of the second quarter were overlooked."
    )
    nominee.press("File the appeal")
    nominee.sees("Your appeal is filed")
    nominee.narrow("appeal-filed")


def asks_the_panel(organiser: Walker, award: Award) -> None:
    award.panel()
    page = organiser.open("/admin/results/appeal/")
    organiser.narrow("appeals")
    organiser.follow(award.entries["Alder Bank"].number)
    organiser.narrow("appeal-look")
    page.get_by_label("Admit it", exact=True).check()
    page.get_by_label("Answer to the nominee").fill("A panel reads your essay anew.")
    organiser.press("Say so to the nominee")
    organiser.sees("0 in, 2 needed")
    page.get_by_label("Pia Panel").check()
    page.get_by_label("Raul Panel").check()
    until = timezone.now().astimezone(award.season.zone) + timedelta(days=5)
    page.get_by_label("Open until").fill(f"{until:%Y-%m-%dT%H:%M}")
    organiser.narrow("appeal-panel")
    organiser.press("Ask them")
    organiser.sees("Pia Panel")


def scores_anew(reviewer: Walker, award: Award) -> None:
    """One member of the panel scores in the browser, the other beside it."""
    page = reviewer.page
    reviewer.sign_in("pia@panel.example", PASSWORD, "/judging/")
    reviewer.narrow("desk-panel")
    reviewer.follow("Read the agreement")
    page.get_by_label("I have read the agreement and accept it.").check()
    reviewer.press("Accept and continue")
    page.wait_for_url("**/judging/")
    page.get_by_role("link", name="Alder Bank").click()
    reviewer.look()
    reviewer.sees_not("waiting times of the second quarter")
    for line in page.locator("[data-unit][data-answered]").all():
        line.locator(".marks__option").nth(10).click()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.get_by_label("Comment for the nominee").fill("The second quarter convinces.")
    page.get_by_label("Comment for the nominee").blur()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    reviewer.narrow("scorecard-panel")
    page.locator("#scorecard-form").get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, continue").click()
    reviewer.sees("Submitted and locked")
    reviewer.leave()
    award.score(
        Judge.objects.get(user__email="raul@panel.example"),
        award.entries["Alder Bank"],
        award.round("essay"),
        Decimal(1),
    )


def decides(organiser: Walker, award: Award) -> None:
    page = organiser.open(f"/admin/results/appeal/{Appeal.objects.get().pk}/handle/")
    organiser.sees("2 in, 2 needed")
    organiser.follow("Compute it in the console")
    organiser.press("Compute")
    organiser.sees("The standing is computed")
    page.get_by_text("What changed since the standing before").click()
    organiser.sees("scorecards: 2 added")
    alder, birch = (award.entries[name].number for name in ("Alder Bank", "Birch Post"))
    organiser.sees(f"{alder}: 2 → 1, now proposed")
    organiser.sees(f"{birch}: 1 → 2, no longer proposed")
    organiser.narrow("nomination-after-appeal")
    organiser.open(f"/admin/results/appeal/{Appeal.objects.get().pk}/handle/")
    page.get_by_label("The result changes").check()
    page.get_by_role("checkbox", name=alder).check()
    page.get_by_role("checkbox", name=birch).uncheck()
    page.get_by_label("Reasons").fill("The panel found that the figures count.")
    organiser.narrow("appeal-decide")
    organiser.press("Propose this decision")
    organiser.sees("another organiser must confirm it")
    organiser.narrow("appeal-proposed")


def confirms_the_decision(second: Walker) -> None:
    second.open(f"/admin/results/appeal/{Appeal.objects.get().pk}/handle/")
    second.press("Confirm: it takes effect at once")
    second.sees("The result changes")
    second.narrow("appeal-confirmed")
    assert list(
        PublishedResult.objects.filter(kind="laureate").values_list("organisation_name", flat=True)
    ) == ["Alder Bank"]


def reads_the_decision(nominee: Walker) -> None:
    nominee.open(f"/appeals/{Appeal.objects.get().pk}/")
    nominee.sees("The result of the nomination was changed")
    nominee.sees("The panel found that the figures count.")
    nominee.narrow("appeal-decided")


def reads_feedback_to_the_second(nominee: Walker, award: Award) -> None:
    path = f"/entries/{award.entries['Alder Bank'].pk}/feedback/"
    award.set_opening("feedback", timezone.now() + timedelta(minutes=2))
    opens = award.stage("feedback").opens_at
    with time_machine.travel(opens - timedelta(seconds=1), tick=False):
        assert nominee.page.goto(nominee.base_url + path).status == 404
        nominee.narrow("feedback-404")
    with time_machine.travel(opens + timedelta(seconds=1), tick=False):
        assert nominee.page.goto(nominee.base_url + path).status == 200
        nominee.look()
        nominee.sees("The second quarter convinces.")
        nominee.sees_not("Panel")
        nominee.narrow("feedback")
