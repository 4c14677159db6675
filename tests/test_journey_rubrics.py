"""A draft rubric is discussed by those who are asked, and guidance stands beside the marks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judging.models import Consultation, Criterion, Guidance
from judging.rubrics import copy_rubric
from judging.services import assign, invite, start_consultation
from nominations.services import admit_entry
from tests.factories import make_person
from tests.story import PASSWORD, SLUG, Story
from tests.walk import Walk, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Story()


def test_an_expert_comments_on_a_draft_and_a_judge_reads_guidance(story: Story, walk: Walk) -> None:
    rubric = story.round("essay").rubric
    criterion = Criterion.objects.filter(dimension__rubric=rubric).order_by("position")[0]
    criterion.measure = {"en": "NPS", "ru": "NPS"}
    criterion.save()
    half = criterion.maximum / 2
    Guidance.objects.create(criterion=criterion, at_least=70, low=half, high=criterion.maximum)
    draft = copy_rubric(rubric, by=story.organiser)
    changed = Criterion.objects.get(dimension__rubric=draft, slug=criterion.slug)
    Criterion.objects.filter(pk=changed.pk).update(weight=2)
    draft.total = None
    draft.save()
    now = timezone.now()
    consultation = start_consultation(
        Consultation(
            rubric=draft,
            text={"en": "Is the weight right?"},
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=7),
        ),
        by=story.organiser,
    )
    make_person("expert@example.org", "Erik Expert")
    invite(consultation, ["expert@example.org"], "expert", by=story.organiser)

    expert = walk()
    page = expert.sign_in("expert@example.org", PASSWORD, consultation.get_absolute_url())
    page = expert.page
    expert.sees("What changed since version 1")
    page.get_by_label("Your comment").first.fill("Twice is too much.")
    expert.press("Save the comments")
    expert.sees("Thank you. Your comments are kept.")
    expert.look("consultation")
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(page) <= 0
    expert.open(f"/s/{SLUG}/rubrics/")
    page.locator("summary").first.click()
    expert.look("rubrics")
    assert overflow_of(page) <= 0
    expert.leave()

    rival = admit_entry(story.rival_enters(), by=story.organiser)
    judge = story.judge_joins("Yana Judge")
    story.open_stage("essay-judging")
    work = assign(story.round("essay"), judge, rival, by=story.organiser)
    reader = walk()
    reader.sign_in("yana@example.org", PASSWORD, f"/judging/assignments/{work.pk}/")
    reader.sees("Guidance: NPS")
    reader.sees("70 and over")
    reader.look("scorecard with guidance")
    reader.leave()
