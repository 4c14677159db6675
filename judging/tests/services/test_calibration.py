"""Samples with reference marks: scored first, compared afterwards, and never counted."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains

from audit.models import Event
from common.errors import DomainError
from judging.calibrating import calibrated
from judging.models import (
    Calibration,
    Leaf,
    ReferenceMark,
    Sample,
    SampleAnswer,
    Scorecard,
    Trial,
    TrialMark,
)
from judging.services import open_scorecard
from judging.services.calibration import save_trial, submit_trial
from judging.totals import Given
from tests.factories import make_judge


@pytest.fixture
def sample(open_round, criteria):
    """A sample of the open round: 7 for clarity, 5 for results; the round asks for it first."""
    open_round.calibration = Calibration.REQUIRED
    open_round.save()
    sample = Sample.objects.create(round=open_round, slug="calm", title={"en": "A calm line"})
    SampleAnswer.objects.create(
        sample=sample, question={"en": "What did you do?"}, text={"en": "We answered sooner."}
    )
    for criterion, value in zip(criteria, [7, 5], strict=True):
        ReferenceMark.objects.create(
            sample=sample,
            criterion=criterion,
            value=Decimal(value),
            reason={"en": f"Because {criterion.slug} says so."},
        )
    return sample


def body(criteria, *values, **more):
    return {
        **{f"mark-{one.pk}": str(value) for one, value in zip(criteria, values, strict=True)},
        **{f"version-{one.pk}": "0" for one in criteria},
        **more,
    }


def given(criteria, *values):
    return {
        one.pk: Given(Decimal(value), False, "", 0)
        for one, value in zip(criteria, values, strict=True)
    }


@pytest.fixture
def answered(sample, criteria, judge_user):
    """The judge gave 9 and 4."""
    save_trial(sample, given(criteria, 9, 4), by=judge_user)
    return submit_trial(sample, by=judge_user)


def url(sample):
    return reverse("judging:sample", args=[sample.pk])


def test_reference_marks_are_shown_only_after_the_own_marks_are_submitted(
    client_of, work, sample, criteria, judge_user
):
    client = client_of(judge_user)

    before = client.get(url(sample)).content.decode()
    client.post(url(sample), body(criteria, 9, 4))
    saved = client.get(url(sample)).content.decode()
    client.post(
        url(sample),
        body(criteria, 9, 4, submit="1") | {f"version-{one.pk}": "1" for one in criteria},
    )
    after = client.get(url(sample)).content.decode()

    assert ["says so" in page for page in (before, saved, after)] == [False, False, True]
    assert "+2" in after
    assert "−1" in after


def test_a_required_sample_comes_before_the_scorecards(
    client_of, work, sample, criteria, judge_user
):
    client = client_of(judge_user)

    refused = client.get(work.get_absolute_url())
    with pytest.raises(DomainError, match="samples of this round first"):
        open_scorecard(work, by=judge_user)
    paper = client.get(reverse("judging:scorecard_print", args=[work.pk]))
    save_trial(sample, given(criteria, 9, 4), by=judge_user)
    submit_trial(sample, by=judge_user)

    assert refused.url == reverse("judging:calibration", args=[work.round_id])
    assert paper.status_code == 404
    assertContains(client.get(work.get_absolute_url()), "data-scorecard")


def test_a_sample_never_counts(work, answered, season):
    assert (Scorecard.objects.count(), Leaf.objects.count()) == (0, 0)
    (event,) = Event.objects.filter(verb="calibration.submitted")
    assert event.data == {"round": answered.sample.round.slug, "sample": "calm"}


def test_a_mark_of_a_sample_saves_itself_and_never_over_another_one(
    client_of, work, sample, criteria, judge_user
):
    client, first = client_of(judge_user), criteria[0]
    address = f"{url(sample)}?criterion={first.pk}"

    saved = client.post(address, {"value": "8", "comment": "Lively.", "version": "0"})
    stale = client.post(address, {"value": "3", "version": "0"})
    wrong = client.post(address, {"value": "8.5", "version": "1"})
    elsewhere = client.post(f"{url(sample)}?criterion=0", {"value": "8", "version": "0"})

    assert saved.json() == {"version": 1, "total": 80.0, "done": 1, "of": 2}
    kept = {"value": "8", "abstained": False, "comment": "Lively.", "version": 1}
    assert (stale.status_code, stale.json()["stored"]) == (409, kept)
    assert (wrong.status_code, elsewhere.status_code) == (422, 404)
    assert TrialMark.objects.get().value == 8
    assert not Trial.objects.get().submitted_at


def test_a_sample_without_all_reference_marks_is_not_given_to_judges(
    client_of, work, sample, judge_user
):
    sample.references.first().delete()

    assert client_of(judge_user).get(url(sample)).status_code == 404
    assertContains(client_of(judge_user).get(work.get_absolute_url()), "data-scorecard")


def test_every_criterion_needs_a_mark_and_what_was_typed_stays(
    client_of, work, sample, criteria, judge_user
):
    client = client_of(judge_user)
    typed = {**body(criteria[:1], 9), "submit": "1"}

    page = client.post(url(sample), typed)

    assert page.status_code == 422
    assert [line.value for line in page.context["sheet"].lines] == ["9", ""]
    assert Trial.objects.filter(submitted_at__isnull=False).count() == 0


def test_an_answered_sample_is_locked_in_the_database(work, answered, sample):
    changes = [
        lambda: Sample.objects.update(slug="other"),
        lambda: SampleAnswer.objects.update(position=9),
        lambda: ReferenceMark.objects.update(value=1),
        lambda: Trial.objects.update(submitted_at=None),
        lambda: TrialMark.objects.update(value=1),
    ]
    refused = 0
    for change in changes:
        try:
            with transaction.atomic():
                change()
        except IntegrityError:
            refused += 1

    assert refused == len(changes)


def test_organisers_see_how_far_off_judges_are(client_of, work, answered, organiser):
    (row,) = [one for one in calibrated(answered.sample.round) if one.done]
    page = client_of(organiser).get(
        reverse("judging:calibration_judges", args=[answered.sample.round_id])
    )

    assert (row.of, row.leaning, row.deviation) == (1, 5.0, 5.0)
    assert "Yuri Judge" in page.content.decode()
    assert "+5.0" in page.content.decode()


def test_a_chair_who_judges_learns_it_after_scoring_the_samples(
    client_of, work, answered, jury, agreement, chair_user
):
    make_judge(jury, chair_user, agreement, chair=True)

    page = client_of(chair_user).get(
        reverse("judging:calibration_judges", args=[answered.sample.round_id])
    )

    assert page.context["sees"] is False
    assert "+5.0" not in page.content.decode()
