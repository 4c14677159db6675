"""The tree of weights of a result: its leaves, what they weigh, and how the rules name what they do."""

from collections.abc import Mapping
from typing import Any

from judging.scoring.pipeline import METHODS, STANDARD

Json = dict[str, Any]

FORMAT = "awards portal standing 2"
BAYES = "bayes"
MFRM = "mfrm"
ALL_METHODS = (STANDARD, *METHODS, MFRM, BAYES)
# Methods that do not take strictness out, so that judges need not be compared.
PLAIN_METHODS = frozenset({"mean", "olympic"})
ALONE = PLAIN_METHODS | {BAYES}
PLAIN_SWITCHES = frozenset({"complete", "few-judges", "nothing"})
STANDARDISED = "standardised"


def leaves_of(tree: Mapping[str, Any]) -> list[Json]:
    """The leaves of a tree, from left to right."""
    if "children" not in tree:
        return [dict(tree)]
    return [leaf for child in tree["children"] for leaf in leaves_of(child)]


def judges_nomination(leaf: Mapping[str, Any], nomination: int) -> bool:
    """Whether a leaf is about a nomination; one that names none is about all."""
    return leaf["nominations"] is None or nomination in leaf["nominations"]


def prune(tree: Mapping[str, Any], nomination: int) -> Json | None:
    """The tree as far as it is about one nomination."""
    if "children" not in tree:
        return dict(tree) if judges_nomination(tree, nomination) else None
    children = [kept for child in tree["children"] if (kept := prune(child, nomination))]
    return {**tree, "children": children} if children else None


def nominal_weights(tree: Mapping[str, Any], share: float = 1.0) -> dict[str, float]:
    """What each leaf is said to weigh in the whole."""
    if "children" not in tree:
        return {tree["slug"]: share}
    whole = sum(float(child["weight"]) for child in tree["children"])
    found: dict[str, float] = {}
    for child in tree["children"]:
        found.update(nominal_weights(child, share * float(child["weight"]) / whole))
    return found
