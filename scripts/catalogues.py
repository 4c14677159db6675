"""The translations: `compile` writes each .mo file, `check` (the default) finds what is missing.

    .venv/bin/python -m scripts.catalogues [check|compile]

English is the language of the source; every other catalogue is complete: each message translated,
none fuzzy, the placeholders of the message kept, and the .mo file made from this .po file. What one
language translates, the others do too.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

SOURCE_LANGUAGES = {"en"}
PYTHON_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]?[\d.]*[a-zA-Z]")
BRACE_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")


def catalogues(folder: Path) -> list[Path]:
    """Return the .po files that must be complete."""
    return sorted(
        path for path in folder.glob("*/LC_MESSAGES/*.po") if path.parts[-3] not in SOURCE_LANGUAGES
    )


def placeholders(text: str, flags: list[str]) -> set[str]:
    """Return the names that the program fills in."""
    found: set[str] = set()
    if "python-format" in flags:
        found |= set(PYTHON_PLACEHOLDER.findall(text))
    if "python-brace-format" in flags:
        found |= set(BRACE_PLACEHOLDER.findall(text))
    return found


def forms(entry: polib.POEntry) -> list[str]:
    """Return the translations of a message: one, or one for each plural form."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def faults(entry: polib.POEntry) -> Iterator[str]:
    """Say, in words, what is wrong with one message."""
    if "fuzzy" in entry.flags:
        yield "is fuzzy: a translator has to look at it"
    translations = forms(entry)
    if not translations or not all(translations):
        yield "has no translation"
        return
    allowed = placeholders(entry.msgid, entry.flags) | placeholders(
        entry.msgid_plural or "", entry.flags
    )
    for text in translations:
        # One item may be named without its number, where there is another form for the others.
        kept = placeholders(text, entry.flags)
        if kept - allowed or (len(translations) == 1 and allowed - kept):
            wrong = ", ".join(sorted(kept ^ allowed))
            yield f"does not keep its placeholders ({wrong})"


def contents(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], list[str]]:
    """Return what a program reads from a catalogue."""
    return {
        (entry.msgctxt, entry.msgid): forms(entry)
        for entry in catalogue
        if not entry.obsolete and "fuzzy" not in entry.flags and any(forms(entry))
    }


def gaps(paths: list[Path]) -> list[str]:
    """Name the messages that the main catalogue of one language has and another one lacks."""
    main = {path: contents(polib.pofile(str(path))) for path in paths if path.name == "django.po"}
    everything = {key: path for path, messages in main.items() for key in messages}
    return [
        f"{path}: lacks “{key[1][:60]}”, which {owner} has"
        for path, messages in main.items()
        for key, owner in everything.items()
        if key not in messages
    ]


def check(path: Path) -> list[str]:
    """Name every fault of one catalogue, each on a line a person can follow."""
    catalogue = polib.pofile(str(path))
    lines = [
        f"{path}:{entry.linenum}: “{entry.msgid[:60]}” {fault}"
        for entry in catalogue
        if not entry.obsolete
        for fault in faults(entry)
    ]
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        lines.append(f"{compiled}: is not there; run scripts.catalogues compile")
    elif not lines and contents(polib.mofile(str(compiled))) != contents(catalogue):
        lines.append(
            f"{compiled}: was not made from this {path.name}; run scripts.catalogues compile"
        )
    return lines


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    found = catalogues(Path("locale"))
    if command == "compile":
        for path in found:
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
            print(f"{path.with_suffix('.mo')}: written")
        return
    if not found:
        sys.exit("locale/ holds no catalogue to check")
    lines = [line for path in found for line in check(path)] or gaps(found)
    print("\n".join(lines) or f"complete: {', '.join(str(path) for path in found)}")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
