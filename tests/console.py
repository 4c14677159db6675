"""Walking the console of an outcome: what several journeys do there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.story import PASSWORD, Story
from tests.walk import Walker


def open_console(organiser: Walker, outcome: str) -> None:
    """The console of an outcome, from the list of outcomes."""
    organiser.open("/admin/results/outcomerule/")
    organiser.follow(re.compile(f"{outcome}$", re.IGNORECASE))


def verify_protocol(organiser: Walker, tmp_path: Path) -> dict[str, Any]:
    """Download the protocol of the open table; a script that knows nothing of the portal checks it."""
    with organiser.page.expect_download() as download:
        organiser.page.get_by_role("link", name=re.compile("JSON")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    script = Path(settings.BASE_DIR, "docs/verify_standing.py")
    checked = subprocess.run(
        [sys.executable, str(script), str(file)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    protocol: dict[str, Any] = json.loads(file.read_text())
    return protocol


def prepares(organiser: Walker) -> None:
    """The organiser prepares the release, and cannot confirm it alone."""
    organiser.follow(re.compile("Prepare the release"))
    organiser.narrow("release-prepare")
    organiser.press("Prepare the release")
    organiser.sees("another organiser must confirm it")
    organiser.narrow("console-armed")


def confirms(second: Walker, story: Story, outcome: str) -> None:
    """Another organiser confirms what the first prepared."""
    if "admin" not in second.page.url:
        second.sign_in(story.second.email, PASSWORD, "/admin/")
    open_console(second, outcome)
    second.follow(re.compile("Confirm the release"))
    second.narrow("release-confirm")
    second.press("Confirm the release")
    second.sees("The release is confirmed")
