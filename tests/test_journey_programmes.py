"""The real programmes: their own forms filled in a browser, submitted, and vetted by their own check lists."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import MemberRole, Membership, Organisation, User
from blueprints.services import load_season
from nominations.models import Entry, EntryStatus, Nomination, Prompt
from nominations.services.codes import Invitee, invite, join_link, make_poster_code
from nominations.services.recommendations import approve_recommendation, recommend
from seasons.models import Season, Stage, StageKind
from tests.factories import PASSWORD, make_person
from tests.story import prose
from tests.walk import Walk, Walker
from tests.world import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def organiser(transactional_db, settings, live_server) -> User:
    settings.SITE_URL = live_server.url
    return make_person("olga@example.org", "Olga Organiser", is_staff=True)


def shipped(name: str, organiser: User) -> Season:
    """A season as its file says, moved so that entries opened yesterday."""
    content = Path(django_settings.BASE_DIR, f"seasons/data/{name}.yaml").read_bytes()
    season = load_season(content, organisers=[organiser]).season
    opened = season.stages.filter(kind=StageKind.ENTRY).earliest("opens_at").opens_at
    shift = timezone.now() - timedelta(days=1) - opened
    for stage in season.stages.all():
        Stage.objects.filter(pk=stage.pk).update(
            opens_at=stage.opens_at + shift, closes_at=stage.closes_at + shift
        )
    return season


def company(name: str, mailbox: str) -> User:
    """A company with one person who signs in here."""
    person = make_person(f"{mailbox}@example.org", f"{mailbox.title()} Person")
    organisation = Organisation.objects.create(name=name)
    Membership.objects.create(user=person, organisation=organisation, role=MemberRole.OWNER)
    return person


def start(walker: Walker, season: Season, nomination: Nomination, kind: str, name: str = "") -> Any:
    """Tick a nomination on the page of entering, say who competes, and start."""
    page = walker.page
    if f"/s/{season.slug}/enter/" not in page.url:
        walker.open(f"/s/{season.slug}/enter/")
    page.locator(f"#pick-{nomination.number}").check()
    choice = page.locator(f"input[name='kind-{nomination.number}'][value='{kind}']")
    if choice.count() and choice.get_attribute("type") == "radio":
        choice.check()
    if name:
        page.locator(f"[name='name-{nomination.number}']").fill(name)
    walker.press("Start the entries")
    return Entry.objects.latest("pk")


def fill(walker: Walker, entry: Entry) -> None:
    """Answer every question that is asked, each as its kind wants it, and wait until all is kept."""
    page = walker.open(f"/entries/{entry.pk}/essay/")
    for prompt in entry.nomination.prompts.prefetch_related("options"):
        section = page.locator(f"#answer-{prompt.pk}")
        if section.is_visible() and prompt.required:
            answer(section, prompt)
    expect(page.locator("#essay-saved")).to_have_attribute("data-state", "saved")
    for prompt in entry.nomination.prompts.filter(kind="metric", required=True):
        proof = page.locator(f"#answer-{prompt.pk} input[type=file]")
        proof.set_input_files(
            {
                "name": f"{prompt.slug}.png",
                "mimeType": "image/png",
                "buffer": picture("p.png").read(),
            }
        )
        expect(page.locator(f"#answer-{prompt.pk} .files__item")).to_have_count(1)
    walker.look()


TYPED = {
    "year": "2021",
    "date": "2024-05-01",
    "link": "https://example.org/proof",
    "video": "https://www.bilibili.com/video/BV1",
}


def answer(section: Any, prompt: Prompt) -> None:
    """One answer that the rules of the prompt let pass."""
    least = prompt.minimum if prompt.minimum is not None else 1
    options = [option.slug for option in prompt.options.all()]
    match prompt.kind:
        case "text":
            section.locator("textarea").fill(prose((prompt.min_words or 20) + 5, "our clients"))
        case "choice" | "choices":
            section.locator(f"[name='answer-{prompt.pk}'][value='{options[0]}']").check()
        case "metric":
            section.locator("[data-part=value]").fill(str(max(int(least), 12)))
            section.locator("[data-part=period]").fill("2024")
            section.locator("[data-part=source]").fill("own survey")
        case "table":
            for row in range(int(least)):
                for slug in options:
                    section.locator(f"[data-cell='{slug}']").nth(row).fill(f"{slug} {row + 1}")
        case _:
            typed = TYPED.get(prompt.kind, str(max(int(least), 3)))
            section.locator(f"[name='answer-{prompt.pk}']").fill(typed)


def submit(walker: Walker, entry: Entry) -> None:
    """Check what the jury will read and submit it."""
    walker.open(f"/entries/{entry.pk}/preview/")
    walker.sees_not("before you can submit")
    walker.page.get_by_role("button", name="Submit", exact=True).click()
    walker.page.wait_for_url("**/receipts/1/")
    walker.look()


def vet(walker: Walker, entry: Entry) -> None:
    """Find every line of the check list in order, and admit."""
    page = walker.open(f"/vetting/{entry.pk}/")
    for item in entry.nomination.check_items.all():
        page.locator(f"input[name='verdict-{item.pk}'][value='ok']").check()
    expect(page.locator("#checks-saved")).to_have_attribute("data-state", "saved")
    expect(page.locator("#checks-done")).to_have_class(re.compile("is-full"))
    walker.follow("Admit…")
    walker.press("Admit to judging")
    walker.sees(f"{entry.number} is admitted.")
    entry.refresh_from_db()
    assert entry.status == EntryStatus.ADMITTED


def test_a_golden_headset_entry_gives_figures_with_proof_and_is_vetted(organiser, walk: Walk):
    season = shipped("golden-headset-2025", organiser)
    company("Cloud Service Centre", "lin")
    lin = walk(timezone_id="Asia/Shanghai")
    lin.sign_in("lin@example.org", PASSWORD)
    entry = start(lin, season, season.nominations.get(number=1), "organisation")
    lin.open(f"/entries/{entry.pk}/details/")
    lin.page.get_by_label("Title").first.fill("One desk for every channel")
    lin.press(re.compile("^Save"))
    fill(lin, entry)
    submit(lin, entry)
    olga = walk()
    olga.sign_in(organiser.email, PASSWORD, f"/s/{season.slug}/vetting/")
    olga.sees("1 entry waits for a check.")
    vet(olga, entry)
    content = entry.latest_revision().content
    proofs = [one for one in content["attachments"] if one.get("prompt") == "first-contact"]
    hidden = [one["prompt"] for one in content["answers"] if one.get("jury") is False]
    assert (len(proofs), hidden) == (1, ["verification-contact"])
    lin.leave()
    olga.leave()


def test_a_joint_entry_of_the_cx_award_names_vendor_and_client(organiser, walk: Walk):
    season = shipped("cx-award-2022", organiser)
    company("Larch Telecom", "lara")
    lara = walk()
    lara.sign_in("lara@example.org", PASSWORD)
    entry = start(lara, season, season.nominations.get(number=6), "joint")
    page = lara.open(f"/entries/{entry.pk}/details/")
    page.get_by_label("Title").first.fill("The line that listens")
    for row, (name, role) in enumerate([("Larch Telecom", "vendor"), ("Rowan Bank", "client")]):
        page.locator(f"[name='participants-{row}-name']").fill(name)
        page.locator(f"[name='participants-{row}-role']").select_option(role)
    lara.press(re.compile("^Save"))
    fill(lara, entry)
    submit(lara, entry)
    olga = walk()
    olga.sign_in(organiser.email, PASSWORD, f"/vetting/{entry.pk}/")
    olga.sees("Rowan Bank")
    olga.follow("Admit…")
    olga.press("Admit to judging")
    olga.sees(f"{entry.number} is admitted.")
    parts = [one["role"] for one in entry.latest_revision().content["participants"]]
    assert parts == ["vendor", "client"]
    lara.leave()
    olga.leave()


def test_a_cre_entry_waits_for_its_certificate_and_then_for_the_organisers(organiser, walk: Walk):
    season = shipped("cre-awards", organiser)
    company("Harbour Lines", "ho")
    ho = walk(timezone_id="Asia/Hong_Kong")
    ho.sign_in("ho@example.org", PASSWORD)
    entry = start(ho, season, season.nominations.get(number=1), "organisation")
    fill(ho, entry)
    page = ho.open(f"/entries/{entry.pk}/preview/")
    ho.sees("before you can submit")
    ho.open(f"/entries/{entry.pk}/conditions/")
    for slug in ("ccsm", "csqs"):
        card = page.locator(f"#prerequisite-{season.prerequisites.get(slug=slug).pk}")
        card.get_by_label("Number of the document").fill(f"{slug}-2022-7")
        card.get_by_label("Issued by").fill("Consortium")
        card.locator("input[type=file]").set_input_files(
            {"name": f"{slug}.png", "mimeType": "image/png", "buffer": picture("p.png").read()}
        )
        expect(card.locator(".files__item")).to_have_count(1)
    expect(page.locator("[data-document] .autosave[data-state=saved]")).to_have_count(2)
    submit(ho, entry)
    olga = walk()
    olga.sign_in(organiser.email, PASSWORD, f"/vetting/{entry.pk}/")
    card = olga.page.locator("li.row-item", has_text="csqs-2022-7")
    card.get_by_role("link", name="Confirm").click()
    olga.look()
    olga.press("Confirm the document")
    olga.sees(entry.number)
    vet(olga, entry)
    ho.leave()
    olga.leave()


def test_service_star_teams_of_three_come_by_three_channels_and_are_screened(organiser, walk: Walk):
    season = shipped("service-star-2022", organiser)
    season.channels = ["invitation", "recommendation", "link"]
    season.save(update_fields=["channels"])
    people = [company(f"Centre {n}", n) for n in ("an", "bo", "chen")]
    invited = invite(season, [Invitee(people[0].email)], by=organiser, key=uuid4())[0]
    word = recommend(
        season,
        by=people[0],
        key=uuid4(),
        organisation_name="Centre bo",
        contact_name="Bo",
        contact_email=people[1].email,
        reason="They calm every caller.",
    )
    recommended = approve_recommendation(word, by=organiser, note="").code
    poster = make_poster_code(season, by=organiser, label="Poster in the hall")
    olga = walk()
    olga.sign_in(organiser.email, PASSWORD, f"/s/{season.slug}/vetting/")
    for person, code in zip(people, [invited, recommended, poster], strict=True):
        team = walk(timezone_id="Asia/Shanghai")
        team.sign_in(person.email, PASSWORD)
        team.open(join_link(code))
        entry = start(team, season, season.nominations.get(number=1), "team", "The calm three")
        fill(team, entry)
        submit(team, entry)
        assert entry.code == code
        vet(olga, entry)
        team.leave()
    olga.leave()
    assert Entry.objects.admitted().filter(nomination__season=season).count() == 3
