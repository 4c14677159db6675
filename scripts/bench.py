"""Run one of the measurements in bench/ by its name; without a name, list them."""

import ast
import os
import runpy
import sys
from pathlib import Path

FOLDER = Path("bench")


def measurements(folder: Path) -> dict[str, str]:
    """Return the name of each measurement and the first line of what it says about itself."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        if not path.stem.startswith("_"):
            text = ast.get_docstring(ast.parse(path.read_text())) or ""
            found[path.stem] = text.partition("\n")[0]
    return found


def main() -> None:
    found = measurements(FOLDER)
    if len(sys.argv) == 1:
        for name, text in found.items():
            print(f"{name:20} {text}")
        if not found:
            print("bench/ holds no measurement")
        return
    name = sys.argv[1]
    if name not in found:
        sys.exit(f"portal: there is no measurement “{name}”; there are: {', '.join(found) or '—'}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    sys.argv[:] = [f"bench/{name}.py", *sys.argv[2:]]
    runpy.run_module(f"{FOLDER.name}.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
