"""Scorecards go into the ledger; a round that is over is sealed, once, and again when it changes."""

import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event
from docs import verify_leaf
from judging.canonical import leaf_of
from judging.merkle import root
from judging.models import Assignment, Leaf, RoundSeal
from judging.services import open_scorecard, remove_judge, save_mark, submit_scorecard
from judging.services.ledger import proof_of, seal_closed_rounds, seal_round
from outbox.models import Message
from seasons.models import Extension
from tests.factories import make_judge


@pytest.fixture
def after(work):
    """Two minutes past the close."""
    return work.round.stage.closes_at + timedelta(minutes=2)


@pytest.fixture
def second(submitted, criteria, judge, more_entries):
    """Another submitted scorecard of the same judge."""
    other = Assignment.objects.create(
        round=submitted.assignment.round, judge=judge, entry=more_entries(1)[0]
    )
    card = open_scorecard(other, by=judge.user)
    for criterion in criteria:
        save_mark(card, criterion, by=judge.user, value=Decimal(3), base_version=0)
    return submit_scorecard(card, by=judge.user, key=uuid4())


def test_a_submission_stands_in_the_chain_as_a_salted_leaf(submitted):
    leaf = Leaf.objects.get(scorecard=submitted)

    assert leaf.sha256 == leaf_of(leaf.salt, leaf.content) == leaf.event.data["leaf"]
    assert leaf.event.verb == "scorecard.submitted"
    assert leaf.content["total"] == "70.000000"
    assert [(one["value"], one["weight"]) for one in leaf.content["marks"]] == [
        ("8.00", "1.000"),
        ("6.00", "1.000"),
    ]


def test_the_chain_tells_no_mark(submitted):
    event = Event.objects.get(verb="scorecard.submitted")

    assert set(event.data) == {"round", "assignment", "leaf"}


@pytest.mark.parametrize(("seconds", "sealed"), [(-1, 0), (0, 0), (59, 0), (60, 1), (86_400, 1)])
def test_a_round_is_sealed_when_its_clock_has_stopped(submitted, work, seconds, sealed):
    with time_machine.travel(work.round.stage.closes_at + timedelta(seconds=seconds), tick=False):
        made = seal_closed_rounds()

    assert (made, RoundSeal.objects.count()) == (sealed, sealed)


def test_an_extension_puts_the_seal_off(submitted, work, organiser, after):
    Extension.objects.create(
        stage=work.round.stage, until=after + timedelta(days=1), reason="x", granted_by=organiser
    )

    with time_machine.travel(after, tick=False):
        made = seal_closed_rounds()

    assert made == 0


def test_the_seal_holds_every_counted_scorecard(submitted, second, after):
    with time_machine.travel(after, tick=False):
        seal = seal_round(submitted.assignment.round)

    hashes = sorted(Leaf.objects.values_list("sha256", flat=True))
    assert (seal.leaf_count, seal.root) == (2, root(hashes))
    assert Event.objects.get(verb="round.sealed").data["root"] == seal.root


def test_sealing_twice_makes_one_seal_and_one_mail(submitted, after):
    with time_machine.travel(after, tick=False):
        made = [seal_closed_rounds(), seal_closed_rounds()]

    assert made == [1, 0]
    assert list(Message.objects.values_list("kind", flat=True)) == ["round-sealed"]


def test_a_late_removal_makes_a_seal_that_says_so(
    submitted, second, jury, chair_user, agreement, criteria, organiser, after
):
    chair = make_judge(jury, chair_user, agreement)
    work = Assignment.objects.create(
        round=submitted.assignment.round, judge=chair, entry=submitted.assignment.entry
    )
    card = open_scorecard(work, by=chair_user)
    for criterion in criteria:
        save_mark(card, criterion, by=chair_user, value=Decimal(1), base_version=0)
    submit_scorecard(card, by=chair_user, key=uuid4())
    with time_machine.travel(after, tick=False):
        seal_closed_rounds()
        remove_judge(chair, by=organiser, reason="Talked about it.")
        seal_closed_rounds()

    assert list(
        RoundSeal.objects.order_by("number").values_list(
            "number", "leaf_count", "added", "left_out", "corrected"
        )
    ) == [(1, 3, 0, 0, 0), (2, 2, 0, 1, 0)]


def test_a_seal_that_comes_late_is_no_news(submitted, work):
    with time_machine.travel(work.round.stage.closes_at + timedelta(days=30), tick=False):
        seal_closed_rounds()

    assert (RoundSeal.objects.count(), Message.objects.count()) == (1, 0)


def test_the_mail_shows_the_fingerprint(submitted, after, mailoutbox, judge_user):
    from outbox.services import deliver_due

    with time_machine.travel(after, tick=False):
        seal_closed_rounds()
        deliver_due()

    assert [mail.to for mail in mailoutbox] == [[judge_user.email]]
    assert RoundSeal.objects.get().fingerprint in mailoutbox[0].body
    assert mailoutbox[0].subject == "Judging closed: fingerprint of “Essays”"


def test_a_proof_leads_to_the_seal(submitted, second, after):
    with time_machine.travel(after, tick=False):
        seal = seal_round(submitted.assignment.round)

    for card in (submitted, second):
        proof = json.loads(json.dumps(proof_of(card)))
        assert list(verify_leaf.faults(proof, seal.fingerprint)) == []


def test_the_small_program_says_what_does_not_fit(submitted, second, after):
    with time_machine.travel(after, tick=False):
        seal_round(submitted.assignment.round)
    proof = proof_of(submitted)
    proof["content"]["marks"][0]["value"] = "9.00"

    assert list(verify_leaf.faults(proof, "0" * 64)) == [
        "The content does not fit its leaf.",
        "The path does not lead to the fingerprint in the file.",
        "The fingerprint in the file is not the one you gave.",
    ]


def test_the_small_program_reads_a_file(submitted, after, tmp_path, capsys):
    with time_machine.travel(after, tick=False):
        seal = seal_round(submitted.assignment.round)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof_of(submitted)), encoding="utf-8")

    code = verify_leaf.main([str(file), *seal.fingerprint.split()])

    assert code == 0
    assert capsys.readouterr().out == (
        f"YES: scorecard {submitted.pk} of entry CX22-0001, total 70.000000, is one of the"
        f" 1 scorecards under {seal.root}\n"
    )


def test_a_judge_downloads_the_own_proof_and_nobody_elses(
    client_of, submitted, after, judge_user, chair_user, organiser
):
    address = reverse("judging:proof", args=[submitted.assignment_id])

    codes = [
        client_of(user).get(address).status_code for user in (judge_user, chair_user, organiser)
    ]

    assert codes == [200, 404, 404]
    assert client_of(judge_user).get(address).json()["leaf"] == Leaf.objects.get().sha256


def test_the_public_page_shows_the_fingerprint(client_of, submitted, season, after):
    page = reverse("judging:jury", args=[season.slug])
    before = client_of(None).get(page).content.decode()
    with time_machine.travel(after, tick=False):
        seal = seal_round(submitted.assignment.round)

        shown = client_of(None).get(page).content.decode()

    assert (seal.fingerprint in before, seal.fingerprint in shown) == (False, True)
    assert "1 scorecard" in shown


def test_the_page_of_proofs_asks_as_many_queries_for_one_as_for_two(
    client_of, submitted, judge_user, season, django_assert_max_num_queries
):
    client = client_of(judge_user)
    page = reverse("judging:proofs", args=[season.slug])

    with django_assert_max_num_queries(20):
        answer = client.get(page)

    assert Leaf.objects.get().sha256 in answer.content.decode()
