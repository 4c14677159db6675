"""Codes: who comes in with them, how often, when; inviting by mail and posters."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from nominations.models import CodeUse, Entry, EntryCode
from nominations.services import Pick, enter_nominations, start_entry
from nominations.services.codes import (
    ALPHABET,
    MOST_GUESSES,
    Invitee,
    change_code,
    invite,
    join_link,
    make_poster_code,
    switch_code,
)
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import Channel

INVITED = [Invitee("anna@example.org", "Anna"), Invitee("boris@example.org")]


@pytest.fixture
def closed_season(season):
    """A season one enters with a code only."""
    season.channels = [Channel.INVITATION.value, Channel.LINK.value]
    season.save()
    return season


@pytest.fixture
def code(closed_season, organiser):
    """A code for one organisation."""
    return EntryCode.objects.create(
        season=closed_season,
        channel=Channel.INVITATION,
        code="ABCDEFGHJKMN",
        max_uses=1,
        created_by=organiser,
    )


def enter(nomination, organisation, by, code=""):
    return enter_nominations([Pick(nomination, "organisation")], organisation, by=by, code=code)


def refusal_of(act, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        act(*args, **kwargs)
    return refusal.value.field, str(refusal.value)


def test_an_open_season_asks_for_no_code(nomination, organisation, nominee):
    (entry,) = enter(nomination, organisation, nominee)

    assert entry.code is None


def test_without_a_code_nobody_enters_a_closed_season(
    closed_season, nomination, organisation, nominee
):
    assert refusal_of(enter, nomination, organisation, nominee) == (
        "code",
        "Type the code you were given.",
    )
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("typed", ["ABCDEFGHJKMN", " abcd-efgh-jkmn "], ids=["exact", "as written"])
def test_a_code_lets_in_however_it_is_typed(code, nomination, organisation, nominee, typed):
    (entry,) = enter(nomination, organisation, nominee, typed)

    code.refresh_from_db()
    assert (entry.code, code.uses) == (code, 1)
    assert list(code.users.values_list("organisation", flat=True)) == [organisation.pk]
    assert Event.objects.filter(verb="entry-code.used").count() == 1


def test_an_organisation_that_came_in_goes_on_without_counting_again(
    code, nomination, person_nomination, organisation, nominee
):
    enter(nomination, organisation, nominee, code.code)

    again = start_entry(nomination, organisation, by=nominee, kind="organisation", code=code.code)
    bare = start_entry(
        person_nomination, organisation, by=nominee, kind="person", nominee_name="Anna"
    )

    code.refresh_from_db()
    assert (again.code, bare.code, code.uses) == (code, code, 1)


def test_a_code_for_one_organisation_lets_no_second_in(
    code, nomination, organisation, nominee, other_organisation, other_nominee
):
    enter(nomination, organisation, nominee, code.code)

    field, message = refusal_of(enter, nomination, other_organisation, other_nominee, code.code)

    assert field == "code"
    assert message.startswith("This code was used as often as it may be.")
    assert CodeUse.objects.count() == 1


def test_a_refused_entry_uses_no_code_up(code, nomination, organisation, nominee):
    nomination.max_entries = 1
    nomination.save()
    Entry.objects.create(
        nomination=nomination,
        organisation=organisation,
        number="X-1",
        kind="organisation",
        created_by=nominee,
        title="There already",
    )
    CodeUse.objects.all().delete()

    refusal_of(enter, nomination, organisation, nominee, code.code)

    code.refresh_from_db()
    assert (code.uses, CodeUse.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"disabled_at": timedelta(0)}, "The organisers switched this code off."),
        ({"valid_from": timedelta(days=1)}, "This code works from"),
        ({"valid_until": timedelta(seconds=-1)}, "This code was valid until"),
    ],
    ids=["switched off", "too early", "too late"],
)
def test_a_code_out_of_its_time_says_why(code, nomination, organisation, nominee, change, message):
    EntryCode.objects.update(**{name: timezone.now() + by for name, by in change.items()})

    field, said = refusal_of(enter, nomination, organisation, nominee, code.code)

    assert field == "code"
    assert said.startswith(message)


def test_a_code_stops_when_its_channel_is_taken_off_the_season(
    code, closed_season, nomination, organisation, nominee
):
    closed_season.channels = [Channel.LINK.value]
    closed_season.save()

    _field, said = refusal_of(enter, nomination, organisation, nominee, code.code)

    assert said.startswith("The organisers switched this code off.")


def test_a_code_of_another_season_is_unknown(
    code, other_season, closed_season, nomination, organisation, nominee
):
    EntryCode.objects.update(season=other_season)

    _field, said = refusal_of(enter, nomination, organisation, nominee, code.code)

    assert said.startswith("We do not know this code.")


def test_who_guesses_is_stopped_and_then_even_the_right_code_waits(
    code, nomination, organisation, nominee
):
    for at in range(MOST_GUESSES):
        refusal_of(enter, nomination, organisation, nominee, f"WRONG{at}")

    _field, said = refusal_of(enter, nomination, organisation, nominee, code.code)

    assert said == "Too many wrong codes. Wait ten minutes, then try again."


def test_invitations_carry_a_code_of_their_own(closed_season, organiser, mailoutbox):
    codes = invite(closed_season, INVITED, by=organiser, key=uuid4())
    deliver_due(kinds=["entry-code"])

    assert [(code.email, code.max_uses) for code in codes] == [
        ("anna@example.org", 1),
        ("boris@example.org", 1),
    ]
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"], ["boris@example.org"]]
    assert [join_link(code) in mail.body for code, mail in zip(codes, mailoutbox, strict=True)] == [
        True,
        True,
    ]


def test_the_same_form_sent_again_sends_nothing(closed_season, organiser):
    key = uuid4()
    invite(closed_season, INVITED, by=organiser, key=key)

    assert invite(closed_season, INVITED, by=organiser, key=key) == []
    assert (EntryCode.objects.count(), Message.objects.count()) == (2, 2)


def test_who_was_invited_and_has_not_entered_gets_the_same_code_again(closed_season, organiser):
    first = invite(closed_season, INVITED[:1], by=organiser, key=uuid4())
    second = invite(closed_season, INVITED[:1], by=organiser, key=uuid4())

    assert second == first
    assert Message.objects.count() == 2


def test_an_address_named_twice_gets_one_letter(closed_season, organiser):
    twice = [Invitee("anna@example.org"), Invitee("ANNA@example.org", "Anna")]

    assert len(invite(closed_season, twice, by=organiser, key=uuid4())) == 1


def test_codes_are_long_and_of_clear_signs(closed_season, organiser):
    codes = invite(closed_season, INVITED, by=organiser, key=uuid4())

    assert [len(code.code) for code in codes] == [12, 12]
    assert set("".join(code.code for code in codes)) <= set(ALPHABET)
    assert set("01OIL") & set(ALPHABET) == set()


def test_only_organisers_of_the_season_make_and_switch_codes(
    closed_season, code, other_organiser, nominee
):
    for person in (other_organiser, nominee):
        for act in (
            lambda by: invite(closed_season, INVITED, by=by, key=uuid4()),
            lambda by: make_poster_code(closed_season, by=by, label="Poster"),
            lambda by: switch_code(code, by=by, on=False),
            lambda by: change_code(code, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(person)

    assert EntryCode.objects.count() == 1


def test_a_season_that_does_not_invite_sends_nothing(season, organiser):
    with pytest.raises(DomainError):
        invite(season, INVITED, by=organiser, key=uuid4())

    assert Message.objects.count() == 0


def test_a_poster_serves_any_number_and_its_form_sent_twice_makes_one(
    closed_season,
    organiser,
    nomination,
    organisation,
    nominee,
    other_organisation,
    other_nominee,
):
    first = make_poster_code(closed_season, by=organiser, label="Poster")
    second = make_poster_code(closed_season, by=organiser, label="Poster")

    enter(nomination, organisation, nominee, first.code)
    enter(nomination, other_organisation, other_nominee, first.code)

    first.refresh_from_db()
    assert (second, first.uses) == (first, 2)


def test_switching_off_keeps_out_the_new_and_keeps_in_the_old(
    closed_season,
    organiser,
    nomination,
    organisation,
    nominee,
    other_organisation,
    other_nominee,
):
    poster = make_poster_code(closed_season, by=organiser, label="Poster")
    (entry,) = enter(nomination, organisation, nominee, poster.code)
    switch_code(poster, by=organiser, on=False)

    refusal_of(enter, nomination, other_organisation, other_nominee, poster.code)
    second = start_entry(nomination, organisation, by=nominee, kind="organisation")

    assert second.number > entry.number
    acts = Event.objects.filter(verb__startswith="entry-code").order_by("position")
    assert list(acts.values_list("verb", flat=True)) == [
        "entry-code.made",
        "entry-code.used",
        "entry-code.switched-off",
    ]


def test_a_code_cannot_be_cut_below_its_uses(code, organiser, nomination, organisation, nominee):
    EntryCode.objects.update(max_uses=None)
    code.refresh_from_db()
    enter(nomination, organisation, nominee, code.code)
    EntryCode.objects.update(uses=3)
    code.max_uses = 2

    assert refusal_of(change_code, code, by=organiser)[0] == "max_uses"
