#!/usr/bin/env python3
"""Check the protocol of a standing without the portal and without any library.

    python3 verify_standing.py protocol-CX22-laureate-3.json

Needs Python 3.8 or newer and nothing else. Ends with 0 when everything fits, with 1 when something does
not. It was written apart from the portal's own reckoning, and checks that

- rules, scorecards, inputs and results fit their SHA-256 (of JSON in UTF-8 with sorted keys, no spaces);
- every entry of the nomination stands in the results once, with as many scorecards as there are;
- plain means follow from the scorecards, and each calibrated score is the mean of (score - leniency of
  its judge) where the method is linear;
- leniencies of the default method follow from the scorecards and the two variances told;
- the weighted sum of the parts is the score, and places follow from scores, quorums and what parts ties;
- who is proposed follows from places, quota, least score, and the draw by the published seed.

It takes from the protocol which method the portal chose, the two variances, and the chances of places.
`verify_standing.pyz`, offered beside it, reckons everything again byte for byte; it needs numpy and scipy.
Compare the SHA-256 at the end with those that the award has published.
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

NEAR = 0.000003
LINEAR = ("mean", "judges_eb", "additive")
# Methods that do not compare judges, so that groups of judges may stand apart.
ALONE = ("mean", "olympic", "bayes")
ROUNDS = 20000
Row = Dict[str, Any]


def digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def leaves(tree: Row) -> List[Row]:
    if "children" not in tree:
        return [tree]
    return [leaf for child in tree["children"] for leaf in leaves(child)]


def prune(tree: Row, nomination: int) -> Optional[Row]:
    if "children" not in tree:
        of = tree["nominations"]
        return tree if of is None or nomination in of else None
    kept = [one for one in (prune(child, nomination) for child in tree["children"]) if one]
    return dict(tree, children=kept) if kept else None


def value(tree: Row, parts: Dict[str, Optional[float]], missing: str) -> Optional[float]:
    if "children" not in tree:
        found = parts[tree["slug"]]
        return 0.0 if found is None and missing == "zero" else found
    pairs = [(float(child["weight"]), value(child, parts, missing)) for child in tree["children"]]
    known = [(weight, one) for weight, one in pairs if one is not None]
    if not known or (missing != "shared" and len(known) < len(pairs)):
        return None
    return sum(weight * one for weight, one in known) / sum(weight for weight, _one in known)


def number(text: Optional[str]) -> Optional[float]:
    return None if text is None else float(text)


def near(left: Optional[float], right: Optional[str], within: float = NEAR) -> bool:
    if left is None or right is None:
        return left is None and right is None
    return abs(left - float(right)) <= within


def faults(document: Row) -> Iterator[str]:
    inputs, basis, results = document["inputs"], document["basis"], document["results"]
    for name, content, expected in (
        ("rules", document["rules"], inputs["rules_sha256"]),
        ("rules", document["rules"], document["rules_sha256"]),
        ("scorecards", basis, inputs["basis_sha256"]),
        ("inputs", inputs, document["inputs_sha256"]),
        ("results", results, document["results_sha256"]),
    ):
        if digest(content) != expected:
            yield "The " + name + " do not fit their SHA-256."
    rules, nomination, rows = document["rules"], document["nomination"], results["rows"]
    if document["outcome"] != rules["outcome"]:
        yield "The rules are those of another outcome."
    if not inputs["nomination"] == results["nomination"] == nomination:
        yield "Inputs and results are not about the same nomination."
    own = sorted(entry for entry, of in basis["entries"] if of == nomination)
    if own != sorted(inputs["entries"]) or own != sorted(row["entry"] for row in rows):
        yield "The entries of scorecards, inputs and results are not the same."
        return
    tree = prune(rules["tree"], nomination)
    if tree is None:
        if rows:
            yield "No part of the rules is about this nomination."
        return
    told = {one["leaf"]: one for one in results["leaves"]}
    for leaf in leaves(tree):
        yield from faults_of_leaf(leaf, told[leaf["slug"]], basis, rows)
    yield from faults_of_scores(rows, tree, rules["missing"])
    yield from faults_of_places(rows, leaves(tree), document)
    yield from faults_of_choice(rows, rules, results["line"])


def faults_of_leaf(leaf: Row, told: Row, basis: Row, rows: List[Row]) -> Iterator[str]:
    slug = leaf["slug"]
    leniency = {one["judge"]: float(one["leniency"]) for one in told["judges"]}
    cards = defaultdict(list)
    for entry, judge, total, _fingerprint in basis["scorecards"][slug]:
        cards[entry].append((judge, float(total)))
    for row in rows:
        part, given = row["parts"][slug], cards[row["entry"]]
        if part["count"] != len(given) or part["quorum"] != leaf["quorum"]:
            yield row["entry"] + ": the scorecards of " + slug + " are not counted right."
        mean = sum(total for _judge, total in given) / len(given) if given else None
        if not near(mean, part["mean"]):
            yield row["entry"] + ": the plain mean of " + slug + " does not follow."
        if given and told["method"] in LINEAR and leaf["decimals"] is None:
            clean = [total - leniency[judge] for judge, total in given]
            if not near(sum(clean) / len(clean), part["score"]):
                yield row["entry"] + ": the score of " + slug + " is not mean(score - leniency)."
    # Where every judge scored every entry, leniencies are told though they move nothing.
    if told["method"] == "mean" and told["switch"] != "complete" and any(leniency.values()):
        yield "A plain mean of " + slug + " knows no leniency."
    if told["method"] == "judges_eb":
        yield from faults_of_leniency(leaf, told, basis, leniency)


def faults_of_leniency(
    leaf: Row, told: Row, basis: Row, leniency: Dict[str, float]
) -> Iterator[str]:
    """Henderson's equations: b = sum(score - entry) / (n + s2/s2_judge), entry = mean(score - b)."""
    judge_var, rest_var = float(told["var_judge"]), float(told["var_resid"])
    if rest_var <= 0:
        return
    found = solved(first_scores(leaf, basis), rest_var / judge_var if judge_var else None)
    # The variances are told with six decimals; so much may that move a leniency.
    slack = 0.000002 * (1 / judge_var + 1 / rest_var) if judge_var else 0.0
    for judge, said in sorted(leniency.items()):
        want = found.get(judge, 0.0)
        if abs(want - said) > 0.00001 + abs(want) * slack:
            yield "The leniency of judge " + judge + " in " + leaf["slug"] + " does not follow."


