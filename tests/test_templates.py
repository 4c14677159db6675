"""What holds for every template: no inline code, and only parts and icons that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ICON = re.compile(r"""{%\s*icon\s+"([^"]+)\"""")
PART = re.compile(r"""{%\s*include\s+"(components/[^"]+)\"""")
# Data for search engines is no program: the policy on scripts does not concern it.
INLINE = re.compile(
    r"""\sstyle=|<style\b|\son[a-z]+=|<script(?![^>]*\b(?:src=|type="application/ld\+json"))[^>]*>|\sjavascript:""",
    re.IGNORECASE,
)


def pages() -> list[Path]:
    """Every page and part of the site; the back office, mails and sheets have other policies."""
    found = sorted((ROOT / "templates").rglob("*.html"))
    others = {"admin", "outbox", "pdf"}
    return [page for page in found if not others & set(page.relative_to(ROOT).parts)]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_template_has_nothing_that_the_content_security_policy_refuses(page: Path) -> None:
    assert INLINE.findall(page.read_text()) == []


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/img/icons.svg").read_text()
    known = set(re.findall(r'id="([^"]+)"', sprite))

    named = {icon for page in pages() for icon in ICON.findall(page.read_text())}

    assert named - known == set()
    assert "arrow-left" in named


def test_every_part_that_a_template_includes_exists() -> None:
    included = {part for page in pages() for part in PART.findall(page.read_text())}

    assert {part for part in included if not (ROOT / "templates" / part).is_file()} == set()
    assert "components/empty.html" in included


def test_the_catalogue_names_every_part() -> None:
    catalogue = (ROOT / "templates/components/README.md").read_text()
    inside_base = {"logo", "site_header", "season_bar", "messages", "footer"}

    parts = {part.stem for part in (ROOT / "templates/components").glob("[!_]*.html")}

    assert {part for part in parts - inside_base if part not in catalogue} == set()
