"""Recompute a standing from its protocol, in the portal or far from it.

``python3 verify_standing.pyz FILE`` runs this with nothing of the portal but the mathematics.
"""

import json
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from judging.scoring import METHOD, PLACES, RASCH, VERSION
from judging.scoring.protocol import faults, not_recomputed


@dataclass(frozen=True)
class Verdict:
    """Whether a protocol holds, and what to say of it, line by line."""

    holds: bool
    lines: tuple[str, ...]


def versions() -> dict[str, str]:
    """What a standing is computed with, here and now."""
    return {
        "scoring": VERSION,
        "places": PLACES,
        "rasch": RASCH,
        "method": METHOD,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def judged(document: Any) -> Verdict:
    """Check a protocol; where it does not hold, also say which versions differ from those here."""
    if found := list(faults(document)):
        wrong = tuple(f"NO: {fault}" for fault in found)
        return Verdict(holds=False, lines=wrong + other_versions(document))
    excepted = tuple(f"BUT: {one}" for one in not_recomputed(document))
    first = (
        f"YES: {len(document['results']['rows'])} places of nomination {document['nomination']}, "
        f"{document['outcome']} of {document['season']}, follow from the rules and the scorecards, "
        f"byte for byte{', with one exception:' if excepted else '.'}"
    )
    prints = tuple(
        f"SHA-256 of the {name}: {document[f'{name}_sha256']}"
        for name in ("rules", "inputs", "results")
    )
    return Verdict(holds=True, lines=(first, *excepted, *prints))


def other_versions(document: Any) -> tuple[str, ...]:
    """Versions that a protocol names and that are others here."""
    told = document.get("versions") if isinstance(document, dict) else None
    known = told if isinstance(told, dict) else {}
    return tuple(
        f"It was computed with {name} {known.get(name, '(not named)')}; here it is {now}."
        for name, now in versions().items()
        if known.get(name) != now
    )


def main(arguments: list[str]) -> int:
    """The command line: 0 when the protocol holds, 1 when it does not, 2 when there is none."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python3 verify_standing.pyz protocol-….json\n")
        return 2
    try:
        document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}.\n")
        return 2
    except ValueError:
        sys.stderr.write(f"{arguments[0]} is not JSON.\n")
        return 2
    verdict = judged(document)
    sys.stdout.write("".join(f"{line}\n" for line in verdict.lines))
    return 0 if verdict.holds else 1
