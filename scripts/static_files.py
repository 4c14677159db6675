"""Prove that each static file a template or a stylesheet names is there.

With the manifest of a served portal a missing one is an error 500, not a missing picture.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.contrib.staticfiles import finders
from django.core.management import call_command

TAG = re.compile(r"""\{%\s*static\s+["']([^"'{}]+)["']""")


def named_files(text: str) -> list[str]:
    """Return the static files that a template names literally."""
    return TAG.findall(text)


def templates(root: Path) -> Iterator[Path]:
    """Yield the project's own templates."""
    yield from root.glob("templates/**/*.html")
    yield from root.glob("*/templates/**/*.html")


def missing(root: Path) -> list[str]:
    """Name each file that a template asks for and nobody has."""
    return [
        f"{path}: there is no static file {name}"
        for path in sorted(templates(root))
        for name in named_files(path.read_text())
        if finders.find(name) is None
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    django.setup()
    lines = missing(Path())
    if lines:
        sys.exit("\n".join(lines))
    # Stylesheets and modules are read here; a file they name and nobody has stops it.
    call_command("collectstatic", interactive=False, verbosity=0)
    print("complete")


if __name__ == "__main__":
    main()
