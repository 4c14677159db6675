"""Loading a season stores all of it or nothing, and never what people already use."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.models import User
from audit.models import Event
from blueprints.faults import FaultyFileError
from blueprints.services import load_season
from blueprints.tests.broken import GOLDEN, SHIPPED
from judging.models import (
    Assignment,
    Band,
    Criterion,
    DefenceRules,
    Judge,
    Jury,
    Mark,
    Round,
    Rubric,
    Scorecard,
)
from nominations.models import (
    Category,
    Check,
    EntryStatus,
    Hint,
    Nomination,
    Prompt,
    Verdict,
)
from results.models import OutcomeRule
from seasons.models import Season
from tests.factories import make_entry, make_revision

pytestmark = pytest.mark.django_db


def shipped(*pairs: tuple[str, str]) -> bytes:
    text = SHIPPED.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def faults_of(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(FaultyFileError) as caught:
        load_season(shipped(*pairs))
    return [(fault.path, fault.message) for fault in caught.value.faults]


def test_the_shipped_file_is_stored_whole():
    load_season(shipped())

    assert Category.objects.count() == 4
    assert Nomination.objects.count() == 27
    assert Nomination.objects.get(number=6).requires_roles == ["client"]
    assert Prompt.objects.get(nomination__number=6, slug="introduced").minimum == 2020
    assert sorted(Hint.objects.values_list("nomination__number", "better__number")) == [
        (2, 6),
        (2, 16),
        (17, 6),
    ]
    assert Criterion.objects.count() == 9
    assert Band.objects.count() == 36
    assert list(Round.objects.values_list("slug", "weight", "quorum")) == [
        ("essay", Decimal(50), 3),
        ("defence", Decimal(50), 3),
    ]
    assert {
        rule.kind: [part.slug for part in rule.rounds.all()] for rule in OutcomeRule.objects.all()
    } == {"finalist": ["essay"], "laureate": ["essay", "defence"]}


def test_moscow_midnights_become_instants_in_utc():
    season = load_season(shipped()).season

    assert list(season.stages.values_list("slug", "opens_at", "closes_at")) == [
        ("entry", datetime(2021, 9, 30, 21, tzinfo=UTC), datetime(2022, 1, 20, 21, tzinfo=UTC)),
        (
            "essay-judging",
            datetime(2022, 1, 20, 21, tzinfo=UTC),
            datetime(2022, 2, 28, 21, tzinfo=UTC),
        ),
        ("finalists", datetime(2022, 2, 28, 21, tzinfo=UTC), datetime(2022, 3, 9, 21, tzinfo=UTC)),
        ("defence", datetime(2022, 3, 9, 21, tzinfo=UTC), datetime(2022, 4, 3, 21, tzinfo=UTC)),
        ("ceremony", datetime(2022, 4, 19, 21, tzinfo=UTC), datetime(2022, 4, 21, 21, tzinfo=UTC)),
        ("feedback", datetime(2022, 4, 21, 21, tzinfo=UTC), datetime(2022, 12, 30, 21, tzinfo=UTC)),
    ]


def test_loading_again_changes_nothing_and_logs_nothing():
    load_season(shipped())

    again = load_season(shipped())

    assert again.changes == []
    assert Event.objects.filter(verb="season.loaded").count() == 1


def test_loading_a_changed_file_changes_the_rows_in_place_and_logs_what():
    before = load_season(shipped()).season

    loaded = load_season(
        shipped(
            ("closes: 2022-01-21T00:00", "closes: 2022-01-25T12:00"),
            ("en: Contact Centre", "en: Call Centre"),
        )
    )

    assert loaded.season == before
    assert [str(change) for change in loaded.changes] == [
        "changed stage entry (closes_at)",
        "changed nomination contact-centre (name)",
    ]
    assert before.stages.get(slug="entry").closes_at == datetime(2022, 1, 25, 9, tzinfo=UTC)
    event = Event.objects.filter(verb="season.loaded").order_by("-position").first()
    assert event is not None
    assert {"what": "changed", "row": "stage entry", "details": ["closes_at"]} in event.data[
        "changes"
    ]


def test_a_file_that_is_silent_about_comments_has_them_looked_at_and_changes_no_season():
    season = load_season(shipped()).season
    first = season.moderate_comments
    Season.objects.update(moderate_comments=False)

    load_season(shipped())

    season.refresh_from_db()
    assert (first, season.moderate_comments) == (True, False)


def test_a_faulty_file_stores_nothing():
    assert len(faults_of(("quorum: 3", "quorum: many"))) == 1
    assert (Season.objects.count(), Nomination.objects.count()) == (0, 0)


def test_two_nominations_may_exchange_their_numbers():
    load_season(shipped())

    load_season(
        shipped(
            ("      - number: 9\n", "      - number: 99\n"),
            ("      - number: 10\n", "      - number: 9\n"),
            ("      - number: 99\n", "      - number: 10\n"),
        )
    )

    assert Nomination.objects.get(number=10).slug == "data-centric"
    assert Nomination.objects.get(number=9).slug == "social-responsibility"


def test_a_nomination_with_entries_stays_when_the_file_drops_it(organisation, nominee):
    season = load_season(shipped()).season
    nomination = season.nominations.get(number=27)
    make_entry(nomination, organisation, nominee)
    text = SHIPPED.read_text()
    cut = text.index("      - number: 27\n")

    loaded = load_season(text[:cut].encode())

    assert [str(change) for change in loaded.kept] == [
        "kept nomination social-media-team (has entries)"
    ]
    assert season.nominations.filter(number=27).exists()


def test_a_nomination_nobody_entered_goes_with_its_prompts(organisation, nominee):
    season = load_season(shipped()).season
    text = SHIPPED.read_text()

    load_season(text[: text.index("      - number: 27\n")].encode())

    assert season.nominations.count() == 26
    assert not Prompt.objects.filter(nomination__number=27).exists()


def test_a_code_another_season_has_is_refused():
    load_season(shipped())

    assert faults_of(("slug: cx-award-2022", "slug: cx-award-2023")) == [
        ("season.code", "Another season has this code.")
    ]


def test_the_code_is_locked_once_entries_have_numbers():
    season = load_season(shipped()).season
    Season.objects.filter(pk=season.pk).update(last_entry_number=1)

    assert faults_of(("code: CX22", "code: CX23")) == [
        ("season.code", "Entries have numbers with the code CX22; it cannot change any more.")
    ]


def test_an_agreement_judges_accepted_needs_a_new_version(judge_user):
    season = load_season(shipped()).season
    agreement = season.agreements.get()
    agreement.consents.create(
        user=judge_user, language="ru", text_sha256="0" * 64, given_at=agreement.since
    )
    change = ("Thank you for joining the jury.", "Thanks for joining the jury.")

    assert faults_of(change) == [
        (
            "agreement.text",
            "Judges have accepted this version; give a changed text a new version.",
        )
    ]
    load_season(shipped(change, ('version: "1"', 'version: "2"')))
    assert sorted(season.agreements.values_list("version", flat=True)) == ["1", "2"]


def test_a_rubric_without_marks_may_still_change():
    load_season(shipped())

    load_season(
        shipped(
            ("total: 50", "total: 60"),
            ("max: 10\n            bands:", "max: 10\n            weight: 2\n            bands:"),
        )
    )

    assert Criterion.objects.get(slug="approach").weight == 2


def test_organisers_are_added_once(nominee):
    load_season(shipped(), organisers=[nominee])
    season = load_season(shipped(), organisers=[nominee]).season

    assert list(User.objects.filter(programmes=season.programme)) == [nominee]


def test_a_rubric_with_marks_cannot_change_but_a_new_version_can(organisation, nominee, judge_user):
    season = load_season(shipped()).season
    entry = make_entry(
        season.nominations.get(number=1), organisation, nominee, EntryStatus.ADMITTED
    )
    judge = Judge.objects.create(jury=Jury.objects.get(season=season), user=judge_user)
    assignment = Assignment.objects.create(
        round=season.rounds.get(slug="essay"), judge=judge, entry=entry
    )
    card = Scorecard.objects.create(assignment=assignment, revision=entry.revisions.get())
    Mark.objects.create(
        scorecard=card, criterion=Criterion.objects.get(slug="approach"), value=Decimal(7)
    )

    assert faults_of(("en: Essay rubric", "en: Rubric of the essay")) == [
        ("rubrics[0]", "This rubric has marks and cannot change; add it as a new version.")
    ]
    assert Rubric.objects.get(slug="essay").name["en"] == "Essay rubric"


# What answers lock


def golden(*pairs: tuple[str, str]) -> bytes:
    text = GOLDEN.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def golden_faults(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(FaultyFileError) as caught:
        load_season(golden(*pairs))
    return [(fault.path, fault.message) for fault in caught.value.faults]


@pytest.fixture
def golden_entry(organisation, nominee):
    nomination = load_season(golden()).season.nominations.get(number=1)
    return make_entry(nomination, organisation, nominee)


def answer_golden(entry, slug: str, text: str) -> None:
    entry.answers.exclude(prompt__slug=slug).update(text="")
    entry.answers.filter(prompt__slug=slug).update(text=text)


TELECOM = (
    "              - slug: telecom\n"
    "                label:\n"
    "                  zh-hans: 通信与互联网\n"
    "                  en: Telecoms and internet\n"
)
PHONE = (
    "              - slug: phone\n"
    "                label:\n"
    "                  zh-hans: 电话或邮箱\n"
    "                  en: Phone or e-mail\n"
)


def test_a_choice_somebody_took_cannot_go(golden_entry):
    answer_golden(golden_entry, "industry", "telecom")

    assert golden_faults((TELECOM, "")) == [
        (
            "categories[0].nominations[0].prompts[0].options",
            "There are answers with “telecom”; it cannot go any more.",
        )
    ]


def test_a_choice_nobody_took_may_go(golden_entry):
    answer_golden(golden_entry, "industry", "finance")

    load_season(golden((TELECOM, "")))

    options = golden_entry.nomination.prompts.get(slug="industry").options
    assert options.count() == 8
    assert not options.filter(slug="telecom").exists()


def test_a_column_somebody_filled_cannot_go(golden_entry):
    answer_golden(
        golden_entry, "verification-contact", '[{"name":"Li","position":"","phone":"139"}]'
    )

    assert golden_faults((PHONE, "")) == [
        (
            "categories[0].nominations[0].prompts[16].columns",
            "There are answers with “phone”; it cannot go any more.",
        )
    ]


def test_the_kind_of_an_answered_prompt_cannot_change(golden_entry):
    answer_golden(golden_entry, "technology", "智能客服覆盖全部渠道。")
    before = "- slug: technology\n            kind: text"
    words = "\n            required: true\n            min_words: 80\n            max_words: 800"
    label = golden().decode().split(before)[1].split(words)[0]

    whole = "\n            required: true"
    faults = golden_faults((before + label + words, before[:-4] + "link" + label + whole))

    assert faults == [
        (
            "categories[0].nominations[0].prompts[2].kind",
            "There are answers of another kind to this prompt.",
        )
    ]


def test_a_checked_line_of_the_check_list_stays_when_the_file_drops_it(golden_entry, organiser):
    item = golden_entry.nomination.check_items.get(slug="proofs")
    Check.objects.create(
        revision=make_revision(golden_entry, golden_entry.created_by),
        item=item,
        verdict=Verdict.OK,
        by=organiser,
    )
    text = golden().decode()
    start = text.index("          - slug: proofs")
    end = text.index("          - slug: rules")

    loaded = load_season((text[:start] + text[end:]).encode())

    assert [str(change) for change in loaded.kept] == ["kept checkitem proofs (has been checked)"]


def test_a_condition_is_stored_with_its_prompt_and_value(golden_entry):
    waiting = golden_entry.nomination.prompts.get(slug="industry-other")

    assert waiting.shown_if is not None
    assert (waiting.shown_if.slug, waiting.shown_value) == ("industry", "other")


def test_limits_channels_and_the_rule_for_drafts_are_stored():
    season = load_season(golden(("draft_rule: stay", "draft_rule: submit"))).season

    assert (season.channels, season.draft_rule, season.max_entries_per_applicant) == (
        ["open", "invitation"],
        "submit",
        4,
    )
    assert list(
        season.nominations.order_by("number").values_list("max_per_applicant", "essay_upload")
    ) == [(1, False), (2, True), (1, True)]


def test_a_season_that_says_nothing_is_open_and_drafts_stay():
    season = load_season(shipped()).season

    assert (season.channels, season.draft_rule, season.max_entries_per_applicant) == (
        ["open"],
        "stay",
        None,
    )


def test_the_settings_of_a_defence_come_from_the_file_and_belong_to_finalists():
    finalists, block = "    entrants: finalists\n", "    defence: {{{}}}\n"
    words = "presentation_minutes: 8, from_start: true, rooms: [Great hall, Small hall]"
    settings = (finalists, finalists + block.format(words))
    misplaced = ("    entrants: admitted\n", "    entrants: admitted\n    defence: {}\n")

    load_season(shipped(settings))
    again = load_season(shipped(settings))
    with pytest.raises(FaultyFileError) as refusal:
        load_season(shipped(misplaced))

    rules = DefenceRules.objects.get(round__slug="defence")
    assert (rules.presentation_minutes, rules.question_minutes, rules.from_start) == (8, 10, True)
    assert (rules.room_names, again.changes) == (["Great hall", "Small hall"], [])
    assert [str(fault.message) for fault in refusal.value.faults] == [
        "Only a round of finalists has a defence."
    ]
