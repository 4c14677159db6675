"""How firm a standing is: other methods, each judge left out, other weights; and its judges.

Everything follows from what the standing froze; nothing here changes a place.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from accounts.models import User
from judging.models import Judge
from judging.scoring import qc
from judging.scoring.composed import compute
from judging.scoring.leaves import Names, fit_leaf
from judging.scoring.tree import ALONE, Json, leaves_of
from judging.scoring.types import ScoringError
from results.models import Standing
from results.overview import NominationShown, RowShown
from results.services.collecting import pseudonym

# Above this many scorecards times computations, judges are not left out one by one.
PATIENCE = 200_000
METHODS = ("mean", "olympic", "additive", "judges_eb", "robust")
WIDTH, HALF = 100.0, Decimal("1.645")
DRAWS = 100


@dataclass(frozen=True)
class Bar:
    """An entry in the picture, in units of its width: the 90 % interval and the score."""

    row: RowShown
    left: float
    width: float
    at: float
    percent: int | None


@dataclass(frozen=True)
class Changed:
    """Who would be among the best under another way of counting; `refused` says why nobody can tell."""

    name: str
    leave: list[str]
    enter: list[str]
    refused: bool = False


@dataclass(frozen=True)
class JudgeShown:
    """A judge in one part of the result. It informs; it accuses nobody."""

    name: str
    part: str
    n: int
    leniency: float | None
    se: float | None
    agreement: float | None
    remarks: list[str]


@dataclass(frozen=True)
class Insight:
    """What the page of a nomination says."""

    bars: list[Bar]
    cut: float | None
    contested: list[RowShown]
    methods: list[Changed]
    agreement: list[tuple[RowShown, int, int]]
    judges_out: list[Changed]
    weights: list[Changed]
    judges: list[JudgeShown]
    patient: bool


def insight(shown: NominationShown, quota: int) -> Insight:
    """Draw and recount one nomination that is open to the reader as a whole."""
    standing = shown.standing
    if standing is None or standing.basis is None or standing.lock is None:
        return Insight([], None, [], [], [], [], [], [], patient=True)
    rules: Json = {**standing.lock.content, "draws": DRAWS}
    inputs: Json = standing.basis.inputs
    number = shown.nomination.number
    again = Recount(rules, inputs, number, quota, standing.results["rows"])
    names = judge_names(standing)
    methods, found = again.methods()
    bars, cut = picture(shown.rows, quota)
    own = again.judges()
    size = sum(len(cards) for cards in inputs["scorecards"].values())
    patient = size * len(own) <= PATIENCE
    return Insight(
        bars=bars,
        cut=cut,
        contested=[row for row in shown.rows if row.contested],
        methods=methods,
        agreement=[
            (row, sum(row.entry.number in one for one in found), len(found))
            for row in shown.rows
            if any(row.entry.number in one for one in found)
        ],
        judges_out=sorted(again.without(own, names), key=lambda one: one.name) if patient else [],
        weights=list(again.nudged(shown.names)),
        judges=judges_of(rules, inputs, own, names, shown.names),
        patient=patient,
    )


def picture(rows: list[RowShown], quota: int) -> tuple[list[Bar], float | None]:
    """The scores with their 90 % intervals on one scale, and the line under the last place inside."""
    placed = [row for row in rows if row.place is not None and row.score is not None]
    if not placed:
        return [], None
    ends = []
    for row in placed:
        score, half = row.score or Decimal(0), HALF * (row.se or 0)
        ends.append((score, score - half, score + half))
    low, high = min(end[1] for end in ends), max(end[2] for end in ends)
    span = (high - low) or Decimal(1)

    def at(value: Decimal) -> float:
        return round(float((value - low) / span) * WIDTH, 2)

    bars = [
        Bar(
            row,
            at(lo),
            max(at(hi) - at(lo), 0.5),
            at(score),
            None if row.p_top is None else round(row.p_top * 100),
        )
        for row, (score, lo, hi) in zip(placed, ends, strict=True)
    ]
    inside = [end[0] for row, end in zip(placed, ends, strict=True) if (row.place or 0) <= quota]
    outside = [end[0] for row, end in zip(placed, ends, strict=True) if (row.place or 0) > quota]
    cut = at((min(inside) + max(outside)) / 2) if inside and outside else None
    return bars, cut


class Recount:
    """Counts a nomination again under other rules, among the entries that have a place."""

    def __init__(
        self, rules: Json, inputs: Json, number: int, quota: int, rows: list[Json]
    ) -> None:
        self.rules, self.inputs, self.number, self.quota = rules, inputs, number, quota
        self.placed = {row["entry"] for row in rows if row["place"] is not None}
        self.base = self.top(rows)

    def top(self, rows: list[Json]) -> set[str]:
        """The best by score; all of a group that is equal on the line."""
        scores = sorted(
            (
                (Decimal(row["score"]), row["entry"])
                for row in rows
                if row["entry"] in self.placed and row["score"] is not None
            ),
            reverse=True,
        )
        if len(scores) <= self.quota:
            return {entry for _score, entry in scores}
        line = scores[self.quota - 1][0]
        return {entry for score, entry in scores if score >= line}

    def counted(self, rules: Json, inputs: Json) -> set[str] | None:
        """The best under these rules; None where they cannot be applied."""
        try:
            result = compute(rules, inputs, [self.number])[self.number]
        except ScoringError:
            return None
        return None if result["stopped"] else self.top(result["rows"])

    def changed(self, name: str, found: set[str] | None) -> Changed:
        """Compare with the standing."""
        if found is None:
            return Changed(name, [], [], refused=True)
        return Changed(name, sorted(self.base - found), sorted(found - self.base))

    def with_leaves(self, change: Callable[[Json], None]) -> Json:
        """The rules with every leaf changed."""
        rules = deepcopy(self.rules)

        def walk(node: Json) -> None:
            for child in node.get("children", ()):
                walk(child)
            if "children" not in node:
                change(node)

        walk(rules["tree"])
        return rules

    def methods(self) -> tuple[list[Changed], list[set[str]]]:
        """The best by every method, in words, and as they are."""
        words = {
            "mean": _("Plain mean"),
            "olympic": _("Mean without the highest and the lowest"),
            "additive": _("Strictness taken out (additive)"),
            "judges_eb": _("Strictness taken out with care (judges-EB)"),
            "robust": _("Outliers count less (robust)"),
        }
        shown, tops = [], []
        for method in METHODS:
            found = self.counted(
                self.with_leaves(
                    lambda leaf, method=method: leaf.update(method=method)  # type: ignore[misc]
                ),
                self.inputs,
            )
            shown.append(self.changed(words[method], found))
            if found is not None:
                tops.append(found)
        return shown, tops

    def judges(self) -> list[str]:
        """The judges who scored an entry of the nomination."""
        own = {name for name, of in self.inputs["entries"] if of == self.number}
        return sorted(
            {
                card[1]
                for cards in self.inputs["scorecards"].values()
                for card in cards
                if card[0] in own
            }
        )

    def without(self, judges: list[str], names: Mapping[str, str]) -> Iterator[Changed]:
        """Each judge left out in turn; the quorum asks for one less then."""
        rules = self.with_leaves(lambda leaf: leaf.update(quorum=max(leaf["quorum"] - 1, 0)))
        for judge in judges:
            rest = {
                **self.inputs,
                "scorecards": {
                    slug: [card for card in cards if card[1] != judge]
                    for slug, cards in self.inputs["scorecards"].items()
                },
            }
            if "marks" in rest:
                rest["marks"] = {
                    slug: [row for row in rows if row[1] != judge]
                    for slug, rows in self.inputs["marks"].items()
                }
            yield self.changed(names.get(judge, judge), self.counted(rules, rest))

    def nudged(self, names: Mapping[str, str]) -> Iterator[Changed]:
        """The weight of each part of the result a tenth less and more."""
        children = self.rules["tree"].get("children", ())
        if len(children) < 2:
            return
        for index, child in enumerate(children):
            for percent in (-10, 10):
                rules = deepcopy(self.rules)
                weight = Decimal(str(child["weight"])) * (100 + percent) / 100
                rules["tree"]["children"][index]["weight"] = str(weight)
                name = f"{names.get(child['slug'], child['slug'])} {percent:+d} %"
                yield self.changed(name, self.counted(rules, self.inputs))


def judge_names(standing: Standing) -> dict[str, str]:
    """Who is behind the names a protocol gives to judges."""
    salt = standing.rule.judge_salt
    users = User.objects.filter(
        pk__in=Judge.objects.filter(jury__season=standing.rule.season_id).values("user")
    )
    return {pseudonym(salt, user.pk): str(user) for user in users}


def judges_of(
    rules: Json,
    inputs: Json,
    own: list[str],
    names: Mapping[str, str],
    parts: Mapping[str, str],
) -> list[JudgeShown]:
    """How strict each judge is in each part, and what is worth a look."""
    words = {
        "strict": _("stricter than the others"),
        "generous": _("more lenient than the others"),
        "erratic": _("scores vary more than those of others"),
        "disagrees": _("orders entries differently from the others"),
        "narrow": _("uses little of the scale"),
        "ceiling": _("often gives the best mark"),
    }
    known = Names.of(inputs)
    found = []
    for leaf in leaves_of(rules["tree"]):
        fit = fit_leaf(known, leaf, inputs)
        if fit.calibration is None or fit.ratings is None:
            continue
        plain = leaf["method"] in ALONE
        for one in qc.judges(fit.ratings, fit.calibration):
            judge = known.judges[one.judge]
            if judge in own:
                found.append(
                    JudgeShown(
                        name=names.get(judge, judge),
                        part=parts.get(leaf["slug"], leaf["slug"]),
                        n=one.n,
                        leniency=None if plain else known_number(one.leniency),
                        se=None if plain else known_number(one.leniency_se),
                        agreement=known_number(one.agreement),
                        remarks=[words[flag] for flag in one.flags if flag in words],
                    )
                )
    return sorted(found, key=lambda one: (one.name, one.part))


def known_number(value: float) -> float | None:
    """A number, or None where there is too little to tell."""
    return value if isfinite(value) else None
