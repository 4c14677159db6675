from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale

from scripts.catalogues import SOURCE_LANGUAGES, catalogues, check, gaps


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder / "django.po"


def write(path: Path, *entries: polib.POEntry, compiled: bool = True) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Language": "ru"}
    catalogue.extend(entries)
    catalogue.save(str(path))
    if compiled:
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def faults(path: Path) -> list[str]:
    return [line.partition("” ")[2] or line.partition(": ")[2] for line in check(path)]


def test_a_complete_catalogue_has_no_faults(path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявка"))

    assert faults(path) == []


def test_a_message_without_translation_is_named_with_its_line(path):
    write(path, polib.POEntry(msgid="Entry", msgstr=""))

    assert check(path) == [f"{path}:7: “Entry” has no translation"]


def entries(few: str) -> polib.POEntry:
    return polib.POEntry(
        msgid="%(count)s entry",
        msgid_plural="%(count)s entries",
        msgstr_plural={0: "%(count)s заявка", 1: few, 2: "%(count)s заявок"},
        flags=["python-format"],
    )


def test_a_plural_message_needs_every_form(path):
    write(path, entries(few="%(count)s заявки"))
    assert faults(path) == []

    write(path, entries(few=""))
    assert faults(path) == ["has no translation"]


def test_a_fuzzy_translation_is_a_fault(path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Вход", flags=["fuzzy"]))

    assert faults(path) == ["is fuzzy: a translator has to look at it"]


@pytest.mark.parametrize(
    ("flag", "message", "translation"),
    [
        ("python-format", "Hello %(name)s", "Привет, %(имя)s"),
        ("python-brace-format", "Hello {name}", "Привет"),
    ],
)
def test_a_lost_placeholder_is_a_fault(path, flag, message, translation):
    write(path, polib.POEntry(msgid=message, msgstr=translation, flags=[flag]))

    assert [fault.partition(" (")[0] for fault in faults(path)] == [
        "does not keep its placeholders"
    ]


def test_a_catalogue_that_was_not_compiled_is_a_fault(path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявка"), compiled=False)

    assert faults(path) == ["is not there; run scripts.catalogues compile"]


def test_a_catalogue_compiled_before_the_last_change_is_a_fault(path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявление"))
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявка"), compiled=False)

    assert faults(path) == ["was not made from this django.po; run scripts.catalogues compile"]


def test_the_language_of_the_source_needs_no_catalogue(path, tmp_path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявка"))
    english = tmp_path / "en" / "LC_MESSAGES"
    english.mkdir(parents=True)
    (english / "django.po").touch()

    assert catalogues(tmp_path) == [path]


def test_the_only_form_of_a_plural_keeps_the_number(path):
    entry = polib.POEntry(
        msgid="One entry",
        msgid_plural="%(count)s entries",
        msgstr_plural={0: "参评申报"},
        flags=["python-format"],
    )

    write(path, entry)

    assert faults(path) == ["does not keep its placeholders (count)"]


def test_what_one_language_translates_the_others_do_too(path, tmp_path):
    write(path, polib.POEntry(msgid="Entry", msgstr="Заявка"))
    other = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    other.parent.mkdir(parents=True)
    write(other)

    assert gaps([path, other]) == [f"{other}: lacks “Entry”, which {path} has"]


def test_each_interface_language_has_its_whole_catalogue():
    locale = Path(settings.LOCALE_PATHS[0])
    expected = sorted(
        locale / to_locale(code) / "LC_MESSAGES" / "django.po"
        for code, _name in settings.LANGUAGES
        if code not in SOURCE_LANGUAGES
    )
    found = [path for path in catalogues(locale) if path.name == "django.po"]

    assert found == expected
    assert [line for path in found for line in check(path)] + gaps(found) == []
