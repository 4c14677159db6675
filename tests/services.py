"""PostgreSQL and Redis of the tests' own: on free ports, in temporary folders, gone afterwards.

And where Chromium is, which the journeys drive.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.processes import die_with_parent, free_port, stop

SECONDS_TO_START = 60
# Durability costs time and the data is thrown away.
POSTGRES_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class ServiceMissingError(Exception):
    """A service cannot be had here; the message says why."""


def chromium() -> str | None:
    """Return the path of the installed Chromium; the variable CHROMIUM names another."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def postgres_binaries() -> Path:
    """Return the folder of the newest initdb and postgres."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise ServiceMissingError("PostgreSQL is not installed (no initdb was found)")


def unprivileged() -> pwd.struct_passwd | None:
    """Return whom to run PostgreSQL as, since it refuses root; None means as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServiceMissingError("PostgreSQL does not run as root and there is no user postgres")


@contextmanager
def temporary_folder(owner: pwd.struct_passwd | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder


def accepts(port: int) -> bool:
    """Say whether somebody listens on that port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    name: str,
    command: list[str | Path],
    *,
    folder: Path,
    ready: Callable[[], bool],
    how_to_stop: signal.Signals,
    owner: pwd.struct_passwd | None = None,
) -> Iterator[None]:
    """Run a server for as long as the block lasts."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=owner and owner.pw_uid,
            group=owner and owner.pw_gid,
            extra_groups=[] if owner else None,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs here
        )
    try:
        ends_at = time.monotonic() + SECONDS_TO_START
        while not ready():
            if process.poll() is not None or time.monotonic() > ends_at:
                raise ServiceMissingError(f"{name} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        stop(process, how_to_stop, within=20)


@contextmanager
def postgres() -> Iterator[str]:
    """Run an empty PostgreSQL and give its address, postgres://…; its user may create databases."""
    binaries = postgres_binaries()
    owner = unprivileged()
    with temporary_folder(owner) as folder:
        password = secrets.token_hex(8)
        password_file = folder / "password"
        password_file.write_text(password)
        if owner:
            os.chown(password_file, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        made = subprocess.run(
            [
                binaries / "initdb",
                f"--pgdata={data}",
                "--username=portal",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=owner and owner.pw_uid,
            group=owner and owner.pw_gid,
            extra_groups=[] if owner else None,
        )
        if made.returncode:
            raise ServiceMissingError(f"initdb failed:\n{made.stdout[-2000:]}")
        port = free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(folder),
            **POSTGRES_OPTIONS,
        }
        command: list[str | Path] = [binaries / "postgres", "-D", data]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        with running(
            "PostgreSQL",
            command,
            folder=folder,
            ready=lambda: accepts_queries(binaries, port),
            how_to_stop=signal.SIGINT,
            owner=owner,
        ):
            yield f"postgres://portal:{password}@127.0.0.1:{port}/postgres"


def accepts_queries(binaries: Path, port: int) -> bool:
    """PostgreSQL opens its port before it is ready; pg_isready knows the difference."""
    command = [f"{binaries}/pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
    return subprocess.run(command, check=False).returncode == 0


@contextmanager
def redis() -> Iterator[str]:
    """Run an empty Redis that writes nothing to disk, and give its address, redis://…."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise ServiceMissingError("Redis is not installed (no redis-server was found)")
    with temporary_folder() as folder:
        port = free_port()
        command: list[str | Path] = [binary, "--bind", "127.0.0.1", "--port", str(port)]
        command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        with running(
            "Redis",
            command,
            folder=folder,
            ready=lambda: accepts(port),
            how_to_stop=signal.SIGTERM,
        ):
            yield f"redis://127.0.0.1:{port}/0"
