#!/usr/bin/env python3
"""Check that a scorecard stands under the seal of its round, without trusting the portal.

    python3 verify_leaf.py proof-CX22-0001-17.json [FINGERPRINT]

The file is downloaded by the judge whose scorecard it is. FINGERPRINT is the one from the mail about
the end of judging, or from the public page of the jury; spaces in it do not matter. Needs Python 3.8
or newer and nothing else. Ends with 0 when everything fits, with 1 when something does not.

How it is made: leaf = SHA-256(0x00, salt, content), where content is JSON in UTF-8 with sorted keys
and no spaces; a node above two others = SHA-256(0x01, left, right); the path lists the neighbours on
the way up to the root, which is the fingerprint of the round.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional


def leaf_of(proof: Dict[str, Any]) -> str:
    content = json.dumps(
        proof["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    salted = b"\x00" + bytes.fromhex(proof["salt"]) + content.encode("utf-8")
    return hashlib.sha256(salted).hexdigest()


def root_of(leaf: str, path: List[Dict[str, str]]) -> str:
    node = bytes.fromhex(leaf)
    for step in path:
        other = bytes.fromhex(step["sha256"])
        pair = other + node if step["side"] == "left" else node + other
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex()


def faults(proof: Dict[str, Any], fingerprint: Optional[str] = None) -> Iterator[str]:
    leaf = leaf_of(proof)
    if leaf != proof["leaf"]:
        yield "The content does not fit its leaf."
    seal = proof["seal"]
    if seal is None:
        yield "The round is not sealed yet, so there is no fingerprint to compare with."
        return
    if root_of(leaf, seal["path"]) != seal["root"]:
        yield "The path does not lead to the fingerprint in the file."
    if fingerprint is not None and "".join(fingerprint.split()).lower() != seal["root"]:
        yield "The fingerprint in the file is not the one you gave."


def main(arguments: List[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    proof = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    found = list(faults(proof, "".join(arguments[1:]) or None))
    for fault in found:
        print("NO: " + fault)
    if found:
        return 1
    content, seal = proof["content"], proof["seal"]
    print(
        "YES: scorecard {scorecard} of entry {entry}, total {total}, is one of the".format(
            **content
        )
        + " {leaf_count} scorecards under {root}".format(**seal)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
