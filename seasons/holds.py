"""Settings of a season that stand still while something rests on them: upper rooms say here what does."""

from collections.abc import Callable

from seasons.models import Season

# Each says why the number of people cannot be changed now, or nothing.
Hold = Callable[[Season], str]
two_person_holds: list[Hold] = []


def held_by(season: Season) -> str:
    """The first reason that keeps the setting as it is; empty when none does."""
    return next((reason for hold in two_person_holds if (reason := hold(season))), "")
