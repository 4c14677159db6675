"""A frozen standing counted again: other methods, each judge left out, other weights; its ties, its judges.

Nothing here knows a name: entries go by their numbers, judges by the pseudonyms of the protocol.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite

import numpy as np

from judging.scoring import qc, select
from judging.scoring.composed import compute, tie_keys
from judging.scoring.leaves import Names, fit_leaf, marks_of
from judging.scoring.rubric import combine
from judging.scoring.tree import ALONE, MFRM, Json, leaves_of, prune
from judging.scoring.types import Marks, ScoringError

FORMAT = "awards portal firmness 1"
# Above so many scorecards times computations, judges and criteria are not gone through one by one.
PATIENCE = 2_000_000
METHODS = ("mean", "olympic", "additive", "judges_eb", "robust", MFRM)
DRAWS = 100
PERCENTS = (-10, 10)
Progress = Callable[[int], None]


@dataclass(frozen=True)
class LeafMarks:
    """The single marks of one leaf: its criteria [slug, best mark, weight], and its rows.

    `rows`: [entry, judge, criterion, value] as given; `counted`: the same with what counts of them.
    """

    criteria: list[list[str]]
    rows: list[list[str]] = field(default_factory=list)
    counted: list[list[str]] = field(default_factory=list)


def nothing(_percent: int) -> None:
    """Progress that nobody follows."""


class Recount:
    """Counts a nomination again under other rules, among the entries that have a place."""

    def __init__(
        self,
        rules: Json,
        inputs: Json,
        number: int,
        rows: list[Json],
        marks: Mapping[str, LeafMarks],
        *,
        public: Collection[str] = (),
    ) -> None:
        # Parts that judge other nominations alone say nothing here.
        tree = prune(rules["tree"], number) or rules["tree"]
        own = {leaf["slug"] for leaf in leaves_of(tree)}
        cards = {slug: rows for slug, rows in inputs["scorecards"].items() if slug in own}
        self.rules = {**rules, "draws": DRAWS, "tree": tree}
        self.inputs, self.number = {**inputs, "scorecards": cards}, number
        self.public = frozenset(public)
        self.least = Decimal(rules.get("least_score") or 0)
        self.quota, self.rows = int(rules["quota"]), rows
        self.marks = {slug: one for slug, one in marks.items() if slug in own}
        self.placed = {row["entry"] for row in rows if row["place"] is not None}
        self.base, self.first = self.top(rows, self.quota), self.top(rows, 1)

    def content(self, progress: Progress = nothing) -> Json:
        """Everything the page says; `patient` is false where there is too much to go through."""
        own = self.judges()
        size = sum(len(cards) for cards in self.inputs["scorecards"].values())
        criteria = sum(len(one.criteria) for one in self.marks.values())
        patient = size * (len(own) + len(PERCENTS) * criteria) <= PATIENCE
        methods, inside = self.methods()
        progress(25)
        weights = list(self.nudged())
        progress(40)
        out, nudged = [], []
        if patient:
            for done, judge in enumerate(own, 1):
                out.append(self.without(judge))
                progress(40 + 40 * done // len(own))
            nudged = list(self.criteria_nudged())
        progress(90)
        return {
            "format": FORMAT,
            "nominations": sorted({of for _name, of in self.inputs["entries"]}),
            "quota": self.quota,
            "first": sorted(self.first),
            "inside": sorted(self.base),
            "methods": methods,
            "agreement": {"of": len(inside), "by": self.agreement(inside)},
            "judges_out": out,
            "weights": weights,
            "criteria": nudged,
            "judges": self.judges_shown(own),
            "ties": self.ties(),
            "patient": patient,
        }

    def top(self, rows: list[Json], count: int) -> set[str]:
        """The best by score that reach the least one; all of a group that is equal on the line."""
        scores = sorted(
            (
                (Decimal(row["score"]), row["entry"])
                for row in rows
                if row["entry"] in self.placed
                and row["score"] is not None
                and Decimal(row["score"]) >= self.least
            ),
            reverse=True,
        )
        if len(scores) <= count:
            return {entry for _score, entry in scores}
        line = scores[count - 1][0] if count else Decimal("Infinity")
        return {entry for score, entry in scores if score >= line}

    def counted(self, rules: Json, inputs: Json) -> list[Json] | None:
        """The rows under these rules; None where they cannot be applied."""
        try:
            result = compute(rules, inputs, [self.number])[self.number]
        except ScoringError:
            return None
        return None if result["stopped"] else result["rows"]

    def changed(self, rows: list[Json] | None, **named: str | int) -> Json:
        """Compare with the standing: who leaves, who enters, who would be first."""
        if rows is None:
            return {**named, "refused": True, "leave": [], "enter": [], "first": []}
        found, first = self.top(rows, self.quota), self.top(rows, 1)
        return {
            **named,
            "refused": False,
            "leave": sorted(self.base - found),
            "enter": sorted(found - self.base),
            "first": [] if first == self.first else sorted(first),
        }

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

    def methods(self) -> tuple[list[Json], list[set[str]]]:
        """The best by every method, and who they are."""
        shown, tops = [], []
        for method in METHODS:

            def change(leaf: Json, method: str = method) -> None:
                # How strict a member of the public is can never be known: the part stays as it is.
                if leaf["slug"] in self.public:
                    return
                leaf["method"] = method
                if method == MFRM and leaf["slug"] in self.marks:
                    leaf["criteria"] = self.marks[leaf["slug"]].criteria

            inputs = self.inputs
            if method == MFRM:
                given = {slug: one.rows for slug, one in self.marks.items()}
                inputs = {**inputs, "marks": {**given, **inputs.get("marks", {})}}
                judged = {leaf["slug"] for leaf in leaves_of(self.rules["tree"])} - self.public
                if not all(map(self.has_marks, judged)):
                    shown.append(self.changed(None, method=method))
                    continue
            rows = self.counted(self.with_leaves(change), inputs)
            shown.append(self.changed(rows, method=method))
            if rows is not None:
                tops.append(self.top(rows, self.quota))
        return shown, tops

    def has_marks(self, slug: str) -> bool:
        """Whether every scorecard of a leaf has marks of single criteria."""
        given = {(row[0], row[1]) for row in self.marks[slug].rows} if slug in self.marks else set()
        cards = self.inputs["scorecards"].get(slug, ())
        return all((card[0], card[1]) in given for card in cards)

    def agreement(self, tops: list[set[str]]) -> dict[str, int]:
        """By how many methods each entry is inside."""
        named = sorted(set().union(*tops)) if tops else []
        return {entry: sum(entry in one for one in tops) for entry in named}

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

    def without(self, judge: str) -> Json:
        """A judge left out; the quorum asks for one less then."""
        rules = self.with_leaves(lambda leaf: leaf.update(quorum=max(leaf["quorum"] - 1, 0)))
        rest = dict(self.inputs)
        for name in ("scorecards", "marks", "appeals"):
            if name in rest:
                rest[name] = {
                    slug: [row for row in rows if row[1] != judge]
                    for slug, rows in self.inputs[name].items()
                }
        return self.changed(self.counted(rules, rest), judge=judge)

    def nudged(self) -> Iterator[Json]:
        """The weight of each part of the result a tenth less and more, on every floor of the tree."""
        for path in branches(self.rules["tree"]):
            for percent in PERCENTS:
                rules = deepcopy(self.rules)
                node = rules["tree"]
                for step in path:
                    node = node["children"][step]
                node["weight"] = str(Decimal(str(node["weight"])) * (100 + percent) / 100)
                rows = self.counted(rules, self.inputs)
                yield self.changed(rows, part=node["slug"], percent=percent)

    def criteria_nudged(self) -> Iterator[Json]:
        """The weight of each criterion a tenth less and more."""
        for slug, marks in self.marks.items():
            if len(marks.criteria) < 2 or not marks.counted:
                continue
            for index, criterion in enumerate(marks.criteria):
                for percent in PERCENTS:
                    inputs = self.reweighted(slug, marks, index, percent)
                    rows = self.counted(self.rules, inputs)
                    yield self.changed(rows, part=slug, criterion=criterion[0], percent=percent)

    def reweighted(self, slug: str, marks: LeafMarks, index: int, percent: int) -> Json:
        """The inputs with totals as they were with another weight; corrections stay as made."""
        shift = shifts(marks, index, percent)
        cards = [
            [entry, judge, f"{float(total) + shift.get((entry, judge), 0.0):.6f}", *rest]
            for entry, judge, total, *rest in self.inputs["scorecards"].get(slug, ())
        ]
        return {**self.inputs, "scorecards": {**self.inputs["scorecards"], slug: cards}}

    def judges_shown(self, own: list[str]) -> list[Json]:
        """How strict each judge is in each part, and what is worth a look."""
        names, found = Names.of(self.inputs), []
        for leaf in leaves_of(self.rules["tree"]):
            fit = fit_leaf(names, leaf, self.inputs)
            if fit.calibration is None or fit.ratings is None:
                continue
            plain = leaf["method"] in ALONE
            for one in qc.judges(fit.ratings, fit.calibration, self.single_marks(names, leaf)):
                judge = names.judges[one.judge]
                if judge in own:
                    found.append(
                        {
                            "judge": judge,
                            "part": leaf["slug"],
                            "n": one.n,
                            "leniency": None if plain else known(one.leniency),
                            "se": None if plain else known(one.leniency_se),
                            "agreement": known(one.agreement),
                            "spread": known(one.halo),
                            "flags": list(one.flags),
                        }
                    )
        return found

    def single_marks(self, names: Names, leaf: Json) -> Marks | None:
        """The marks of a leaf as arrays, where there are any."""
        marks = self.marks.get(leaf["slug"])
        if marks is None or not marks.rows or len(marks.criteria) < 2:
            return None
        return marks_of(names, {"criteria": marks.criteria}, marks.rows)

    def ties(self) -> list[Json]:
        """Every group of equal scores: which rule parted whom, and what was left to the lot."""
        names = Names.of(self.inputs)
        rows = np.flatnonzero(names.nominations == self.number)
        tree = prune(self.rules["tree"], self.number)
        if tree is None:
            return []
        fits = [fit_leaf(names, leaf, self.inputs) for leaf in leaves_of(tree)]
        keys = tie_keys(self.rules, self.inputs, names, fits, rows)
        index = {names.entries[row]: at for at, row in enumerate(rows)}
        equal: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            if row["place"] is not None:
                equal[row["score"]].append(index[row["entry"]])
        proposed = {row["entry"] for row in self.rows if row["proposed"]}
        return [
            self.tie(score, np.array(group), keys, [names.entries[row] for row in rows], proposed)
            for score, group in equal.items()
            if len(group) > 1
        ]

    def tie(
        self,
        score: str,
        members: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        keys: list[select.TieKey],
        ids: list[str],
        proposed: set[str],
    ) -> Json:
        """One group of equal scores, rule by rule."""
        groups, steps = [members], []
        for rule, key in zip(self.rules["ties"], keys, strict=True):
            parted, values = [], {}
            for group in groups:
                if group.size == 1:
                    parted.append(group)
                    continue
                value = key(group) if callable(key) else key[group]
                values.update(
                    {ids[at]: known(float(one)) for at, one in zip(group, value, strict=True)}
                )
                inner = select.levels(np.where(np.isfinite(value), value, -1e300))
                parted += [group[inner == level] for level in range(int(inner.max()) + 1)]
            if values:
                steps.append(
                    {"rule": rule, "values": values, "separated": len(parted) > len(groups)}
                )
            groups = parted
        order = [[ids[at] for at in group] for group in groups]
        split = [
            group
            for group in order
            if len(group) > 1 and 0 < sum(one in proposed for one in group) < len(group)
        ]
        drawn = (
            [
                ids[at]
                for at in select.draw_order(
                    [ids.index(one) for one in split[0]], self.rules["seed"], ids
                )
            ]
            if split and self.rules["quota_mode"] == "draw"
            else []
        )
        return {"score": score, "steps": steps, "order": order, "drawn": drawn}


def branches(node: Json, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The way to each node that shares its weight with another."""
    children = node.get("children", ())
    for at, child in enumerate(children):
        if len(children) > 1:
            yield (*path, at)
        yield from branches(child, (*path, at))


