"""The tree of a result as its picture shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from results.models import Method, Scale


@dataclass(frozen=True)
class Node:
    """A part: what it weighs beside its neighbours and in the whole, in per cent."""

    name: str
    depth: int
    weight: float
    share: float
    whole: float
    leaf: bool
    method: str = ""
    scale: str = ""
    quorum: int = 0
    sums_to: float | None = None
    decimals: int | None = None
    nominations: str = ""
    varies: bool = False
    """Whether it weighs differently in different nominations."""


def effective(tree: Mapping[str, Any], nominations: Iterable[int] = ()) -> dict[str, set[float]]:
    """What each part weighs in the whole, within the nominations that it judges, in per cent.

    A part that names no nomination judges them all; without a list of them, those that others name.
    """
    numbers = set(nominations)

    def gather(node: Mapping[str, Any]) -> None:
        numbers.update(node.get("nominations") or [])
        for child in node.get("children", []):
            gather(child)

    def judges(node: Mapping[str, Any], number: int) -> bool:
        if "children" in node:
            return any(judges(child, number) for child in node["children"])
        return not node["nominations"] or number in node["nominations"]

    found: dict[str, set[float]] = defaultdict(set)

    def walk(node: Mapping[str, Any], number: int, whole: float) -> None:
        here = [child for child in node["children"] if judges(child, number)]
        total = sum(float(child["weight"]) for child in here)
        for child in here:
            share = round(whole * float(child["weight"]) / total, 9)
            found[child["slug"]].add(share)
            if "children" in child:
                walk(child, number, share)

    if not numbers:
        gather(tree)
    for number in numbers or {0}:
        walk(tree, number, 100.0)
    return found


def tree_shown(
    tree: Mapping[str, Any], names: Mapping[str, str], nominations: Iterable[int] = ()
) -> list[Node]:
    """The parts from top to bottom, each group before what lies under it."""
    found: list[Node] = []
    wholes = effective(tree, nominations)

    def walk(node: Mapping[str, Any], depth: int, whole: float) -> None:
        total = sum(float(child["weight"]) for child in node["children"])
        for child in node["children"]:
            weight = float(child["weight"])
            share = 100.0 * weight / total
            inner = child.get("children")
            found.append(
                Node(
                    name=names.get(child["slug"], child["slug"]),
                    depth=depth,
                    weight=weight,
                    share=share,
                    whole=min(wholes[child["slug"]], default=whole * share / 100.0),
                    varies=len(wholes[child["slug"]]) > 1,
                    leaf=inner is None,
                    method=str(Method(child["method"]).label) if inner is None else "",
                    scale=str(Scale(child["scale"]).label) if inner is None else "",
                    quorum=child["quorum"] if inner is None else 0,
                    sums_to=sum(float(one["weight"]) for one in inner) if inner else None,
                    decimals=child["decimals"] if inner is None else None,
                    nominations=", ".join(map(str, child.get("nominations") or [])),
                )
            )
            if inner:
                walk(child, depth + 1, whole * share / 100.0)

    walk(tree, 0, 100.0)
    return found
