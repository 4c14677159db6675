"""Walking the portal in a browser as somebody: open, look, check, in the words of the page."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

SERIOUS = {"serious", "critical"}
# A folder for pictures of the pages a journey passes; none are taken without it.
SHOTS = os.environ.get("SHOTS", "")
axe = Axe()


class Walker:
    """One person at a browser of their own; every page they open is checked for accessibility."""

    def __init__(self, browser: Browser, base_url: str, **context: Any) -> None:
        self.base_url = base_url
        self.context: BrowserContext = browser.new_context(
            **{
                "locale": "en-GB",
                "timezone_id": "Europe/Moscow",
                "viewport": {"width": 1280, "height": 900},
                "reduced_motion": "reduce",
                **context,
            }
        )
        self.context.set_default_timeout(int(os.environ.get("WALK_MS", "30000")))
        expect.set_options(timeout=int(os.environ.get("WALK_MS", "20000")))
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.checked: set[str] = set()
        # Without scripts nothing can look at the page from inside it.
        self.blind = context.get("java_script_enabled") is False
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self.listen)

    def listen(self, message: Any) -> None:
        """Keep what the browser complains of: broken scripts, and what the content policy forbids."""
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        """Go to an address of the portal and look at the page."""
        self.page.goto(path if path.startswith("http") else self.base_url + path)
        return self.look()

    def look(self, name: str = "") -> Page:
        """Check the page that is open, once for each kind of page."""
        self.page.wait_for_load_state("load")
        kind = name or re.sub(r"\d+|[0-9a-f-]{36}", "*", self.page.url.split("?")[0])
        if kind not in self.checked and not self.blind:
            self.checked.add(kind)
            self.faults += accessibility_faults(self.page)
        return self.page

    def follow(self, name: str | re.Pattern[str], *, role: Any = "link") -> Page:
        """Press the one link or button of that name and look at where it leads."""
        self.page.get_by_role(role, name=name).first.click()
        return self.look()

    def press(self, name: str | re.Pattern[str]) -> Page:
        """Press a button and look at what comes."""
        return self.follow(name, role="button")

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the text stands on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def sees_not(self, text: str) -> None:
        """The text stands nowhere on the page."""
        expect(self.page.locator("body")).not_to_contain_text(text)

    def sign_in(self, email: str, password: str, next_path: str = "/desk/") -> Page:
        """Sign in as a person does."""
        self.open(f"/accounts/login/?next={next_path}")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_role("textbox", name="Password").fill(password)
        self.page.locator("main").get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self.look()

    def narrow(self, name: str) -> None:
        """The page that is open fits a phone; with SHOTS set, keep pictures of it under this name."""
        wide = self.page.viewport_size
        for width, theme in ((390, "light"), (1280, "dark"), (390, "dark"), (1280, "light")):
            if width == 390 or SHOTS:
                self.page.set_viewport_size({"width": width, "height": 900})
            if SHOTS:
                self.wear(theme)
                path = Path(SHOTS) / f"{name}-{width}-{theme}.png"
                self.page.screenshot(path=path, full_page=True)
            if (width, theme) == (390, "light") and (over := overflow_of(self.page)):
                self.faults.append(f"{self.page.url}: {over} pixels too wide for a phone ({name})")
        if wide:
            self.page.set_viewport_size(wide)

    def wear(self, theme: str) -> None:
        """Show the page that is open light or dark, in the back office too."""
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.evaluate(
            "theme => { const root = document.documentElement; root.dataset.bsTheme = theme;"
            " root.classList.toggle('dark', theme === 'dark'); }",
            theme,
        )
        self.page.wait_for_timeout(400)  # Colours fade from one to the other.

    def leave(self) -> None:
        """Close the browser; everything it complained of fails the journey."""
        self.context.close()
        assert self.faults == [], "\n".join(self.faults)


def accessibility_faults(page: Page) -> list[str]:
    """What axe calls serious or critical, in one line each."""
    found = axe.run(page).response["violations"]
    return [
        f"{page.url}: {one['impact']} {one['id']}: "
        + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found
        if one["impact"] in SERIOUS
    ]


def overflow_of(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


Walk = Callable[..., Walker]
