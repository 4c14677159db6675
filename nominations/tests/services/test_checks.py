"""The check list: two vetters see each other's findings, and nobody hides a colleague's."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from common.errors import DomainError
from nominations.checklist import in_comments, lines_of
from nominations.errors import CheckConflict, NotInOrder
from nominations.models import Check, CheckItem, EntryStatus, Vetter
from nominations.services import add_vetter, admit_entry, remove_vetter, save_check
from outbox.models import Message
from tests.factories import make_nomination, make_person, make_revision


@pytest.fixture
def items(nomination):
    return [
        CheckItem.objects.create(
            nomination=nomination, position=n, slug=f"line-{n}", aspect=aspect, text={"en": text}
        )
        for n, (aspect, text) in enumerate(
            [("truth", "The case is its own"), ("figures", "NPS agrees with the proof")], start=1
        )
    ]


@pytest.fixture
def vetter(season, organiser):
    person = make_person("vetter@example.org", "Vera Vetter")
    add_vetter(season, person, by=organiser)
    return person


@pytest.fixture
def revision(submitted_entry):
    return submitted_entry.latest_revision()


def found(revision, item, by, verdict="ok", note="", base=""):
    return save_check(revision, item, by=by, verdict=verdict, note=note, base=base)


def settle(revision, items, by):
    return [found(revision, item, by) for item in items]


def test_a_finding_is_kept_with_its_name(revision, items, vetter):
    check = found(revision, items[0], vetter, "doubt", " Ask them. ")

    check.refresh_from_db()
    assert (check.verdict, check.note, check.by) == ("doubt", "Ask them.", vetter)


def test_a_stale_save_hides_nothing_and_shows_the_other_finding(revision, items, vetter, organiser):
    first = found(revision, items[0], vetter, "doubt", "Ask them.")

    with pytest.raises(CheckConflict) as refusal:
        found(revision, items[0], organiser, "ok", base="")

    assert refusal.value.check == first
    assert Check.objects.get().verdict == "doubt"


def test_a_save_upon_what_was_seen_changes_the_finding(revision, items, vetter, organiser):
    found(revision, items[0], vetter, "doubt", "Ask them.")
    line = lines_of(revision.entry, revision)[0]

    found(revision, items[0], organiser, "ok", "They answered.", base=line.seen)

    check = Check.objects.get()
    assert (check.verdict, check.note, check.by) == ("ok", "They answered.", organiser)


def test_the_same_finding_sent_again_changes_nothing(revision, items, vetter, organiser):
    first = found(revision, items[0], vetter, "ok", "Fine.")

    again = found(revision, items[0], organiser, "ok", "Fine.", base="long ago")

    assert (again.pk, again.by, again.at) == (first.pk, vetter, first.at)


def test_an_older_revision_is_no_longer_checked(revision, items, vetter, nominee):
    make_revision(revision.entry, nominee)

    with pytest.raises(DomainError) as refusal:
        found(revision, items[0], vetter)

    assert str(refusal.value) == "A newer revision was submitted. Load the page again."


def test_the_findings_of_the_earlier_revision_stand_beside_the_line(
    revision, items, vetter, nominee
):
    found(revision, items[0], vetter, "wrong", "No proof.")
    newer = make_revision(revision.entry, nominee)

    line = lines_of(revision.entry, newer)[0]

    assert line.check is None
    assert (line.earlier.verdict, line.earlier.note, line.earlier.revision.number) == (
        "wrong",
        "No proof.",
        1,
    )


def test_a_line_of_another_list_and_an_unknown_finding_are_refused(
    revision, items, vetter, category
):
    other = CheckItem.objects.create(
        nomination=make_nomination(category, 9, "Other"), position=1, slug="x", aspect="truth"
    )

    for item, verdict in [(other, "ok"), (items[0], "perhaps"), (items[0], "")]:
        with pytest.raises(DomainError):
            found(revision, item, vetter, verdict)
    assert Check.objects.count() == 0


@pytest.mark.parametrize("who", ["nominee", "other_organiser", "judge_user", "other_nominee"])
def test_nobody_else_checks(revision, items, request, who):
    with pytest.raises(PermissionDenied):
        found(revision, items[0], request.getfixturevalue(who))


def test_against_an_open_list_an_organiser_admits_with_a_reason_alone(revision, items, organiser):
    entry = revision.entry
    found(revision, items[0], organiser, "ok")

    with pytest.raises(NotInOrder) as refusal:
        admit_entry(entry, by=organiser, reason="  ")
    assert refusal.value.lines == ["NPS agrees with the proof — not checked yet"]

    admit_entry(entry, by=organiser, reason="The proof came by post.")

    entry.refresh_from_db()
    assert (entry.status, entry.status_reason) == (EntryStatus.ADMITTED, "")
    event = Event.objects.get(verb="entry.admitted")
    assert event.data["reason"] == "The proof came by post."
    assert "reason" not in Message.objects.get(kind="entry-admitted").context


def test_a_vetter_admits_what_is_in_order_and_nothing_else(revision, items, vetter):
    entry = revision.entry
    with pytest.raises(NotInOrder):
        admit_entry(entry, by=vetter, reason="I want to.")

    settle(revision, items, vetter)

    assert admit_entry(entry, by=vetter).status == EntryStatus.ADMITTED


def test_the_comments_to_the_nominee_begin_with_what_is_not_in_order(revision, items, vetter):
    found(revision, items[0], vetter, "ok", "A note for us")
    found(revision, items[1], vetter, "wrong", "The file shows 68.")

    text = in_comments(lines_of(revision.entry, revision))

    assert text == "- NPS agrees with the proof: The file shows 68."


def test_a_seat_in_the_team_is_logged_told_once_and_taken_back(season, organiser):
    person = make_person("v@example.org", "Vera Vetter")

    add_vetter(season, person, by=organiser)
    add_vetter(season, person, by=organiser)

    assert Vetter.objects.count() == 1
    assert [m.email for m in Message.objects.filter(kind="vetter-added")] == ["v@example.org"]
    vetter = Vetter.objects.get()
    remove_vetter(vetter, by=organiser)
    assert Vetter.objects.count() == 0
    assert list(
        Event.objects.filter(verb__startswith="vetter.")
        .order_by("position")
        .values_list("verb", flat=True)
    ) == ["vetter.added", "vetter.removed"]
