"""Run all tests: on SQLite, on PostgreSQL and in Chromium, with services of their own."""

import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import die_with_parent, leave_on_signals, stop
from tests.services import ServiceMissingError, postgres, redis

NOTHING_COLLECTED = 5
# A developer's own settings must not change what the tests see.
FOREIGN = (
    "ALLOWED_HOSTS",
    "CELERY_EAGER",
    "DATABASE_URL",
    "DEBUG",
    "EMAIL_URL",
    "PORT",
    "REDIS_URL",
    "SECRET_KEY",
    "SITE_URL",
)


@dataclass(frozen=True)
class Wish:
    """What the command line asked for."""

    fast: bool
    no_skip: bool
    pytest: list[str]


@dataclass(frozen=True)
class Tally:
    """How tests ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Part:
    """One run of pytest with its surroundings; see tests/selection.py."""

    name: str
    title: str
    environ: dict[str, str]


def say(text: str) -> None:
    print(f"portal: {text}", file=sys.stderr, flush=True)


def wish_from(arguments: list[str], environ: Mapping[str, str]) -> Wish:
    """Read the command line: our own two words, the rest is for pytest."""
    return Wish(
        fast="fast" in arguments,
        no_skip="--no-skip" in arguments or environ.get("PORTAL_TEST_NO_SKIP") == "1",
        pytest=[word for word in arguments if word not in {"fast", "--no-skip"}],
    )


def tally_of(report: Path) -> Tally:
    """Count the outcomes in a JUnit report; a test that fails and then errs is one failure."""
    failed = skipped = total = 0
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - pytest wrote it just now
        total += 1
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
    return Tally(total - failed - skipped, failed, skipped)


def exit_code(tally: Tally, codes: list[int], *, no_skip: bool) -> int:
    """0 when something passed, nothing failed, and nothing was skipped where that is forbidden."""
    broken = any(code not in {0, NOTHING_COLLECTED} for code in codes)
    if broken or tally.failed or not tally.passed or (no_skip and tally.skipped):
        return 1
    return 0


def run_part(part: Part, wish: Wish, environ: Mapping[str, str]) -> tuple[Tally, int]:
    """Run pytest for one part, in a state folder of its own."""
    say(part.title)
    jobs = environ.get("PORTAL_TEST_JOBS") or str(len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory(prefix="portal-test-") as folder:
        report = Path(folder, "report.xml")
        # A process that has done its tests takes some of another's: slow ones lie side by side.
        command = [sys.executable, "-m", "pytest", "-q", "-rs", f"-n{jobs}", "--dist=worksteal"]
        command += [f"--junitxml={report}", f"--basetemp={Path(folder, 'tmp')}", *wish.pytest]
        process = subprocess.Popen(
            command,
            env={
                **environ,
                **part.environ,
                "PORTAL_TEST_PART": part.name,
                "PORTAL_TEST_NO_SKIP": "1" if wish.no_skip else "",
                "PORTAL_VAR": f"{folder}/var",
            },
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs here
        )
        try:
            code = process.wait()
        finally:
            stop(process, signal.SIGINT, within=20)
        tally = tally_of(report) if report.exists() else Tally(failed=1)
    return tally, code


def main() -> None:
    leave_on_signals()
    wish = wish_from(sys.argv[1:], os.environ)
    environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    parts = [Part("unit", "the tests on SQLite", {"PORTAL_TEST_FAST": "1" if wish.fast else ""})]
    notes: list[str] = []
    with ExitStack() as services:
        if not wish.fast:
            on_postgres: dict[str, str] = {}
            for service, name, variable in (
                (postgres, "PostgreSQL", "TEST_DATABASE_URL"),
                (redis, "Redis", "TEST_REDIS_URL"),
            ):
                try:
                    environ[variable] = services.enter_context(service())
                    say(f"{name} is running")
                except ServiceMissingError as error:
                    notes.append(f"without {name}: {error}")
                    say(notes[-1])
            if "TEST_DATABASE_URL" in environ:
                on_postgres["DATABASE_URL"] = environ["TEST_DATABASE_URL"]
            parts += [
                Part("postgres", "the tests on PostgreSQL", on_postgres),
                Part("journeys", "the journeys in Chromium", {}),
            ]
        results = [(part, *run_part(part, wish, environ)) for part in parts]

    total = Tally()
    for part, tally, code in results:
        ended = "" if code in {0, 1, NOTHING_COLLECTED} else f" (pytest ended with code {code})"
        say(f"{part.title}: {tally}{ended}")
        total += tally
    if wish.fast:
        notes.append("fast: slow tests and those on PostgreSQL and in a browser were left out")
    for note in notes:
        say(note.splitlines()[0])
    print(total, flush=True)
    missing = wish.no_skip and not wish.fast and bool(notes)
    codes = [code for _, _, code in results]
    sys.exit(1 if missing else exit_code(total, codes, no_skip=wish.no_skip))


if __name__ == "__main__":
    main()
