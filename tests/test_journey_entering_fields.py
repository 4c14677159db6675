"""A form of every kind of field: written, saved, interrupted, overtaken, submitted and read."""

import json

import pytest
from playwright.sync_api import expect

from accounts.models import MemberRole, Membership, Organisation
from nominations.fields import read_metric, read_table
from nominations.models import Answer, Attachment, EntryStatus, Purpose
from nominations.services import save_answer, start_entry
from tests.factories import make_form, make_person
from tests.story import PASSWORD, Story
from tests.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def story(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Story()


@pytest.fixture
def company(story):
    """An organisation with two editors."""
    company = Organisation.objects.create(name="Larch Telecom")
    for email, name in [("nina@example.org", "Nina Nominee"), ("anna@example.org", "Anna Author")]:
        person = make_person(email, name)
        Membership.objects.create(user=person, organisation=company, role=MemberRole.EDITOR)
    return company


@pytest.fixture
def form(story):
    """A nomination whose form has a field of each kind and nothing else."""
    nomination = story.nomination(1)
    nomination.prompts.all().delete()
    return make_form(nomination)


@pytest.fixture
def entry(story, form, company):
    nina = company.members.get(email="nina@example.org")
    return start_entry(story.nomination(1), company, by=nina, kind="organisation")


def saved(page, prompt):
    """The answer's own mark says that the server has it."""
    expect(page.locator(f"#answer-{prompt.pk} .autosave")).to_have_attribute("data-state", "saved")


def text_of(entry, prompt):
    answer = Answer.objects.filter(entry=entry, prompt=prompt).first()
    return answer.text if answer else ""


def fill_form(page, form):
    """Write an answer of each kind, as a person would."""
    page.get_by_label("Your year").fill("2021")
    page.get_by_label("Your number").fill("1 200")
    metric = page.locator(f"#answer-{form['metric'].pk}")
    metric.get_by_role("textbox", name="Value").fill("93,5")
    metric.get_by_label("Period").fill("2024")
    metric.get_by_label("Source").fill("own survey")
    page.get_by_label("Your date").fill("2024-05-01")
    page.get_by_role("radio", name="Bank").check()
    page.get_by_role("checkbox", name="Phone").check()
    page.get_by_role("checkbox", name="Mail").check()
    page.get_by_label("Your link").fill("https://example.org/report")
    page.get_by_label("Your video").fill("https://youtu.be/abc")
    for name, post, row in [("Li", "agent", 1), ("Wu", "coach", 2)]:
        page.get_by_label(f"Name, row {row}").fill(name)
        page.get_by_label(f"Post, row {row}").fill(post)


def test_every_kind_of_field_saves_itself_and_is_read_back(entry, form, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = nina.page
    fill_form(page, form)
    for kind in ["number", "metric", "date", "choice", "choices", "link", "video", "table"]:
        saved(page, form[kind])

    assert read_metric(text_of(entry, form["metric"])) == {
        "value": "93,5",
        "period": "2024",
        "source": "own survey",
    }
    assert text_of(entry, form["choices"]) == "phone\nmail"
    assert read_table(text_of(entry, form["table"])) == [
        {"name": "Li", "post": "agent"},
        {"name": "Wu", "post": "coach"},
    ]
    page.reload()
    expect(page.get_by_label("Post, row 2")).to_have_value("coach")
    expect(page.get_by_role("radio", name="Bank")).to_be_checked()
    nina.look()
    page.goto(page.url.replace("/essay/", "/preview/"))
    expect(page.get_by_text("Add a file that proves the value.")).to_be_visible()
    expect(page.get_by_text("93.5 %")).to_be_visible()
    expect(page.get_by_text("not shown to the jury")).to_be_visible()
    Attachment.objects.create(
        entry=entry, name="proof.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
        purpose=Purpose.ANSWER, prompt=form["metric"],
    )  # fmt: skip
    page.reload()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/receipts/1/")
    nina.look()
    entry.refresh_from_db()
    assert entry.status == EntryStatus.SUBMITTED


def test_a_question_appears_with_the_answer_that_asks_for_it(entry, form, walk: Walk) -> None:
    phone = walk(**PHONE)
    phone.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = phone.page
    why = page.locator(f"#answer-{form['why'].pk}")
    expect(why).to_be_hidden()
    page.get_by_role("radio", name="Other").check()
    expect(why).to_be_visible()
    why.get_by_role("textbox").fill("We mend bicycles.")
    saved(page, form["why"])
    page.get_by_role("radio", name="Shop").check()
    expect(why).to_be_hidden()
    saved(page, form["choice"])
    assert text_of(entry, form["why"]) == "We mend bicycles."
    phone.look()


def test_without_a_network_nothing_is_lost(entry, form, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page, context = nina.page, nina.page.context
    context.set_offline(True)
    metric = page.locator(f"#answer-{form['metric'].pk}")
    metric.get_by_role("textbox", name="Value").fill("88")
    page.get_by_role("checkbox", name="Chat").check()
    expect(metric.locator(".autosave")).to_have_attribute("data-state", "offline")
    context.set_offline(False)
    saved(page, form["metric"])
    saved(page, form["choices"])
    assert read_metric(text_of(entry, form["metric"]))["value"] == "88"
    assert text_of(entry, form["choices"]) == "chat"


def test_a_closed_tab_gives_its_text_back(entry, form, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page, context = nina.page, nina.page.context
    address = page.url
    context.set_offline(True)
    page.get_by_label("Name, row 1").fill("Li")
    expect(page.locator(f"#answer-{form['table'].pk} .autosave")).to_have_attribute(
        "data-state", "offline"
    )
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_label("Name, row 1")).to_have_value("Li")
    saved(again, form["table"])
    assert read_table(text_of(entry, form["table"]))[0]["name"] == "Li"


def test_of_two_who_write_the_later_sees_both_and_chooses(entry, form, company, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    anna = company.members.get(email="anna@example.org")
    theirs = json.dumps({"value": "70", "period": "2023", "source": "audit"})
    save_answer(entry, form["metric"], theirs, by=anna, base_version=0)
    metric = nina.page.locator(f"#answer-{form['metric'].pk}")
    metric.get_by_role("textbox", name="Value").fill("90")
    conflict = metric.locator("[data-conflict]")
    expect(conflict).to_contain_text("Anna Author")
    expect(conflict).to_contain_text("70 %")
    assert read_metric(text_of(entry, form["metric"]))["value"] == "70"
    nina.look()
    conflict.get_by_role("button", name="Keep my text").click()
    saved(nina.page, form["metric"])
    assert read_metric(text_of(entry, form["metric"]))["value"] == "90"


def test_without_scripts_the_whole_form_is_sent_at_once(entry, form, walk: Walk) -> None:
    plain = walk(java_script_enabled=False)
    plain.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    fill_form(plain.page, form)
    plain.page.get_by_role("button", name="Save", exact=True).click()
    expect(plain.page.get_by_text("All answers are saved.")).to_be_visible()
    assert read_metric(text_of(entry, form["metric"]))["period"] == "2024"
    assert text_of(entry, form["choices"]) == "phone\nmail"
    assert len(read_table(text_of(entry, form["table"]))) == 2
