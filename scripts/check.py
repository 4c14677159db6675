"""Everything that can be said about the project without running it; `./portal check STEP…` picks steps."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATES = ("templates",)


@dataclass(frozen=True)
class Step:
    """One tool: what it proves, and how it is called."""

    name: str
    proves: str
    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)


def steps(python: str) -> list[Step]:
    """List all checks, the quick ones first."""
    run = [python, "-m"]
    # A portal as it stands on the internet, to be judged by Django's own check of a deployment.
    production = {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "portal.example.org",
        "SITE_URL": "https://portal.example.org",
        "EMAIL_URL": "smtp://portal:password@mail.example.org:587?tls=1",
    }
    return [
        Step("lint", "the code keeps its rules", [*run, "ruff", "check", "."]),
        Step("format", "the code is formatted", [*run, "ruff", "format", "--check", "."]),
        Step("layers", "imports go down only", [python, "-c", LINT_IMPORTS]),
        Step("translations", "the catalogues are complete", [*run, "scripts.catalogues"]),
        Step("templates", "the templates are sound", [*run, "djlint", "--lint", *TEMPLATES]),
        Step(
            "static",
            "every static file that is named is there",
            [*run, "scripts.static_files"],
            production,
        ),
        Step(
            "migrations",
            "the migrations say what the models say",
            [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        ),
        Step(
            "deployment",
            "the settings are fit for the internet",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
        Step("types", "the types agree", [*run, "mypy"]),
    ]


# import-linter has no `python -m` of its own.
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command;"
    " sys.argv = ['lint-imports']; lint_imports_command()"
)


def run(step: Step, environ: Mapping[str, str]) -> bool:
    """Run one step and say how it ended."""
    print(f"── {step.name}: {step.proves}", flush=True)
    began_at = time.monotonic()
    code = subprocess.run(step.command, env={**environ, **step.environ}, check=False).returncode
    ended = "ok" if code == 0 else f"FAILED (exit code {code})"
    print(f"   {step.name}: {ended}, {time.monotonic() - began_at:.1f} s", flush=True)
    return code == 0


def main() -> None:
    known = steps(sys.executable)
    wanted = sys.argv[1:]
    if unknown := set(wanted) - {step.name for step in known}:
        names = ", ".join(step.name for step in known)
        sys.exit(f"portal: there is no check “{', '.join(sorted(unknown))}”; there are: {names}")
    with tempfile.TemporaryDirectory(prefix="portal-check-") as folder:
        # The checks see the project, never somebody's own database or settings.
        foreign = {"DATABASE_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"}
        environ = {name: value for name, value in os.environ.items() if name not in foreign}
        environ["PORTAL_VAR"] = str(Path(folder, "var"))
        chosen = [step for step in known if not wanted or step.name in wanted]
        failed = [step.name for step in chosen if not run(step, environ)]
    if failed:
        sys.exit(f"portal: these checks failed: {', '.join(failed)}")
    print(f"portal: all {len(chosen)} checks passed")


if __name__ == "__main__":
    main()
