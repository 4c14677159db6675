"""Copying an entry into another nomination."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from common.errors import DomainError
from nominations.errors import NoPlace
from nominations.models import (
    Answer,
    Attachment,
    Entry,
    EntryShare,
    EntryStatus,
    MissingRule,
    Option,
    Prerequisite,
    Prompt,
    PromptKind,
    Purpose,
    ShareRole,
)
from nominations.services import copy_entry, left_behind, nominations_for
from seasons.models import Channel, StageKind
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(category):
    """Asks for the same approach, but not for the results."""
    nomination = make_nomination(category, 2, "Innovation")
    nomination.prompts.filter(slug="results").delete()
    return nomination


def keep_file(entry, name="figures.pdf", **fields):
    file = Attachment(
        entry=entry, name=name, content_type="application/pdf", size=4, sha256="0" * 64, **fields
    )
    file.file.save(name, ContentFile(b"%PDF"), save=False)
    file.save()
    return file


def copy_to(nomination, entry, by, key=None):
    return copy_entry(entry, nomination, by=by, key=key or uuid4())


def test_answers_to_the_same_question_go_along_and_the_title(draft, other, nominee):
    made = copy_to(other, draft, nominee)

    assert (made.nomination, made.status, made.title) == (
        other,
        EntryStatus.DRAFT,
        "Listening first",
    )
    assert list(made.answers.values_list("prompt__slug", "text", "version")) == [
        ("approach", "We did approach well.", 1)
    ]


def test_what_has_no_place_there_is_named_with_its_words(draft, other, nominee):
    made = copy_to(other, draft, nominee)

    assert [(one.label, one.lines) for one in left_behind(draft, made)] == [
        ("Describe your results", ("We did results well.",))
    ]
    assert draft.answers.count() == 2


def test_a_question_of_another_kind_is_another_question(draft, other, nominee):
    Prompt.objects.filter(nomination=other, slug="approach").update(kind=PromptKind.LINK)

    made = copy_to(other, draft, nominee)

    assert made.answers.count() == 0
    assert len(left_behind(draft, made)) == 2


def test_a_choice_the_other_nomination_does_not_offer_stays_behind(draft, other, nominee):
    for nomination, choices in ((draft.nomination, ["bank", "shop"]), (other, ["shop"])):
        prompt = Prompt.objects.create(
            nomination=nomination,
            position=9,
            slug="sector",
            kind=PromptKind.CHOICE,
            label={"en": "Sector"},
        )
        for place, slug in enumerate(choices):
            Option.objects.create(
                prompt=prompt, position=place, slug=slug, label={"en": slug.title()}
            )
    here = draft.nomination.prompts.get(slug="sector")
    Answer.objects.create(entry=draft, prompt=here, text="bank", version=1)

    made = copy_to(other, draft, nominee)

    assert ("Sector", ("Bank",)) in [(one.label, one.lines) for one in left_behind(draft, made)]
    assert not made.answers.filter(prompt__slug="sector").exists()


def test_files_are_copied_with_their_content_as_new_ones(draft, other, nominee):
    file = keep_file(draft)

    made = copy_to(other, draft, nominee)

    twin = made.attachments.get()
    with twin.file.open("rb") as kept:
        assert (twin.name, twin.purpose, kept.read()) == ("figures.pdf", Purpose.SUPPORT, b"%PDF")
    assert (twin.token, twin.file.name) != (file.token, file.file.name)


def test_an_essay_file_stays_behind_where_essays_are_typed(draft, other, nominee):
    keep_file(draft, "essay.pdf", purpose=Purpose.ESSAY)

    made = copy_to(other, draft, nominee)

    assert made.attachments.count() == 0
    assert ("File", ("essay.pdf",)) in [(one.label, one.lines) for one in left_behind(draft, made)]


def test_a_document_both_nominations_ask_for_goes_along_and_is_checked_anew(
    draft, other, nominee, season
):
    prerequisite = Prerequisite.objects.create(
        season=season, slug="ccsm", name={"en": "CCSM"}, missing=MissingRule.BLOCKS
    )
    proof = keep_file(draft, "ccsm.pdf", purpose=Purpose.CREDENTIAL)
    draft.credentials.create(
        prerequisite=prerequisite, number="7", issuer="School", proof=proof, state="confirmed"
    )

    made = copy_to(other, draft, nominee)

    credential = made.credentials.get()
    assert (credential.number, credential.issuer, credential.state) == ("7", "School", "given")
    assert credential.proof.entry == made
    assert [one.lines for one in left_behind(draft, made)] == [("We did results well.",)]


def test_the_same_key_makes_one_copy(draft, other, nominee):
    key = uuid4()

    first = copy_to(other, draft, nominee, key)
    second = copy_to(other, draft, nominee, key)

    assert first == second
    assert Entry.objects.count() == 2


def test_limits_hold_for_copies(draft, other, nominee):
    other.max_per_applicant = 1
    other.save()
    copy_to(other, draft, nominee)

    with pytest.raises(NoPlace):
        copy_to(other, draft, nominee)

    assert Entry.objects.count() == 2


def test_only_open_nominations_of_the_programme_that_take_the_kind_are_offered(
    draft, other, person_nomination, nominee, season
):
    assert nominations_for(draft, nominee) == [other]

    season.stages.filter(kind=StageKind.ENTRY).update(
        opens_at=timezone.now() - timedelta(days=2), closes_at=timezone.now() - timedelta(days=1)
    )
    assert nominations_for(draft, nominee) == []
    with pytest.raises(DomainError):
        copy_to(other, draft, nominee)


def test_a_season_of_invitations_is_open_to_who_came_in_before(draft, other, nominee, season):
    season.channels = [Channel.INVITATION]
    season.save()

    assert nominations_for(draft, nominee) == [other]


def test_who_is_outside_the_organisation_copies_nothing(draft, other, other_nominee):
    EntryShare.objects.create(entry=draft, user=other_nominee, role=ShareRole.SUBMIT)

    with pytest.raises(PermissionDenied):
        copy_to(other, draft, other_nominee)
