"""Serve the portal: web server, worker and beat as three real processes, started and stopped together."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import die_with_parent, is_taken, leave_on_signals, see_end

HIGHEST_PORT = 65535
SECONDS_TO_ANSWER = 120
SECONDS_TO_STOP = 30
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True)
class Part:
    """One process of a running portal."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to open on this machine."""
        local = self.host in EVERYWHERE | {"127.0.0.1", "::1"}
        return f"http://{'localhost' if local else self.host}:{self.port}/"

    def answers(self) -> bool:
        """Say whether something speaks HTTP there."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        connection = http.client.HTTPConnection(host, self.port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True


def say(text: str) -> None:
    print(f"portal: {text}", file=sys.stderr, flush=True)


def address_from(environ: Mapping[str, str]) -> Address:
    """Read HOST and PORT, and explain a wrong one."""
    port = environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        sys.exit(f"portal: PORT must be a number from 1 to {HIGHEST_PORT}, not “{port}”.")
    return Address(environ.get("HOST") or "127.0.0.1", int(port))


def parts(address: Address, environ: Mapping[str, str], var: Path) -> list[Part]:
    """Name the processes that make up a running portal."""
    python = [sys.executable, "-m"]
    # In a container the portal is root and knows it.
    hush = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *hush, "-m", "celery", "--app", "awards_portal", "--quiet"]
    return [
        Part(
            "web server",
            [
                *python,
                "granian",
                "--interface=wsgi",
                f"--host={address.host}",
                f"--port={address.port}",
                f"--workers={environ.get('WEB_WORKERS') or 2}",
                "--blocking-threads=4",
                "--respawn-failed-workers",
                "--workers-kill-timeout=10",
                "--no-ws",
                "--log-level=warning",
                "awards_portal.wsgi:application",
            ],
        ),
        Part(
            "worker",
            [
                *celery,
                "worker",
                "--pool=threads",
                "--concurrency=2",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ],
        ),
        Part(
            "beat",
            [
                *celery,
                "beat",
                f"--schedule={var / 'celerybeat-schedule'}",
                "--pidfile=",
                "--loglevel=WARNING",
            ],
        ),
    ]


@contextmanager
def started(wanted: list[Part]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the parts; whatever happens then, stop all of them."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for part in wanted:
            # A session of its own: Ctrl-C reaches this process alone, which then stops the parts.
            running[part.name] = subprocess.Popen(
                part.command,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs here
            )
        yield running
    finally:
        # From here on a second signal must not leave a part behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in running.values():
            if process.poll() is None:
                process.terminate()
        ends_at = time.monotonic() + SECONDS_TO_STOP
        for process in running.values():
            see_end(process, within=max(0.1, ends_at - time.monotonic()))


def dead(running: Mapping[str, subprocess.Popen[bytes]]) -> str | None:
    """Return a sentence about a part that ended by itself."""
    for name, process in running.items():
        if process.poll() is not None:
            return f"the {name} ended by itself (exit code {process.returncode})"
    return None


def wait_until(ready: Callable[[], bool], running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Wait for the first answer, or leave saying why there is none."""
    ends_at = time.monotonic() + SECONDS_TO_ANSWER
    while not ready():
        if sentence := dead(running):
            sys.exit(f"portal: {sentence}; the lines above say why. Everything is stopped.")
        if time.monotonic() > ends_at:
            sys.exit(f"portal: the web server did not answer in {SECONDS_TO_ANSWER} s.")
        time.sleep(0.1)


def watch(running: Mapping[str, subprocess.Popen[bytes]]) -> str:
    """Return, as a sentence, that a part has ended; do nothing else as long as all run."""
    while True:
        if sentence := dead(running):
            return sentence
        time.sleep(0.3)


def main() -> None:
    leave_on_signals()
    environ = os.environ
    address = address_from(environ)
    if is_taken(address.host, address.port):
        sys.exit(
            f"portal: {address.host}:{address.port} cannot be listened on, something uses it."
            f" Choose another port: PORT={address.port + 1} ./portal run"
        )
    environ["PORT"] = str(address.port)
    # A portal for people; a developer who wants tracebacks in the browser says DEBUG=1.
    environ.setdefault("DEBUG", "0")
    environ.setdefault("PYTHONUNBUFFERED", "1")
    var = Path(environ.setdefault("PORTAL_VAR", "var")).resolve()
    environ["PORTAL_VAR"] = str(var)
    var.mkdir(parents=True, exist_ok=True)

    python = sys.executable
    try:
        if code := subprocess.run([python, "-m", "scripts.prepare"], check=False).returncode:
            sys.exit(code)
        with started(parts(address, environ, var)) as running:
            wait_until(address.answers, running)
            say(f"the portal is at {address.url}  (Ctrl-C stops it)")
            subprocess.run([python, "manage.py", "demo", "--signins"], check=False)
            sentence = watch(running)
            say(f"{sentence}; stopping the rest")
        sys.exit(1)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)


if __name__ == "__main__":
    main()
