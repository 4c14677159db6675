"""An entry beside the others of its applicant's industry, by plain means over the whole season."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from nominations.models import Entry
from results.models import OutcomeRule, StandingRow
from results.overview import NominationShown, RowShown

LEAST_OTHERS = 3


@dataclass(frozen=True)
class Compared:
    """An entry and the others of its industry; no mean is told of too few."""

    row: RowShown
    industry: str
    others: int
    mean: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """By how much the entry is above its industry."""
        return None if self.mean is None or self.row.raw is None else self.row.raw - self.mean


def industry_key(text: str) -> str:
    """What people mean alike: no case, no signs, no doubled spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(re.findall(r"\w+", plain))


def by_industry(shown: NominationShown, rule: OutcomeRule, user: User) -> list[Compared]:
    """Each entry of a nomination whose applicant names an industry, beside the season's others of it.

    Only entries the reader may see are counted, each by its plain mean in the last standing.
    """
    named = [row for row in shown.rows if industry_key(row.entry.organisation.industry)]
    if not named:
        return []
    means: dict[str, dict[int, Decimal]] = defaultdict(dict)
    rows = StandingRow.objects.filter(
        standing__rule=rule,
        raw__isnull=False,
        entry__in=Entry.objects.organised_by(user).values("pk"),
    )
    for entry, industry, raw in rows.order_by("standing__computed_at", "standing").values_list(
        "entry", "entry__organisation__industry", "raw"
    ):
        means[industry_key(industry)][entry] = raw or Decimal(0)
    found = []
    for row in named:
        industry = row.entry.organisation.industry
        others = [
            raw for entry, raw in means[industry_key(industry)].items() if entry != row.entry.pk
        ]
        enough = len(others) >= LEAST_OTHERS
        mean = sum(others, Decimal(0)) / len(others) if enough else None
        found.append(Compared(row, industry, len(others), mean))
    return found
