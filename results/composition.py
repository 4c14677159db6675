"""The tree of a result as its picture shows it."""

from collections.abc import Mapping
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


def tree_shown(tree: Mapping[str, Any], names: Mapping[str, str]) -> list[Node]:
    """The parts from top to bottom, each group before what lies under it."""
    found: list[Node] = []

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
                    whole=whole * share / 100.0,
                    leaf=inner is None,
                    method=str(Method(child["method"]).label) if inner is None else "",
                    scale=str(Scale(child["scale"]).label) if inner is None else "",
                    quorum=child["quorum"] if inner is None else 0,
                    sums_to=sum(float(one["weight"]) for one in inner) if inner else None,
                )
            )
            if inner:
                walk(child, depth + 1, whole * share / 100.0)

    walk(tree, 0, 100.0)
    return found
