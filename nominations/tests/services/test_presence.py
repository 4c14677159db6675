"""Who is here, and what is newer: three queries, true for a minute."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership
from nominations.models import Answer, Presence
from nominations.services.presence import pulse


def test_one_sees_the_others_and_not_oneself(draft, nominee, other_nominee):
    prompt = draft.nomination.prompts.first()
    pulse(draft, other_nominee, prompt.pk)

    found = pulse(draft, nominee, None)

    assert found.people == [{"name": "Oleg Other", "prompt": prompt.pk}]


def test_after_a_minute_without_a_sign_one_is_gone(draft, nominee, other_nominee, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    pulse(draft, other_nominee, None)

    seen = []
    for seconds in (59, 60, 61):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        seen.append(len(pulse(draft, nominee, None).people))

    assert seen == [1, 0, 0]


def test_a_person_has_one_presence_however_many_tabs(draft, nominee):
    first, second = draft.nomination.prompts.all()
    for at in (first.pk, second.pk, None, second.pk):
        pulse(draft, nominee, at)

    assert Presence.objects.get().prompt == second


def test_a_question_of_another_nomination_counts_as_none(draft, nominee, person_nomination):
    pulse(draft, nominee, person_nomination.prompts.first().pk)

    assert Presence.objects.get().prompt is None


def test_versions_and_authors_of_the_answers(draft, nominee, other_nominee):
    first, second = draft.nomination.prompts.all()
    Answer.objects.filter(prompt=first).update(version=4, updated_by=other_nominee)
    Answer.objects.filter(prompt=second).delete()

    found = pulse(draft, nominee, None)

    assert found.versions == {first.pk: 4, second.pk: 0}
    assert found.authors == {first.pk: "Oleg Other"}


def test_the_pulse_asks_six_times_at_most(
    client_of, draft, organisation, nominee, other_nominee, django_assert_max_num_queries
):
    Membership.objects.create(user=other_nominee, organisation=organisation)
    client = client_of(nominee)
    path = f"/entries/{draft.pk}/pulse/"
    client.post(path, '{"at": null}', content_type="application/json")
    client_of(other_nominee).post(path, '{"at": null}', content_type="application/json")

    with django_assert_max_num_queries(6):
        answer = client.post(path, '{"at": null}', content_type="application/json")

    assert answer.json()["people"] == [{"name": "Oleg Other", "prompt": None}]


def test_what_cannot_be_read_is_refused(client_of, draft, nominee):
    client = client_of(nominee)

    statuses = [
        client.post(
            f"/entries/{draft.pk}/pulse/", body, content_type="application/json"
        ).status_code
        for body in ("", "[]", '{"at": "x"}', '{"at": true}', "[" * 9000)
    ]

    assert statuses == [400] * 5
