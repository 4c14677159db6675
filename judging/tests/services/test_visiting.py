"""What the team notes on site, its end, and the proof that nobody changed it."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from audit.models import Event
from audit.services import Fault
from common.errors import DomainError
from common.triggers import guards_off
from judging.models import (
    Finding,
    SiteVisit,
    VisitAnswer,
    VisitItem,
    VisitLeaf,
    VisitMember,
    VisitPhoto,
)
from judging.permissions import can_score
from judging.services.visiting import (
    AnswerConflict,
    add_finding,
    answer_item,
    finish_visit,
    remove_finding,
)
from judging.tests.visits import photo
from judging.verification import verify


def items(visit):
    return {one.slug: one for one in VisitItem.objects.filter(round=visit.round)}


@pytest.fixture
def noted(on_site, judge_user):
    """Everything that must be answered is, with a finding and a photo."""
    lines = items(on_site)
    answer_item(on_site, lines["screens"], by=judge_user, value="partly", base_version=0)
    answer_item(on_site, lines["wait"], by=judge_user, figure=Decimal("12.5"), base_version=0)
    add_finding(on_site, by=judge_user, key=uuid4(), text="Quiet hall.", files=[photo()])
    return on_site


@pytest.fixture
def done(noted, judge_user):
    return finish_visit(noted, by=judge_user)


def test_nothing_is_noted_or_marked_before_the_visit(visit, judge_user):
    assignment = visit.round.assignments.get()

    with pytest.raises(DomainError, match="Nothing can be noted"):
        answer_item(visit, items(visit)["screens"], by=judge_user, value="yes", base_version=0)

    assert not can_score(judge_user, assignment)
    with time_machine.travel(visit.starts_at, tick=False):
        assert can_score(judge_user, assignment)


def test_an_answer_is_never_written_over_one_that_was_not_seen(on_site, judge_user):
    line = items(on_site)["screens"]
    answer_item(on_site, line, by=judge_user, value="yes", base_version=0)
    again = answer_item(on_site, line, by=judge_user, value="yes", base_version=0)

    with pytest.raises(AnswerConflict) as refused:
        answer_item(on_site, line, by=judge_user, value="no", base_version=0)

    assert again.version == 1
    assert refused.value.stored.value == "yes"
    assert VisitAnswer.objects.get().value == "yes"


@pytest.mark.parametrize(
    ("slug", "said"),
    [("training", {"value": "partly"}), ("wait", {"value": "yes"}), ("screens", {"figure": 1})],
)
def test_a_line_takes_the_answers_it_asks_for(on_site, judge_user, slug, said):
    given = {**said, "figure": Decimal(said["figure"])} if "figure" in said else said

    with pytest.raises(DomainError):
        answer_item(on_site, items(on_site)[slug], by=judge_user, base_version=0, **given)

    assert not VisitAnswer.objects.exists()


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("WEBP", "b.webp")])
def test_a_photo_is_kept_without_what_the_camera_wrote_into_it(on_site, judge_user, form, name):
    finding = add_finding(
        on_site, by=judge_user, key=uuid4(), text="Hall", files=[photo(form, name, 3000)]
    )

    kept = finding.photos.get()
    with kept.image.open("rb") as file:
        content = file.read()
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (2048, 2048))
        assert not picture.getexif()
    assert b"Camera that tells" not in content


def test_a_finding_sent_twice_is_kept_once_and_taken_back_with_its_photos(on_site, judge_user):
    key = uuid4()
    first = add_finding(on_site, by=judge_user, key=key, text="Hall", files=[photo()])
    second = add_finding(on_site, by=judge_user, key=key, text="Hall", files=[photo()])
    assert first == second
    assert VisitPhoto.objects.count() == 1

    remove_finding(on_site, key, by=judge_user)

    assert not Finding.objects.exists()


def test_too_many_photos_and_other_files_are_refused(on_site, judge_user):
    pdf = photo(name="a.pdf")

    for files in ([photo() for _number in range(3)], [pdf]):
        with pytest.raises(DomainError):
            add_finding(on_site, by=judge_user, key=uuid4(), text="Hall", files=files)

    assert not Finding.objects.exists()


def test_a_visit_ends_when_every_line_that_must_be_is_answered(on_site, judge_user):
    with pytest.raises(DomainError, match="Line screens; Line wait"):
        finish_visit(on_site, by=judge_user)

    on_site.refresh_from_db()
    assert on_site.status == "planned"


def test_the_leader_ends_the_visit_once(done, judge_user):
    again = finish_visit(done, by=judge_user)

    assert again.status == "done"
    assert Event.objects.filter(verb="visit.done").count() == 1
    with pytest.raises(DomainError, match="locked"):
        add_finding(done, by=judge_user, key=uuid4(), text="Late")


LOCKED = {
    "answer": lambda: VisitAnswer.objects.update(comment="Never."),
    "answer gone": lambda: VisitAnswer.objects.all()._raw_delete("default"),
    "finding": lambda: Finding.objects.update(text="Loud hall."),
    "finding added": lambda: Finding.objects.create(
        visit=SiteVisit.objects.get(),
        text="Later",
        made_by=VisitMember.objects.get().judge,
        made_at=timezone.now(),
    ),
    "photo": lambda: VisitPhoto.objects.update(sha256="0" * 64),
    "team": lambda: VisitMember.objects.update(leads=False),
    "visit": lambda: SiteVisit.objects.update(place="Elsewhere"),
    "check list": lambda: VisitItem.objects.filter(slug="training").update(required=True),
    "leaf": lambda: VisitLeaf.objects.update(salt="0" * 64),
}


@pytest.mark.parametrize("act", LOCKED)
def test_the_database_keeps_what_a_visit_found(done, act):
    with pytest.raises(DatabaseError), transaction.atomic():
        LOCKED[act]()


def test_the_first_thing_noted_fixes_the_check_list(on_site, judge_user):
    VisitItem.objects.filter(slug="training").update(required=True)
    answer_item(on_site, items(on_site)["screens"], by=judge_user, value="yes", base_version=0)

    with pytest.raises(DatabaseError), transaction.atomic():
        VisitItem.objects.create(
            round=on_site.round, position=9, slug="late", text={"en": "One more?"}
        )


def faults_of(season):
    return [(one.table, one.field) for one in verify(season) if isinstance(one, Fault)]


CHANGES = {
    "answer": (
        lambda: VisitAnswer.objects.filter(value="partly").update(value="yes"),
        ("judging_visitanswer", "value"),
    ),
    "words": (lambda: Finding.objects.update(text="Loud."), ("judging_finding", "text")),
    "check list": (
        lambda: VisitItem.objects.filter(slug="wait").update(required=False),
        ("judging_sitevisit", "items"),
    ),
    "opened again": (
        lambda: SiteVisit.objects.update(status="planned"),
        ("judging_sitevisit", "status"),
    ),
    "leaf": (lambda: VisitLeaf.objects.update(content={}), ("judging_visitleaf", "content")),
    "file": (
        lambda: VisitPhoto.objects.get().image.storage.delete(VisitPhoto.objects.get().image.name),
        ("judging_visitphoto", "image"),
    ),
}


@pytest.mark.parametrize("act", CHANGES)
def test_whatever_is_changed_of_a_visit_is_found_and_named(done, season, act):
    assert faults_of(season) == []
    change, found = CHANGES[act]

    with guards_off():
        change()

    assert faults_of(season) == [found]


def test_marks_of_a_visit_go_into_the_season_like_any_others(done, judge_user):
    with time_machine.travel(done.starts_at + timedelta(hours=2), tick=False):
        assert can_score(judge_user, done.round.assignments.get())
