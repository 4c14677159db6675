"""Check lists of visits in season files."""

from pathlib import Path

import pytest
from django.utils import timezone

from blueprints.faults import FaultyFileError
from blueprints.services import load_season
from judging.models import Entrants, Round, VisitItem
from nominations.models import EntryStatus
from tests.factories import make_entry

GOLDEN = Path("seasons/data/golden-headset-2025.yaml")
LINE = "en: What the last review decided has been carried out."


def loaded(*pairs: tuple[str, str]) -> Round:
    text = GOLDEN.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    season = load_season(text.encode()).season
    return season.rounds.get(entrants=Entrants.VISITED)


@pytest.mark.django_db
def test_the_check_list_of_a_round_is_stored_in_order_and_follows_the_file() -> None:
    round_ = loaded()
    before = [one.slug for one in round_.visit_items.all()]

    loaded((LINE, "en: Measures are carried out."), ("slug: training-records", "slug: trainings"))

    after = [one.slug for one in round_.visit_items.all()]
    assert (len(before), before[4], after[4]) == (8, "training-records", "trainings")
    assert VisitItem.objects.get(slug="improvement").text["en"] == "Measures are carried out."
    assert round_.visit_rules.report_for_all


def test_a_file_cannot_change_a_check_list_in_use(organisation, nominee) -> None:
    round_ = loaded()
    nomination = round_.season.nominations.get(number=2)
    entry = make_entry(nomination, organisation, nominee, EntryStatus.ADMITTED)
    now = timezone.now()
    round_.visits.create(
        entry=entry, place="Here", starts_at=now, ends_at=now.replace(year=2099), begun_at=now
    )

    with pytest.raises(FaultyFileError) as caught:
        loaded((LINE, "en: Measures are carried out."))
    again = loaded()

    assert [(fault.path, fault.message) for fault in caught.value.faults] == [
        (
            "rounds[6].visits.check_list",
            "A team has begun with this check list; it cannot change any more.",
        )
    ]
    assert again == round_


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("    entrants: visited\n", "    entrants: admitted\n", "rounds[6].visits"),
        (
            "    entrants: visited\n",
            "    entrants: visited\n    shows: answers\n",
            "rounds[6].shows",
        ),
        ("slug: customer-data", "slug: live-monitoring", "rounds[6].visits.check_list[5].slug"),
    ],
)
@pytest.mark.django_db
def test_a_check_list_that_makes_no_sense_is_refused(old: str, new: str, path: str) -> None:
    with pytest.raises(FaultyFileError) as caught:
        loaded((old, new))

    assert [fault.path for fault in caught.value.faults] == [path]
