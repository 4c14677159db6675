#!/usr/bin/env python3
"""Check the protocol of a standing without the portal: fingerprints, means, weights and places.

    python3 verify_standing.py protocol-CX22-laureate-3.json

Needs Python 3.8 or newer and nothing else. Ends with 0 when everything fits, with 1 when something does
not. It checks that rules, scorecards, inputs and results fit their SHA-256 (of JSON in UTF-8 with sorted
keys and no spaces); that the plain means follow from the scorecards; that each calibrated score is the
mean of (score - leniency of its judge) where the method is linear; that the weighted sum of the parts is
the score; and that places follow from scores. It does not estimate how strict the judges are, nor the
chances of the places: `manage.py verify_standing` of the portal does, byte for byte.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

NEAR = 0.000003
LINEAR = ("mean", "judges_eb", "additive")


def digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def leaves(tree: Dict[str, Any]) -> List[Dict[str, Any]]:
    if "children" not in tree:
        return [tree]
    return [leaf for child in tree["children"] for leaf in leaves(child)]


def prune(tree: Dict[str, Any], nomination: int) -> Optional[Dict[str, Any]]:
    if "children" not in tree:
        of = tree["nominations"]
        return tree if of is None or nomination in of else None
    kept = [one for one in (prune(child, nomination) for child in tree["children"]) if one]
    return dict(tree, children=kept) if kept else None


def value(tree: Dict[str, Any], parts: Dict[str, Optional[float]], missing: str) -> Optional[float]:
    if "children" not in tree:
        found = parts[tree["slug"]]
        return 0.0 if found is None and missing == "zero" else found
    pairs = [(float(child["weight"]), value(child, parts, missing)) for child in tree["children"]]
    known = [(weight, one) for weight, one in pairs if one is not None]
    if not known or (missing != "shared" and len(known) < len(pairs)):
        return None
    return sum(weight * one for weight, one in known) / sum(weight for weight, _one in known)


def near(left: Optional[float], right: Optional[str]) -> bool:
    if left is None or right is None:
        return left is None and right is None
    return abs(left - float(right)) <= NEAR


def faults(document: Dict[str, Any]) -> Iterator[str]:
    inputs, basis, results = document["inputs"], document["basis"], document["results"]
    for name, content, expected in (
        ("rules", document["rules"], inputs["rules_sha256"]),
        ("scorecards", basis, inputs["basis_sha256"]),
        ("inputs", inputs, document["inputs_sha256"]),
        ("results", results, document["results_sha256"]),
    ):
        if digest(content) != expected:
            yield "The " + name + " do not fit their SHA-256."
    tree = prune(document["rules"]["tree"], document["nomination"])
    if tree is not None:
        for row in results["rows"]:
            yield from faults_of_parts(row, leaves(tree), basis, results)
            yield from faults_of_score(row, tree, document["rules"]["missing"])
    yield from faults_of_places(results["rows"], document["rules"])


def faults_of_parts(
    row: Dict[str, Any], own: List[Dict[str, Any]], basis: Dict[str, Any], results: Dict[str, Any]
) -> Iterator[str]:
    told = {one["leaf"]: one for one in results["leaves"]}
    for leaf in own:
        slug, part = leaf["slug"], row["parts"][leaf["slug"]]
        cards = [card for card in basis["scorecards"][slug] if card[0] == row["entry"]]
        mean = sum(float(card[2]) for card in cards) / len(cards) if cards else None
        if not near(mean, part["mean"]):
            yield row["entry"] + ": the plain mean of " + slug + " does not follow."
        if cards and told[slug]["method"] in LINEAR and leaf["decimals"] is None:
            leniency = {one["judge"]: float(one["leniency"]) for one in told[slug]["judges"]}
            clean = [float(card[2]) - leniency[card[1]] for card in cards]
            if not near(sum(clean) / len(clean), part["score"]):
                yield row["entry"] + ": the score of " + slug + " is not mean(score - leniency)."


def faults_of_score(row: Dict[str, Any], tree: Dict[str, Any], missing: str) -> Iterator[str]:
    own = leaves(tree)
    if any(leaf["scale"] != "points" for leaf in own):
        return
    parts = {leaf["slug"]: row["parts"][leaf["slug"]]["score"] for leaf in own}
    scores = {slug: None if one is None else float(one) for slug, one in parts.items()}
    if not near(value(tree, scores, missing), row["score"]):
        yield row["entry"] + ": the score is not the weighted sum of its parts."


def faults_of_places(rows: List[Dict[str, Any]], rules: Dict[str, Any]) -> Iterator[str]:
    placed = [row for row in rows if row["place"] is not None]
    for row in placed:
        better = sum(float(one["score"]) > float(row["score"]) for one in placed)
        level = sum(one["score"] == row["score"] for one in placed)
        if not better < row["place"] <= better + level:
            yield row["entry"] + ": the place does not follow from the scores."
    least = float(rules.get("least_score", 0))
    for row in placed:
        if row["proposed"] and float(row["score"]) < least:
            yield row["entry"] + ": proposed below the least score."
    if sum(row["proposed"] for row in rows) > rules["quota"]:
        yield "More entries are proposed than the rules allow."


def main(arguments: List[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    found = list(faults(document))
    for fault in found:
        print("NO: " + fault)
    if found:
        return 1
    print(
        "YES: {} places of nomination {} under the rules {}".format(
            len(document["results"]["rows"]), document["nomination"], document["rules_sha256"]
        )
    )
    print(
        "NOT CHECKED by this script: how strict the judges are, and the chances of the places "
        "(drawn by version {}).".format(document["versions"].get("places", "1"))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
