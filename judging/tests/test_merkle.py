"""A path proves a leaf, and nothing else."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs import verify_leaf
from judging.merkle import Step, climb, leaf_hash, path, root

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
trees = st.lists(hashes, min_size=1, max_size=40, unique=True)


@given(trees, st.data())
def test_the_path_of_each_leaf_leads_to_the_root(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))

    assert climb(leaves[index], path(leaves, index)) == root(leaves)


@given(trees, hashes, st.data())
def test_a_leaf_that_is_not_there_has_no_path(leaves, other, data):
    index = data.draw(st.integers(0, len(leaves) - 1))

    assert (climb(other, path(leaves, index)) == root(leaves)) == (other == leaves[index])


@given(trees.filter(lambda leaves: len(leaves) > 1), st.data())
def test_a_path_with_one_changed_bit_leads_elsewhere(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    steps = path(leaves, index)
    at = data.draw(st.integers(0, len(steps) - 1))
    bit = data.draw(st.integers(0, 255))
    wrong = int(steps[at].sha256, 16) ^ (1 << bit)
    steps[at] = Step(steps[at].side, f"{wrong:064x}")

    assert climb(leaves[index], steps) != root(leaves)


@given(trees.filter(lambda leaves: len(leaves) > 1))
def test_another_order_is_another_root(leaves):
    assert root(leaves[::-1]) != root(leaves)


def test_a_tree_of_three_is_made_as_in_rfc_9162():
    leaves = [leaf_hash(b"", bytes([one])) for one in range(3)]

    def node(left, right):
        return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()

    assert leaves[0] == hashlib.sha256(b"\x00\x00").hexdigest()
    assert root(leaves) == node(node(leaves[0], leaves[1]), leaves[2])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 100])
def test_paths_are_short(count):
    leaves = [leaf_hash(b"", str(one).encode()) for one in range(count)]
    lengths = [len(path(leaves, index)) for index in range(count)]

    assert max(lengths) <= (count - 1).bit_length()
    assert all(abs(one - two) <= count for one, two in pairwise(lengths))


@given(trees, st.data())
def test_the_small_program_agrees(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    steps = [step._asdict() for step in path(leaves, index)]

    assert verify_leaf.root_of(leaves[index], steps) == root(leaves)
