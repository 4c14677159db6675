"""The rules of an outcome: its tree of weights and everything else a place depends on, as they stand now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from judging.models import Criterion, Jury, JuryKind, PanelWeight, Round
from judging.scoring.tree import FORMAT, Json, leaves_of
from results.models import PUBLIC_METHODS, Method, OutcomeRule, ResultPart, Scale

DRAWS = 2000


def rounds_of(rule: OutcomeRule, **also: Any) -> list[Any]:
    """The rule's rounds, in the order of their stages; each with what is also asked of it."""
    rounds: QuerySet[Round] = rule.rounds.order_by("stage__opens_at", "slug")
    return list(rounds.annotate(**also).prefetch_related("nominations", "juries"))


class Composer:
    """Builds the tree of an outcome from its parts, or by default from the weights of its rounds."""

    def __init__(self, rule: OutcomeRule, rounds: Iterable[Round]) -> None:
        """Read everything the tree is made of; the number of queries is fixed."""
        self.rule = rule
        self.rounds = list(rounds)
        self.parts = list(rule.parts.select_related("round", "jury"))
        self.panels: dict[int, list[PanelWeight]] = defaultdict(list)
        rows = PanelWeight.objects.filter(round__in=self.rounds).select_related("jury")
        for row in rows:
            self.panels[row.round_id].append(row)
        self.criteria: dict[int, list[list[str]]] = defaultdict(list)
        if Method.MFRM in {rule.method, *(part.method for part in self.parts)}:
            for one in Criterion.objects.filter(
                dimension__rubric__in={round_.rubric_id for round_ in self.rounds}
            ).select_related("dimension"):
                self.criteria[one.dimension.rubric_id].append(
                    [one.slug, f"{one.maximum:.2f}", f"{one.weight:.3f}"]
                )

    def juries(self) -> Iterator[Jury]:
        """Every jury the tree may name."""
        for round_ in self.rounds:
            yield from round_.juries.all()
        for rows in self.panels.values():
            yield from (row.jury for row in rows)
        yield from (part.jury for part in self.parts if part.jury is not None)

    def tree(self) -> Json:
        """The tree; a group without a part in it is left out."""
        by_pk = {round_.pk: round_ for round_ in self.rounds}
        if self.parts:
            return {"slug": "result", "children": self.below("", by_pk)}
        return {"slug": "result", "children": [self.of_round(one) for one in self.rounds]}

    def below(self, under: str, rounds: Mapping[int, Round]) -> list[Json]:
        """The parts of a part, in the order they were written."""
        found: list[Json] = []
        for part in self.parts:
            if part.under != under:
                continue
            if part.round_id is None:
                children = self.below(part.slug, rounds)
                if children:
                    weight = f"{part.weight:.2f}"
                    found.append({"slug": part.slug, "weight": weight, "children": children})
            elif part.round_id in rounds:
                found.append(
                    self.leaf(
                        rounds[part.round_id], part.slug, f"{part.weight:.2f}", part.jury, part
                    )
                )
        return found

    def of_round(self, round_: Round) -> Json:
        """A round by its own weight, and its juries by theirs where they have some."""
        weight = f"{round_.weight:.2f}"
        panels = self.panels[round_.pk]
        if not panels:
            return self.leaf(round_, round_.slug, weight, None, None)
        children = [
            self.leaf(round_, f"{round_.slug}.{row.jury.slug}", f"{row.weight:.2f}", row.jury, None)
            for row in panels
        ]
        return {"slug": round_.slug, "weight": weight, "children": children}

    def unclear(self) -> list[Round]:
        """Rounds of which nothing says what each of their juries weighs.

        Experts and the public together need weights, unless a plain mean over all scorecards alike is
        asked for; and where one jury of a round has a weight, a jury without one would count nowhere.
        """
        found = {}
        asked = [(part.round_id, part.jury, part.method) for part in self.parts]
        for round_ in self.rounds:
            weighed = {row.jury_id for row in self.panels[round_.pk]}
            if self.parts:
                whole = [row for row in asked if row[0] == round_.pk and row[1] is None]
                methods = [method or self.rule.method for _round, _jury, method in whole]
            else:
                methods = [] if weighed else [self.rule.method]
            juries = [one for one in round_.juries.all() if one.kind != JuryKind.REVIEW]
            mixed = len({one.kind == JuryKind.PUBLIC for one in juries}) > 1
            lost = not self.parts and weighed and any(one.pk not in weighed for one in juries)
            if lost or (mixed and any(method not in PUBLIC_METHODS for method in methods)):
                found[round_.pk] = round_
        return list(found.values())

    def leaf(
        self, round_: Round, slug: str, weight: str, jury: Jury | None, part: ResultPart | None
    ) -> Json:
        """A round, or one jury of it."""
        method = (part.method if part else "") or self.rule.method
        juries = [jury] if jury else list(round_.juries.all())
        if any(one.kind == JuryKind.PUBLIC for one in juries) and method not in PUBLIC_METHODS:
            # Voters of the public judge too little each for their strictness to be known.
            method = Method.MEAN
        found: Json = {
            "slug": slug,
            "weight": weight,
            "round": round_.slug,
            "jury": jury.slug if jury else None,
            "nominations": sorted(one.number for one in round_.nominations.all()) or None,
            "method": str(method),
            "scale": str(part.scale) if part else Scale.POINTS.value,
            "quorum": part.quorum if part and part.quorum is not None else round_.quorum,
            "decimals": part.decimals if part else None,
        }
        if method == Method.MFRM:
            found["criteria"] = sorted(self.criteria[round_.rubric_id])
        return found


def rules_of(rule: OutcomeRule, composer: Composer | None = None) -> Json:
    """Everything that decides about places besides scores, ready to be hashed."""
    tree = (composer or Composer(rule, rounds_of(rule))).tree()
    # Named only where it is set, so that rules fixed before it existed keep their hash.
    least = {} if rule.least_score is None else {"least_score": f"{rule.least_score:.2f}"}
    return {
        "format": FORMAT,
        "outcome": rule.kind,
        "quota": rule.quota,
        "quota_mode": rule.quota_mode,
        **least,
        "ties": rule.ties.split(),
        "priority": rule.priority.slug if rule.priority else None,
        "missing": rule.missing,
        "seed": rule.seed,
        "draws": DRAWS,
        "tree": tree,
    }


def leaf_names(
    rule: OutcomeRule, tree: Mapping[str, Any], composer: Composer | None = None
) -> dict[str, str]:
    """What the parts of a tree are called, by their short names; a composer saves reading anew."""
    if composer is None:
        rounds = {round_.slug: round_.name for round_ in rule.season.rounds.all()}
        juries = {jury.slug: jury.name for jury in rule.season.juries.all()}
        parts: Iterable[ResultPart] = rule.parts.all()
    else:
        rounds = {round_.slug: round_.name for round_ in composer.rounds}
        juries = {jury.slug: jury.name for jury in composer.juries()}
        parts = composer.parts
    own = {part.slug: part.name for part in parts if part.name}
    found: dict[str, str] = {slug: str(name) for slug, name in own.items()}
    for leaf in leaves_of(tree):
        if leaf["slug"] in own:
            continue
        name = str(rounds.get(leaf["round"], leaf["round"]))
        if leaf["jury"]:
            name = f"{name}: {juries.get(leaf['jury'], leaf['jury'])}"
        found[leaf["slug"]] = name
    return found
