"""Make the pictures of the README: `python -m scripts.screenshots`.

Fills a demo portal in a temporary folder, walks through it in Chromium at three points of a season,
and writes docs/screenshots/*.png.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from signal import SIGTERM

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.processes import die_with_parent, free_port, stop
from tests.browser import SWITCHES
from tests.services import chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1280, "height": 800}
PASSWORD = "portal-demo-2022"  # noqa: S105 - the demo prints it for everybody
SECONDS_TO_START = 60


class Portal:
    """A demo portal of our own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environ = {
            **os.environ,
            "PORTAL_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "DEBUG": "1",
            "CELERY_EAGER": "1",
            "SITE_URL": self.url,
        }

    def manage(self, *words: str) -> None:
        """Run a command of manage.py to its end."""
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it for as long as the block lasts."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", str(self.port), "--noreload"],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs here
        )
        try:
            ends_at = time.monotonic() + SECONDS_TO_START
            while not self.answers():
                if process.poll() is not None or time.monotonic() > ends_at:
                    sys.exit("screenshots: the portal does not answer")
                time.sleep(0.2)
            yield
        finally:
            stop(process, SIGTERM, within=10)

    def answers(self) -> bool:
        """Whether somebody speaks HTTP there."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


def page_of(browser: Browser, portal: Portal, mailbox: str = "") -> Page:
    """A page in English, signed in as one of the demo's people."""
    page = browser.new_context(
        viewport=SIZE,
        locale="en-GB",
        timezone_id="Europe/Moscow",
        color_scheme="light",
        reduced_motion="reduce",
        base_url=portal.url,
    ).new_page()
    if mailbox:
        page.goto("/accounts/login/")
        page.get_by_role("textbox", name="Email").fill(f"{mailbox}@example.org")
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/")
    return page


def keep(page: Page, name: str) -> None:
    """Write a picture of what is in the window, small enough for a repository."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.png"
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB")
    page.context.close()


def season(browser: Browser, portal: Portal) -> None:
    """The public page of the season that is open for entries."""
    page = page_of(browser, portal)
    page.goto("/")
    page.locator("main a[href*='/s/']").first.click()
    keep(page, "season")


def essay(browser: Browser, portal: Portal) -> None:
    """The editor, with an answer begun."""
    page = page_of(browser, portal, "nominee")
    page.locator("a[href$='/essay/'], a[href$='/preview/']").first.click()
    entry = page.url.split("/entries/")[1].split("/")[0]
    page.goto(f"/entries/{entry}/essay/")
    page.evaluate("scrollTo(0, document.querySelector('.standing').offsetTop - 16)")
    keep(page, "essay")


def scorecard(browser: Browser, portal: Portal) -> None:
    """Essay and marks side by side, where the judge left off."""
    page = page_of(browser, portal, "judge")
    page.goto("/judging/")
    page.locator(".assignments__head a.btn-primary").click()
    page.locator("#scorecard-form").wait_for()
    keep(page, "scorecard")


def console(browser: Browser, portal: Portal) -> None:
    """The organiser's table of all nominations, before the finalists are released."""
    page = page_of(browser, portal, "organiser")
    page.goto("/admin/results/outcomerule/")
    page.locator("a[href*='/console/']").first.click()
    keep(page, "console")


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder,
        sync_playwright() as playwright,
    ):
        portal = Portal(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        portal.manage("migrate", "--verbosity=0")
        for point, pictures in [
            ("entering", [season, essay]),
            ("judging", [scorecard]),
            ("finalists", [console]),
        ]:
            portal.manage("demo", "--at", point)
            with portal.served():
                for picture in pictures:
                    picture(browser, portal)
        browser.close()


if __name__ == "__main__":
    main()
