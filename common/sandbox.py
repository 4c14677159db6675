"""Work on files of strangers in a process of its own: little memory, little time, none of our secrets.

The parent calls `run_apart` with a module of ours; the module calls `confine` before it touches the
file, does its work and prints JSON. A file that makes it swell, hang or fall ends that process alone.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
LARGEST_ANSWER = 8 * MEGABYTE
PATIENCE = 30


@dataclass(frozen=True)
class Limits:
    """What a process may use."""

    seconds: int
    """Of the processor; the clock on the wall gives it longer, for a machine may be busy."""
    megabytes: int
    """Of memory."""
    written: int = 0
    """The largest file it may write, in megabytes."""


class Overrun(Exception):  # noqa: N818  (says what happened)
    """The process used up its limits, or fell."""


def confine(limits: Limits) -> None:
    """Take the limits upon this process, for good."""
    pairs = {
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_AS: limits.megabytes * MEGABYTE,
        resource.RLIMIT_FSIZE: max(1, limits.written) * MEGABYTE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for what, most in pairs.items():
        resource.setrlimit(what, (most, most))


def run_apart(module: str, *arguments: str, limits: Limits) -> dict[str, Any]:
    """Run a module of ours in a confined process; return the JSON it prints, or raise Overrun."""
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        try:
            done = subprocess.run(  # noqa: S603  (our own module, with arguments of our own)
                [sys.executable, "-s", "-P", "-m", module, *arguments],
                cwd=folder,
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "PYTHONPATH": str(BASE),
                    "PYTHONIOENCODING": "utf-8",
                    "LANG": "C.UTF-8",
                    "HOME": folder,
                    "TMPDIR": folder,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=limits.seconds * 2 + PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Overrun(f"{module} took too long") from error
    if done.returncode != 0 or len(done.stdout) > LARGEST_ANSWER:
        raise Overrun(f"{module} ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
