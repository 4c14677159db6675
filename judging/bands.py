"""Whether bands and guidance cover what they should exactly once; no database here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class BandFault:
    """What is wrong, and with which band (counted from 0 in the order given); None means with all."""

    message: str | Promise
    band: int | None = None


def band_faults(
    bands: Iterable[tuple[Decimal, Decimal]], *, maximum: Decimal, step: Decimal
) -> list[BandFault]:
    """Compare bands `(low, high)`, both ends included, with the marks 0, step, 2·step … maximum."""
    faults: list[BandFault] = []
    if maximum % step:
        message = _("The maximum %(maximum)s is not a whole number of steps of %(step)s.")
        faults.append(BandFault(message % {"maximum": shown(maximum), "step": shown(step)}))
    sound: list[tuple[Decimal, Decimal, int]] = []
    for index, (low, high) in enumerate(bands):
        found = ends_at_fault(low, high, maximum, step)
        faults += [BandFault(message, index) for message in found]
        if not found:
            sound.append((low, high, index))
    if len(faults) == 0:
        faults += cover_faults(sorted(sound), maximum, step)
    return faults


def ends_at_fault(
    low: Decimal, high: Decimal, maximum: Decimal, step: Decimal
) -> list[str | Promise]:
    """Look at one band alone."""
    if high < low:
        return [_("A band ends where it starts or above.")]
    if low < 0 or high > maximum:
        message = _("A band stays between 0 and %(maximum)s.")
        return [message % {"maximum": shown(maximum)}]
    if low % step or high % step:
        message = _("A band starts and ends on a possible mark, in steps of %(step)s.")
        return [message % {"step": shown(step)}]
    return []


def cover_faults(
    bands: list[tuple[Decimal, Decimal, int]], maximum: Decimal, step: Decimal
) -> list[BandFault]:
    """Look for marks without a band, or with two; the bands come sorted."""
    faults: list[BandFault] = []
    expected = Decimal(0)
    for low, high, index in bands:
        if low < expected:
            message = _("The marks from %(low)s to %(high)s have two bands.")
            faults.append(
                BandFault(
                    message % {"low": shown(low), "high": shown(min(high, expected - step))}, index
                )
            )
        elif low > expected:
            message = _("The marks from %(low)s to %(high)s have no band.")
            faults.append(
                BandFault(message % {"low": shown(expected), "high": shown(low - step)}, index)
            )
        expected = max(expected, high + step)
    if expected <= maximum:
        message = _("The marks from %(low)s to %(high)s have no band.")
        faults.append(BandFault(message % {"low": shown(expected), "high": shown(maximum)}))
    return faults


def shown(value: Decimal) -> str:
    """Write 5.00 as 5, and 0.50 as 0.5."""
    if value.is_infinite():
        return "∞" if value > 0 else "−∞"
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Advice:
    """A figure from `at_least` to under `below` suggests marks from `low` to `high`; None is no end."""

    at_least: Decimal | None
    below: Decimal | None
    low: Decimal
    high: Decimal


def guidance_faults(rows: Iterable[Advice], *, maximum: Decimal, step: Decimal) -> list[BandFault]:
    """Compare ranges of figures with each other: between the lowest and the highest, each once."""
    faults: list[BandFault] = []
    sound: list[tuple[Decimal, Decimal, int]] = []
    endless = Decimal("Infinity")
    for index, row in enumerate(rows):
        low = -endless if row.at_least is None else row.at_least
        high = endless if row.below is None else row.below
        found: list[str | Promise] = marks_at_fault(row, maximum, step)
        if high <= low:
            found.append(_("A range of figures ends above where it starts."))
        elif row.at_least is None and row.below is None:
            found.append(_("A range of figures has an end."))
        faults += [BandFault(message, index) for message in found]
        sound.append((low, high, index))
    return faults or meeting_faults(sorted(sound))


def marks_at_fault(row: Advice, maximum: Decimal, step: Decimal) -> list[str | Promise]:
    """Look at the marks one row suggests."""
    if row.high < row.low:
        return [_("The marks suggested run from the lower to the higher.")]
    if row.low < 0 or row.high > maximum:
        message = _("The marks suggested stay between 0 and %(maximum)s.")
        return [message % {"maximum": shown(maximum)}]
    if row.low % step or row.high % step:
        message = _("The marks suggested are possible ones, in steps of %(step)s.")
        return [message % {"step": shown(step)}]
    return []


def meeting_faults(ranges: list[tuple[Decimal, Decimal, int]]) -> list[BandFault]:
    """Look for figures without guidance, or with two; the ranges come sorted."""
    faults: list[BandFault] = []
    reached: Decimal | None = None
    for low, high, index in ranges:
        if reached is not None and low > reached:
            message = _("The figures from %(low)s to under %(high)s have no guidance.")
            faults.append(BandFault(message % {"low": shown(reached), "high": shown(low)}, index))
        elif reached is not None and low < reached:
            end = min(high, reached)
            message = _("The figures from %(low)s to under %(high)s have two lines of guidance.")
            faults.append(BandFault(message % {"low": shown(low), "high": shown(end)}, index))
        reached = high if reached is None else max(reached, high)
    return faults
