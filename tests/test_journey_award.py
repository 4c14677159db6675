"""The whole story of an award in a real browser: everybody in turn, from registration to feedback."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from diplomas.models import Diploma
from diplomas.rendering.code import qr_operators
from judging.models import Assignment, Scorecard
from nominations.models import Entry
from outbox.models import Message
from outbox.tasks import remind, sweep
from results.models import PublishedResult
from tests.story import PASSWORD, SLUG, Story, prose
from tests.walk import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEWCOMER = "nora@example.org"
COMPANY = "Larch Telecom"
SEASON = f"/s/{SLUG}/"


@pytest.fixture
def story(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Story()


def link_in_mail(to: str, about: str) -> str:
    """The first link of the newest mail to somebody whose subject has these words."""
    found = [one for one in mail.outbox if to in one.to and about in one.subject]
    return re.search(r"https?://\S+", str(found[-1].body))[0]


def subjects_to(email: str) -> list[str]:
    """What was written to somebody, oldest first."""
    return [str(one.subject) for one in mail.outbox if email in one.to]


def picture(tmp_path: Path) -> Path:
    """A picture to attach."""
    file = tmp_path / "before and after.png"
    Image.new("RGB", (400, 300), "#7a2e5d").save(file)
    return file


def test_an_award_from_registration_to_feedback(story: Story, walk: Walk, tmp_path: Path) -> None:
    newcomer = walk()
    registers(newcomer)
    enters_two_nominations(newcomer)
    is_refused_then_submits_nomination_six(newcomer, story)
    number = writes_and_submits_nomination_one(newcomer, tmp_path)
    rival = story.rival_enters()
    is_reminded_of_nothing_but_the_unfinished(story)

    organiser = walk()
    admits_everything(organiser, story)
    puts_a_judge_on_the_jury(organiser, story)
    entry = Entry.objects.get(number=number)
    story.open_stage("essay-judging")
    assigns_the_entry(organiser, story, entry)

    judge = walk()
    scores_the_essay(judge, entry)
    others = [story.judge_joins(name) for name in ("Boris Second", "Vera Third", "Dina Fourth")]
    steps_back(walk(), story, others[2], entry)
    essay_round = story.round("essay")
    for other in others[:2]:
        story.score(other, entry, essay_round, Decimal("0.8"))
        story.score(other, rival, essay_round, Decimal("0.6"))
    story.score(story.judge_joins("Elena Fifth"), rival, essay_round, Decimal("0.6"))

    visitor = walk()
    nothing_is_public(visitor)
    story.set_opening("finalists", timezone.now() + timedelta(minutes=1))
    finds_the_finalists(organiser, number, rival.number)
    second = walk()
    confirms_the_release(second, "Finalist", story.second.email)
    sweep()
    nothing_is_public(visitor)
    story.open_stage("finalists", before=timedelta(seconds=1))
    remind()
    finalists_are_public(visitor)
    downloads_the_diploma(newcomer, visitor, entry, "finalist", tmp_path)

    story.open_stage("defence")
    plans_the_defence(organiser, story, entry)
    story.score(others[0], entry, story.round("defence"), Decimal("0.9"))
    story.score(others[1], entry, story.round("defence"), Decimal("0.9"))
    assigns_the_entry(organiser, story, entry, round_slug="defence")
    scores_the_defence(judge, entry)

    story.set_opening("ceremony", timezone.now() + timedelta(minutes=1))
    finds_the_laureate(organiser, number)
    confirms_the_release(second, "Laureate", story.second.email)
    story.open_stage("ceremony", before=timedelta(seconds=1))
    remind()
    downloads_the_diploma(newcomer, visitor, entry, "laureate", tmp_path)

    feedback = f"/entries/{entry.pk}/feedback/"
    assert newcomer.page.request.get(newcomer.base_url + feedback).status == 404
    story.open_stage("feedback", before=timedelta(seconds=1))
    remind()
    reads_the_feedback(newcomer, judge, feedback)
    for person in (newcomer, organiser, judge, visitor, second):
        person.leave()


def registers(newcomer: Walker) -> None:
    newcomer.open(SEASON)
    newcomer.sees("27")
    newcomer.open(f"{SEASON}nominations/")
    newcomer.open(f"{SEASON}rules/")
    newcomer.open(f"{SEASON}jury/")
    newcomer.follow("Register")
    page = newcomer.page
    page.get_by_label("Your full name").fill("Nora Newcomer")
    page.get_by_label("Email").fill(NEWCOMER)
    page.get_by_label("Password").fill(PASSWORD)
    newcomer.press("Create an account")
    page.wait_for_url("**/confirm-email/")
    newcomer.open(link_in_mail(NEWCOMER, "Confirm"))
    newcomer.press("Yes, confirm")
    page.wait_for_url("**/desk/")


def enters_two_nominations(newcomer: Walker) -> None:
    page = newcomer.open(SEASON)
    newcomer.follow("Enter the award")
    newcomer.follow("Add an organisation")
    page.get_by_label("Name", exact=False).first.fill(COMPANY)
    newcomer.press("Add")
    expect(page.get_by_role("heading", name="Enter the award")).to_be_visible()
    page.get_by_label(COMPANY).check()
    page.locator("#pick-1").check()
    page.locator("#pick-6").check()
    page.locator(".pick", has=page.locator("#pick-6")).get_by_label("Organisation").check()
    newcomer.press("Start the entries")
    page.wait_for_url("**/desk/")
    newcomer.sees("2 entries are started")


def open_entry(newcomer: Walker, number: int) -> int:
    """Open the entry in a nomination from the desk; return its key."""
    newcomer.open("/desk/")
    newcomer.page.get_by_role("link", name=re.compile(rf"^{number}\. ")).click()
    newcomer.look()
    found = re.search(r"/entries/(\d+)/", newcomer.page.url)
    assert found
    return int(found[1])


def write_answers(newcomer: Walker, *, year: str = "") -> None:
    """Fill every answer of the open editor and wait until each is saved."""
    page = newcomer.page
    for section in page.locator("[data-answer]").all():
        kind = section.get_attribute("data-kind")
        least = int(section.get_attribute("data-min") or 0)
        section.get_by_role("textbox").fill(
            year if kind == "year" else prose(least + 20, "clients")
        )
        section.get_by_role("textbox").blur()
        outcome = "refused" if kind == "year" and year < "2020" else "saved"
        expect(section.locator(".autosave")).to_have_attribute("data-state", outcome)


def is_refused_then_submits_nomination_six(newcomer: Walker, story: Story) -> None:
    pk = open_entry(newcomer, 6)
    page = newcomer.page
    newcomer.open(f"/entries/{pk}/details/")
    page.get_by_label("Title of the project").fill("A bot that calls a person")
    page.get_by_label("Role").first.select_option(label="Vendor or integrator: made the solution")
    newcomer.press("Save and go to the essay")
    page.wait_for_url("**/essay/")
    write_answers(newcomer, year="2019")
    newcomer.sees("technology introduced in 2020 or later")
    newcomer.open(f"/entries/{pk}/preview/")
    newcomer.sees("In this nomination a vendor enters only together with its client.")
    newcomer.sees("In which year was the technology introduced?")
    expect(page.get_by_role("button", name="Submit", exact=True)).to_have_count(0)

    newcomer.open(f"/entries/{pk}/essay/")
    page.locator("[data-kind=year]").get_by_role("textbox").fill("2021")
    page.locator("[data-kind=year]").get_by_role("textbox").blur()
    expect(page.locator("[data-kind=year] .autosave")).to_have_attribute("data-state", "saved")
    newcomer.open(f"/entries/{pk}/details/")
    page.get_by_label("Organisation", exact=True).last.fill("Aspen Clinics")
    page.get_by_label("Role").last.select_option(label="Client: uses the solution")
    newcomer.press("Save and go to the essay")
    newcomer.open(f"/entries/{pk}/preview/")
    newcomer.press("Submit")
    page.wait_for_url("**/receipts/1/")
    newcomer.sees("Aspen Clinics")


def writes_and_submits_nomination_one(newcomer: Walker, tmp_path: Path) -> str:
    pk = open_entry(newcomer, 1)
    page = newcomer.page
    newcomer.sees("Not submitted yet")
    newcomer.open(f"/entries/{pk}/essay/")
    write_answers(newcomer)
    typed = page.locator("[data-answer] textarea").first.input_value()
    page.reload()
    assert page.locator("[data-answer] textarea").first.input_value() == typed
    expect(page.locator("[data-essay-progress]")).to_contain_text("answered")
    page.locator("input[type=file]").set_input_files(picture(tmp_path))
    expect(page.get_by_role("link", name="before and after.png")).to_be_visible()

    newcomer.open(f"/entries/{pk}/preview/")
    newcomer.sees("This is what the jury will read.")
    newcomer.sees("before and after.png")
    newcomer.press("Submit")
    page.wait_for_url("**/receipts/1/")
    entry = Entry.objects.get(pk=pk)
    revision = entry.revisions.get()
    newcomer.sees(entry.number)
    newcomer.sees(revision.sha256)
    receipts = [one for one in mail.outbox if NEWCOMER in one.to and revision.sha256 in one.body]
    assert len(receipts) == 1
    newcomer.open(f"/entries/{pk}/")
    newcomer.sees("Submitted: revision 1 is in")
    return entry.number


def is_reminded_of_nothing_but_the_unfinished(story: Story) -> None:
    """Who has submitted everything gets no reminder when the deadline comes near."""
    closes = story.stage("entry").closes_at
    before = [one.pk for one in Message.objects.all()]
    opens = story.stage("entry").opens_at
    story.set_opening("entry", opens - (closes - timezone.now()) + timedelta(days=3, minutes=-1))
    remind()
    assert list(Message.objects.exclude(pk__in=before).values_list("kind", flat=True)) == []


def admits_everything(organiser: Walker, story: Story) -> None:
    organiser.sign_in(story.organiser.email, PASSWORD, "/admin/")
    page = organiser.open("/admin/seasons/season/")
    organiser.open(f"/admin/seasons/stage/{story.stage('entry').pk}/change/")
    organiser.open("/admin/nominations/entry/")
    for entry in Entry.objects.order_by("number"):
        organiser.open(f"/admin/nominations/entry/{entry.pk}/change/")
        organiser.follow(re.compile("Admit to judging"))
        organiser.press("Admit to judging")
        organiser.sees("1 entry is admitted")
    assert page.title() != ""
    assert {one.status for one in Entry.objects.all()} == {"admitted"}


def puts_a_judge_on_the_jury(organiser: Walker, story: Story) -> None:
    from tests.factories import make_person

    person = make_person("yana@example.org", "Yana Judge")
    jury = story.season.juries.get()
    page = organiser.open(f"/admin/judging/jury/{jury.pk}/change/")
    page.get_by_role("link", name=re.compile("Add another", re.IGNORECASE)).first.click()
    page.locator(".field-user").first.get_by_role("combobox").click()
    page.locator(".select2-search__field").last.fill(person.full_name)
    page.get_by_role("option", name=person.full_name).click()
    page.locator("#id_judges-0-employer").fill("Far away")
    organiser.press(re.compile("^Save$"))
    organiser.open(f"{SEASON}jury/")
    organiser.sees("Yana Judge")


def assigns_the_entry(
    organiser: Walker, story: Story, entry: Entry, *, round_slug: str = "essay"
) -> None:
    page = organiser.open("/admin/judging/assignment/add/")
    page.locator("#id_round").select_option(value=str(story.round(round_slug).pk))
    page.get_by_label("Entry number").fill(entry.number)
    page.locator("#id_judge").select_option(label="Yana Judge")
    organiser.press(re.compile("^Save$"))
    page.wait_for_url("**/assignment/")
    assert Assignment.objects.filter(
        judge__user__email="yana@example.org", round__slug=round_slug, entry=entry
    ).exists()


def mark_everything(judge: Walker, position: int) -> None:
    """Give each criterion a mark and wait until it is saved."""
    page = judge.page
    for line in page.locator("[data-unit][data-answered]").all():
        line.locator(".marks__option").nth(position).click()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")


def scores_the_essay(judge: Walker, entry: Entry) -> None:
    judge.sign_in("yana@example.org", PASSWORD, "/judging/")
    page = judge.page
    judge.sees_not(entry.organisation.name)
    judge.follow("Read the agreement")
    page.get_by_label("I have read the agreement and accept it.").check()
    judge.press("Accept and continue")
    page.wait_for_url("**/judging/")
    judge.look("desk of a judge")
    page.get_by_role("link", name=COMPANY).click()
    judge.look()
    judge.sees("We asked clients what stood in the way")
    mark_everything(judge, 9)
    page.get_by_label("Comment for the nominee").fill("A clear story, told with numbers.")
    page.get_by_label("Private note for the jury").fill("Ask about the numbers.")
    page.get_by_label("Private note for the jury").blur()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.get_by_label("Comment for the nominee")).to_have_value(
        "A clear story, told with numbers."
    )
    submit_scorecard(judge)


def submit_scorecard(judge: Walker) -> None:
    """Submit, say yes, and see it locked."""
    page = judge.page
    page.locator("#scorecard-form").get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, continue").click()
    judge.sees("Submitted and locked")
    judge.look("locked scorecard")
    expect(page.locator("#scorecard-form").get_by_role("button", name="Submit")).to_have_count(0)


def steps_back(judge: Walker, story: Story, member, entry: Entry) -> None:
    from judging.services import assign

    assignment = assign(story.round("essay"), member, entry, by=story.organiser)
    path = f"/judging/assignments/{assignment.pk}/"
    judge.sign_in(member.user.email, PASSWORD, path)
    judge.follow(re.compile("Step back from this entry"))
    judge.page.get_by_label("Reason").fill("I advised them last year.")
    judge.press("Step back")
    judge.page.wait_for_url("**/judging/")
    judge.sees("You stepped back from entry")
    assert judge.page.request.get(judge.base_url + path).status == 404
    assert any("Dina" in str(one.body) for one in mail.outbox if story.organiser.email in one.to)
    judge.leave()


def nothing_is_public(visitor: Walker) -> None:
    visitor.open(f"{SEASON}results/")
    visitor.sees("before it is released")
    visitor.sees_not(COMPANY)
    assert PublishedResult.objects.count() == 0


def open_console(organiser: Walker, outcome: str) -> None:
    """The console of an outcome, from the list of outcomes."""
    organiser.open("/admin/results/outcomerule/")
    organiser.follow(re.compile(outcome, re.IGNORECASE))


def finds_the_finalists(organiser: Walker, number: str, rival: str) -> None:
    page = organiser.page
    open_console(organiser, "Finalist$")
    organiser.press("Compute all")
    organiser.sees("All standings are computed")
    organiser.follow(re.compile("Human-to-Human"))
    organiser.sees(number)
    expect(page.get_by_label(number)).to_be_checked()
    expect(page.get_by_label(rival)).to_be_checked()
    organiser.press("Confirm the finalists")
    organiser.sees("Confirmed")
    prepares_the_release(organiser)


def prepares_the_release(organiser: Walker) -> None:
    organiser.follow(re.compile("Prepare the release"))
    organiser.press("Prepare the release")
    organiser.sees("another organiser must confirm it")
    expect(
        organiser.page.get_by_role("link", name=re.compile("Confirm the release"))
    ).to_have_count(0)


def confirms_the_release(second: Walker, outcome: str, email: str) -> None:
    if "desk" not in second.page.url and "admin" not in second.page.url:
        second.sign_in(email, PASSWORD, "/admin/")
    open_console(second, f"{outcome}$")
    second.follow(re.compile("Confirm the release"))
    second.press("Confirm the release")
    second.sees("The release is confirmed")


def finalists_are_public(visitor: Walker) -> None:
    visitor.open(f"{SEASON}results/")
    visitor.look("results")
    visitor.sees(COMPANY)
    visitor.sees("Rowan Bank")


def downloads_the_diploma(
    newcomer: Walker, visitor: Walker, entry: Entry, kind: str, tmp_path: Path
) -> None:
    diploma = Diploma.objects.get(entry=entry, kind=kind)
    assert f"You are a {kind}" in " ".join(subjects_to(NEWCOMER))
    assert any(diploma.number in subject for subject in subjects_to(NEWCOMER))
    newcomer.open(f"/entries/{entry.pk}/")
    newcomer.look(f"entry of a {kind}")
    with newcomer.page.expect_download() as download:
        newcomer.page.get_by_role("link", name=f"{kind.title()} diploma").click()
    file = tmp_path / f"{kind}.pdf"
    download.value.save_as(file)
    reader = PdfReader(BytesIO(file.read_bytes()))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert COMPANY in text
    assert diploma.number in text
    assert "Human-to-Human" in text
    address = f"{newcomer.base_url}{diploma.get_absolute_url()}"
    assert qr_operators(address) in reader.pages[0].get_contents().get_data()
    visitor.open(address)
    visitor.sees("This diploma is genuine")
    visitor.sees(COMPANY)
    visitor.sees(diploma.sha256)
    refused = visitor.page.request.get(
        f"{visitor.base_url}/diplomas/{diploma.number}/file/", max_redirects=0
    )
    assert refused.status == 302


def plans_the_defence(organiser: Walker, story: Story, entry: Entry) -> None:
    at = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    page = organiser.open("/admin/judging/defenceslot/add/")
    page.locator("#id_round").select_option(value=str(story.round("defence").pk))
    page.get_by_label("Entry number").fill(entry.number)
    page.locator("#id_starts_at_0").fill(f"{at:%Y-%m-%d}")
    page.locator("#id_starts_at_1").fill(f"{at:%H:%M:%S}")
    page.get_by_label("Place").fill("Hall 2")
    organiser.press(re.compile("^Save$"))
    page.wait_for_url("**/defenceslot/")
    # It leaves ten minutes later, so that a time that is dragged about makes one mail.
    Message.objects.filter(kind="defence-slot").update(due_at=timezone.now())
    sweep()
    assert any("Hall 2" in str(one.body) for one in mail.outbox if NEWCOMER in one.to)


def scores_the_defence(judge: Walker, entry: Entry) -> None:
    judge.open(f"/judging/{SLUG}/defence/")
    judge.sees("Hall 2")
    judge.follow(re.compile("^(Score|Go on scoring)"))
    mark_everything(judge, 9)
    submit_scorecard(judge)
    assert Scorecard.objects.filter(assignment__round__slug="defence").count() == 3


def finds_the_laureate(organiser: Walker, number: str) -> None:
    open_console(organiser, "Laureate$")
    organiser.press("Compute all")
    organiser.follow(re.compile("Human-to-Human"))
    expect(organiser.page.get_by_label(number)).to_be_checked()
    organiser.press("Confirm the laureates")
    organiser.sees("Confirmed")
    prepares_the_release(organiser)


def reads_the_feedback(newcomer: Walker, judge: Walker, path: str) -> None:
    newcomer.open(path)
    newcomer.sees("A clear story, told with numbers.")
    newcomer.sees_not("Ask about the numbers.")
    newcomer.sees_not("Yana")
    assert judge.page.request.get(judge.base_url + path).status == 404
    assert any("feedback" in subject.lower() for subject in subjects_to(NEWCOMER))
