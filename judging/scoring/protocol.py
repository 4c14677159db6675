"""The check of a protocol: it recomputes byte for byte from the rules and scorecards it holds.

Pure, so that it runs in the portal and, packed with the mathematics, on any computer with numpy and
scipy (``verify.py``).
"""

import hashlib
import json
from collections.abc import Iterator
from math import sqrt
from typing import Any

from judging.scoring import PLACES, RASCH, VERSION
from judging.scoring.composed import compute
from judging.scoring.tree import FORMAT, MFRM, Json, leaves_of
from judging.scoring.types import ScoringError

NAME = "awards portal protocol 1"
# What of a row is drawn.
DRAWN = ("lo", "hi", "p_top", "contested")
# Protocols from before drawing and model were named are of their first versions.
FIRST = "1"
# Two drawings of one chance do not differ by more standard errors than this.
MOST_ERRORS = 6.0


def digest(content: Any) -> str:
    """SHA-256 of a JSON value: sorted keys, UTF-8, no spaces."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(document: Any) -> Iterator[str]:
    """What does not fit in a protocol; nothing when it is whole and recomputes byte for byte."""
    try:
        yield from found_faults(document)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        yield f"The protocol is malformed: {type(error).__name__} {error}."


def found_faults(document: Json) -> Iterator[str]:
    """The checks, one after the other; a malformed document raises."""
    if document["format"] != NAME:
        yield f"The file is not of the format {NAME}."
        return
    inputs, basis = document["inputs"], document["basis"]
    if inputs["format"] != FORMAT:
        yield f"The standing is not of the format {FORMAT}."
        return
    for name, content, expected in (
        ("rules", document["rules"], inputs["rules_sha256"]),
        ("rules", document["rules"], document["rules_sha256"]),
        ("scorecards", basis, inputs["basis_sha256"]),
        ("inputs", inputs, document["inputs_sha256"]),
        ("results", document["results"], document["results_sha256"]),
    ):
        if digest(content) != expected:
            yield f"The {name} do not fit their SHA-256."
    nomination = document["nomination"]
    if inputs["nomination"] != nomination:
        yield "The inputs are about another nomination."
        return
    if document["rules"]["outcome"] != document["outcome"]:
        yield "The rules are those of another outcome."
    entries = [number for number, of in basis["entries"] if of == nomination]
    if sorted(entries) != sorted(inputs["entries"]):
        yield "The entries are not those of the scorecards' file."
    try:
        again = compute(document["rules"], basis, [nomination])[nomination]
    except ScoringError as error:
        yield f"The results cannot be computed: {error}"
        return
    yield from unlike(document, again)


def unlike(document: Json, again: Json) -> Iterator[str]:
    """What differs from the results reckoned again; chances that another version drew may, a little."""
    told, drawn_alike = document["results"], drawn_by(document) == PLACES
    if drawn_alike and digest(again) == digest(told):
        return
    if drawn_alike or digest(undrawn(again)) != digest(undrawn(told)):
        others = list(other_models(document))
        if not others:
            yield "The results do not follow from the rules and the scorecards."
        for name, then, now in others:
            yield (
                f"The results were computed by {name} {then}; this portal has {now}, by which they come "
                "out otherwise. Only a portal of that version can confirm them."
            )
        return
    most = MOST_ERRORS * sqrt(0.5 / document["rules"]["draws"])
    for row, new in zip(told["rows"], again["rows"], strict=True):
        one, other = row["p_top"], new["p_top"]
        if (one is None) != (other is None) or (one and abs(float(one) - float(other)) > most):
            yield f"{row['entry']}: the chance {one} is too far from {other}, drawn anew."


def other_models(document: Json) -> Iterator[tuple[str, str, str]]:
    """What the scores were computed by that this portal has in another version: name, then, now."""
    told = document["versions"]
    used = {"scoring": (told.get("scoring"), VERSION)}
    if any(leaf["method"] == MFRM for leaf in leaves_of(document["rules"]["tree"])):
        used["rasch"] = (told.get("rasch", FIRST), RASCH)
    for name, (then, now) in used.items():
        if then != now:
            yield name, str(then), now


def drawn_by(document: Json) -> str:
    """The version of the drawing that a protocol names."""
    return str(document["versions"].get("places", FIRST))


def undrawn(results: Json) -> Json:
    """The results without the chances of the places."""
    rows = [{key: row[key] for key in row if key not in DRAWN} for row in results["rows"]]
    return {**results, "rows": rows}


def not_recomputed(document: Json) -> Iterator[str]:
    """What of a protocol that holds is not reckoned again byte for byte, and why."""
    version = drawn_by(document)
    if version != PLACES:
        yield (
            f"The chances of the places and their ranges were drawn by version {version} and are not "
            f"recomputed: this portal draws by version {PLACES}, which throws other dice. The chances "
            "were found as near to those drawn anew as two drawings are; scores, places and who is "
            "proposed do not depend on them."
        )
