"""What a season discloses besides marks: panels, struck ballots, summaries of meetings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import ConflictError, DomainError
from judging.models import Assignment, Jury, Meeting, MeetingSummary
from judging.services import write_summary
from results.disclosed import disclosed, fingerprint
from results.models import CHOICES
from results.services import choose_disclosure
from results.tests.conftest import url_of
from seasons.models import Stage
from tests.factories import make_judge, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(finalist_rule, admitted_entry, essay_round, score, publish):
    """A published entry with three scorecards."""
    score(admitted_entry, essay_round, 70, 80, 95)
    publish(finalist_rule, admitted_entry)
    return admitted_entry


@pytest.fixture
def meeting(entry, essay_round, chair_user):
    """A closed one about the entry, led by the chair."""
    now = timezone.now()
    Stage.objects.filter(pk=essay_round.stage_id).update(opens_at=now - timedelta(days=1))
    return Meeting.objects.create(
        round=essay_round,
        entry=entry,
        notes="Roth shouted.",
        decision="The marks stay.",
        opened_by=chair_user,
        opened_at=now,
        closed_by=chair_user,
        closed_at=now,
    )


def test_each_jury_is_told_by_its_average_unless_one_is_too_small(
    entry, season, essay_round, organiser
):
    choose_disclosure(season, by=organiser, chosen=["panels"])
    full = disclosed(season).panels
    few = Jury.objects.create(season=season, slug="few", name={"en": "Few"})
    essay_round.juries.add(few)
    judge = make_judge(few, make_person("few@example.org", "Few"))
    Assignment.objects.filter(judge__user__full_name="Arkady Perlin").update(judge=judge)

    told = disclosed(season).panels

    assert [(row["jury"], row["judges"], row["average"]) for row in full] == [
        ("expert", 3, "81.67")
    ]
    assert told == []


def test_struck_ballots_are_told_by_the_chosen_reason_from_three_on(
    entry, season, essay_round, organiser, finalist_rule, client_of
):
    client, page = client_of(organiser), url_of(finalist_rule, "disclosure")
    rows = Assignment.objects.filter(entry=entry)
    rows.filter(pk=rows.first().pk).update(status="struck", reason="Ivan voted from our office.")
    choose_disclosure(season, by=organiser, chosen=["struck"])
    one = disclosed(season).struck
    rows.update(status="struck", reason="Ivan voted from our office.")
    key = fingerprint("Ivan voted from our office.")

    asked = client.get(page).content.decode()
    client.post(page, {"struck": "on", f"reason-{key}": "several"})
    public = client_of(None).get(reverse("results:disclosure", args=[season.slug]))

    assert one == {"ballots": 1, "reasons": {}}
    assert "Ivan voted from our office." in asked
    assert disclosed(season).struck == {"ballots": 3, "reasons": {"several": 3}}
    assert "Several ballots of one person" in public.content.decode()
    assert "Ivan" not in public.content.decode()


def test_the_summary_of_a_meeting_is_public_and_its_minutes_are_not(
    meeting, season, organiser, client_of
):
    choose_disclosure(season, by=organiser, chosen=CHOICES)
    address = reverse("results:disclosure", args=[season.slug])
    before = client_of(None).get(address).content.decode()
    table = reverse(
        "judging:meeting_summary", args=[meeting.round_id, meeting.entry_id, meeting.pk]
    )

    client_of(organiser).post(table, {"summary": "Roth and the jury weighed it.", "version": "0"})
    after = client_of(None).get(address).content.decode()

    assert "No summary is published." in before
    assert "[…] and the jury weighed it." in after
    assert [word for word in ("shouted", "The marks stay") if word in after] == []


def test_a_summary_is_not_told_where_two_judges_scored(meeting, season, organiser):
    write_summary(meeting, by=organiser, text="We weighed it.", base_version=0)
    choose_disclosure(season, by=organiser, chosen=["discussions"])
    full = disclosed(season).discussions
    row = Assignment.objects.filter(entry=meeting.entry).first()
    Assignment.objects.filter(pk=row.pk).update(status="withdrawn")

    assert [one["summary"] for one in full] == ["We weighed it."]
    assert disclosed(season).discussions == []


def test_a_summary_is_written_by_who_leads_and_never_over_another(
    meeting, judges, organiser, client_of
):
    table = reverse(
        "judging:meeting_summary", args=[meeting.round_id, meeting.entry_id, meeting.pk]
    )

    with pytest.raises(DomainError, match="Only a chair or an organiser"):
        write_summary(meeting, by=judges[0].user, text="Mine.", base_version=0)
    write_summary(meeting, by=organiser, text="First.", base_version=0)
    with pytest.raises(ConflictError):
        write_summary(meeting, by=organiser, text="Second.", base_version=0)
    refused = client_of(organiser).post(table, {"summary": "Typed long.", "version": "0"})

    assert (refused.status_code, "Typed long." in refused.content.decode()) == (422, True)
    assert MeetingSummary.objects.get().text == "First."
