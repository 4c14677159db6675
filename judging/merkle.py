"""A Merkle tree over the leaves of a round, as in RFC 9162: one root, and a short path for each leaf.

Leaves and inner nodes are hashed with different first bytes, so that neither passes for the other.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

LEAF, NODE = b"\x00", b"\x01"


class Step(NamedTuple):
    """The neighbour to hash with on the way up, and whether it stands on the left."""

    side: str
    sha256: str


def leaf_hash(salt: bytes, content: bytes) -> str:
    """The leaf of one scorecard; without its salt nobody can try contents against it."""
    return hashlib.sha256(LEAF + salt + content).hexdigest()


def join(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(NODE + left + right).digest()


def split(count: int) -> int:
    """The largest power of two below a count of two or more: so many leaves go to the left."""
    return 1 << ((count - 1).bit_length() - 1)


def top(leaves: Sequence[bytes]) -> bytes:
    """The root of a part of the tree."""
    if len(leaves) == 1:
        return leaves[0]
    if not leaves:
        return hashlib.sha256(b"").digest()
    middle = split(len(leaves))
    return join(top(leaves[:middle]), top(leaves[middle:]))


def root(leaves: Sequence[str]) -> str:
    """The fingerprint of all leaves in their order."""
    return top([bytes.fromhex(leaf) for leaf in leaves]).hex()


def path(leaves: Sequence[str], index: int) -> list[Step]:
    """The neighbours that lead from one leaf up to the root."""
    nodes = [bytes.fromhex(leaf) for leaf in leaves]
    steps: list[Step] = []
    while len(nodes) > 1:
        middle = split(len(nodes))
        if index < middle:
            steps.append(Step("right", top(nodes[middle:]).hex()))
            nodes = nodes[:middle]
        else:
            steps.append(Step("left", top(nodes[:middle]).hex()))
            nodes, index = nodes[middle:], index - middle
    return steps[::-1]


def climb(leaf: str, steps: Sequence[Step]) -> str:
    """The root that a leaf and its path lead to."""
    node = bytes.fromhex(leaf)
    for side, neighbour in steps:
        other = bytes.fromhex(neighbour)
        node = join(other, node) if side == "left" else join(node, other)
    return node.hex()