def first_scores(leaf: Row, basis: Row) -> List[Tuple[str, str, float]]:
    """Scores that teach leniency: not those an appeal asked for, nor where judges fall apart."""
    slug, of = leaf["slug"], dict(basis["entries"])
    asked = {tuple(pair) for pair in basis.get("appeals", {}).get(slug, [])}
    cards = [
        (entry, judge, float(total))
        for entry, judge, total, _fingerprint in basis["scorecards"][slug]
        if (entry, judge) not in asked
    ]
    if leaf["method"] in ALONE:
        return cards
    group = groups(cards)
    within = defaultdict(set)
    for entry, judge, _total in cards:
        within[of[entry]].add(group[judge])
    return [card for card in cards if len(within[of[card[0]]]) == 1]


def groups(cards: List[Tuple[str, str, float]]) -> Dict[str, str]:
    """By judge: one of those whom a chain of shared entries leads to, the same for all of them."""
    root = {judge: judge for _entry, judge, _total in cards}
    first: Dict[str, str] = {}

    def top(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for entry, judge, _total in cards:
        root[top(judge)] = top(first.setdefault(entry, judge))
    return {judge: top(judge) for judge in root}


def solved(cards: List[Tuple[str, str, float]], ratio: Optional[float]) -> Dict[str, float]:
    """Leniencies by turns: entries from leniencies, leniencies from entries, until nothing moves."""
    leniency = {judge: 0.0 for _entry, judge, _total in cards}
    if ratio is None:
        return leniency
    group = groups(cards)
    per_entry = Counter(entry for entry, _judge, _total in cards)
    per_judge = Counter(judge for _entry, judge, _total in cards)
    for _round in range(ROUNDS):
        score = dict.fromkeys(per_entry, 0.0)
        for entry, judge, total in cards:
            score[entry] += (total - leniency[judge]) / per_entry[entry]
        new = dict.fromkeys(leniency, 0.0)
        for entry, judge, total in cards:
            new[judge] += (total - score[entry]) / (per_judge[judge] + ratio)
        # By the equations, leniencies add up to nothing in every group: found at once, not step by step.
        size_of = Counter(group.values())
        total_of: Dict[str, float] = defaultdict(float)
        for judge, one in new.items():
            total_of[group[judge]] += one
        new = {
            judge: one - total_of[group[judge]] / size_of[group[judge]]
            for judge, one in new.items()
        }
        moved = max(abs(new[judge] - leniency[judge]) for judge in new)
        leniency = new
        if moved < 1e-10:
            break
    return leniency


def faults_of_scores(rows: List[Row], tree: Row, missing: str) -> Iterator[str]:
    own = leaves(tree)
    points = {
        leaf["slug"]: {row["entry"]: number(row["parts"][leaf["slug"]]["score"]) for row in rows}
        for leaf in own
    }
    within = NEAR
    for leaf in own:
        if leaf["scale"] == "standardised":
            points[leaf["slug"]], steep = standardised(points[leaf["slug"]])
            within += NEAR * steep
    for row in rows:
        parts = {slug: of[row["entry"]] for slug, of in points.items()}
        if not near(value(tree, parts, missing), row["score"], within):
            yield row["entry"] + ": the score is not the weighted sum of its parts."


def standardised(
    points: Dict[str, Optional[float]],
) -> Tuple[Dict[str, Optional[float]], float]:
    """50 for the mean of the nomination, 10 for one standard deviation; and how steep that is."""
    known = [one for one in points.values() if one is not None]
    mean = sum(known) / len(known) if known else 0.0
    sd = (sum((one - mean) ** 2 for one in known) / len(known)) ** 0.5 if known else 0.0
    if sd <= 1e-12 * max([1.0] + [abs(one) for one in known]):
        return {entry: None if one is None else 50.0 for entry, one in points.items()}, 0.0
    return {
        entry: None if one is None else 50.0 + 10.0 * (one - mean) / sd
        for entry, one in points.items()
    }, 10.0 / sd


def may_have_place(row: Row, own: List[Row], missing: str) -> bool:
    for leaf in own:
        count = row["parts"][leaf["slug"]]["count"]
        if count < leaf["quorum"] and (missing == "no-place" or count > 0):
            return False
    return row["score"] is not None


def faults_of_places(rows: List[Row], own: List[Row], document: Row) -> Iterator[str]:
    for row in rows:
        may = may_have_place(row, own, document["rules"]["missing"])
        if (row["place"] is not None) != may:
            yield row["entry"] + ": whether it has a place does not follow from the quorum."
    for given, wanted in levels(rows, own, document):
        if given != wanted and not parted_unseen(given, wanted):
            for entry in sorted(given):
                yield entry + ": the place does not follow from the scores."


def notes(document: Row) -> Iterator[str]:
    rules, rows = document["rules"], document["results"]["rows"]
    own = leaves(prune(rules["tree"], document["nomination"]) or {"children": []})
    for given, wanted in levels(rows, own, document):
        if given != wanted:
            yield ", ".join(sorted(given)) + " differ by less than the six decimals told."


def parted_unseen(given: Dict[str, int], wanted: Dict[str, int]) -> bool:
    """Scores that look equal may differ behind the sixth decimal: then each has a place of its own."""
    first = min(wanted.values())
    return sorted(given.values()) == list(range(first, first + len(given)))


def levels(
    rows: List[Row], own: List[Row], document: Row
) -> Iterator[Tuple[Dict[str, int], Dict[str, int]]]:
    """Entries with the same score: their places as told, and as they follow from the rules."""
    groups = defaultdict(list)
    for row in rows:
        if row["place"] is not None:
            groups[float(row["score"])].append(row["entry"])
    before = {row["entry"]: row["place"] for row in rows}
    place = 1
    for score in sorted(groups, reverse=True):
        given = {entry: before[entry] for entry in groups[score]}
        behind = parted(groups[score], own, document)
        yield given, {entry: place + after for entry, after in behind.items()}
        place += len(given)


def parted(level: List[str], own: List[Row], document: Row) -> Dict[str, int]:
    """How many of those with the same score stand before each, by the rules about ties."""
    groups = [level]
    for name in document["rules"]["ties"]:
        finer = []
        for group in groups:
            if name == "head-to-head":
                keys = head_to_head(group, own, document["basis"])
            else:
                given = document["basis"].get("priority", {})
                keys = {entry: float(given.get(entry, "-inf")) for entry in group}
            values = sorted(set(keys.values()), reverse=True)
            finer += [[entry for entry in group if keys[entry] == one] for one in values]
        groups = finer
    before, found = 0, {}
    for group in groups:
        found.update(dict.fromkeys(group, before))
        before += len(group)
    return found


def head_to_head(group: List[str], own: List[Row], basis: Row) -> Dict[str, float]:
    """Of the judges who saw two entries, the share that preferred one; the mean over the others."""
    seen: Dict[str, Dict[Tuple[str, str], float]] = defaultdict(dict)
    for leaf in own:
        for entry, judge, total, _fingerprint in basis["scorecards"][leaf["slug"]]:
            seen[entry][leaf["slug"], judge] = float(total)
    found = {}
    for entry in group:
        shares = []
        for other in group:
            common = seen[entry].keys() & seen[other].keys() if other != entry else set()
            if common:
                gaps = [seen[entry][one] - seen[other][one] for one in common]
                shares.append(
                    sum(1.0 if gap > 1e-9 else 0.5 if gap >= -1e-9 else 0.0 for gap in gaps)
                    / len(gaps)
                )
        found[entry] = round(sum(shares) / len(shares), 9) if shares else 0.5
    return found


def faults_of_choice(rows: List[Row], rules: Row, line: Row) -> Iterator[str]:
    least = float(rules.get("least_score", "-inf"))
    groups = defaultdict(list)
    for row in rows:
        if row["place"] is not None and float(row["score"]) >= least:
            groups[row["place"]].append(row["entry"])
    chosen: List[str] = []
    tied: List[str] = []
    for place in sorted(groups):
        room = rules["quota"] - len(chosen)
        if len(groups[place]) <= room:
            chosen += groups[place]
            continue
        if room and rules["quota_mode"] == "draw":
            chosen += drawn(groups[place], rules["seed"])[:room]
        tied = groups[place] if room else []
        break
    if sorted(chosen) != sorted(row["entry"] for row in rows if row["proposed"]):
        yield "Who is proposed does not follow from places, quota, least score and draw."
    if sorted(tied) != sorted(line["tied"]):
        yield "Who is tied on the line does not follow."


def drawn(entries: List[str], seed: str) -> List[str]:
    return sorted(entries, key=lambda entry: hashlib.sha256((seed + "|" + entry).encode()).digest())


def main(arguments: List[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    try:
        found = list(faults(document))
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        found = [f"The protocol is malformed: {type(error).__name__} {error}."]
    for fault in found:
        print("NO: " + fault)
    if found:
        return 1
    print(
        "YES: {} places of nomination {}, {} of {}".format(
            len(document["results"]["rows"]),
            document["nomination"],
            document["outcome"],
            document["season"],
        )
    )
    for name in ("rules", "inputs", "results"):
        print("SHA-256 of the {}: {}".format(name, document[name + "_sha256"]))
    for note in notes(document):
        print("NOTE: " + note)
    print(
        "NOT CHECKED by this script: which method was chosen, the two variances of a part, and the "
        "chances of the places (drawn by version {}).".format(
            document["versions"].get("places", "1")
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
