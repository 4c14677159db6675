"""Holding what judges said in other ways than scorecards against what the ledger says."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from audit.services import Fault, read
from judging.canonical import Content, comparison_content, verdict_content
from judging.models import Comparison, Scorecard, Verdict


def changed(said: Any, value: Any) -> str:
    """The two values; what was hashed before is not shown."""
    if isinstance(value, str) and len(value) == 64:
        return "it was changed"
    return f"the ledger says {said!r}, the row says {value!r}"


class Said:
    """Verdicts and comparisons of a batch of scorecards as they are stored now."""

    def __init__(self, cards: list[int], assignments: list[int]) -> None:
        self.verdicts = verdicts_of(cards)
        self.comparisons = comparisons_of(assignments)

    def faults(self, card: Scorecard, said: Content) -> Iterator[Fault]:
        """Where the stored rows of a scorecard differ from its leaf."""
        yield from self.verdict_faults(card.pk, said.get("verdict"))
        yield from self.comparison_faults(card, said.get("comparisons", []))

    def verdict_faults(self, card: int, said: Content | None) -> Iterator[Fault]:
        """A word, a place or points that were changed, are missing, or were added."""
        stored = self.verdicts.get(card)
        if said is None:
            if stored is not None:
                pk = stored if isinstance(stored, int) else stored.pk
                message = f"scorecard {card} was submitted without this verdict"
                yield Fault("judging_verdict", pk, "", message)
        elif stored is None:
            message = f"the verdict of scorecard {card} is missing"
            yield Fault("judging_verdict", said.get("verdict"), "", message)
        elif isinstance(stored, int):
            yield Fault("judging_verdict", stored, "", "the verdict cannot be read")
        else:
            for name, value in verdict_content(stored).items():
                if said.get(name) != value:
                    message = changed(said.get(name), value)
                    yield Fault("judging_verdict", stored.pk, name, message)

    def comparison_faults(self, card: Scorecard, said: list[Content]) -> Iterator[Fault]:
        """Comparisons that were changed, are missing, or were added."""
        stored = dict(self.comparisons.get(card.assignment_id, {}))
        for one in said:
            pk = one["comparison"]
            row = stored.pop(pk, None)
            if row is None:
                message = f"a comparison of scorecard {card.pk} is missing or cannot be read"
                yield Fault("judging_comparison", pk, "", message)
                continue
            for name, value in comparison_content(row).items():
                if one.get(name) != value:
                    message = changed(one.get(name), value)
                    yield Fault("judging_comparison", pk, name, message)
        for pk in stored:
            message = f"scorecard {card.pk} was submitted without this comparison"
            yield Fault("judging_comparison", pk, "", message)


def verdicts_of(cards: list[int]) -> dict[int, Verdict | int]:
    """Verdicts by scorecard; an unreadable one is its key alone."""
    keys = dict(Verdict.objects.filter(scorecard__in=cards).values_list("pk", "scorecard"))
    found = read(Verdict.objects.all(), keys)
    return {card: found.get(pk, pk) for pk, card in keys.items()}


def comparisons_of(assignments: list[int]) -> dict[int, dict[int, Comparison | None]]:
    """Comparisons by assignment and key; an unreadable one is None."""
    of = Q(first__in=assignments) | Q(second__in=assignments)
    keys = list(Comparison.objects.filter(of).values_list("pk", "first", "second"))
    rows = read(Comparison.objects.all(), [pk for pk, _first, _second in keys])
    found: dict[int, dict[int, Comparison | None]] = defaultdict(dict)
    for pk, *both in keys:
        for assignment in both:
            found[assignment][pk] = rows.get(pk)
    return found
