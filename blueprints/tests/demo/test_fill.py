"""A demo that was stopped on the way is known, and is finished at the next start."""

from audit.services import record
from blueprints.demo.fill import PAST_SLUG, finish, is_half_filled
from blueprints.demo.purge import STARTED
from seasons.models import Programme, Season


def begun(programme: Programme, slug: str, role: str) -> Season:
    """A season as the demo leaves it when it is stopped at work."""
    season = Season.objects.create(
        programme=programme, slug=slug, code=slug[-4:], name={"en": slug}
    )
    record(STARTED, by=None, about=season, data={"season": season.pk, "role": role})
    return season


def test_a_season_of_the_organisers_own_is_no_demo(season: Season) -> None:
    assert is_half_filled() is False


def test_a_demo_is_whole_when_both_its_seasons_are(programme: Programme) -> None:
    past = begun(programme, PAST_SLUG, "past")
    states = [is_half_filled()]
    finish(past, role="past", point="feedback", scale="small")
    states.append(is_half_filled())
    current = begun(programme, "cx-award-2026", "current")
    states.append(is_half_filled())
    finish(current, role="current", point="entering", scale="small")
    states.append(is_half_filled())

    assert states == [True, True, True, False]
