"""The ladder of reminders before a deadline: 14, 7, 3 and 1 days and 3 hours."""

from datetime import datetime, timedelta

RUNGS: dict[str, timedelta] = {
    "14d": timedelta(days=14),
    "7d": timedelta(days=7),
    "3d": timedelta(days=3),
    "1d": timedelta(days=1),
    "3h": timedelta(hours=3),
}


def rung(deadline: datetime, now: datetime) -> str | None:
    """The last rung that has been reached before the deadline; None before the first and after it."""
    if now >= deadline:
        return None
    reached = [name for name, before in RUNGS.items() if now >= deadline - before]
    return reached[-1] if reached else None


def reached_at(deadline: datetime, name: str) -> datetime:
    """The moment a rung is reached; work that is newer than it is not yet reminded of."""
    return deadline - RUNGS[name]
