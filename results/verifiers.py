"""The two programs that check a protocol without the portal, as they are downloaded."""

import io
import zipfile
from functools import cache
from pathlib import Path

from django.conf import settings

SCRIPT = Path(settings.BASE_DIR, "docs", "verify_standing.py")
PACKAGE = Path(settings.BASE_DIR, "judging", "scoring")
# Run by `python3 verify_standing.pyz`.
MAIN = "import sys\n\nfrom judging.scoring.verify import main\n\nsys.exit(main(sys.argv[1:]))\n"
# A fixed moment: the same portal always gives the same bytes.
MOMENT = (2020, 1, 1, 0, 0, 0)


@cache
def packed() -> bytes:
    """The mathematics of the portal as one program (a zip that Python runs); it needs numpy and scipy."""
    files = {"__main__.py": MAIN, "judging/__init__.py": ""}
    files |= {
        f"judging/scoring/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.glob("*.py"))
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), text)
    return b"#!/usr/bin/env python3\n" + target.getvalue()
