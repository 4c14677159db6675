"""Interests the portal finds, what they do by the season's rules, and one answer for one and many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Organisation, User
from accounts.names import domain_of, mail_domain, name_key
from judging.barriers import barred_entries, doubtful_entries, interests_of, is_barred
from judging.models import ConflictRules, Judge
from nominations.models import Participant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Ромашка»", "Ромашка"),
        ("ПАО «Ромашка-Банк»", "ромашка банк, ПАО"),
        ("Camomile Ltd.", "CAMOMILE"),
        ("Camomile, Inc.", "camomile llc"),
        ("北京甘菊有限公司", "北京甘菊"),
        ("Acme S.A.", "ACME SA"),
        ("Берёза", "береза"),
    ],
)
def test_names_that_mean_one_organisation(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Aster", "Asteria"), ("Bank 1", "Bank 2")])
def test_names_that_mean_two(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name):
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize("host", ["gmail.com", "mail.ru", "qq.com", "163.com", "example.org"])
def test_public_mail_hosts_say_nothing(host):
    assert mail_domain(f"anna@{host}") == ""


def test_a_domain_is_that_of_the_website_without_www():
    assert domain_of("https://www.Camomile.com/about") == mail_domain("a@CAMOMILE.com") != ""


def of_group(judge_user, organisation, entry):
    head = Organisation.objects.create(name="Meadow")
    sister = Organisation.objects.create(name="Sister", group=head)
    Organisation.objects.filter(pk=organisation.pk).update(group=head)
    Membership.objects.create(user=judge_user, organisation=sister)


def of_namesake(judge_user, organisation, entry):
    namesake = Organisation.objects.create(name="ООО Camomile")
    Membership.objects.create(user=judge_user, organisation=namesake)


def of_named_participant(judge_user, organisation, entry):
    for name in ("Aster", "Aster Inc"):
        aster = Organisation.objects.create(name=name)
    Participant.objects.create(entry=entry, name="ASTER", role="partner")
    Membership.objects.create(user=judge_user, organisation=aster)


def of_website(judge_user, organisation, entry):
    organisation.website = "https://camomile.com"
    organisation.save()
    User.objects.filter(pk=judge_user.pk).update(email="yuri@camomile.com")


def of_colleagues(judge_user, organisation, entry):
    User.objects.filter(memberships__organisation=organisation).update(email="nina@camomile.ru")
    User.objects.filter(pk=judge_user.pk).update(email="yuri@camomile.ru")


def of_employer(judge_user, organisation, entry):
    judge = Judge.objects.get(user=judge_user)
    judge.employer = "«Camomile»"
    judge.save()


def of_past_employer(judge_user, organisation, entry):
    judge = Judge.objects.get(user=judge_user)
    judge.past_employers = "Somebody\nCAMOMILE, LTD"
    judge.save()


def of_competitor(judge_user, organisation, entry):
    rival = Organisation.objects.create(name="Rival")
    other = type(entry).objects.create(
        nomination=entry.nomination,
        organisation=rival,
        number="R-1",
        kind=entry.kind,
        status="admitted",
        created_by=judge_user,
    )
    Membership.objects.create(user=judge_user, organisation=rival)
    return other


WAYS = {
    of_group: ("member", True),
    of_namesake: ("member", True),
    of_named_participant: ("member", True),
    of_website: ("email_domain", True),
    of_colleagues: ("email_domain", True),
    of_employer: ("employer", True),
    of_past_employer: ("past_employer", False),
    of_competitor: ("competitor", False),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_interest_is_found_and_bars_or_warns(
    judge, judge_user, organisation, admitted_entry, way
):
    kind, hard = WAYS[way]
    before = is_barred(judge_user, admitted_entry)

    way(judge_user, organisation, admitted_entry)

    person = User.objects.get(pk=judge_user.pk)
    found = interests_of([person], [admitted_entry])
    assert before is False
    assert (kind, hard) in {(one.kind, one.hard) for one in found}
    assert is_barred(person, admitted_entry) is hard
    assert doubtful_entries([person], [admitted_entry])[person.pk] == (
        set() if hard else {admitted_entry.pk}
    )


@pytest.mark.parametrize("severity", ["hard", "soft", "ignore"])
@pytest.mark.parametrize(
    ("way", "field"),
    [
        (of_website, "email_domain"),
        (of_employer, "employer"),
        (of_past_employer, "past_employer"),
        (of_competitor, "competitor"),
    ],
)
def test_the_season_decides_what_an_interest_does(
    judge, judge_user, organisation, admitted_entry, season, way, field, severity
):
    ConflictRules.objects.create(season=season, **{field: severity})
    way(judge_user, organisation, admitted_entry)
    person = User.objects.get(pk=judge_user.pk)

    barred, doubtful = (
        ask([person], [admitted_entry])[person.pk] for ask in (barred_entries, doubtful_entries)
    )

    assert is_barred(person, admitted_entry) is (severity == "hard")
    assert barred == ({admitted_entry.pk} if severity == "hard" else set())
    assert doubtful == ({admitted_entry.pk} if severity == "soft" else set())


@pytest.mark.parametrize("way", WAYS)
def test_one_and_many_get_the_same_answer(
    judge,
    judge_user,
    organisation,
    admitted_entry,
    more_entries,
    organiser,
    nominee,
    way,
    monkeypatch,
):
    other = way(judge_user, organisation, admitted_entry)
    entries = [admitted_entry, *more_entries(2), *([other] if other else [])]
    people = list(User.objects.filter(pk__in=[judge_user.pk, organiser.pk, nominee.pk]))

    by_name = barred_entries(people, entries)
    monkeypatch.setattr("common.keys.NAMED", 0)
    by_range = barred_entries(people, entries[::2])

    assert by_name == {
        person.pk: {entry.pk for entry in entries if is_barred(person, entry)} for person in people
    }
    asked = {entry.pk for entry in entries[::2]}
    assert by_range == {person: found & asked for person, found in by_name.items()}


def test_naming_an_organisers_employer_bars_from_that_entry_alone(
    organiser, admitted_entry, more_entries
):
    aster = Organisation.objects.create(name="Aster")
    Membership.objects.create(user=organiser, organisation=aster)
    others = more_entries(2)

    Participant.objects.create(entry=admitted_entry, name="Aster Ltd", role="partner")

    assert [is_barred(organiser, entry) for entry in [admitted_entry, *others]] == [
        True,
        False,
        False,
    ]


def test_many_people_and_entries_take_as_many_questions_as_few(
    judge, judge_user, admitted_entry, more_entries, django_assert_max_num_queries
):
    few, many = [admitted_entry], [admitted_entry, *more_entries(20)]
    people = list(User.objects.all())

    with django_assert_max_num_queries(12):
        interests_of(people[:1], few)
    with django_assert_max_num_queries(12):
        interests_of(people, many)
