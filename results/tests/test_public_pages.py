"""Pages around the results: before a release they say nothing, after it what everybody may know."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains

from accounts.models import User
from common.errors import DomainError
from judging.models import Criterion, Mark, Round
from nominations.models import Entry, Nomination
from results.disclosed import disclosed
from results.models import (
    CHOICES,
    Appeal,
    AppealStatus,
    Ground,
    LaureatePage,
    OutcomeRule,
    PageState,
    PublishedResult,
    ResultPart,
)
from results.services import (
    ask_retraction,
    choose_disclosure,
    confirm_retraction,
    fix_rules,
    moderate_page,
)
from results.tests.conftest import Publish, Score
from seasons.models import Season
from tests.factories import make_nomination
from tests.pages import told

ClientOf = Callable[[User | None], Client]


def picture(width: int = 40) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (width, 20), "red").save(drawn, format="PNG")
    return SimpleUploadedFile("me.png", drawn.getvalue(), content_type="image/png")


@pytest.fixture
def visitor(client_of: ClientOf) -> Client:
    return client_of(None)


@pytest.fixture
def published(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    essay_round: Round,
    score: Score,
    publish: Publish,
) -> Entry:
    score(admitted_entry, essay_round, 70, 80, 90)
    publish(finalist_rule, admitted_entry)
    return admitted_entry


def address(name: str, *args: object) -> str:
    return reverse(f"results:{name}", args=args)


PAGES = ["results", "print", "widget", "feed", "methodology", "ceremony", "ceremony_state"]


def test_before_the_release_a_decision_changes_no_public_byte_and_after_it_does(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    essay_round: Round,
    score: Score,
    season: Season,
    decide: Callable[..., None],
    publish: Publish,
    visitor: Client,
    organiser: User,
) -> None:
    score(admitted_entry, essay_round, 70)
    fix_rules(finalist_rule, by=organiser)
    paths = [address(name, season.slug) for name in PAGES]
    paths += [address("sitemap"), address("archive", season.programme.slug)]
    paths += [
        address(name, season.slug, admitted_entry.number)
        for name in ("laureate", "card", "picture")
    ]

    def world() -> dict[str, Any]:
        return {path: told(visitor, path) for path in paths}

    before = world()
    decide(finalist_rule, admitted_entry)
    decided = world()
    publish(finalist_rule, admitted_entry)
    after = world()

    assert decided == before
    changed = {path for path in paths if after[path] != before[path]}
    assert {address("results", season.slug), address("sitemap")} <= changed
    assert after[address("laureate", season.slug, admitted_entry.number)][0] == 200


def test_taken_back_is_gone_from_every_public_page(
    published: Entry,
    finalist_rule: OutcomeRule,
    organiser: User,
    second_organiser: User,
    season: Season,
    visitor: Client,
) -> None:
    asked = ask_retraction(finalist_rule.releases.get(), by=organiser, reason="Wrong.")
    confirm_retraction(asked, by=second_organiser)

    texts = [visitor.get(address(name, season.slug)).content.decode() for name in PAGES]
    one = visitor.get(address("laureate", season.slug, published.number))
    card = visitor.get(address("card", season.slug, published.number))
    assert [name for name, text in zip(PAGES, texts, strict=True) if "Camomile" in text] == []
    assert (one.status_code, card.status_code) == (404, 404)


def test_only_the_widget_may_stand_in_a_foreign_frame(
    published: Entry, season: Season, visitor: Client
) -> None:
    widget = visitor.get(address("widget", season.slug))
    page = visitor.get(address("results", season.slug))

    assert "X-Frame-Options" not in widget
    assert "frame-ancestors *" in widget["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_the_feed_and_the_data_for_search_engines_can_be_read_by_machines(
    published: Entry, season: Season, visitor: Client
) -> None:
    feed = ET.fromstring(visitor.get(address("feed", season.slug)).content)
    text = visitor.get(address("laureate", season.slug, published.number)).content.decode()
    data = json.loads(text.split('application/ld+json">')[1].split("</script>")[0])

    atom = "{http://www.w3.org/2005/Atom}"
    assert [one.text for one in feed.findall(f"{atom}entry/{atom}title")] == [
        "Finalist: Camomile Ltd"
    ]
    assert data["name"] == "Camomile Ltd"


def test_a_social_picture_is_1200_by_630_in_every_language(
    published: Entry, season: Season, visitor: Client
) -> None:
    for language in ("en", "ru", "zh-hans", "zh-hant"):
        path = address("card", season.slug, published.number)
        with Image.open(BytesIO(visitor.get(f"{path}?lang={language}").content)) as image:
            assert (image.format, image.size) == ("PNG", (1200, 630))


def test_text_and_picture_are_public_once_nominee_and_organiser_agree(
    published: Entry, nominee: User, organiser: User, season: Season, client_of: ClientOf
) -> None:
    own, visitor = client_of(nominee), client_of(None)
    public = address("laureate", season.slug, published.number)
    image = address("picture", season.slug, published.number)
    sent: dict[str, Any] = {"summary_en": "We answer fast.", "alt": "A team"}

    def seen() -> tuple[bool, int]:
        return "We answer fast." in visitor.get(public).content.decode(), visitor.get(
            image
        ).status_code

    own.post(address("own_page", published.pk), {**sent, "picture": picture(), "approve": "1"})
    approved = seen()
    page = LaureatePage.objects.get()
    moderate_page(page, by=organiser, publish=True, seen=page.version)
    shown = seen()
    own.post(address("own_page", published.pk), sent)

    assert (approved, shown, seen()) == ((False, 404), (True, 200), (False, 404))


def test_organisers_see_the_picture_they_are_to_publish(
    published: Entry,
    finalist_rule: OutcomeRule,
    nominee: User,
    organiser: User,
    client_of: ClientOf,
) -> None:
    own, office = client_of(nominee), client_of(organiser)
    sent = {"summary_en": "We answer fast.", "alt": "A team", "picture": picture()}
    own.post(address("own_page", published.pk), sent)
    page = LaureatePage.objects.get()
    listing = reverse("admin:results_outcomerule_laureate_pages", args=[finalist_rule.pk])
    image = reverse("admin:results_outcomerule_laureate_picture", args=[finalist_rule.pk, page.pk])

    draft = office.get(image)
    own.post(address("own_page", published.pk), {**sent, "picture": "", "approve": "1"})
    shown = office.get(image)

    assert (draft.status_code, shown.status_code) == (404, 200)
    assert image in office.get(listing).content.decode()
    with Image.open(BytesIO(b"".join(shown))) as drawn:
        assert drawn.format == "JPEG"


def test_a_text_that_changed_after_the_organiser_looked_is_not_published(
    published: Entry,
    finalist_rule: OutcomeRule,
    nominee: User,
    organiser: User,
    client_of: ClientOf,
) -> None:
    own, office = client_of(nominee), client_of(organiser)
    listing = reverse("admin:results_outcomerule_laureate_pages", args=[finalist_rule.pk])
    own.post(address("own_page", published.pk), {"summary_en": "We answer fast.", "approve": "1"})
    seen = office.get(listing).context["page"][0]
    own.post(address("own_page", published.pk), {"summary_en": "Buy from us.", "approve": "1"})
    decide = {"page": seen.pk, "seen": seen.version, "decision": "publish"}

    refused = office.post(listing, decide, follow=True)
    state = LaureatePage.objects.get().state
    office.post(listing, decide | {"seen": LaureatePage.objects.get().version})

    assert "has changed this page since you opened it" in refused.content.decode()
    assert (state, LaureatePage.objects.get().state) == (PageState.APPROVED, PageState.PUBLISHED)


def test_a_draft_is_not_moderated_and_a_picture_needs_its_words(
    published: Entry, nominee: User, organiser: User, client_of: ClientOf
) -> None:
    client = client_of(nominee)

    refused = client.post(address("own_page", published.pk), {"picture": picture()})
    client.post(address("own_page", published.pk), {"summary_en": "A draft."})

    assert refused.status_code == 422
    assert LaureatePage.objects.get().state == PageState.DRAFT
    with pytest.raises(DomainError, match="not approved"):
        moderate_page(LaureatePage.objects.get(), by=organiser, publish=True, seen="")


def test_marks_are_disclosed_sorted_without_judges_and_never_under_three(
    published: Entry, season: Season, organiser: User, visitor: Client
) -> None:
    choose_disclosure(season, by=organiser, chosen=CHOICES)
    one = Mark.objects.filter(scorecard__assignment__entry=published).order_by("criterion").first()
    assert one is not None

    full = disclosed(season)
    text = visitor.get(address("disclosure_json", season.slug)).content.decode()
    table = visitor.get(address("disclosure_csv", season.slug)).content.decode()

    assert full is not None
    assert full.marks is not None
    assert {tuple(row["marks"]) for row in full.marks} == {("7", "8", "9")}
    assert full.votes == [{"round": "essay", "nomination": 1, "scorecards": 3, "judges": 3}]
    assert [name for name in ("Perlin", "Quist", "Roth") if name in text + table] == []
    assert Decimal(table.splitlines()[1].split(",")[-1]) == 7


def test_two_marks_are_not_disclosed(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    essay_round: Round,
    score: Score,
    publish: Publish,
    season: Season,
    organiser: User,
) -> None:
    score(admitted_entry, essay_round, 70, 80)
    publish(finalist_rule, admitted_entry)

    choose_disclosure(season, by=organiser, chosen=["marks", "votes"])

    shown = disclosed(season)
    assert shown is not None
    assert (shown.marks, shown.votes, shown.counts) == ([], [], None)
    assert shown.withheld > 0


def test_nothing_is_disclosed_while_an_outcome_is_not_public(
    published: Entry,
    laureate_rule: OutcomeRule,
    season: Season,
    organiser: User,
    visitor: Client,
) -> None:
    choose_disclosure(season, by=organiser, chosen=CHOICES)

    names = ("disclosure", "disclosure_csv", "disclosure_json")
    assert [visitor.get(address(name, season.slug)).status_code for name in names] == [404] * 3


def test_the_method_tells_the_tree_of_the_result_with_its_effective_weights(
    laureate_rule: OutcomeRule,
    essay_round: Round,
    defence_round: Round,
    season: Season,
    visitor: Client,
) -> None:
    shares = ((essay_round, 60, 2), (defence_round, 40, None))
    ResultPart.objects.create(rule=laureate_rule, slug="live", weight=50, round=defence_round)
    ResultPart.objects.create(rule=laureate_rule, slug="both", weight=50, name={"en": "Both"})
    for round_, weight, decimals in shares:
        ResultPart.objects.create(
            rule=laureate_rule,
            slug=round_.slug,
            under="both",
            weight=weight,
            round=round_,
            decimals=decimals,
            method="olympic",
        )
    OutcomeRule.objects.update(ties="priority", priority=Criterion.objects.first(), appeal_days=3)

    response = visitor.get(address("methodology", season.slug))
    (outcome,) = response.context["told"].outcomes

    assert [(one.name, one.whole, one.decimals) for one in outcome.tree] == [
        ("Defence", 50.0, None),
        ("Both", 50.0, None),
        ("Essays", 30.0, 2),
        ("Defence", 20.0, None),
    ]
    text = response.content.decode()
    for words in (
        "the priority criterion: Clarity",
        "Appeals are taken for 3 days after the announcement.",
        "mean without the extremes, from five scorecards on",
        "to 2 decimals",
        outcome.seed,
    ):
        assert words in text


def test_the_method_tells_the_rules_as_they_were_fixed_and_reasons_after_the_release(
    published: Entry,
    finalist_rule: OutcomeRule,
    season: Season,
    organiser: User,
    visitor: Client,
) -> None:
    fixed = visitor.get(address("methodology", season.slug)).context["told"].outcomes[0]
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(quota=9)
    unfixed = visitor.get(address("methodology", season.slug)).context["told"].outcomes[0]
    fix_rules(finalist_rule, by=organiser, reason="More deserve it.")
    public = visitor.get(address("methodology", season.slug)).content.decode()
    PublishedResult.objects.all().delete()
    secret = visitor.get(address("methodology", season.slug)).content.decode()

    assert (fixed.quota, unfixed.quota) == (2, 2)
    assert ("At most 9" in public, "At most 9" in secret) == (True, True)
    assert ("More deserve it." in public, "More deserve it." in secret) == (True, False)
    assert finalist_rule.locks.latest("number").sha256 in secret


def test_the_method_tells_of_other_ways_to_judge(
    essay_round: Round, season: Season, visitor: Client
) -> None:
    Round.objects.filter(pk=essay_round.pk).update(
        way="points", budget=50, most_points=20, question={"en": "Who helped most?"}
    )

    text = visitor.get(address("methodology", season.slug)).content.decode()

    assert "Who helped most?" in text
    assert "Each judge spreads 50 points, at most 20 on one entry." in text
    assert "Rubric, as guidance" in text


def test_shares_are_told_within_the_nominations_a_round_judges(
    laureate_rule: OutcomeRule, nomination: Nomination, season: Season, visitor: Client
) -> None:
    other = make_nomination(nomination.category, 2, "Best letters")
    for round_, of, weight in zip(
        laureate_rule.rounds.order_by("slug"), (nomination, other), (70, 30), strict=True
    ):
        Round.objects.filter(pk=round_.pk).update(weight=weight)
        round_.nominations.add(of)

    (outcome,) = visitor.get(address("methodology", season.slug)).context["told"].outcomes

    assert [(one.whole, one.varies) for one in outcome.tree] == [(100.0, False)] * 2


def test_the_method_tells_how_ties_are_parted(
    laureate_rule: OutcomeRule, season: Season, visitor: Client
) -> None:
    before = visitor.get(address("methodology", season.slug)).content.decode()
    OutcomeRule.objects.update(ties="head-to-head", quota_mode="draw", seed="5eed")
    after = visitor.get(address("methodology", season.slug)).content.decode()

    assert "nothing: equal scores share a place" in before
    assert "the judges who saw both" in after
    assert "drawn by the published seed" in after
    assert "<code>5eed</code>" in after


def test_a_result_that_an_appeal_changed_says_so(
    published: Entry, nominee: User, season: Season, visitor: Client
) -> None:
    rule = OutcomeRule.objects.get(kind="finalist")
    appeal = Appeal.objects.create(
        rule=rule,
        release=rule.releases.get(),
        entry=published,
        filed_by=nominee,
        ground=Ground.FACTS,
        text="A table was overlooked.",
        filed_at=timezone.now(),
        idempotency_key=uuid4(),
        status=AppealStatus.PROPOSED,
    )
    paths = [address("results", season.slug), address("print", season.slug)]
    before = [b"Changed after an appeal" in visitor.get(path).content for path in paths]
    Appeal.objects.filter(pk=appeal.pk).update(
        status=AppealStatus.CHANGED, decided_at=timezone.now()
    )

    assert before == [False, False]
    assert all(b"Changed after an appeal" in visitor.get(path).content for path in paths)


def test_public_pages_stay_cheap(
    published: Entry, season: Season, visitor: Client, django_assert_max_num_queries: Any
) -> None:
    paths = [address(name, season.slug) for name in PAGES]
    paths += [
        address("laureate", season.slug, published.number),
        address("archive", season.programme.slug),
    ]
    for path in paths:
        with django_assert_max_num_queries(14 if "methodology" in path else 9):
            page = visitor.get(path)
        assertContains(page, season.programme.name["en"])