def shifts(marks: LeafMarks, index: int, percent: int) -> dict[tuple[str, str], float]:
    """By how much each total would differ with another weight of one criterion."""
    at = {one[0]: column for column, one in enumerate(marks.criteria)}
    cards = sorted({(row[0], row[1]) for row in marks.counted})
    line = {card: number for number, card in enumerate(cards)}
    table = np.full((len(cards), len(at)), np.nan)
    for entry, judge, criterion, value in marks.counted:
        table[line[entry, judge], at[criterion]] = float(value)
    best = np.array([float(one[1]) for one in marks.criteria])
    weight = np.array([float(one[2]) for one in marks.criteria])
    other = weight.copy()
    other[index] *= (100 + percent) / 100
    given = np.isfinite(table)
    enough = (given @ (weight * best)) > 0
    moved = combine(table[enough], other, best, given[enough]) - combine(
        table[enough], weight, best, given[enough]
    )
    kept = [card for card, is_enough in zip(cards, enough, strict=True) if is_enough]
    return dict(zip(kept, moved.tolist(), strict=True))


def known(value: float) -> float | None:
    """A number with as many digits as mean something, or None where there is too little to tell."""
    return round(value, 6) if isfinite(value) else None


def count_again(
    rules: Json,
    inputs: Json,
    number: int,
    rows: Iterable[Json],
    *,
    marks: Mapping[str, LeafMarks],
    public: Collection[str] = (),
    progress: Progress = nothing,
) -> Json:
    """What a standing comes to when it is counted in other ways; `public`: parts the public judges."""
    return Recount(rules, inputs, number, list(rows), marks, public=public).content(progress)
