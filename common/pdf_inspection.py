"""Look into a PDF in a confined process: can it be read, is it locked, does it run or carry anything.

`python -m common.pdf_inspection file.pdf` prints {"fault": …, "pages": …}.
"""

import json
import re
import sys

from common.sandbox import Limits, confine

LIMITS = Limits(seconds=5, megabytes=700)
LOCKED, ACTIVE, CARRIES, DAMAGED = "locked", "active", "carries", "damaged"
RUNS = re.compile(rb"/(?:JavaScript|JS|Launch)\b")
HOLDS = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment|RichMedia|Collection)\b")
STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)


def inspect(path: str) -> dict[str, object]:
    """What is wrong with a PDF, if anything, and how many pages it has."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            fault = "" if pages else DAMAGED
            if pdf.is_encrypted:
                fault = LOCKED
            return {"fault": fault or fault_in(pdf), "pages": pages}
    except pikepdf.PasswordError:
        return {"fault": LOCKED, "pages": 0}
    except (pikepdf.PdfError, MemoryError, ValueError, RecursionError, RuntimeError):
        return {"fault": DAMAGED, "pages": 0}


def fault_in(pdf: "pikepdf.Pdf") -> str:  # type: ignore[name-defined]  # noqa: F821
    """Whether an object of the file runs something or carries another file."""
    import pikepdf

    for one in pdf.objects:
        plain = (one.stream_dict if isinstance(one, pikepdf.Stream) else one).unparse(resolved=True)
        if (RUNS.search(plain) or HOLDS.search(plain)) and (bare := STRING.sub(b"()", plain)):
            if RUNS.search(bare):
                return ACTIVE
            if HOLDS.search(bare):
                return CARRIES
    return ""


if __name__ == "__main__":
    confine(LIMITS)
    sys.stdout.write(json.dumps(inspect(sys.argv[1])))
